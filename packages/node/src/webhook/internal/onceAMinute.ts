import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Makes an effect that says something at most once a minute, however often there is a reason to say it. */
export const make = (say: Effect.Effect<void>): Effect.Effect<void> => {
  let silentUntil = 0
  return Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (now < silentUntil) return Effect.void
    silentUntil = now + 60_000
    return say
  })
}
