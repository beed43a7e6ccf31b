/**
 * A clock in which time passes faster, so that a run of minutes shows what is done by the hour: what has to be remembered
 * for an hour is forgotten in a minute.
 */
import { Clock, Duration, Effect } from "effect"

/** Makes the program's time pass so many times as fast. */
export const hurried =
  (times: number) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.Clock, (clock) => {
      const startMillis = clock.currentTimeMillisUnsafe()
      const startNanos = clock.currentTimeNanosUnsafe()
      const factor = BigInt(times)
      const millis = () => startMillis + (clock.currentTimeMillisUnsafe() - startMillis) * times
      const nanos = () => startNanos + (clock.currentTimeNanosUnsafe() - startNanos) * factor
      const monotonic = () => clock.monotonicTimeNanosUnsafe() * factor
      return Effect.provideService(program, Clock.Clock, {
        currentTimeMillisUnsafe: millis,
        currentTimeMillis: Effect.sync(millis),
        currentTimeNanosUnsafe: nanos,
        currentTimeNanos: Effect.sync(nanos),
        monotonicTimeNanosUnsafe: monotonic,
        monotonicTimeNanos: Effect.sync(monotonic),
        sleep: (duration) => clock.sleep(Duration.millis(Duration.toMillis(duration) / times))
      })
    })
