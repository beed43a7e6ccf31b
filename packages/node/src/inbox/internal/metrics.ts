/**
 * What the inbox tells whoever watches the process. Its gauges are read when they are looked at, so they cost nothing
 * while nobody looks.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import type { Depth } from "../Inbox.ts"
import type { Engine } from "./engine.ts"

const depth = (state: keyof Depth) =>
  Metric.gauge("whatsapp_inbox_depth", {
    description: "Deliveries that are not admitted yet, tasks that wait or run, and dead letters",
    attributes: { state }
  })

const oldest = Metric.gauge("whatsapp_inbox_oldest_seconds", {
  description: "How long ago the oldest delivery came in that has something left to do; 0 when none has"
})

const openBytes = Metric.gauge("whatsapp_inbox_open_bytes", {
  description: "Bytes of the deliveries that have something left to do, in memory those of dead letters too"
})

const fileBytes = Metric.gauge("whatsapp_sqlite_file_bytes", {
  description: "Size of the SQLite file and its log"
})

const commits = Metric.histogram("whatsapp_sqlite_commit_seconds", {
  description: "How long a commit of the SQLite file took; nothing else runs meanwhile",
  boundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
})

const failures = Metric.counter("whatsapp_sqlite_commits_failed", {
  description: "Commits of the SQLite file that failed; deliveries among them were answered 503",
  incremental: true
})

/** Counts the dead letters of one listener. */
export const deadLetters = (listener: string) =>
  Metric.counter("whatsapp_dead_letters", {
    description: "Tasks that became dead letters",
    incremental: true,
    attributes: { listener }
  })

/** Lets a gauge be read, until the scope closes. */
const gauge = Effect.fnUntraced(function* (metric: Metric.Gauge<number>, read: () => number) {
  const context = yield* Effect.context()
  yield* Effect.acquireRelease(
    Effect.sync(() =>
      Metric.registerUnsafe(metric, context, { get: () => ({ value: read() }), update: constVoid, modify: constVoid })
    ),
    (registration) => Effect.sync(() => registration.remove())
  )
})

/** Lets the gauges of an inbox be read, until the scope closes. */
export const watch: (engine: Engine) => Effect.Effect<void, never, Scope.Scope> = Effect.fnUntraced(function* (engine) {
  const clock = yield* Clock.Clock
  yield* gauge(depth("deliveries"), () => engine.depth().deliveries)
  yield* gauge(depth("waiting"), () => engine.depth().waiting)
  yield* gauge(depth("running"), () => engine.depth().running)
  yield* gauge(depth("dead"), () => engine.depth().dead)
  yield* gauge(openBytes, () => engine.load().bytes)
  yield* gauge(oldest, () => {
    const now = clock.currentTimeMillisUnsafe()
    return Math.max(0, now - (engine.oldest() ?? now)) / 1000
  })
})

/** Notes what becomes of the commits of a file. */
export interface Commits {
  readonly now: () => bigint
  /** One succeeded that had begun then. */
  readonly committed: (since: bigint) => void
  readonly failed: () => void
}

/** Lets a file be watched that tells its size, until the scope closes. */
export const watchFile: (size: () => number) => Effect.Effect<Commits, never, Scope.Scope> = Effect.fnUntraced(
  function* (size) {
    const clock = yield* Clock.Clock
    const context = yield* Effect.context()
    const now = () => clock.monotonicTimeNanosUnsafe()
    yield* gauge(fileBytes, size)
    failures.updateUnsafe(0, context)
    return {
      now,
      committed: (since) => commits.updateUnsafe(Number(now() - since) / 1e9, context),
      failed: () => failures.updateUnsafe(1, context)
    }
  }
)
