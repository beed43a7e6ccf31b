import { assert, layer } from "@effect/vitest"
import { DeduplicationError } from "@effect-whatsapp/core/errors"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, Listeners, WhatsAppEvents } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookPipeline } from "@effect-whatsapp/node/webhook"
import { Clock, Context, Duration, Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"

class Handled extends Context.Service<Handled, Ref.Ref<ReadonlyArray<string>>>()(
  "effect-whatsapp/test/node/webhook/WebhookPipeline.test/Handled"
) {}
const handled = Effect.flatMap(Handled, Ref.get)
const record = Listener.make(
  "record",
  "TextReceived",
  Effect.fn(function* (event) {
    yield* Ref.update(yield* Handled, (all) => [...all, event.wamid])
  })
)
const pipelineWith = (deduplication: Layer.Layer<Deduplication.Deduplication>) =>
  WebhookPipeline.layer().pipe(
    Layer.provide([Listeners.layer(record), WhatsAppEvents.layer(), OwnerResolver.layerPhones([]), deduplication]),
    Layer.provideMerge([Inbox.layerMemory(), Layer.effect(Handled, Ref.make<ReadonlyArray<string>>([]))])
  )
const deliver = (...wamids: ReadonlyArray<string>) =>
  Effect.flatMap(Inbox.Inbox, (inbox) => Effect.forEach(wamids, (wamid) => inbox.append(Delivery.text(wamid))))
layer(pipelineWith(Deduplication.layerMemory()))("with memory", (it) => {
  it.effect(
    "handles a redelivered message once, until the memory of it ends",
    Effect.fn(function* () {
      yield* deliver("wamid.1", "wamid.1")
      yield* WebhookPipeline.awaitIdle
      yield* TestClock.adjust("8 days")
      yield* deliver("wamid.1", "wamid.2")
      yield* WebhookPipeline.awaitIdle
      assert.deepStrictEqual(yield* handled, ["wamid.1", "wamid.1", "wamid.2"])
    })
  )
})
const DownForAnHour = Layer.effect(
  Deduplication.Deduplication,
  Effect.gen(function* () {
    const memory = yield* Deduplication.Deduplication
    const back = (yield* Clock.currentTimeMillis) + Duration.toMillis("1 hour")
    const outage = Effect.fail(new DeduplicationError({ cause: "ECONNREFUSED" }))
    const now = Clock.currentTimeMillis
    return { ...memory, claim: (key: string) => Effect.flatMap(now, (_) => (_ < back ? outage : memory.claim(key))) }
  })
).pipe(Layer.provide(Deduplication.layerMemory()))
layer(pipelineWith(DownForAnHour))("with a store that is down", (it) => {
  it.effect(
    "holds messages while deduplication is down and handles each once when it is back",
    Effect.fn(function* () {
      yield* deliver("wamid.1", "wamid.2", "wamid.1")
      yield* TestClock.adjust("59 minutes")
      assert.deepStrictEqual(yield* handled, [])
      yield* TestClock.adjust("2 minutes")
      yield* WebhookPipeline.awaitIdle
      assert.deepStrictEqual(yield* handled, ["wamid.1", "wamid.2"])
    })
  )
})
