/**
 * Times things side by side: one round does each of them once, in random order, on the same input. What is told is the
 * processor time of this process, its garbage collector included, so that other programs do not count.
 */
import { Effect, Random } from "effect"
import { ratiosTo, type Spread, spreadOf } from "./statistics.ts"

export interface Contender<A> {
  readonly name: string
  readonly run: (input: A) => Effect.Effect<void>
}

export interface Options<A> {
  readonly warmUp: number
  readonly rounds: number
  readonly input: () => A
  /** The others are told as multiples of the first. */
  readonly contenders: readonly [base: Contender<A>, ...others: ReadonlyArray<Contender<A>>]
}

export interface Row {
  readonly name: string
  readonly milliseconds: Spread
  /** Of the base in the same round. */
  readonly ratio: Spread
}

/** Milliseconds of processor time so far. */
const spent = () => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}

export const sideBySide = Effect.fnUntraced(function* <A>({ contenders, input, rounds, warmUp }: Options<A>) {
  // Made before, so that making them is in nobody's time.
  const inputs = Array.from({ length: warmUp + rounds }, input)
  const times = new Map(contenders.map(({ name }) => [name, new Array<number>()]))
  for (const it of inputs) {
    for (const { name, run } of yield* Random.shuffle(contenders)) {
      const start = spent()
      yield* run(it)
      times.get(name)?.push(spent() - start)
    }
  }
  const measured = (name: string) => times.get(name)?.slice(warmUp) ?? []
  const base = measured(contenders[0].name)
  return contenders.map(({ name }): Row => {
    const own = measured(name)
    return { name, milliseconds: spreadOf(own), ratio: spreadOf(ratiosTo(base, own)) }
  })
})

const number = (value: number) => value.toFixed(2).padStart(7)
const spread = ({ median, p10, p90 }: Spread) =>
  `${number(median)} ${`(${p10.toFixed(2)}..${p90.toFixed(2)})`.padEnd(15)}`

/** A table of the rows; all numbers are medians, with p10..p90 beside them. */
export const table = (title: string, rows: ReadonlyArray<Row>): string =>
  [
    title,
    `${"".padEnd(34)} ${"ms".padStart(7)} ${"".padEnd(15)} ${"ratio".padStart(7)}`,
    ...rows.map(({ milliseconds, name, ratio }) => `${name.padEnd(34)} ${spread(milliseconds)} ${spread(ratio)}`),
    ""
  ].join("\n")
