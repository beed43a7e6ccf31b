import type * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/** `Effect.timeout` for what mostly answers at once: only what does not pays for a timer. */
export const within = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  limit: Duration.Input
): Effect.Effect<A, E | Cause.TimeoutError, R> =>
  Effect.flatMap(
    Effect.forkChild(effect, { startImmediately: true }),
    (fiber): Effect.Effect<A, E | Cause.TimeoutError> =>
      fiber.pollUnsafe() ?? Effect.ensuring(Effect.timeout(Fiber.join(fiber), limit), Fiber.interrupt(fiber))
  )
