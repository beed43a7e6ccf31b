/** Promise 7 under load: many conversations at once, none of them held up, mixed up or kept in memory. */
import { assert, it } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener } from "@effect-whatsapp/node/events"
import { Effect } from "effect"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { ben, ida, makeJournal, pass, start } from "./world.ts"

it.effect("does not delay anybody when a handler takes a second for every message of one conversation", () =>
  Effect.gen(function* () {
    const { entries, note } = makeJournal()
    const listener = Listener.make("work", "TextReceived", ({ conversationId, wamid }) =>
      Effect.andThen(conversationId.endsWith(ida) ? Effect.sleep("1 second") : Effect.void, note(wamid))
    )
    const { deliver, texts } = yield* start({ listeners: [listener] })
    yield* deliver(
      Delivery.messages({
        messages: ["1", "2", "3"].flatMap((i) => [
          Delivery.textItem(`ida ${i}`, { from: ida }),
          Delivery.textItem(`ben ${i}`, { from: ben })
        ])
      })
    )
    yield* pass("1.5 seconds")
    yield* texts(ben, "ben 4")
    yield* pass("1 minute")
    assert.deepStrictEqual(entries, [
      "0s ben 1",
      "0s ben 2",
      "0s ben 3",
      "1s ida 1",
      "1.5s ben 4",
      "2s ida 2",
      "3s ida 3"
    ])
  })
)

it.effect("goes on with a conversation after deliveries of thousands of its messages, however odd their number", () =>
  Effect.gen(function* () {
    const handled: Array<string> = []
    const listener = Listener.make("work", "TextReceived", ({ wamid }) => Effect.sync(() => void handled.push(wamid)))
    const { awaitIdle, deliver } = yield* start({ listeners: [listener] })
    const wamids = Array.from({ length: 6000 }, (_, i) => String(i))
    let from = 0
    for (const size of [249, 250, 251, 1, 999, 1000, 2049, 500, 701]) {
      const some = wamids.slice(from, (from += size))
      yield* deliver(Delivery.messages({ messages: some.map((wamid) => Delivery.textItem(wamid)) }))
    }
    yield* awaitIdle
    assert.deepStrictEqual(handled, wamids)
  })
)

setFlagsFromString("--expose-gc")
const collectGarbage = () => Effect.sync(() => void runInNewContext("gc()"))
const heap = Effect.map(
  Effect.andThen(
    collectGarbage(),
    Effect.sync(() => process.memoryUsage())
  ),
  (it) => it.heapUsed
)

it.effect(
  "handles 10,000 conversations of 10 messages completely, each in order, and keeps nothing of them",
  () =>
    Effect.gen(function* () {
      const rounds = 10
      const perDelivery = 500
      /** The next message of each conversation; `NaN` when it was not the next. */
      const next = new Map<string, number>()
      let handled = 0
      const listener = Listener.make("work", "TextReceived", ({ conversationId, text }) =>
        Effect.sync(() => {
          const expected = next.get(conversationId) ?? 0
          next.set(conversationId, Number(text) === expected ? expected + 1 : NaN)
          handled++
        })
      )
      // What deduplication remembers is its own to bound.
      const world = yield* start({ listeners: [listener], deduplication: Deduplication.layerNone })
      /** Messages of all conversations, shuffled so that neighbours are strangers, and each delivery mixes rounds. */
      const wave = Effect.fnUntraced(function* (conversations: number) {
        next.clear()
        handled = 0
        const items = Array.from({ length: conversations * rounds }, (_, i) => {
          const round = Math.floor(i / conversations)
          const conversation = (i * 7919 + round * 13) % conversations
          return [conversation, round] as const
        })
        for (let i = 0; i < items.length; i += perDelivery) {
          const messages = items.slice(i, i + perDelivery).map(([conversation, round]) =>
            Delivery.textItem(`${conversation}.${round}`, {
              from: String(16505000000 + conversation),
              text: String(round)
            })
          )
          yield* world.deliver(Delivery.messages({ messages }))
        }
        yield* world.awaitIdle
        assert.strictEqual(handled, conversations * rounds)
        assert.strictEqual(next.size, conversations)
        assert.isTrue(Array.from(next.values()).every((count) => count === rounds))
        next.clear()
        return yield* heap
      })
      const before = yield* wave(1000)
      const after = yield* wave(10_000)
      assert.deepStrictEqual(yield* world.inbox.depth, { deliveries: 0, waiting: 0, running: 0, dead: 0 })
      // One event is more than a kilobyte, so keeping a tenth of them would show.
      assert.isBelow(after - before, 10_000_000)
    }),
  120_000
)
