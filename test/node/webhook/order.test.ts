/** Promise 7: in order. */
import { assert, it } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener } from "@effect-whatsapp/node/events"
import { Deferred, Duration, Effect, Schema } from "effect"
import { ben, ida, makeJournal, pass, settle, start } from "./world.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const Message = Schema.Struct({
  conversation: between(0, 30),
  /** How long the handler takes, and how often it fails before. */
  seconds: between(0, 20),
  failures: between(0, 2),
  /** Whether it stands in one delivery with the message before it. */
  batched: Schema.Boolean
})

it.effect.prop(
  "handles every conversation in Meta's order, however long handlers take, however often they fail, however Meta batches",
  [Schema.Array(Message).check(Schema.isMinLength(100), Schema.isMaxLength(400))],
  ([messages]) =>
    Effect.gen(function* () {
      const handled: Array<{ readonly conversation: string; readonly wamid: string }> = []
      const running = new Set<string>()
      const failures = new Map<string, number>()
      const listener = Listener.make("work", "TextReceived", ({ conversationId, wamid }) =>
        Effect.gen(function* () {
          assert.isFalse(running.has(conversationId), "two handlers of one conversation at once")
          running.add(conversationId)
          const message = messages[Number(wamid)]
          yield* Effect.sleep(Duration.seconds(message?.seconds ?? 0))
          running.delete(conversationId)
          const failed = failures.get(wamid) ?? 0
          failures.set(wamid, failed + 1)
          if (failed < (message?.failures ?? 0)) return yield* Effect.fail("broken")
          handled.push({ conversation: conversationId, wamid })
        })
      )
      const world = yield* start({ listeners: [listener] })
      const phone = (conversation: number) => String(16505550100 + conversation)
      let batch: Array<Schema.JsonObject> = []
      const flush = Effect.suspend(() => {
        const items = batch
        batch = []
        return items.length === 0 ? Effect.void : world.deliver(Delivery.messages({ messages: items }))
      })
      for (const [i, { batched, conversation }] of messages.entries()) {
        if (!batched) yield* flush
        batch.push(Delivery.textItem(String(i), { from: phone(conversation) }))
      }
      yield* flush
      for (let i = 0; handled.length < messages.length && i < 500; i++) yield* pass("30 seconds")
      yield* world.awaitIdle
      assert.strictEqual(handled.length, messages.length, "every message is handled once")
      for (const conversation of new Set(handled.map(({ conversation }) => conversation))) {
        const order = handled.flatMap((one) => (one.conversation === conversation ? [Number(one.wamid)] : []))
        assert.deepStrictEqual(
          order,
          order.toSorted((a, b) => a - b)
        )
      }
    }).pipe(Effect.scoped),
  { arbitrary: { runs: 15, size: 400 }, timeout: 30_000 }
)

it.effect("handles conversations in parallel, at most as many at once as it was told", () =>
  Effect.gen(function* () {
    let most = 0
    let running = 0
    const listener = Listener.make("work", "TextReceived", () =>
      Effect.gen(function* () {
        most = Math.max(most, ++running)
        yield* Effect.sleep("1 second")
        running--
      })
    )
    const world = yield* start({ listeners: [listener], concurrency: 7 })
    for (let i = 0; i < 50; i++) yield* world.texts(String(16505550100 + i), `wamid.${i}`)
    yield* pass("1 minute")
    yield* world.awaitIdle
    assert.strictEqual(most, 7)
  })
)

it.effect("handles never more than 64 at once, so that a crash repeats few", () =>
  Effect.gen(function* () {
    let most = 0
    let running = 0
    const listener = Listener.make("work", "TextReceived", () =>
      Effect.gen(function* () {
        most = Math.max(most, ++running)
        yield* Effect.sleep("1 second")
        running--
      })
    )
    const world = yield* start({ listeners: [listener], concurrency: 1000 })
    for (let i = 0; i < 200; i++) yield* world.texts(String(16505550100 + i), `wamid.${i}`)
    yield* pass("1 minute")
    yield* world.awaitIdle
    assert.strictEqual(most, 64)
  })
)

it.effect("handles statuses in lanes of their own, so that a handler may wait for the status of what it sent", () =>
  Effect.gen(function* () {
    const delivered = yield* Deferred.make<void>()
    const { entries, note } = makeJournal()
    const text = Listener.make("texts", "TextReceived", ({ wamid }) =>
      Effect.andThen(Deferred.await(delivered), note(wamid))
    )
    const status = Listener.make("texts and statuses", ["StatusUpdate"], ({ status }) =>
      Effect.andThen(note(status), status === "Delivered" ? Deferred.succeed(delivered, undefined) : Effect.void)
    )
    const world = yield* start({ listeners: [text, status] })
    yield* world.texts(ida, "asked")
    yield* pass("1 second")
    yield* world.deliver(Delivery.status("answer", "sent"), Delivery.status("answer", "delivered"))
    yield* pass("1 second")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["1s Sent", "1s Delivered", "1s asked"])
  })
)

it.effect("handles a status of one listener's own answer also when the same listener waits for it", () =>
  Effect.gen(function* () {
    const delivered = yield* Deferred.make<void>()
    const { entries, note } = makeJournal()
    const everything = Listener.make("everything", "*", (event) =>
      event._tag === "StatusUpdate"
        ? Deferred.succeed(delivered, undefined)
        : Effect.andThen(Deferred.await(delivered), note(event._tag))
    )
    const world = yield* start({ listeners: [everything] })
    yield* world.texts(ida, "asked")
    yield* settle
    yield* world.deliver(Delivery.status("answer", "delivered"))
    yield* settle
    assert.deepStrictEqual(entries, ["0s TextReceived"])
  })
)

it.effect("keeps the statuses of one message in the order in which Meta sent them", () =>
  Effect.gen(function* () {
    const { events, note } = makeJournal()
    const listener = Listener.make("work", "StatusUpdate", ({ status }) =>
      Effect.andThen(Effect.sleep(status === "Sent" ? "10 seconds" : "1 second"), note(status))
    )
    const world = yield* start({ listeners: [listener] })
    yield* world.deliver(...["sent", "delivered", "read"].map((status) => Delivery.status("wamid.1", status)))
    yield* pass("1 minute")
    assert.deepStrictEqual(events(), ["Sent", "Delivered", "Read"])
  })
)

it.effect("holds nobody up behind a person whose handler takes long", () =>
  Effect.gen(function* () {
    const { entries, note } = makeJournal()
    const listener = Listener.make("work", "TextReceived", ({ wamid }) =>
      Effect.andThen(wamid === "slow" ? Effect.sleep("1 minute") : Effect.void, note(wamid))
    )
    const world = yield* start({ listeners: [listener] })
    yield* world.texts(ida, "slow", "after")
    yield* world.texts(ben, "1", "2")
    yield* pass("1 minute")
    assert.deepStrictEqual(entries, ["0s 1", "0s 2", "60s slow", "60s after"])
  })
)

it.effect("takes two spellings of one Brazilian phone for one conversation", () =>
  Effect.gen(function* () {
    const { entries, note } = makeJournal()
    const listener = Listener.make("work", "TextReceived", ({ wamid }) =>
      Effect.andThen(Effect.sleep("1 second"), note(wamid))
    )
    const world = yield* start({ listeners: [listener], deduplication: Deduplication.layerNone })
    yield* world.texts("5511987654321", "1")
    yield* world.texts("551187654321", "2")
    yield* pass("1 minute")
    assert.deepStrictEqual(entries, ["1s 1", "2s 2"])
  })
)
