/** Events to watch: published once at admission, and nobody waits for who watches. */
import { assert, it } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, RetryPolicy, WhatsAppEvents } from "@effect-whatsapp/node/events"
import { Effect, Fiber, Metric, PubSub, Stream } from "effect"
import { ida, makeJournal, pass, settle, start } from "../webhook/world.ts"

const event = (reason: number): WhatsAppEvent => ({
  _tag: "DeliveryUnreadable",
  digest: DeliveryDigest.make(""),
  reason: String(reason),
  bytes: new Uint8Array()
})
const reasonOf = (event: WhatsAppEvent) => (event._tag === "DeliveryUnreadable" ? Number(event.reason) : -1)
const wamidOf = (event: WhatsAppEvent) => ("wamid" in event ? event.wamid : event._tag)

it.effect("keeps the last 1024 events for a watcher that is too slow, and counts what it dropped", () =>
  Effect.gen(function* () {
    const { dropped, publish, subscribe } = yield* WhatsAppEvents.WhatsAppEvents
    const before = yield* droppedMetric
    const slow = yield* subscribe
    for (let i = 0; i < 1024; i++) yield* publish(event(i))
    assert.strictEqual(yield* dropped, 0)
    for (let i = 1024; i < 1034; i++) yield* publish(event(i))
    assert.strictEqual(yield* dropped, 10)
    assert.strictEqual((yield* droppedMetric) - before, 10)
    const seen = yield* PubSub.takeAll(slow)
    assert.strictEqual(seen.length, 1024)
    assert.strictEqual(reasonOf(seen[0] ?? event(-1)), 10)
    assert.strictEqual(reasonOf(seen.at(-1) ?? event(-1)), 1033)
  }).pipe(Effect.provide(WhatsAppEvents.layer()))
)

const droppedMetric = Effect.map(Metric.snapshot, (all) => {
  const counted = all.flatMap(({ id, state }) =>
    id === "whatsapp_events_dropped" && "count" in state ? [state.count] : []
  )
  return Number(counted[0] ?? 0)
})

it.effect("drops nothing when nobody watches", () =>
  Effect.gen(function* () {
    const { dropped, publish } = yield* WhatsAppEvents.WhatsAppEvents
    for (let i = 0; i < 3000; i++) yield* publish(event(i))
    assert.strictEqual(yield* dropped, 0)
  }).pipe(Effect.provide(WhatsAppEvents.layer()))
)

it.effect("gives every watcher all events from the moment its stream is run, and none from before", () =>
  Effect.gen(function* () {
    const { publish } = yield* WhatsAppEvents.WhatsAppEvents
    const watch = Effect.forkChild(Stream.runCollect(Stream.take(Stream.map(WhatsAppEvents.stream, reasonOf), 2)), {
      startImmediately: true
    })
    yield* publish(event(0))
    const first = yield* watch
    yield* settle
    yield* publish(event(1))
    const second = yield* watch
    yield* settle
    yield* publish(event(2))
    yield* publish(event(3))
    assert.deepStrictEqual(yield* Fiber.join(first), [1, 2])
    assert.deepStrictEqual(yield* Fiber.join(second), [2, 3])
  }).pipe(Effect.provide(WhatsAppEvents.layer()))
)

it.effect("never lets a watcher that does nothing hold up a listener", () =>
  Effect.gen(function* () {
    const { events, note } = makeJournal()
    const listener = Listener.make("work", "TextReceived", ({ wamid }) => note(wamid))
    const world = yield* start({ listeners: [listener] })
    yield* world.events.subscribe
    const hanging = yield* Effect.forkChild(Stream.runForEach(world.events.stream, () => Effect.never))
    yield* settle
    const wamids = Array.from({ length: 3000 }, (_, i) => `${i}`)
    yield* world.texts(ida, ...wamids)
    yield* world.awaitIdle
    assert.deepStrictEqual(events(), wamids)
    assert.isAbove(yield* world.events.dropped, 0)
    yield* Fiber.interrupt(hanging)
  })
)

it.effect(
  "publishes an event once, when it is admitted: not again when it is redelivered or its listener is retried",
  () =>
    Effect.gen(function* () {
      const listener = Listener.make("work", "*", () => Effect.fail("broken"), {
        retry: RetryPolicy.make({ attempts: 3 })
      })
      const world = yield* start({ listeners: [listener] })
      const watching = yield* world.events.subscribe
      yield* world.deliver(Delivery.text("1"), Delivery.text("1"), Delivery.status("2", "sent"))
      yield* settle
      const admitted = yield* PubSub.takeAll(watching)
      assert.deepStrictEqual(admitted.map(wamidOf), ["1", "2"])
      yield* world.texts(ida, "1")
      yield* pass("1 minute")
      const [letter] = yield* world.inbox.list
      yield* world.inbox.requeue(letter?.task.id ?? "")
      yield* pass("1 minute")
      yield* world.texts(ida, "3")
      yield* settle
      assert.deepStrictEqual((yield* PubSub.takeAll(watching)).map(wamidOf), ["3"])
    })
)

it.effect("publishes what a listener sees: with the sender decided and stale statuses marked", () =>
  Effect.gen(function* () {
    const seen: Array<WhatsAppEvent> = []
    const listener = Listener.make("work", "*", (event) => Effect.sync(() => void seen.push(event)))
    const world = yield* start({ listeners: [listener] })
    const watching = yield* world.events.subscribe
    yield* world.deliver(Delivery.text("1"), Delivery.status("2", "read"), Delivery.status("2", "sent"))
    yield* world.awaitIdle
    const byWamid = (a: WhatsAppEvent, b: WhatsAppEvent) => wamidOf(a).localeCompare(wamidOf(b))
    assert.deepStrictEqual((yield* PubSub.takeAll(watching)).toSorted(byWamid), seen.toSorted(byWamid))
  })
)
