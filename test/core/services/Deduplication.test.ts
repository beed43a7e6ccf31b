import { assert, describe, it } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { DeduplicationContract } from "@effect-whatsapp/core/testing"
import { Duration, Effect, type Layer, Logger, Metric } from "effect"
import { TestClock } from "effect/testing"

const suite = (
  name: string,
  layer: Layer.Layer<Deduplication.Deduplication>,
  options?: Omit<DeduplicationContract.Options, "wait">
) =>
  describe(name, () => {
    for (const law of DeduplicationContract.laws({ wait: TestClock.adjust, ...options })) {
      it.effect(law.name, () => Effect.provide(law.run, layer))
    }
  })

suite("deduplication in memory", Deduplication.layerMemory())
suite(
  "deduplication in memory, with times of its own",
  Deduplication.layerMemory({ lease: "5 seconds", remember: "1 hour", capacity: 2000 }),
  { lease: "5 seconds", remember: "1 hour" }
)

describe("all laws on one store", () => {
  it.effect(
    "hold one after the other",
    Effect.fn(function* () {
      const laws = DeduplicationContract.laws({ wait: TestClock.adjust })
      yield* Effect.forEach(laws, ({ run }) => run, { discard: true })
    }, Effect.provide(Deduplication.layerMemory()))
  )
})

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

describe("deduplication in memory", () => {
  it.effect(
    "remembers for eight days to the millisecond, a day longer than Meta redelivers",
    Effect.fn(function* () {
      yield* admit("a")
      yield* TestClock.adjust(Duration.subtract(Duration.days(8), Duration.millis(1)))
      assert.strictEqual(yield* tagOf("a"), "Done")
      yield* TestClock.adjust("1 milli")
      assert.strictEqual(yield* tagOf("a"), "Claimed")
    }, Effect.provide(Deduplication.layerMemory()))
  )

  it.effect(
    "remembers every key for its whole time, however the others come and go",
    Effect.fn(function* () {
      const days = Array.from({ length: 40 }, (_, day) => day)
      for (const day of days) {
        assert.isTrue(yield* admit(`day ${day}`))
        for (const before of days.slice(Math.max(0, day - 7), day + 1)) assert.isFalse(yield* admit(`day ${before}`))
        yield* TestClock.adjust("1 day")
      }
      assert.isTrue(yield* admit("day 0"))
    }, Effect.provide(Deduplication.layerMemory()))
  )

  it.effect(
    "forgets the older half early when it is full, never refuses, and counts and says so once",
    Effect.fn(function* () {
      const logged: Array<unknown> = []
      const count = Effect.map(Metric.snapshot, (all) => {
        const forgotten = all.find(({ id }) => id === "whatsapp_deduplication_forgotten_early")
        return forgotten?.type === "Counter" ? Number(forgotten.state.count) : 0
      })
      yield* Effect.gen(function* () {
        const admitAll = Effect.fnUntraced(function* (keys: ReadonlyArray<string>) {
          for (const key of keys) assert.isTrue(yield* admit(key))
        })
        yield* admitAll(range(0, 10))
        for (const key of range(0, 10)) assert.strictEqual(yield* tagOf(key), "Done")
        assert.deepStrictEqual([yield* count, logged.length], [0, 0])

        yield* admitAll(range(10, 11))
        for (const key of range(5, 11)) assert.strictEqual(yield* tagOf(key), "Done")
        assert.deepStrictEqual([yield* count, logged.length], [5, 1])
        assert.include(String(logged[0]), "10 keys")

        yield* admitAll(range(0, 5))
        yield* admitAll(range(11, 40))
        for (const key of range(35, 40)) assert.strictEqual(yield* tagOf(key), "Done")
        assert.deepStrictEqual([yield* count, logged.length], [35, 1])
      }).pipe(
        Effect.provide([
          Deduplication.layerMemory({ capacity: 10 }),
          Logger.layer([Logger.make(({ message }) => logged.push(message))])
        ]),
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
    })
  )

  it.effect(
    "says nothing when it forgets what had its time",
    Effect.fn(function* () {
      const logged: Array<unknown> = []
      yield* Effect.gen(function* () {
        for (const key of range(0, 100)) {
          assert.isTrue(yield* admit(key))
          yield* TestClock.adjust("1 day")
        }
      }).pipe(
        Effect.provide([
          Deduplication.layerMemory({ capacity: 20 }),
          Logger.layer([Logger.make(({ message }) => logged.push(message))])
        ])
      )
      assert.deepStrictEqual(logged, [])
    })
  )

  it.effect(
    "remembers a million keys by default, and half of them after one more",
    Effect.fn(
      function* () {
        for (let i = 0; i < 1_000_000; i++) yield* admit(String(i))
        for (const i of [0, 1, 499_999, 500_000, 999_999]) assert.strictEqual(yield* tagOf(String(i)), "Done")
        yield* admit("one more")
        for (const i of [500_000, 750_000, 999_999]) assert.strictEqual(yield* tagOf(String(i)), "Done")
        for (const i of [0, 250_000, 499_999]) assert.strictEqual(yield* tagOf(String(i)), "Claimed")
      },
      Effect.provide([Deduplication.layerMemory(), Logger.layer([])])
    ),
    60_000
  )

  it.effect(
    "works with the smallest capacity",
    Effect.fn(
      function* () {
        for (const key of range(0, 5)) {
          assert.isTrue(yield* admit(key))
          assert.strictEqual(yield* tagOf(key), "Done")
        }
      },
      Effect.provide([Deduplication.layerMemory({ capacity: 1 }), Logger.layer([])])
    )
  )
})

describe("no deduplication", () => {
  it.effect(
    "admits everything, redelivered items too",
    Effect.fn(function* () {
      const { claim, release } = yield* Deduplication.Deduplication
      for (const key of ["a", "a", "b"]) assert.isTrue(yield* admit(key))
      const answer = yield* claim("a")
      assert(answer._tag === "Claimed")
      yield* release(answer.token)
      assert.isTrue(yield* admit("a"))
    }, Effect.provide(Deduplication.layerNone))
  )
})
