import { assert, describe, it } from "@effect/vitest"
import { SqlJournal } from "@effect-whatsapp/core/services"
import { Effect, Fiber, Layer, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { layerClient, lock, newFile, rows } from "./sqlite.ts"

const layerOf = (path: string) =>
  Layer.provideMerge(Layer.effect(SqlJournal.SqlJournal, SqlJournal.fromClient), layerClient(path))
const insert = "INSERT INTO turns (name) VALUES (?)"
const namesIn = (path: string) =>
  Effect.map(rows(path, "SELECT name FROM turns ORDER BY rowid"), (all) => all.map(({ name }) => name))

/** A store of names, which writes down what it was told by the journal. */
const makeStore = (sql = insert) => {
  let names: ReadonlyArray<string> = []
  let given: ReadonlyArray<string> = []
  const heard: Array<string> = []
  const member: SqlJournal.Member = {
    changes: () => {
      given = names
      names = []
      heard.push(`changes ${given.join()}`)
      return given.map((name) => ({ sql, params: [name] }))
    },
    kept: () => void heard.push("kept"),
    lost: () => {
      names = [...given, ...names]
      heard.push("lost")
    }
  }
  const tell = (name: string) =>
    Effect.map(SqlJournal.SqlJournal, ({ changed }) => {
      names = [...names, name]
      changed()
    })
  return { member, heard, tell }
}
/** Makes the table, and lets the stores join. */
const start = Effect.fnUntraced(function* (...stores: ReadonlyArray<ReturnType<typeof makeStore>>) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE IF NOT EXISTS turns (name TEXT)`
  const journal = yield* SqlJournal.SqlJournal
  for (const { member } of stores) yield* journal.join(member)
  return journal
})

describe("a journal made from a client", () => {
  it.effect(
    "commits what all members changed in a turn in one transaction, in the order in which they joined",
    Effect.fn(function* () {
      const path = yield* newFile
      yield* Effect.gen(function* () {
        const [one, other] = [makeStore(), makeStore()]
        const { committed, read } = yield* start(one, other)
        yield* committed
        yield* other.tell("b")
        yield* one.tell("a")
        yield* other.tell("c")
        yield* committed
        assert.deepStrictEqual(one.heard, ["changes a", "kept"])
        assert.deepStrictEqual(other.heard, ["changes b,c", "kept"])
        assert.deepStrictEqual(yield* namesIn(path), ["a", "b", "c"])
        assert.deepStrictEqual(
          (yield* read("SELECT name FROM turns WHERE name > ?", "a")).map(({ name }) => name),
          ["b", "c"]
        )
      }).pipe(Effect.scoped, Effect.provide(layerOf(path)))
    })
  )

  it.effect(
    "keeps all or nothing: one member's bad statement holds the others back",
    Effect.fn(function* () {
      const path = yield* newFile
      yield* Effect.gen(function* () {
        const [good, bad] = [makeStore(), makeStore("INSERT INTO nowhere VALUES (?)")]
        const journal = yield* start(good, bad)
        yield* good.tell("a")
        yield* bad.tell("b")
        const error = yield* Effect.flip(journal.committed)
        assert.strictEqual(error._tag, "SqlError")
        assert.deepStrictEqual(yield* namesIn(path), [])
        yield* Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE TABLE nowhere (name TEXT)`)
        yield* TestClock.adjust("100 millis")
        yield* journal.committed
        assert.deepStrictEqual(yield* namesIn(path), ["a"])
        assert.deepStrictEqual(good.heard, ["changes a", "lost", "changes a", "kept"])
      }).pipe(Effect.scoped, Effect.provide(layerOf(path)))
    })
  )

  it.effect(
    "tries again after 100 milliseconds, doubling to 5 seconds",
    Effect.fn(function* () {
      const path = yield* newFile
      yield* Effect.gen(function* () {
        const store = makeStore()
        const { committed } = yield* start(store)
        const tries = () => store.heard.filter((what) => what === "lost").length
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* lock(path)
            yield* store.tell("a")
            yield* Effect.flip(committed)
            for (const [n, wait] of [100, 200, 400, 800, 1600, 3200, 5000, 5000].entries()) {
              assert.strictEqual(tries(), n + 1)
              yield* TestClock.adjust(wait - 1)
              assert.strictEqual(tries(), n + 1)
              const next = yield* Effect.forkChild(Effect.flip(committed), { startImmediately: true })
              yield* TestClock.adjust(1)
              yield* Fiber.join(next)
            }
          })
        )
        yield* store.tell("b")
        yield* TestClock.adjust("5 seconds")
        yield* committed
        assert.deepStrictEqual(yield* namesIn(path), ["a", "b"])
      }).pipe(Effect.scoped, Effect.provide(layerOf(path)))
    }),
    20_000
  )

  it.effect(
    "commits the last changes of a member that leaves, and does not ask it any more",
    Effect.fn(function* () {
      const path = yield* newFile
      yield* Effect.gen(function* () {
        const [leaving, staying] = [makeStore(), makeStore()]
        yield* start(staying)
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* start(leaving)
            yield* leaving.tell("a")
          })
        )
        assert.deepStrictEqual(yield* namesIn(path), ["a"])
        const heard = [...leaving.heard]
        yield* staying.tell("b")
        yield* Effect.flatMap(SqlJournal.SqlJournal, (journal) => journal.committed)
        assert.deepStrictEqual(leaving.heard, heard)
      }).pipe(Effect.scoped, Effect.provide(layerOf(path)))
      assert.deepStrictEqual(yield* namesIn(path), ["a", "b"])
    })
  )

  it.effect(
    "does not wait for ever for a database that takes nothing, and says what is lost",
    Effect.fn(function* () {
      const path = yield* newFile
      const logged: Array<unknown> = []
      yield* Effect.gen(function* () {
        const store = makeStore()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { committed, join } = yield* start()
            yield* lock(path)
            yield* join(store.member)
            yield* store.tell("a")
            yield* Effect.flip(committed)
          })
        )
      }).pipe(Effect.provide([layerOf(path), Logger.layer([Logger.make(({ message }) => logged.push(message))])]))
      assert.deepStrictEqual(logged, [["The last changes of a store could not be committed, and are lost."]])
      assert.deepStrictEqual(yield* namesIn(path), [])
    })
  )
})
