/**
 * A method that may answer at once. Most stores of one process have every answer at hand, and then an Effect for each of
 * thousands of questions costs more than the answers. The quick form is part of the method itself, so that whoever
 * replaces the method replaces both.
 */
import * as Effect from "effect/Effect"

/** A method as an Effect, and where nothing has to be waited for, without. */
export interface Method<in A extends ReadonlyArray<unknown>, out R, out E> {
  (...args: A): Effect.Effect<R, E>
  /** The answer itself. Throws where it is not at hand, and has then changed nothing: the Effect will tell. */
  readonly now?: ((...args: A) => R) | undefined
}

/** Makes a method of its quick form. */
export const make = <A extends ReadonlyArray<unknown>, R>(now: (...args: A) => R): Method<A, R, never> =>
  Object.assign((...args: A) => Effect.sync(() => now(...args)), { now })
