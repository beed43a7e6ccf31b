/** What the pipeline counts. All of it is prepared once, so that an update costs some ten nanoseconds. */
import type { Tag } from "@effect-whatsapp/core/events"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import type { Listener } from "../../events/Listener.ts"
import { admissionTask, Listeners } from "../../events/Listeners.ts"
import { deadLetters } from "../../inbox/internal/metrics.ts"

const items = (tag: string) =>
  Metric.counter("whatsapp_items", {
    description: "Items that were admitted",
    incremental: true,
    attributes: { tag }
  })

const attempts = (listener: string, outcome: "done" | "failed" | "timed_out") =>
  Metric.counter("whatsapp_listener_attempts", {
    description: "Attempts of a listener by how they ended",
    incremental: true,
    attributes: { listener, outcome }
  })

const retries = (listener: string) =>
  Metric.counter("whatsapp_listener_retries", {
    description: "Failed tasks that will be tried again",
    incremental: true,
    attributes: { listener }
  })

const durations = (listener: string) =>
  Metric.histogram("whatsapp_listener_seconds", {
    description: "How long an attempt of a listener took",
    attributes: { listener },
    boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
  })

/** What is counted of one listener, or of admission. */
const makeSeries = (listener: string) => ({
  done: attempts(listener, "done"),
  failed: attempts(listener, "failed"),
  timedOut: attempts(listener, "timed_out"),
  durations: durations(listener),
  retries: retries(listener),
  deadLetters: deadLetters(listener)
})

/** What falls due by name is prepared when it is first asked for. */
const prepared = <A>(prepare: (name: string) => A) => {
  const all = new Map<string, A>()
  return (name: string): A => {
    const found = all.get(name)
    if (found !== undefined) return found
    const made = prepare(name)
    all.set(name, made)
    return made
  }
}

export interface Metrics {
  /** An item was admitted. */
  readonly admitted: (tag: Tag) => void
  /** When an attempt begins, for `ended`. */
  readonly now: () => bigint
  readonly ended: (listener: Listener, since: bigint, exit: Exit.Exit<unknown, unknown>) => void
  /** A task failed, and will be tried again. */
  readonly retried: (listener: string) => void
  /** A task became a dead letter. */
  readonly died: (listener: string) => void
}

/** Prepares the metrics of a pipeline. */
export const make: Effect.Effect<Metrics, never, Listeners> = Effect.gen(function* () {
  const context = yield* Effect.context()
  const clock = yield* Clock.Clock
  const listeners = yield* Listeners
  const now = () => clock.monotonicTimeNanosUnsafe()
  const itemsOf = prepared(items)
  const seriesOf = prepared(makeSeries)

  // At zero from the start: an alert sees the first failure only as a change.
  for (const { name } of listeners) {
    const { done, failed, retries, timedOut } = seriesOf(name)
    for (const counter of [done, failed, timedOut, retries]) counter.updateUnsafe(0, context)
  }
  for (const name of [...listeners.map(({ name }) => name), admissionTask]) {
    seriesOf(name).deadLetters.updateUnsafe(0, context)
  }

  return {
    admitted: (tag) => itemsOf(tag).updateUnsafe(1, context),
    now,
    ended: (listener, since, exit) => {
      const nanos = now() - since
      const series = seriesOf(listener.name)
      series.durations.updateUnsafe(Number(nanos) / 1e9, context)
      const outcome = Exit.isSuccess(exit) ? "done" : isTimeout(listener, nanos, exit.cause) ? "timedOut" : "failed"
      series[outcome].updateUnsafe(1, context)
    },
    retried: (listener) => seriesOf(listener).retries.updateUnsafe(1, context),
    died: (listener) => seriesOf(listener).deadLetters.updateUnsafe(1, context)
  }
})

/** A timer may be so many milliseconds early. */
const early = 5

/** Whether the time of the listener ran out; it may have failed with a timeout of its own. */
const isTimeout = ({ timeout }: Listener, nanos: bigint, cause: Cause.Cause<unknown>): boolean =>
  Cause.isTimeoutError(Cause.squash(cause)) && Number(nanos) / 1e6 + early >= Duration.toMillis(timeout)
