/** The one question every caller of a failed send has: may it be sent again? */
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
