/** What the servers did, read from the lines that they wrote, and whether it is what was promised. */
import { assert } from "@effect/vitest"

interface Call {
  readonly kind: "start" | "end" | "fail"
  /** Listener, lane, number and wamid. */
  readonly what: string
  /** Listener and lane. */
  readonly lane: string
  readonly number: number
  /** Which of the servers it was. */
  readonly run: number
}

const parse = (lines: ReadonlyArray<string>): ReadonlyArray<Call> => {
  let run = -1
  return lines.flatMap((line): ReadonlyArray<Call> => {
    const [kind, listener, lane, number, wamid] = line.split(" ")
    if (kind === "run") run++
    if (kind !== "start" && kind !== "end" && kind !== "fail") return []
    return [
      { kind, what: `${listener} ${lane} ${number} ${wamid}`, lane: `${listener} ${lane}`, number: Number(number), run }
    ]
  })
}

const inLanes = (calls: ReadonlyArray<Call>) => Map.groupBy(calls, ({ lane }) => lane)

/** The first of each row of equal numbers. */
const collapsed = (calls: ReadonlyArray<Call>): ReadonlyArray<number> =>
  calls.map(({ number }) => number).filter((number, i, all) => number !== all[i - 1])

/** Calls that a server was in, or had come to the end of, and that a later one began again. */
const repeatsOf = (calls: ReadonlyArray<Call>): ReadonlyArray<number> => {
  const last = new Map<string, Call>()
  const repeats: Array<number> = []
  for (const call of calls) {
    const before = last.get(call.what)
    if (call.kind === "start" && before !== undefined && before.run < call.run && before.kind !== "fail") {
      repeats[before.run] = (repeats[before.run] ?? 0) + 1
    }
    last.set(call.what, call)
  }
  return repeats
}

export interface Judgement {
  readonly handled: number
  /** Calls that were repeated because of a kill: all, those that had ended, and the most after one kill. */
  readonly repeats: number
  readonly endedTwice: number
  readonly worst: number
}

/** Throws when a promise was broken. */
export const judge = (lines: ReadonlyArray<string>, expected: ReadonlySet<string>): Judgement => {
  const calls = parse(lines)
  const ended = new Map<string, number>()
  for (const { kind, what } of calls) if (kind === "end") ended.set(what, (ended.get(what) ?? 0) + 1)
  const lost = [...expected].filter((what) => !ended.has(what))
  assert.deepStrictEqual(lost, [], "acknowledged, and never handled")
  assert.deepStrictEqual(
    [...ended.keys()].filter((what) => !expected.has(what)),
    [],
    "handled, and never posted"
  )

  for (const [lane, all] of inLanes(calls)) {
    for (const kind of ["start", "end"] as const) {
      const numbers = collapsed(all.filter((call) => call.kind === kind))
      assert.deepStrictEqual(
        numbers,
        numbers.map((_, i) => i + 1),
        `the order of ${lane}, by ${kind}`
      )
    }
    let open: Call | undefined
    for (const call of all) {
      if (call.kind === "start") {
        assert.isTrue(open === undefined || open.run < call.run, `two calls at once in ${lane}: ${call.what}`)
        open = call
      } else open = undefined
    }
  }

  const repeats = repeatsOf(calls)
  const endedTwice = [...ended.values()].reduce((sum, times) => sum + times - 1, 0)
  const worst = Math.max(0, ...repeats.filter((count) => count !== undefined))
  assert.isAtMost(worst, 64, "repeated after one kill")
  return { handled: ended.size, repeats: repeats.reduce((sum, count) => sum + count, 0), endedTwice, worst }
}
