/**
 * Everything behind the answer: takes deliveries from the inbox, turns them into events, admits each once, and runs the
 * listeners. What cannot be decided now waits in its conversation; nothing is skipped and nothing else is held up.
 */
import type { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Listeners from "../events/Listeners.ts"
import type * as WhatsAppEvents from "../events/WhatsAppEvents.ts"
import * as Inbox from "../inbox/Inbox.ts"
import * as Admission from "./internal/admission.ts"
import * as Persistently from "./internal/persistently.ts"
import * as Recent from "./internal/recent.ts"
import * as Work from "./internal/work.ts"

/** Service that stands for a running pipeline. */
export class WebhookPipeline extends Context.Service<
  WebhookPipeline,
  {
    /** Waits until everything accepted so far is done: admitted, and handled or dead. */
    readonly awaitIdle: Effect.Effect<void, InboxError>
  }
>()("@effect-whatsapp/node/webhook/WebhookPipeline") {}

export interface Options {
  /** How many listeners run at once. A crash repeats at most as many. From 1 to 64. @default 64 */
  readonly concurrency?: number | undefined
  /**
   * How long a shutdown waits for work, at most. What is then being marked gets a fifth of it more, at most 2 seconds; a
   * listener that cannot be interrupted is left behind. @default "25 seconds"
   */
  readonly shutdownTimeout?: Duration.Input | undefined
  /** Told at the end of a shutdown how much was left undone. */
  readonly onShutdown?: ((left: number) => Effect.Effect<void>) | undefined
}

/** Beyond the shutdown time, what is just being marked gets this share of it, and at most so many milliseconds. */
export const graceShare = 0.2
const maxGrace = 2000

const nothing: Inbox.Depth = { deliveries: 0, waiting: 0, running: 0, dead: 0 }

/** Most tasks that a process may be running, so that a crash repeats few. */
const maxConcurrency = 64

/**
 * Layer that runs the pipeline for as long as it lives. Provide `MessageStates` to share what is known of sent messages
 * between instances; without it every instance remembers its own.
 *
 * **Details**
 *
 * At shutdown no new work is started. With a durable inbox the listeners that run are waited for, and the rest stays in
 * the inbox; a memory inbox is drained, because what is left in it is lost.
 */
export const layer = (
  options?: Options
): Layer.Layer<
  WebhookPipeline,
  never,
  | Inbox.Inbox
  | Listeners.Listeners
  | WhatsAppEvents.WhatsAppEvents
  | OwnerResolver.OwnerResolver
  | Deduplication.Deduplication
> =>
  Layer.effect(
    WebhookPipeline,
    Effect.gen(function* () {
      const inbox = yield* Inbox.Inbox
      const recent = Recent.make()
      const persistently = Persistently.make()
      const admission = yield* Admission.make(recent, persistently)
      const concurrency = Math.min(maxConcurrency, Math.max(1, options?.concurrency ?? maxConcurrency))
      const work = yield* Work.make({ admission, concurrency, persistently, recent })
      yield* Effect.forkScoped(admission.run)
      yield* Effect.forkScoped(work.run)
      // Registered last, so that it comes first and finds everything still running.
      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          const total = Duration.toMillis(options?.shutdownTimeout ?? "25 seconds")
          const grace = Math.min(maxGrace, total * graceShare)
          yield* Effect.timeoutOption(inbox.durable ? work.finish : Effect.ignore(inbox.awaitIdle), total)
          const left = yield* work.stop(grace)
          const open = yield* Effect.orElseSucceed(Effect.timeoutOption(inbox.depth, grace), () => Option.none())
          const { dead, deliveries, running, waiting } = Option.getOrElse(open, () => nothing)
          const lost = inbox.durable ? left : Math.max(left, deliveries + waiting + running)
          if (lost > 0) {
            yield* Effect.logWarning(`Shutdown left ${lost} ${inbox.durable ? "unfinished" : "undone; they are lost"}`)
          }
          if (!inbox.durable && dead > 0) yield* Effect.logWarning(`${dead} dead letters end with this process`)
          yield* options?.onShutdown?.(lost) ?? Effect.void
        })
      )
      return { awaitIdle: inbox.awaitIdle }
    })
  )

/** Waits until everything accepted so far is done, for tests and shutdown. */
export const awaitIdle: Effect.Effect<void, InboxError, WebhookPipeline> = Effect.flatMap(
  WebhookPipeline,
  (pipeline) => pipeline.awaitIdle
)
