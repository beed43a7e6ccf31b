/** Keys that are gathered in a log: they are known at every moment, also to whoever opens what a crash leaves. */
import { assert, describe, it } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { Effect, Layer } from "effect"
import { committed, leaveBehind, lock, newFile, rows, ways } from "../services/sqlite.ts"

const table = "whatsapp_deduplication"
const countOf = (path: string, name: string) =>
  Effect.map(rows(path, `SELECT count(*) AS count FROM ${name}`), ([row]) => Number(row?.["count"]))

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `key ${from + i}`)
const admit = (keys: ReadonlyArray<string>) =>
  Effect.flatMap(Deduplication.Deduplication, ({ claim, complete }) =>
    Effect.forEach(keys, (key) =>
      Effect.flatMap(claim(key), (answer) => (answer._tag === "Claimed" ? complete(answer.token) : Effect.void))
    )
  )
/** The keys that are not known. */
const unknown = (keys: ReadonlyArray<string>) =>
  Effect.flatMap(Deduplication.Deduplication, ({ claim }) =>
    Effect.map(
      Effect.forEach(keys, (key) => Effect.map(claim(key), ({ _tag }) => (_tag === "Done" ? [] : [key]))),
      (all) => all.flat()
    )
  )
const turn = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

describe.each(ways)("a log of keys, $way", ({ open }) => {
  const withLog = (path: string, log: number) => Layer.provideMerge(Deduplication.layerSql({ log }), open(path))

  it.live("is moved to the table when it is long, and knows every key at every moment", () =>
    Effect.gen(function* () {
      const path = yield* newFile
      yield* Effect.gen(function* () {
        for (let group = 0; group < 60; group++) {
          yield* admit(range(group * 50, group * 50 + 50))
          yield* committed
          assert.deepStrictEqual(yield* unknown(range(0, group * 50 + 50)), [])
        }
        // A move goes on by itself.
        while ((yield* countOf(path, `${table}_log`)) >= 1000) yield* turn
        assert.isAtLeast(yield* countOf(path, table), 2000)
      }).pipe(Effect.provide(withLog(path, 1000)))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* unknown(range(0, 3000)), [])
        assert.strictEqual(yield* countOf(path, table), 3000)
        assert.strictEqual(yield* countOf(path, `${table}_log`), 0)
        assert.strictEqual((yield* unknown(range(3000, 3010))).length, 10)
      }).pipe(Effect.provide(withLog(path, 1000)))
    }).pipe(Effect.scoped)
  )

  it.live("loses no key in a crash in the middle of a move", () =>
    Effect.gen(function* () {
      const path = yield* newFile
      const copies: Array<{ readonly copy: string; readonly keys: number }> = []
      yield* Effect.gen(function* () {
        for (let group = 0; group < 30; group++) {
          const keys = group * 20 + 20
          yield* admit(range(group * 20, keys))
          yield* committed
          const copy = `${path}-${group}`
          yield* leaveBehind(path, copy)
          copies.push({ copy, keys })
        }
      }).pipe(Effect.provide(withLog(path, 100)))
      for (const { copy, keys } of copies) {
        yield* Effect.gen(function* () {
          assert.deepStrictEqual(yield* unknown(range(0, keys)), [])
          assert.strictEqual(yield* countOf(copy, table), keys)
        }).pipe(Effect.provide(Layer.fresh(withLog(copy, 100))))
      }
    }).pipe(Effect.scoped)
  )

  it.live("is written again when a commit fails", () =>
    Effect.gen(function* () {
      const path = yield* newFile
      yield* Effect.gen(function* () {
        yield* admit(range(0, 30))
        yield* committed
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* lock(path)
            yield* admit(range(30, 60))
            yield* Effect.flip(committed)
          })
        )
        yield* Effect.eventually(committed)
        yield* admit(range(60, 70))
        yield* committed
      }).pipe(Effect.provide(withLog(path, 25)))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* unknown(range(0, 70)), [])
      }).pipe(Effect.provide(Layer.provideMerge(Deduplication.layerSql(), SqliteClient.layer({ path }))))
    }).pipe(Effect.scoped)
  )
})
