/** Promise 6 over processes and their restarts: one Redis remembers what was admitted, and each has an inbox of its own. */
import { assert, layer } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener } from "@effect-whatsapp/node/events"
import { Context, Effect, Fiber, Layer } from "effect"
import { Redis } from "effect/persistence"
import { TestClock } from "effect/testing"
import { connection, describeRedis, layerRedis, RedisServer } from "../../core/services/redis.ts"
import { ben, ida, settle, start } from "./world.ts"

const item = (wamid: string) => Delivery.textItem(wamid, { from: ida })
/** The same items in other bytes, as Meta batches them anew. */
const batch = (...wamids: ReadonlyArray<string>) => Delivery.messages({ messages: wamids.map(item) })

/** A process with a connection of its own, and what it handled. */
const processOf = Effect.fnUntraced(function* (prefix: string) {
  const redis = yield* Layer.build(connection)
  const handled: Array<string> = []
  const record = Listener.make("record", "TextReceived", ({ wamid }) => Effect.sync(() => handled.push(wamid)))
  const deduplication = Layer.provide(Deduplication.layerRedis({ prefix }), Layer.succeedContext(redis))
  const world = yield* start({ listeners: [record], deduplication })
  /** Everything that Redis was asked so far is answered. */
  const answered = Effect.repeat(Effect.andThen(Context.get(redis, Redis.Redis).send("PING"), settle), { times: 5 })
  return { ...world, answered, handled }
})

describeRedis("deduplication in Redis, behind a pipeline", () => {
  layer(layerRedis)((it) => {
    it.effect(
      "handles a message once, though it comes again in other bytes and to a process that was started anew",
      Effect.fn(function* () {
        const before = yield* processOf("restart:")
        yield* before.deliver(Delivery.text("1", { from: ida }))
        yield* before.awaitIdle
        yield* before.deliver(batch("2", "1"), Delivery.text("1", { from: ida, name: "Ida" }))
        yield* before.awaitIdle
        assert.deepStrictEqual(before.handled, ["1", "2"])
        yield* before.shutdown

        const after = yield* processOf("restart:")
        yield* after.deliver(batch("1", "3", "2"), Delivery.text("1", { from: ida }))
        yield* after.awaitIdle
        assert.deepStrictEqual(after.handled, ["3"])
      })
    )

    it.effect(
      "handles a message in one of two processes that receive it at once",
      Effect.fn(function* () {
        const processes = yield* Effect.all([processOf("both:"), processOf("both:")])
        const wamids = Array.from({ length: 30 }, (_, i) => `wamid.${i}`)
        const [one, other] = processes
        const receive = Effect.all(
          [
            Effect.forEach(wamids, (wamid) => one.deliver(Delivery.text(wamid, { from: ida }))),
            Effect.forEach(wamids.toReversed(), (wamid) => other.deliver(batch(wamid, `${wamid}, alone`)))
          ],
          { concurrency: "unbounded", discard: true }
        )
        yield* receive
        const idle = yield* Effect.forkChild(Effect.all([one.awaitIdle, other.awaitIdle], { concurrency: "unbounded" }))
        // What one found Busy, it asks for again when the lease would be over.
        while (idle.pollUnsafe() === undefined) {
          yield* Effect.forEach(processes, ({ answered }) => answered)
          yield* TestClock.adjust("1 minute")
        }
        yield* Fiber.join(idle)
        const all = wamids.flatMap((wamid) => [wamid, `${wamid}, alone`])
        assert.sameMembers([...one.handled, ...other.handled], all)
      }),
      30_000
    )

    it.effect(
      "holds messages while Redis is gone or silent, and handles each once when it is back",
      Effect.fn(function* () {
        const { freeze, start, stop, thaw } = yield* RedisServer
        const bot = yield* processOf("away:")
        const outage = Effect.fnUntraced(function* (wamid: string) {
          yield* bot.deliver(Delivery.text(wamid, { from: ida }), Delivery.text(`${wamid} of Ben`, { from: ben }))
          yield* bot.deliver(batch(wamid))
          for (let i = 0; i < 60; i++) {
            yield* settle
            yield* TestClock.adjust("1 second")
          }
        })
        const back = Effect.gen(function* () {
          const idle = yield* Effect.forkChild(bot.awaitIdle)
          let seconds = 0
          for (; idle.pollUnsafe() === undefined; seconds++) {
            yield* bot.answered
            yield* TestClock.adjust("1 second")
          }
          // It is asked again every 30 seconds; what was asked in vain does not hold the item for a lease more.
          assert.isBelow(seconds, 60)
        })
        yield* freeze
        yield* Effect.ensuring(outage("1"), thaw)
        assert.deepStrictEqual(bot.handled, [])
        yield* back
        assert.sameMembers(bot.handled, ["1", "1 of Ben"])

        yield* stop
        yield* Effect.ensuring(outage("2"), start)
        assert.sameMembers(bot.handled, ["1", "1 of Ben"])
        yield* back
        assert.sameMembers(bot.handled, ["1", "1 of Ben", "2", "2 of Ben"])
      }),
      30_000
    )
  })
})
