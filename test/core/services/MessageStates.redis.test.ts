import { assert, layer } from "@effect/vitest"
import { DeliveryDigest, DeliveryStatus, GroupId, WaId } from "@effect-whatsapp/core/domain"
import type { MessageStatesError } from "@effect-whatsapp/core/errors"
import { fromDelivery, type StatusUpdate } from "@effect-whatsapp/core/events"
import { MessageStates } from "@effect-whatsapp/core/services"
import { Delivery, MessageStatesContract } from "@effect-whatsapp/core/testing"
import { Arbitrary, Context, Effect, Layer, Schema } from "effect"
import { Redis } from "effect/persistence"
import { afterFiveSeconds, connection, daysLeft, describeRedis, layerRedis, printsOf, RedisServer } from "./redis.ts"

const update = (wamid: string, status: DeliveryStatus): StatusUpdate => {
  const [incoming] = fromDelivery(DeliveryDigest.make("d"), Delivery.status(wamid, "sent"))
  assert(incoming?.event._tag === "StatusUpdate")
  return { ...incoming.event, status }
}

type Options = Parameters<typeof MessageStates.layerRedis>[0]
/** What one process has: a connection of its own. */
const processOf = (options?: Options) =>
  Effect.map(
    Layer.build(Layer.provide(MessageStates.layerRedis(options), connection)),
    Context.get(MessageStates.MessageStates)
  )

const ranks = { Sent: 1, Delivered: 2, Read: 3, Played: 4 } as const
const Status = Schema.Literals(["Sent", "Delivered", "Read", "Played"])
const observers = Arbitrary.array(Arbitrary.array(Arbitrary.schema(Status), { maxLength: 6 }), {
  minLength: 2,
  maxLength: 4
})

describeRedis("message states in Redis", () => {
  layer(layerRedis)((it) => {
    for (const law of MessageStatesContract.laws()) {
      it.effect(law.name, () => Effect.provide(law.run, MessageStates.layerRedis()))
    }

    let messages = 0
    it.effect.prop(
      "are the same as in memory, whatever statuses come in whatever order",
      { statuses: Arbitrary.array(Arbitrary.schema(DeliveryStatus), { maxLength: 12 }) },
      Effect.fn(function* ({ statuses }) {
        const memory = MessageStates.makeMemory()
        const redis = yield* MessageStates.MessageStates
        const wamid = `wamid.${++messages}`
        for (const status of statuses) {
          assert.strictEqual(yield* redis.observe(update(wamid, status)), yield* memory.observe(update(wamid, status)))
        }
        assert.strictEqual(yield* redis.highest(update(wamid, "Sent")), yield* memory.highest(update(wamid, "Sent")))
      }, Effect.provide(MessageStates.layerRedis())),
      { arbitrary: { runs: 60 }, timeout: 60_000 }
    )

    it.effect.prop(
      "of the statuses that several processes observe at once, those are stale that come after a higher one",
      { observers },
      Effect.fn(function* ({ observers }) {
        const processes = yield* Effect.forEach(observers, () => processOf({ prefix: "observers:" }))
        const wamid = `wamid.${++messages}`
        let now = 0
        const observe = Effect.fnUntraced(function* (
          process: MessageStates.MessageStates["Service"],
          status: typeof Status.Type
        ) {
          const started = ++now
          const stale = yield* process.observe(update(wamid, status))
          return { rank: ranks[status], stale, started, ended: ++now }
        })
        const seen = yield* Effect.forEach(
          processes,
          (process, i) => Effect.forEach(observers[i] ?? [], (status) => observe(process, status)),
          { concurrency: "unbounded" }
        )
        const all = seen.flat()
        for (const { ended, rank, stale, started } of all) {
          const higher = all.filter((other) => other.rank > rank)
          if (higher.some((other) => other.ended < started)) assert.isTrue(stale, "a higher one was known before")
          if (!higher.some((other) => other.started < ended)) assert.isFalse(stale, "a higher one came only later")
        }
        const highest = Math.max(0, ...all.map(({ rank }) => rank))
        for (const process of processes) {
          const known = yield* process.highest(update(wamid, "Sent"))
          assert.strictEqual(known === undefined ? 0 : ranks[yield* Schema.decodeUnknownEffect(Status)(known)], highest)
        }
      }, Effect.scoped),
      { arbitrary: { runs: 40, size: 20 }, timeout: 60_000 }
    )

    it.effect(
      "are kept for 30 days, or for as long as is asked, after the last status",
      Effect.fn(function* () {
        const thirty = yield* processOf({ prefix: "thirty:" })
        yield* thirty.observe(update("wamid.1", "Read"))
        assert.deepStrictEqual(yield* daysLeft("thirty:"), [30])
        const seven = yield* processOf({ prefix: "thirty:", remember: "7 days" })
        yield* seven.observe(update("wamid.1", "Delivered"))
        assert.deepStrictEqual(yield* daysLeft("thirty:"), [7])
        yield* thirty.observe(update("wamid.1", "Failed"))
        assert.deepStrictEqual(yield* daysLeft("thirty:"), [30])

        // What the end of that time does.
        const redis = yield* Redis.Redis
        yield* redis.send("FLUSHDB")
        assert.strictEqual(yield* thirty.highest(update("wamid.1", "Sent")), undefined)
        assert.isFalse(yield* thirty.observe(update("wamid.1", "Sent")))
      })
    )

    it.effect(
      "are kept for as long as Redis can count when they are never to be forgotten",
      Effect.fn(function* () {
        const { highest, observe } = yield* processOf({ prefix: "never:", remember: "Infinity" })
        yield* observe(update("wamid.1", "Read"))
        assert.strictEqual(yield* highest(update("wamid.1", "Sent")), "Read")
        const [left = 0] = yield* daysLeft("never:")
        assert.isAbove(left, 365 * 100_000)
      })
    )
  })
})

describeRedis("an error of message states in Redis", () => {
  layer(layerRedis)((it) => {
    const wamid = "wamid.HBgLMTY1MDU1NTAxNzcVAgARGBI"
    const waId = WaId.make("16505550177")
    const inGroup = (status: DeliveryStatus): StatusUpdate => ({
      ...update(wamid, status),
      recipient: { groupId: GroupId.make("group"), waId }
    })
    /** Fails, names its error, and gives away neither message nor participant. */
    const failing = Effect.fnUntraced(function* (method: Effect.Effect<unknown, MessageStatesError>) {
      const error = yield* Effect.flip(method)
      assert.strictEqual(error._tag, "MessageStatesError")
      const print = printsOf(error)
      for (const id of [wamid, waId]) assert.notInclude(print, id)
    })
    const methods = ({ highest, observe }: MessageStates.MessageStates["Service"]) => [
      failing(observe(inGroup("Sent"))),
      failing(highest(inGroup("Sent")))
    ]
    const allFail = (store: MessageStates.MessageStates["Service"]) => Effect.all(methods(store))
    const allFailInTime = (store: MessageStates.MessageStates["Service"]) =>
      Effect.forEach(methods(store), afterFiveSeconds)

    it.effect(
      "comes within five seconds when Redis does not answer, and nothing is missing when it does again",
      Effect.fn(function* () {
        const { freeze, thaw } = yield* RedisServer
        const store = yield* processOf()
        yield* store.observe(inGroup("Delivered"))
        yield* freeze
        yield* Effect.ensuring(allFailInTime(store), thaw)
        assert.isTrue(yield* store.observe(inGroup("Sent")))
        assert.strictEqual(yield* store.highest(inGroup("Sent")), "Delivered")
      })
    )

    it.effect(
      "comes within five seconds when Redis is gone, and no longer when another is in its place",
      Effect.fn(function* () {
        const { start, stop } = yield* RedisServer
        const store = yield* processOf()
        yield* store.observe(inGroup("Delivered"))
        yield* stop
        yield* Effect.ensuring(allFailInTime(store), start)
        yield* store.observe(inGroup("Read"))
        assert.isTrue(yield* store.observe(inGroup("Sent")))
      })
    )

    it.effect(
      "comes when Redis refuses the keys, or holds something else in them",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const store = yield* processOf({ prefix: "odd:" })
        yield* store.observe(inGroup("Sent"))
        const [key = ""] = yield* redis.send<ReadonlyArray<string>>("KEYS", "odd:*")
        yield* redis.send("SET", key, waId)
        yield* allFail(store)
        yield* redis.send("DEL", key)
        yield* redis.send("RPUSH", key, waId)
        yield* allFail(store)
        yield* redis.send("ACL", "SETUSER", "default", "resetkeys")
        yield* Effect.ensuring(allFail(store), Effect.ignore(redis.send("ACL", "SETUSER", "default", "allkeys")))
      })
    )
  })
})
