/**
 * The laws of `Deduplication`, for every body it has or will have. Time is a parameter: a store that lives in this
 * process is given the test clock, a store with a clock of its own is given short times and real waiting.
 *
 * **Example** (The laws of a store of your own)
 *
 * ```ts
 * import { it } from "@effect/vitest"
 * import { Deduplication } from "@effect-whatsapp/core/services"
 * import { DeduplicationContract } from "@effect-whatsapp/core/testing"
 * import { Effect } from "effect"
 * import { TestClock } from "effect/testing"
 *
 * for (const { name, run } of DeduplicationContract.laws({ wait: TestClock.adjust })) {
 *   it.effect(name, () => Effect.provide(run, Deduplication.layerMemory()))
 * }
 * ```
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { DeduplicationError } from "../errors/DeduplicationError.ts"
import { Deduplication, type Token } from "../services/Deduplication.ts"
import { type Law, LawBroken, same } from "./Law.ts"

export interface Options {
  /** Lets time pass, for the store and for this process. */
  readonly wait: (duration: Duration.Duration) => Effect.Effect<void>
  /** The lease that the store was made with. @default "1 minute" */
  readonly lease?: Duration.Input | undefined
  /** The memory that the store was made with; more than twice the lease. @default "8 days" */
  readonly remember?: Duration.Input | undefined
  /** Prepended to every key: another one for each run on a store that outlives it. @default "law" */
  readonly prefix?: string | undefined
}

/** The laws, each to be run on the layer under test; they may run in any order and on one store. */
export const laws = (options: Options): ReadonlyArray<Law<DeduplicationError, Deduplication>> => {
  const lease = Duration.fromInputUnsafe(options.lease ?? "1 minute")
  const remember = Duration.fromInputUnsafe(options.remember ?? "8 days")
  const { wait } = options
  const law = (
    name: string,
    check: (key: string) => Effect.Effect<void, LawBroken | DeduplicationError, Deduplication>
  ): Law<DeduplicationError, Deduplication> => ({ name, run: check(`${options.prefix ?? "law"}/${name}`) })

  return [
    law(
      "of many concurrent claims of a key exactly one is Claimed, and the others are Busy",
      Effect.fnUntraced(function* (key) {
        const { claim } = yield* Deduplication
        const claims = yield* Effect.all(
          Array.from({ length: 50 }, () => claim(key)),
          { concurrency: "unbounded" }
        )
        const count = (tag: string) => claims.filter(({ _tag }) => _tag === tag).length
        yield* same("Claimed", count("Claimed"), 1)
        yield* same("Busy", count("Busy"), 49)
      })
    ),
    law(
      "a held key is Busy until its lease ends, and claimed at that instant",
      Effect.fnUntraced(function* (key) {
        const { claim } = yield* Deduplication
        yield* claimed(key)
        const answer = yield* claim(key)
        if (answer._tag !== "Busy") return yield* unexpected("Busy", answer)
        const left = DateTime.distance(yield* DateTime.now, answer.until)
        yield* same("the lease ends later", Duration.isGreaterThan(left, Duration.zero), true)
        yield* same("the lease ends in its time", Duration.isLessThanOrEqualTo(left, lease), true)
        yield* wait(left)
        yield* claimed(key)
      })
    ),
    law(
      "a completed key is Done, also when its lease is over",
      Effect.fnUntraced(function* (key) {
        const { complete } = yield* Deduplication
        yield* complete(yield* claimed(key))
        yield* answers(key, "Done")
        yield* wait(Duration.times(lease, 2))
        yield* answers(key, "Done")
      })
    ),
    law(
      "a released key is claimed by whoever comes next",
      Effect.fnUntraced(function* (key) {
        const { release } = yield* Deduplication
        yield* release(yield* claimed(key))
        yield* claimed(key)
      })
    ),
    law(
      "a key whose holder died is claimed when the lease is over",
      Effect.fnUntraced(function* (key) {
        yield* claimed(key)
        yield* wait(lease)
        yield* claimed(key)
      })
    ),
    law(
      "the token of a lease that is over does not complete its successor's claim",
      Effect.fnUntraced(function* (key) {
        const { complete } = yield* Deduplication
        const late = yield* claimed(key)
        yield* wait(lease)
        const current = yield* claimed(key)
        yield* complete(late)
        yield* answers(key, "Busy")
        yield* complete(current)
        yield* answers(key, "Done")
      })
    ),
    law(
      "the token of a lease that is over does not release its successor's claim",
      Effect.fnUntraced(function* (key) {
        const { release } = yield* Deduplication
        const late = yield* claimed(key)
        yield* wait(lease)
        yield* claimed(key)
        yield* release(late)
        yield* answers(key, "Busy")
      })
    ),
    law(
      "the token of a lease that is over completes nothing, also when nobody claimed since",
      Effect.fnUntraced(function* (key) {
        const { complete } = yield* Deduplication
        const late = yield* claimed(key)
        yield* wait(lease)
        yield* complete(late)
        yield* claimed(key)
      })
    ),
    law(
      "a released token completes nothing",
      Effect.fnUntraced(function* (key) {
        const { complete, release } = yield* Deduplication
        const token = yield* claimed(key)
        yield* release(token)
        yield* complete(token)
        yield* claimed(key)
      })
    ),
    law(
      "to complete twice, or to release what is completed, does no harm",
      Effect.fnUntraced(function* (key) {
        const { complete, release } = yield* Deduplication
        const token = yield* claimed(key)
        yield* complete(token)
        yield* complete(token)
        yield* answers(key, "Done")
        yield* release(token)
        yield* answers(key, "Done")
      })
    ),
    law(
      "keys know nothing of each other, whatever characters they have",
      Effect.fnUntraced(function* (key) {
        const { complete, release } = yield* Deduplication
        const keys = ["", "/", ":", " ", "%", "\\", "'", "ß", "ſ", "\u{1F600}", "*", "x".repeat(600)]
        const tokens = yield* Effect.forEach(keys, (suffix) => claimed(key + suffix))
        yield* Effect.forEach(tokens, (token, i) => (i % 2 === 0 ? complete(token) : release(token)))
        yield* Effect.forEach(keys, (suffix, i) => answers(key + suffix, i % 2 === 0 ? "Done" : "Claimed"))
      })
    ),
    law(
      "a completed key is remembered for its time, and can be claimed afterwards",
      Effect.fnUntraced(function* (key) {
        const { complete } = yield* Deduplication
        yield* complete(yield* claimed(key))
        yield* wait(Duration.divideUnsafe(remember, 2))
        yield* answers(key, "Done")
        yield* wait(Duration.divideUnsafe(remember, 2))
        yield* claimed(key)
      })
    ),
    law(
      "a key that is Done is not remembered longer because it is asked for",
      Effect.fnUntraced(function* (key) {
        const { claim, complete } = yield* Deduplication
        const token = yield* claimed(key)
        yield* complete(token)
        yield* wait(Duration.divideUnsafe(remember, 2))
        yield* claim(key)
        yield* complete(token)
        yield* wait(Duration.divideUnsafe(remember, 2))
        yield* claimed(key)
      })
    )
  ]
}

const unexpected = (expected: string, { _tag }: { readonly _tag: string }) =>
  new LawBroken({ expected, observed: _tag })

/** Claims, and fails unless the claim is granted. */
const claimed = Effect.fnUntraced(function* (
  key: string
): Effect.fn.Return<Token, LawBroken | DeduplicationError, Deduplication> {
  const { claim } = yield* Deduplication
  const answer = yield* claim(key)
  return answer._tag === "Claimed" ? answer.token : yield* unexpected("Claimed", answer)
})

/** Claims, and fails unless the answer is the expected one. */
const answers = Effect.fnUntraced(function* (key: string, expected: "Busy" | "Done" | "Claimed") {
  const { claim } = yield* Deduplication
  const { _tag } = yield* claim(key)
  yield* same("claim", _tag, expected)
})
