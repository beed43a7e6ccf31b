import { assert, layer } from "@effect/vitest"
import { BusinessScopedUserId, PhoneNumberId, WaId } from "@effect-whatsapp/core/domain"
import type { IdentitiesError } from "@effect-whatsapp/core/errors"
import { Identities } from "@effect-whatsapp/core/services"
import { IdentitiesContract } from "@effect-whatsapp/core/testing"
import { Context, Effect, Layer } from "effect"
import { Redis } from "effect/persistence"
import { afterFiveSeconds, connection, daysLeft, describeRedis, layerRedis, printsOf, RedisServer } from "./redis.ts"

const number = PhoneNumberId.make("207311904455012")
const bsuid = (id: number | string) => ({ userId: BusinessScopedUserId.make(`US.${id}`) })
const ida = bsuid("48210773395516620014")
const idaNow = bsuid("59300018820041177623")
const phone = { waId: WaId.make("16505550177") }

type Options = Parameters<typeof Identities.layerRedis>[0]
/** What one process has: a connection of its own. */
const processOf = (options?: Options) =>
  Effect.map(Layer.build(Layer.provide(Identities.layerRedis(options), connection)), Context.get(Identities.Identities))

describeRedis("identities in Redis", () => {
  layer(layerRedis)((it) => {
    for (const law of IdentitiesContract.laws()) {
      it.effect(law.name, () => Effect.provide(law.run, Identities.layerRedis()))
    }

    it.effect(
      "are known to every process, also what several learn at once",
      Effect.fn(function* () {
        const processes = yield* Effect.forEach([0, 1, 2], () => processOf({ prefix: "shared:" }))
        const told = Array.from({ length: 24 }, (_, i) => (i * 7) % 24)
        const tell = (i: number) =>
          Effect.forEach(processes, ({ merge }) => merge(number, bsuid(i), bsuid(i + 1)), { concurrency: "unbounded" })
        yield* Effect.forEach(told, tell, { concurrency: "unbounded" })
        for (const { find } of processes) {
          for (let i = 0; i <= 24; i++) assert.deepStrictEqual(yield* find(number, bsuid(i)), bsuid(24))
        }
      })
    )

    it.effect(
      "are kept for 90 days, or for as long as is asked, after they were last used",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const ninety = yield* processOf({ prefix: "ninety:" })
        yield* ninety.merge(number, { ...ida, ...phone }, idaNow)
        assert.deepStrictEqual(yield* daysLeft("ninety:"), [90, 90])

        const seven = yield* processOf({ prefix: "ninety:", remember: "7 days" })
        yield* seven.find(number, ida)
        assert.sameMembers([...(yield* daysLeft("ninety:"))], [7, 90])
        yield* ninety.observe(number, { ...ida, ...phone })
        assert.deepStrictEqual(yield* daysLeft("ninety:"), [90, 90])

        // What the end of that time does.
        yield* redis.send("FLUSHDB")
        assert.deepStrictEqual(yield* ninety.find(number, phone), phone)
        assert.deepStrictEqual(yield* ninety.find(number, { ...ida, ...phone }), ida)
      })
    )

    it.effect(
      "are kept for as long as Redis can count when they are never to be forgotten",
      Effect.fn(function* () {
        const { find, observe } = yield* processOf({ prefix: "never:", remember: "Infinity" })
        yield* observe(number, { ...ida, ...phone })
        assert.deepStrictEqual(yield* find(number, phone), ida)
        const [left = 0] = yield* daysLeft("never:")
        assert.isAbove(left, 365 * 100_000)
      })
    )

    it.effect(
      "of one business number are in one slot of a cluster",
      Effect.fn(function* () {
        const { merge } = yield* processOf({ prefix: "slot:" })
        yield* merge(number, { ...ida, ...phone }, idaNow)
        const redis = yield* Redis.Redis
        const keys = yield* redis.send<ReadonlyArray<string>>("KEYS", "slot:*")
        assert.strictEqual(keys.length, 2)
        for (const key of keys) assert.match(key, /^slot:\{207311904455012\}:/)
      })
    )
  })
})

describeRedis("an error of identities in Redis", () => {
  layer(layerRedis)((it) => {
    /** Fails, names its error, and gives away nobody's id. */
    const failing = Effect.fnUntraced(function* (method: Effect.Effect<unknown, IdentitiesError>) {
      const error = yield* Effect.flip(method)
      assert.strictEqual(error._tag, "IdentitiesError")
      const print = printsOf(error)
      for (const id of [ida.userId, idaNow.userId, phone.waId]) assert.notInclude(print, id)
    })
    const methods = ({ find, merge, observe }: Identities.Identities["Service"]) => [
      failing(find(number, ida)),
      failing(observe(number, { ...ida, ...phone })),
      failing(merge(number, { ...ida, ...phone }, ida))
    ]
    const allFail = (store: Identities.Identities["Service"]) => Effect.all(methods(store))
    const allFailInTime = (store: Identities.Identities["Service"]) => Effect.forEach(methods(store), afterFiveSeconds)

    it.effect(
      "comes within five seconds when Redis does not answer, and nothing is missing when it does again",
      Effect.fn(function* () {
        const { freeze, thaw } = yield* RedisServer
        const store = yield* processOf({ prefix: "frozen:" })
        yield* store.observe(number, { ...ida, ...phone })
        yield* freeze
        yield* Effect.ensuring(allFailInTime(store), thaw)
        assert.deepStrictEqual(yield* store.merge(number, { ...ida, ...phone }, idaNow), idaNow)
        assert.deepStrictEqual(yield* store.find(number, phone), idaNow)
      })
    )

    it.effect(
      "comes within five seconds when Redis is gone, and no longer when another is in its place",
      Effect.fn(function* () {
        const { start, stop } = yield* RedisServer
        const store = yield* processOf()
        yield* store.observe(number, { ...ida, ...phone })
        yield* stop
        yield* Effect.ensuring(allFailInTime(store), start)
        assert.deepStrictEqual(yield* store.observe(number, { ...ida, ...phone }), ida)
        assert.deepStrictEqual(yield* store.find(number, phone), ida)
      })
    )

    it.effect(
      "comes when Redis refuses the keys, or holds something else in them",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const store = yield* processOf({ prefix: "odd:" })
        const key = `odd:{${number}}:u/${ida.userId}`
        yield* redis.send("SET", key, phone.waId)
        yield* allFail(store)
        yield* redis.send("DEL", key)
        yield* redis.send("RPUSH", key, phone.waId)
        yield* allFail(store)
        yield* redis.send("ACL", "SETUSER", "default", "resetkeys")
        yield* Effect.ensuring(allFail(store), Effect.ignore(redis.send("ACL", "SETUSER", "default", "allkeys")))
      })
    )
  })
})
