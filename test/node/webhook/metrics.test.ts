/** What the pipeline counts. */
import { assert, it } from "@effect/vitest"
import { OwnerResolverError } from "@effect-whatsapp/core/errors"
import { OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, RetryPolicy } from "@effect-whatsapp/node/events"
import { Cause, Effect, Fiber, Metric } from "effect"
import { TestClock } from "effect/testing"
import { histogram, inRegistry, values } from "../metrics.ts"
import { ida, pass, settle, start } from "./world.ts"

const done = () => Effect.void
const once = { retry: () => RetryPolicy.Next.Dead() }

it.effect("counts admitted items by their tag, those it does not know among them, and each once", () =>
  inRegistry(
    Effect.gen(function* () {
      const { awaitIdle, deliver } = yield* start({})
      const hologram = { id: "3", from: ida, timestamp: "1750000000", type: "hologram", hologram: {} }
      const messages = [Delivery.textItem("1"), Delivery.textItem("2"), 7, hologram]
      yield* deliver(
        Delivery.messages({ messages, statuses: [Delivery.statusItem("4", "sent")] }),
        Delivery.text("1", { text: "again" }),
        Delivery.change("tomorrow", {}),
        new TextEncoder().encode("not JSON")
      )
      yield* awaitIdle
      // Who waits for the end of the last item may go on in the middle of it.
      yield* settle
      assert.deepStrictEqual(yield* values("whatsapp_items"), {
        "whatsapp_items{tag=TextReceived}": 2,
        "whatsapp_items{tag=Undecodable}": 1,
        "whatsapp_items{tag=UnknownMessageReceived}": 1,
        "whatsapp_items{tag=StatusUpdate}": 1,
        "whatsapp_items{tag=UnknownFieldReceived}": 1,
        "whatsapp_items{tag=DeliveryUnreadable}": 1,
        whatsapp_items_duplicate: 1
      })
    })
  )
)

it.effect("counts attempts by listener and how they ended, retries and dead letters", () =>
  inRegistry(
    Effect.gen(function* () {
      let attempts = 0
      const { awaitIdle, texts } = yield* start({
        listeners: [
          Listener.make("fine", "TextReceived", done),
          Listener.make("second try", "TextReceived", () => (++attempts === 1 ? Effect.fail("no") : Effect.void)),
          Listener.make("broken", "TextReceived", () => Effect.die("no"), once),
          Listener.make("slow", "TextReceived", () => Effect.never, { ...once, timeout: "10 seconds" }),
          // A timeout of its own is a failure like any other.
          Listener.make("asks", "TextReceived", () => Effect.fail(new Cause.TimeoutError()), once)
        ]
      })
      yield* texts(ida, "wamid.1")
      yield* pass("10 seconds")
      yield* awaitIdle
      assert.deepStrictEqual(yield* values("whatsapp_listener_attempts"), {
        "whatsapp_listener_attempts{listener=fine,outcome=done}": 1,
        "whatsapp_listener_attempts{listener=second try,outcome=failed}": 1,
        "whatsapp_listener_attempts{listener=second try,outcome=done}": 1,
        "whatsapp_listener_attempts{listener=broken,outcome=failed}": 1,
        "whatsapp_listener_attempts{listener=slow,outcome=timed_out}": 1,
        "whatsapp_listener_attempts{listener=asks,outcome=failed}": 1
      })
      assert.deepStrictEqual(yield* values("whatsapp_listener_retries"), {
        "whatsapp_listener_retries{listener=second try}": 1
      })
      assert.deepStrictEqual(yield* values("whatsapp_dead_letters"), {
        "whatsapp_dead_letters{listener=broken}": 1,
        "whatsapp_dead_letters{listener=slow}": 1,
        "whatsapp_dead_letters{listener=asks}": 1
      })
    })
  )
)

it.effect("measures how long each attempt took", () =>
  inRegistry(
    Effect.gen(function* () {
      const { awaitIdle, texts } = yield* start({
        listeners: [
          Listener.make("naps", "TextReceived", () => Effect.sleep("400 millis")),
          Listener.make("is quick", "TextReceived", done)
        ]
      })
      yield* texts(ida, "wamid.1", "wamid.2")
      yield* pass("400 millis")
      yield* pass("400 millis")
      yield* awaitIdle
      const naps = yield* histogram("whatsapp_listener_seconds{listener=naps}")
      assert.strictEqual(naps?.count, 2)
      assert.closeTo(naps?.sum ?? 0, 0.8, 1e-9)
      assert.deepStrictEqual(
        naps?.buckets.filter(([, count]) => count > 0).map(([boundary, count]) => [boundary, count])[0],
        [0.5, 2]
      )
      assert.strictEqual((yield* histogram("whatsapp_listener_seconds{listener=is quick}"))?.buckets[0]?.[1], 2)
    })
  )
)

it.effect("counts nothing for an attempt that a shutdown stopped", () =>
  inRegistry(
    Effect.gen(function* () {
      const { shutdown, texts } = yield* start({
        listeners: [Listener.make("hangs", "TextReceived", () => Effect.never)]
      })
      yield* texts(ida, "wamid.1")
      yield* settle
      const closing = yield* Effect.forkChild(shutdown, { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
      assert.deepStrictEqual(yield* values("whatsapp_listener"), {})
    })
  )
)

it.effect("counts the dead letter of an item on which admission gave up", () =>
  inRegistry(
    Effect.gen(function* () {
      const { awaitIdle, texts } = yield* start({
        resolver: OwnerResolver.layer(() => Effect.fail(new OwnerResolverError({ cause: "down" })))
      })
      yield* texts(ida, "wamid.1")
      yield* pass("5 minutes")
      yield* awaitIdle
      assert.deepStrictEqual(yield* values("whatsapp_dead_letters"), {
        "whatsapp_dead_letters{listener=(admission)}": 1
      })
      assert.deepStrictEqual(yield* values("whatsapp_items"), { "whatsapp_items{tag=TextReceived}": 1 })
    })
  )
)

it.effect("begins the counters of every listener at zero, so that the first failure is a change", () =>
  inRegistry(
    Effect.gen(function* () {
      yield* start({ listeners: [Listener.make("echo", "TextReceived", done)] })
      assert.deepStrictEqual(
        {
          ...(yield* values("whatsapp_listener", { zeros: true })),
          ...(yield* values("whatsapp_dead", { zeros: true }))
        },
        {
          "whatsapp_listener_attempts{listener=echo,outcome=done}": 0,
          "whatsapp_listener_attempts{listener=echo,outcome=failed}": 0,
          "whatsapp_listener_attempts{listener=echo,outcome=timed_out}": 0,
          "whatsapp_listener_retries{listener=echo}": 0,
          "whatsapp_dead_letters{listener=echo}": 0,
          "whatsapp_dead_letters{listener=(admission)}": 0
        }
      )
    })
  )
)

it.effect("names no customer and no message, however many there are", () =>
  inRegistry(
    Effect.gen(function* () {
      const { awaitIdle, texts } = yield* start({
        listeners: [Listener.make("broken", "TextReceived", ({ text }) => Effect.fail(text), once)]
      })
      for (let i = 0; i < 20; i++) yield* texts(`165055500${i + 10}`, `wamid.${i}`)
      yield* awaitIdle
      const attributes = (yield* Metric.snapshot).flatMap(({ attributes }) => Object.entries(attributes ?? {}))
      const seen = new Set(attributes.map(([key, value]) => `${key}=${value}`))
      assert.deepStrictEqual([...seen].toSorted(), [
        "listener=(admission)",
        "listener=broken",
        "outcome=done",
        "outcome=failed",
        "outcome=timed_out",
        "state=dead",
        "state=deliveries",
        "state=running",
        "state=waiting",
        "tag=TextReceived"
      ])
    })
  )
)
