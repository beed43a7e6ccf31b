import { assert, describe, it } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Context, Duration, Effect, Layer, Ref } from "effect"

const digest = DeliveryDigest.make("digest")
const eventOf = (bytes: Uint8Array): WhatsAppEvent => {
  const [incoming] = fromDelivery(digest, bytes)
  assert.isDefined(incoming)
  return incoming.event
}
const text = eventOf(Delivery.text("wamid.1"))
const status = eventOf(Delivery.status("wamid.1", "sent"))
const unknown = eventOf(Delivery.change("account_update", {}))

describe("Listener.make", () => {
  it("wants the events of one tag, of several, or all", () => {
    const wanted = ({ wants }: Listener.Listener) => [text, status, unknown].map(wants)
    const handle = () => Effect.void
    assert.deepStrictEqual(wanted(Listener.make("one", "TextReceived", handle)), [true, false, false])
    assert.deepStrictEqual(wanted(Listener.make("two", ["TextReceived", "StatusUpdate"], handle)), [true, true, false])
    assert.deepStrictEqual(wanted(Listener.make("all", "*", handle)), [true, true, true])
    assert.deepStrictEqual(wanted(Listener.make("none", [], handle)), [false, false, false])
  })

  it.effect("does nothing with an event that it does not want", () =>
    Effect.gen(function* () {
      let calls = 0
      const listener = Listener.make("one", "TextReceived", () => Effect.sync(() => calls++))
      yield* listener.handle(status)
      assert.strictEqual(calls, 0)
      yield* listener.handle(text)
      assert.strictEqual(calls, 1)
    })
  )

  it("gives an attempt five minutes unless told otherwise", () => {
    const handle = () => Effect.void
    assert.deepStrictEqual(Listener.make("one", "*", handle).timeout, Duration.minutes(5))
    assert.deepStrictEqual(Listener.make("one", "*", handle, { timeout: "2 hours" }).timeout, Duration.hours(2))
  })
})

class Handled extends Context.Service<Handled, Ref.Ref<ReadonlyArray<string>>>()(
  "effect-whatsapp/test/node/events/Listener.test/Handled"
) {}

describe("Listeners.layer", () => {
  it.effect("provides each listener with what it needs when the layer is built", () =>
    Effect.gen(function* () {
      const handled = yield* Ref.make<ReadonlyArray<string>>([])
      const record = Listener.make("record", "TextReceived", ({ wamid }) =>
        Effect.flatMap(Handled, (ref) => Ref.update(ref, (all) => [...all, wamid]))
      )
      const world = Listeners.layer(record).pipe(Layer.provide(Layer.succeed(Handled, handled)))
      const context = yield* Layer.build(world)
      const [listener] = Context.get(context, Listeners.Listeners)
      assert.isDefined(listener)
      yield* listener.handle(text)
      assert.deepStrictEqual(yield* Ref.get(handled), ["wamid.1"])
    })
  )

  it.effect("refuse the name that the pipeline needs for itself", () =>
    Effect.gen(function* () {
      const usurper = Listener.make("(admission)", "*", () => Effect.void)
      const exit = yield* Effect.exit(Layer.build(Listeners.layer(usurper)))
      assert.include(String(exit), "needs for itself")
    })
  )

  it.effect("may be empty", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Listeners.Listeners, [])
    }).pipe(Effect.provide(Listeners.layer()))
  )
})
