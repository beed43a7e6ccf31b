/** The one question every caller of a failed send has: may it be sent again? */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/**
 * Schema for the answer. `Never`: a second try fails alike, or does harm. `After`: it was not accepted, and is worth a
 * try when `duration` has passed. `Backoff`: it was not accepted; wait, and wait longer each time. `Ambiguous`: nobody
 * knows whether it was accepted, so a second try may be a second copy; a status webhook with the same `callbackData`
 * settles it.
 */
export const Verdict = Schema.TaggedUnion({
  Never: {},
  After: { duration: Schema.DurationFromMillis },
  Backoff: {},
  Ambiguous: {}
})
export type Verdict = typeof Verdict.Type

export const never: Verdict = Verdict.cases.Never.make({})
export const backoff: Verdict = Verdict.cases.Backoff.make({})
export const ambiguous: Verdict = Verdict.cases.Ambiguous.make({})
export const after = (duration: Duration.Input): Verdict =>
  Verdict.cases.After.make({ duration: Duration.fromInputUnsafe(duration) })
