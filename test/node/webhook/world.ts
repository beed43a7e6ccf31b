/** A pipeline in which everything can be swapped in one line, and which a test can shut down. */
import { Deduplication, type Identities, type MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { type Listener, Listeners, WhatsAppEvents } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookPipeline } from "@effect-whatsapp/node/webhook"
import { Clock, Context, type Duration, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"

export interface Options extends WebhookPipeline.Options {
  readonly listeners?: ReadonlyArray<Listener.Listener>
  readonly deduplication?: Layer.Layer<Deduplication.Deduplication>
  readonly resolver?: Layer.Layer<OwnerResolver.OwnerResolver>
  readonly inbox?: Layer.Layer<Inbox.Inbox>
  readonly states?: Layer.Layer<MessageStates.MessageStates>
  readonly identities?: Layer.Layer<Identities.Identities>
}

/** Starts a pipeline that ends with the test, or with `shutdown`. */
export const start = Effect.fnUntraced(function* (options: Options) {
  const scope = yield* Effect.acquireRelease(
    Scope.make(),
    Effect.fnUntraced(function* (scope) {
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      // A test that left work undone need not wait for it.
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
    })
  )
  const world = WebhookPipeline.layer(options).pipe(
    Layer.provide([
      Listeners.layer(...(options.listeners ?? [])),
      options.resolver ?? OwnerResolver.layerPhones([]),
      options.deduplication ?? Deduplication.layerMemory()
    ]),
    Layer.provideMerge([WhatsAppEvents.layer(), options.inbox ?? Inbox.layerMemory()]),
    Layer.provide([options.states ?? Layer.empty, options.identities ?? Layer.empty])
  )
  const context = yield* Layer.buildWithScope(Layer.fresh(world), scope)
  const inbox = Context.get(context, Inbox.Inbox)
  return {
    inbox,
    events: Context.get(context, WhatsAppEvents.WhatsAppEvents),
    awaitIdle: Context.get(context, WebhookPipeline.WebhookPipeline).awaitIdle,
    deliver: (...bodies: ReadonlyArray<Uint8Array>) => Effect.forEach(bodies, inbox.append, { discard: true }),
    /** Delivers a text of a customer for each wamid. */
    texts: (from: string, ...wamids: ReadonlyArray<string>) =>
      Effect.forEach(wamids, (wamid) => inbox.append(Delivery.text(wamid, { from })), { discard: true }),
    shutdown: Scope.close(scope, Exit.void)
  }
})

/** What happened, and at which second. */
export const makeJournal = () => {
  const entries: Array<string> = []
  return {
    entries,
    note: (what: string) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        entries.push(`${now / 1000}s ${what}`)
      }),
    /** Without the times. */
    events: () => entries.map((entry) => entry.slice(entry.indexOf(" ") + 1))
  }
}

export const ida = "16505550177"
export const ben = "16505550188"

/** Lets everything that can go on come to rest. */
export const settle = Effect.repeat(Effect.yieldNow, { times: 20 })

/** Lets time pass, for a world that was at rest before. */
export const pass = (duration: Duration.Input) =>
  Effect.andThen(settle, Effect.andThen(TestClock.adjust(duration), settle))
