import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { LazyArg } from "effect/Function"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import * as OnceAMinute from "./onceAMinute.ts"

/** 1 second, doubling to 30, for as long as it takes. */
export const backoff = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

const failures = Metric.counter("whatsapp_store_failures", {
  description: "Questions that a store did not answer and that are asked again",
  incremental: true
})

/** Stores that the pipeline cannot do without. */
type Store = "Deduplication" | "Identities" | "Inbox" | "MessageStates"

/**
 * Asks a store until it answers: while it is down everything waits, since nothing may be guessed. A store that throws is
 * a store that is down.
 */
export type Persistently = <A, E, R>(store: Store, ask: LazyArg<Effect.Effect<A, E, R>>) => Effect.Effect<A, never, R>

/** Makes the asking for one pipeline, which says at most once a minute that a store is down. */
export const make = (): Persistently => {
  const warnings = new Map<Store, Effect.Effect<void>>()
  const warn = (store: Store) => {
    const warning =
      warnings.get(store) ??
      OnceAMinute.make(
        Effect.logWarning(`${store} does not answer. What needs it waits, and is not lost; it is asked again.`)
      )
    warnings.set(store, warning)
    return warning
  }
  const again = <A, E, R>(store: Store, first: Cause.Cause<E>, ask: LazyArg<Effect.Effect<A, E, R>>) => {
    let asked = false
    return Effect.suspend(() => {
      if (asked) return ask()
      asked = true
      return Effect.failCause(first)
    }).pipe(
      Effect.catchDefect((defect) => Effect.fail(defect)),
      Effect.tapError(() => Effect.andThen(Metric.update(Metric.withAttributes(failures, { store }), 1), warn(store))),
      Effect.retry(backoff),
      Effect.orDie
    )
  }
  // Mostly there is an answer, so all that a failure needs is made only then.
  return (store, ask) => Effect.catchCause(Effect.suspend(ask), (cause) => again(store, cause, ask))
}
