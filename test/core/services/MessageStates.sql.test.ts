import { assert, describe, it, layer } from "@effect/vitest"
import type { DeliveryStatus } from "@effect-whatsapp/core/domain"
import { MessageId, PhoneNumberId, WaId } from "@effect-whatsapp/core/domain"
import type { StatusUpdate } from "@effect-whatsapp/core/events"
import { MessageStates } from "@effect-whatsapp/core/services"
import { MessageStatesContract } from "@effect-whatsapp/core/testing"
import { DateTime, Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { committed, leaveBehind, lock, newFile, rows, ways } from "./sqlite.ts"

const update = (wamid: string, status: DeliveryStatus): StatusUpdate => ({
  _tag: "StatusUpdate",
  wamid: MessageId.make(wamid),
  phoneNumberId: PhoneNumberId.make("207311904455012"),
  status,
  timestamp: DateTime.makeUnsafe(1786500010000),
  recipient: { waId: WaId.make("16505550177") },
  errors: [],
  stale: false,
  raw: {}
})
const observe = (wamid: string, status: DeliveryStatus) =>
  Effect.flatMap(MessageStates.MessageStates, ({ observe }) => observe(update(wamid, status)))
const highest = (wamid: string) =>
  Effect.flatMap(MessageStates.MessageStates, ({ highest }) => highest(update(wamid, "Sent")))

for (const { open, way } of ways) {
  const layerOf = (path: string, options?: Parameters<typeof MessageStates.layerSql>[0]) =>
    Layer.provideMerge(MessageStates.layerSql(options), open(path))

  describe(`message states in SQLite, ${way}`, () => {
    layer(Layer.unwrap(Effect.map(newFile, (path) => layerOf(path))))((it) => {
      for (const { name, run } of MessageStatesContract.laws()) it.effect(name, () => run)
    })

    it.effect(
      "are known after a restart",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.provide(observe("a", "Read"), layerOf(path))
        yield* Effect.gen(function* () {
          assert.isTrue(yield* observe("a", "Delivered"))
          assert.strictEqual(yield* highest("a"), "Read")
          yield* observe("a", "Played")
        }).pipe(Effect.provide(layerOf(path)))
        assert.strictEqual(yield* Effect.provide(highest("a"), layerOf(path)), "Played")
      })
    )

    it.effect(
      "lose in a crash what was not committed, and keep it when a commit succeeds later",
      Effect.fn(function* () {
        const [path, left] = [yield* newFile, yield* newFile]
        yield* Effect.gen(function* () {
          yield* observe("a", "Sent")
          yield* committed
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* lock(path)
              yield* observe("a", "Read")
              yield* Effect.flip(committed)
              assert.strictEqual(yield* highest("a"), "Read")
              yield* leaveBehind(path, left)
            })
          )
          yield* TestClock.adjust("10 seconds")
          yield* committed
          assert.deepInclude(yield* rows(path, "SELECT value FROM whatsapp_message_states"), { value: "Read" })
        }).pipe(Effect.provide([layerOf(path), Logger.layer([])]))
        assert.strictEqual(yield* Effect.provide(highest("a"), layerOf(left)), "Sent")
      })
    )

    it.effect(
      "are remembered for 30 days after the last status, and are then deleted",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          yield* observe("a", "Sent")
          yield* observe("b", "Sent")
          yield* TestClock.adjust("20 days")
          yield* observe("a", "Delivered")
          yield* TestClock.adjust("29 days")
          assert.strictEqual(yield* highest("a"), "Delivered")
          assert.isUndefined(yield* highest("b"))
          assert.lengthOf(yield* rows(path, "SELECT value FROM whatsapp_message_states"), 1)
          yield* TestClock.adjust("1 day")
          assert.isFalse(yield* observe("a", "Sent"))
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "are bounded: at capacity the older half is forgotten",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          for (let i = 0; i < 100; i++) {
            for (const status of ["Sent", "Read"] as const) {
              yield* observe(`wamid ${i}`, status)
              yield* TestClock.adjust("1 minute")
            }
            for (let recent = Math.max(0, i - 4); recent <= i; recent++) {
              assert.strictEqual(yield* highest(`wamid ${recent}`), "Read")
            }
          }
          assert.isUndefined(yield* highest("wamid 80"))
          yield* TestClock.adjust("2 hours")
          assert.isAtMost((yield* rows(path, "SELECT value FROM whatsapp_message_states")).length, 10)
        }).pipe(Effect.provide(layerOf(path, { capacity: 10 })))
      })
    )

    it.effect(
      "are not guessed when they cannot be read, or make no sense",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.provide(observe("a", "Read"), layerOf(path))
        yield* rows(path, "UPDATE whatsapp_message_states SET value = 'Frozen'")
        yield* Effect.gen(function* () {
          const odd = yield* Effect.flip(highest("a"))
          assert.strictEqual(odd.message, "MessageStates: the store did not answer")
          yield* rows(path, "DROP TABLE whatsapp_message_states")
          yield* Effect.flip(observe("b", "Sent"))
        }).pipe(Effect.provide(layerOf(path)))
      })
    )
  })
}
