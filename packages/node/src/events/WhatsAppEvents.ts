/**
 * Every event as it is admitted, to watch: a dashboard, a log, a counter. It is published once, not replayed and not
 * retried, and a watcher that is too slow loses the oldest. If missing one would matter to a customer, use a `Listener`.
 */
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { Method } from "@effect-whatsapp/core/services"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** Service that publishes events to whoever watches. */
export class WhatsAppEvents extends Context.Service<
  WhatsAppEvents,
  {
    /** Publishes without ever waiting: when a watcher is `capacity` events behind, the oldest is dropped. */
    readonly publish: Method<[event: WhatsAppEvent], void, never>
    /** The events from the moment the stream is run. */
    readonly stream: Stream.Stream<WhatsAppEvent>
    /** The events from this moment on; ends with the scope. */
    readonly subscribe: Effect.Effect<PubSub.Subscription<WhatsAppEvent>, never, Scope.Scope>
    /** How many events were dropped because a watcher was too slow. */
    readonly dropped: Effect.Effect<number>
  }
>()("@effect-whatsapp/node/events/WhatsAppEvents") {}

export interface Options {
  /** How many events a watcher may be behind. @default 1024 */
  readonly capacity?: number | undefined
}

const droppedCount = Metric.counter("whatsapp_events_dropped", {
  description: "Events that a watcher of WhatsAppEvents was too slow to see",
  incremental: true
})

/** Layer that publishes within this process. */
export const layer = (options?: Options): Layer.Layer<WhatsAppEvents> =>
  Layer.effect(
    WhatsAppEvents,
    Effect.gen(function* () {
      const capacity = options?.capacity ?? 1024
      const events = yield* Effect.acquireRelease(PubSub.sliding<WhatsAppEvent>(capacity), PubSub.shutdown)
      let dropped = 0
      const publishNow = (event: WhatsAppEvent): boolean => {
        if (PubSub.sizeUnsafe(events) >= capacity) return false
        PubSub.publishUnsafe(events, event)
        return true
      }
      return WhatsAppEvents.of({
        publish: Object.assign(
          (event: WhatsAppEvent) =>
            Effect.suspend(() => {
              if (publishNow(event)) return Effect.void
              dropped++
              // Only `publish` slides; it never waits either.
              return Effect.andThen(PubSub.publish(events, event), Metric.update(droppedCount, 1))
            }),
          {
            now: (event: WhatsAppEvent) => {
              if (!publishNow(event)) throw new Error("A watcher is too slow, so the oldest event must go first")
            }
          }
        ),
        stream: Stream.fromPubSub(events),
        subscribe: PubSub.subscribe(events),
        dropped: Effect.sync(() => dropped)
      })
    })
  )

/** The events of the `WhatsAppEvents` in the context. */
export const stream: Stream.Stream<WhatsAppEvent, never, WhatsAppEvents> = Stream.unwrap(
  Effect.map(WhatsAppEvents, (events) => events.stream)
)

/** Subscribes to the `WhatsAppEvents` in the context. */
export const subscribe: Effect.Effect<
  PubSub.Subscription<WhatsAppEvent>,
  never,
  WhatsAppEvents | Scope.Scope
> = Effect.flatMap(WhatsAppEvents, (events) => events.subscribe)
