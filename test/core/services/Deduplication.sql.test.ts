import { assert, describe, it } from "@effect/vitest"
import { Deduplication, SqlJournal } from "@effect-whatsapp/core/services"
import { DeduplicationContract } from "@effect-whatsapp/core/testing"
import { Duration, Effect, Layer, Logger, Metric } from "effect"
import { TestClock } from "effect/testing"
import { committed, layerClient, leaveBehind, lock, newFile, rows, ways } from "./sqlite.ts"

/** Claims and completes, as the pipeline does, and tells whether the key was admitted. */
const admit = Effect.fnUntraced(function* (key: string) {
  const { claim, complete } = yield* Deduplication.Deduplication
  const answer = yield* claim(key)
  if (answer._tag === "Claimed") yield* complete(answer.token)
  return answer._tag === "Claimed"
})
const tagOf = (key: string) =>
  Effect.flatMap(Deduplication.Deduplication, ({ claim }) => Effect.map(claim(key), ({ _tag }) => _tag))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `key ${from + i}`)
const keysIn = (path: string) =>
  Effect.map(rows(path, "SELECT count(*) AS keys FROM whatsapp_deduplication"), ([row]) => row?.["keys"])

for (const { open, way } of ways) {
  const layerOf = (path: string, options?: Parameters<typeof Deduplication.layerSql>[0]) =>
    // Without a log, whose keys are not in the table yet: `SqlLog.test.ts` is about that.
    Layer.provideMerge(Deduplication.layerSql({ log: 0, ...options }), open(path))

  describe(`deduplication in SQLite, ${way}`, () => {
    for (const law of DeduplicationContract.laws({ wait: TestClock.adjust })) {
      it.effect(
        law.name,
        Effect.fn(function* () {
          yield* Effect.provide(law.run, layerOf(yield* newFile))
        })
      )
    }

    it.effect(
      "obeys all laws on one store, with times of its own",
      Effect.fn(function* () {
        const times = { lease: "5 seconds", remember: "1 hour" } as const
        const laws = DeduplicationContract.laws({ wait: TestClock.adjust, ...times })
        yield* Effect.provide(
          Effect.forEach(laws, ({ run }) => run, { discard: true }),
          layerOf(yield* newFile, times)
        )
      })
    )

    it.effect(
      "knows after a restart what was completed before it, and lets go of what was only claimed",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          assert.isTrue(yield* admit("done"))
          assert.strictEqual(yield* tagOf("held"), "Claimed")
        }).pipe(Effect.provide(layerOf(path)))
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* tagOf("done"), "Done")
          assert.strictEqual(yield* tagOf("held"), "Claimed")
          yield* TestClock.adjust(Duration.subtract(Duration.days(8), Duration.millis(1)))
          assert.strictEqual(yield* tagOf("done"), "Done")
          yield* TestClock.adjust("1 milli")
          assert.strictEqual(yield* tagOf("done"), "Claimed")
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "loses in a crash what was not committed, and nothing else",
      Effect.fn(function* () {
        const [path, left] = [yield* newFile, yield* newFile]
        yield* Effect.gen(function* () {
          yield* admit("committed")
          yield* committed
          yield* lock(path)
          yield* admit("not committed")
          yield* Effect.flip(committed)
          yield* admit("after that")
          yield* leaveBehind(path, left)
        }).pipe(Effect.scoped, Effect.provide([layerOf(path), Logger.layer([])]))
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* tagOf("committed"), "Done")
          for (const key of ["not committed", "after that"]) assert.strictEqual(yield* tagOf(key), "Claimed")
        }).pipe(Effect.provide(layerOf(left)))
      })
    )

    it.effect(
      "forgets nothing when commits fail for a while",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* lock(path)
              for (const key of range(0, 3)) yield* admit(key)
              yield* Effect.flip(committed)
              for (const key of range(3, 6)) yield* admit(key)
              for (const key of range(0, 6)) assert.strictEqual(yield* tagOf(key), "Done")
            })
          )
          yield* TestClock.adjust("1 second")
          yield* committed
          assert.strictEqual(yield* keysIn(path), 6)
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "deletes what is forgotten within hours, a thousand keys at a time, and nothing else",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          for (const key of range(0, 1200)) yield* admit(key)
          yield* TestClock.adjust("4 days")
          for (const key of range(1200, 1500)) yield* admit(key)
          yield* committed
          assert.strictEqual(yield* keysIn(path), 1500)
          yield* TestClock.adjust("4 days")
          yield* TestClock.adjust("2 hours")
          assert.strictEqual(yield* keysIn(path), 300)
          for (const key of range(1200, 1500)) assert.strictEqual(yield* tagOf(key), "Done")
          yield* TestClock.adjust("5 days")
          assert.strictEqual(yield* keysIn(path), 0)
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "forgets the older half early when it is full, never refuses, and counts and says so once",
      Effect.fn(function* () {
        const path = yield* newFile
        const logged: Array<unknown> = []
        const count = Effect.map(Metric.snapshot, (all) => {
          const forgotten = all.find(({ id }) => id === "whatsapp_deduplication_forgotten_early")
          return forgotten?.type === "Counter" ? Number(forgotten.state.count) : 0
        })
        const admitAll = Effect.fnUntraced(function* (keys: ReadonlyArray<string>) {
          for (const key of keys) {
            assert.isTrue(yield* admit(key))
            yield* TestClock.adjust("1 minute")
          }
        })
        const within = <A, E>(effect: Effect.Effect<A, E, Deduplication.Deduplication>) =>
          effect.pipe(
            Effect.provide([
              layerOf(path, { capacity: 10, lease: "1 second" }),
              Logger.layer([Logger.make(({ message }) => logged.push(message))])
            ]),
            Effect.provideService(Metric.MetricRegistry, new Map())
          )
        yield* within(
          Effect.gen(function* () {
            yield* admitAll(range(0, 10))
            for (const key of range(0, 10)) assert.strictEqual(yield* tagOf(key), "Done")
            assert.deepStrictEqual([yield* count, logged.length], [0, 0])
          })
        )
        // The count is known after a restart.
        yield* within(
          Effect.gen(function* () {
            yield* admitAll(range(10, 11))
            for (const key of range(5, 11)) assert.strictEqual(yield* tagOf(key), "Done")
            assert.deepStrictEqual([yield* count, logged.length], [5, 1])
            assert.include(String(logged[0]), "10 keys")
            yield* admitAll(range(0, 5))
            yield* admitAll(range(11, 40))
            for (const key of range(35, 40)) assert.strictEqual(yield* tagOf(key), "Done")
            assert.deepStrictEqual([yield* count, logged.length], [35, 1])
            yield* TestClock.adjust("2 hours")
            const [left] = yield* rows(path, "SELECT count(*) AS keys FROM whatsapp_deduplication")
            assert.isAtMost(Number(left?.["keys"]), 10)
          })
        )
        // And so is what was forgotten.
        yield* within(
          Effect.gen(function* () {
            for (const key of range(35, 40)) assert.strictEqual(yield* tagOf(key), "Done")
            for (const key of range(0, 30)) assert.strictEqual(yield* tagOf(key), "Claimed")
          })
        )
      })
    )

    it.effect(
      "says nothing when it forgets what had its time, and works with the smallest capacity",
      Effect.fn(function* () {
        const logged: Array<unknown> = []
        const logger = Logger.layer([Logger.make(({ message }) => logged.push(message))])
        yield* Effect.gen(function* () {
          for (const key of range(0, 100)) {
            assert.isTrue(yield* admit(key))
            yield* TestClock.adjust("1 day")
          }
        }).pipe(Effect.provide([layerOf(yield* newFile, { capacity: 20 }), logger]))
        assert.deepStrictEqual(logged, [])
        yield* Effect.gen(function* () {
          for (const key of range(0, 5)) {
            assert.isTrue(yield* admit(key))
            assert.strictEqual(yield* tagOf(key), "Done")
            yield* TestClock.adjust("1 milli")
          }
        }).pipe(Effect.provide([layerOf(yield* newFile, { capacity: 1 }), logger]))
      })
    )

    it.effect(
      "keeps no key, which would tell of people, but a fingerprint of 16 bytes, another one for each key",
      Effect.fn(function* () {
        const path = yield* newFile
        const alike = Array.from({ length: 2000 }, (_, i) => `messages/207311904455012/message/wamid.HBgL${i}RTY3RTcA`)
        const lengths = Array.from({ length: 40 }, (_, length) => "x".repeat(length + 1))
        const odd = ["", "\0", "\0\0", "\0".repeat(8), "\0".repeat(9), "a", "a\0", "\u0100", "\u0001", "ß", "\u{1F600}"]
        // Two letters in each UTF-16 unit, so that it is the hash of the letters as other programs compute it.
        const known = Buffer.from("I will not buy this record, it is scratched.", "latin1").toString("utf16le")
        const keys = [...alike, ...lengths, ...odd, known]
        yield* Effect.gen(function* () {
          yield* Effect.forEach(keys, admit, { discard: true })
          yield* committed
          const kept = yield* rows(path, "SELECT DISTINCT hex(key) AS key FROM whatsapp_deduplication")
          assert.lengthOf(kept, keys.length)
          assert.deepInclude(kept, { key: "3B68A9A0405EAC259528AFD9F5DD0D89" })
        }).pipe(Effect.provide(layerOf(path)))
      })
    )

    it.effect(
      "asks again when it cannot be read, and does not guess",
      Effect.fn(function* () {
        const path = yield* newFile
        yield* Effect.gen(function* () {
          yield* rows(path, "DROP TABLE whatsapp_deduplication")
          const error = yield* Effect.flip(tagOf("a"))
          assert.strictEqual(error.message, "Deduplication: the store did not answer")
        }).pipe(Effect.provide(layerOf(path)))
      })
    )
  })
}

describe("deduplication with a journal in its context, and without", () => {
  it.effect(
    "is kept by that journal, or by one of its own",
    Effect.fn(function* () {
      for (const { open } of ways) {
        yield* Effect.gen(function* () {
          const { keptBy } = yield* Deduplication.Deduplication
          assert.strictEqual(keptBy, yield* SqlJournal.SqlJournal)
        }).pipe(Effect.provide(Layer.provideMerge(Deduplication.layerSql(), open(yield* newFile))))
      }
      const path = yield* newFile
      const alone = Layer.provide(Deduplication.layerSql(), layerClient(path))
      assert.isTrue(yield* Effect.provide(admit("a"), alone))
      assert.isFalse(yield* Effect.provide(admit("a"), alone))
    })
  )
})
