/**
 * What every body of a service must obey, as effects: a store earns its place by running the laws of its contract,
 * with whatever test runner. A law keeps to keys of its own, so all laws may share one store.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A law that does not hold: what it expected, and what it saw. */
export class LawBroken extends Schema.TaggedError<LawBroken>()("LawBroken", {
  expected: Schema.String,
  observed: Schema.String
}) {
  override get message(): string {
    return `expected ${this.expected}, observed ${this.observed}`
  }
}

/** One law: a name that is a promise, and the effect that fails where the promise is broken. */
export interface Law<out E, out R> {
  readonly name: string
  readonly run: Effect.Effect<void, LawBroken | E, R>
}

/** Fails unless both are the same. */
export const same = (what: string, observed: unknown, expected: unknown): Effect.Effect<void, LawBroken> =>
  observed === expected
    ? Effect.void
    : Effect.fail(new LawBroken({ expected: `${what}: ${String(expected)}`, observed: String(observed) }))
