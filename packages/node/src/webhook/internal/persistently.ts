import * as Effect from "effect/Effect"
import type { LazyArg } from "effect/Function"
import * as Schedule from "effect/Schedule"

/** 1 second, doubling to 30, for as long as it takes. */
const backoff = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

/**
 * Asks a store until it answers: while it is down everything waits, since nothing may be guessed. A store that throws is
 * a store that is down.
 */
export const persistently = <A, E, R>(
  store: string,
  ask: LazyArg<Effect.Effect<A, E, R>>
): Effect.Effect<A, never, R> =>
  Effect.suspend(ask).pipe(
    Effect.catchDefect((defect) => Effect.fail(defect)),
    Effect.tapError(() => Effect.logDebug(`${store} did not answer; it is asked again`)),
    Effect.retry(backoff),
    Effect.orDie
  )
