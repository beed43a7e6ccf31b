import { assert, describe, it, layer } from "@effect/vitest"
import { BusinessScopedUserId, PhoneNumberId, WaId } from "@effect-whatsapp/core/domain"
import { Identities } from "@effect-whatsapp/core/services"
import { IdentitiesContract } from "@effect-whatsapp/core/testing"
import { Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { committed, leaveBehind, lock, newFile, rows, ways } from "./sqlite.ts"

const number = PhoneNumberId.make("207311904455012")
const bsuid = (i: number) => ({ userId: BusinessScopedUserId.make(`US.${i}`) })
const phone = (i: number) => ({ waId: WaId.make(`1650555${String(i).padStart(4, "0")}`) })
const person = (i: number) => ({ ...bsuid(i), ...phone(i) })
const observe = (i: number) => Effect.flatMap(Identities.Identities, ({ observe }) => observe(number, person(i)))
const found = (user: Identities.Known) => Effect.flatMap(Identities.Identities, ({ find }) => find(number, user))
const linksIn = (path: string) =>
  Effect.map(rows(path, "SELECT value FROM whatsapp_identities ORDER BY key"), (all) => all.map(({ value }) => value))

for (const { open, way } of ways) {
  const layerOf = (path: string, options?: Parameters<typeof Identities.layerSql>[0]) =>
    Layer.provideMerge(Identities.layerSql(options), open(path))

  describe(`identities in SQLite, ${way}`, () => {
    layer(Layer.unwrap(Effect.map(newFile, (path) => layerOf(path))))((it) => {
      for (const { name, run } of IdentitiesContract.laws()) it.effect(name, () => run)
    })

    it.effect(
      "are known after a restart, and changes that are told then go on from there",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          const { merge } = yield* Identities.Identities
          for (let i = 0; i < 3; i++) yield* observe(i)
          yield* merge(number, bsuid(0), bsuid(10))
        }).pipe(Effect.provide(layerOf(path)))
        yield* Effect.gen(function* () {
          const { merge } = yield* Identities.Identities
          assert.deepStrictEqual(yield* found(phone(0)), bsuid(10))
          yield* merge(number, bsuid(10), bsuid(11))
          assert.deepStrictEqual(yield* found(phone(0)), bsuid(11))
        }).pipe(Effect.provide(layerOf(path)))
        yield* Effect.gen(function* () {
          const all = [phone(0), bsuid(0), bsuid(10), phone(1), phone(2)]
          assert.deepStrictEqual(yield* Effect.forEach(all, found, { concurrency: "unbounded" }), [
            bsuid(11),
            bsuid(11),
            bsuid(11),
            bsuid(1),
            bsuid(2)
          ])
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "lose in a crash what was not committed, and keep it when a commit succeeds later",
      Effect.fn(function* () {
        const [path, left] = [yield* newFile, yield* newFile]
        yield* Effect.gen(function* () {
          yield* observe(1)
          yield* committed
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* lock(path)
              yield* observe(2)
              yield* Effect.flip(committed)
              yield* leaveBehind(path, left)
            })
          )
          yield* TestClock.adjust("10 seconds")
          yield* committed
          assert.deepStrictEqual(yield* linksIn(path), ["u/US.1", "u/US.2"])
          assert.deepInclude(yield* rows(path, "SELECT sum(keys) AS keys FROM whatsapp_identities_ages"), { keys: 2 })
        }).pipe(Effect.provide([layerOf(path), Logger.layer([])]))
        yield* Effect.gen(function* () {
          assert.deepStrictEqual(yield* found(phone(1)), bsuid(1))
          assert.deepStrictEqual(yield* found(phone(2)), phone(2))
        }).pipe(Effect.provide(layerOf(left)))
      })
    )

    it.effect(
      "are remembered for 90 days after they were used, and are then deleted",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          yield* observe(1)
          yield* observe(2)
          for (let day = 0; day < 100; day += 10) {
            assert.deepStrictEqual(yield* found(phone(1)), bsuid(1))
            yield* TestClock.adjust("10 days")
          }
          assert.deepStrictEqual(yield* found(phone(1)), bsuid(1))
          assert.deepStrictEqual(yield* found(phone(2)), phone(2))
          assert.deepStrictEqual(yield* linksIn(path), ["u/US.1"])
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "are written at most once a day for being used",
      Effect.fn(function* () {
        const path = yield* newFile
        const until = Effect.map(rows(path, "SELECT until FROM whatsapp_identities"), ([row]) => row?.["until"])
        yield* Effect.gen(function* () {
          yield* observe(1)
          yield* committed
          const first = yield* until
          yield* TestClock.adjust("23 hours")
          yield* found(phone(1))
          yield* committed
          assert.strictEqual(yield* until, first)
          yield* TestClock.adjust("1 hour")
          yield* found(phone(1))
          yield* committed
          assert.isAbove(Number(yield* until), Number(first))
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "are not guessed when they cannot be read",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          yield* rows(path, "DROP TABLE whatsapp_identities")
          const error = yield* Effect.flip(found(phone(1)))
          assert.strictEqual(error.message, "Identities: the store did not answer")
        }).pipe(Effect.provide(layerOf(path)))
      })
    )
  })
}
