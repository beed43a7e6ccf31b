import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { join } from "node:path"
import { inFolder } from "./sqlite.ts"

const withClient = <A, E>(use: Effect.Effect<A, E, SqlClient.SqlClient | SqlJournal.SqlJournal | Scope.Scope>) =>
  inFolder((folder) => use.pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path: join(folder, "bot.db") }))))

describe("SqlClient of a SQLite file", () => {
  it.effect("takes and gives every type, and big numbers when asked", () =>
    withClient(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE all_types (a, b, c, d, e)`
        yield* sql`INSERT INTO all_types VALUES (${1}, ${"é"}, ${new Uint8Array([1, 2])}, ${null}, ${true})`
        const rows = yield* sql`SELECT * FROM all_types`
        assert.deepStrictEqual({ ...rows[0] }, { a: 1, b: "é", c: new Uint8Array([1, 2]), d: null, e: 1 })
        assert.deepStrictEqual(yield* sql`SELECT a, a FROM all_types`.values, [[1, 1]])
        yield* sql`UPDATE all_types SET a = ${2n ** 60n}`
        const safe = sql<{ a: bigint }>`SELECT a FROM all_types`.pipe(
          Effect.provideService(SqlClient.SafeIntegers, true)
        )
        assert.strictEqual((yield* safe)[0]?.a, 2n ** 60n)
      })
    )
  )

  it.effect("says what kind of error it is, and nothing of the values", () =>
    withClient(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE people (phone TEXT PRIMARY KEY, name TEXT NOT NULL)`
        yield* sql`INSERT INTO people VALUES (${"15551230000"}, ${"Ann"})`
        const twice = yield* Effect.flip(sql`INSERT INTO people VALUES (${"15551230000"}, ${"Ann"})`)
        assert.strictEqual(twice.reason._tag, "UniqueViolation")
        const none = yield* Effect.flip(sql`INSERT INTO people VALUES (${"1"}, ${null})`)
        assert.strictEqual(none.reason._tag, "ConstraintError")
        for (const { message, reason } of [twice, none]) {
          assert.notMatch(`${message} ${JSON.stringify(reason)}`, /15551230000|Ann/)
        }
      })
    )
  )

  it.effect("nests transactions, and rolls the inner one back alone", () =>
    withClient(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE one (id INTEGER)`
        yield* sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`INSERT INTO one VALUES (1)`
            yield* Effect.flip(sql.withTransaction(Effect.andThen(sql`INSERT INTO one VALUES (2)`, Effect.fail("no"))))
            yield* sql`INSERT INTO one VALUES (3)`
          })
        )
        assert.deepStrictEqual(yield* sql`SELECT id FROM one`.values, [[1], [3]])
      })
    )
  )

  it.effect("streams more rows than it reads at a time, and lets go when it is left early", () =>
    withClient(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE many AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n`
        const all = yield* Stream.runCollect(sql<{ i: number }>`SELECT i FROM many ORDER BY i`.stream)
        assert.deepStrictEqual([all.length, all[0]?.i, all.at(-1)?.i], [1000, 1, 1000])
        const some = yield* sql`SELECT i FROM many`.stream.pipe(Stream.take(3), Stream.runCollect)
        assert.strictEqual(some.length, 3)
        // A statement that is still open would keep it from being dropped.
        yield* sql`DROP TABLE many`
      })
    )
  )
})

describe("SqlJournal.migrate", () => {
  it.effect("takes each step once, and refuses tables of a newer version", () =>
    withClient(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const steps = ["CREATE TABLE one (id INTEGER)", "INSERT INTO one VALUES (1)"]
        yield* SqlJournal.migrate("a", steps)
        yield* SqlJournal.migrate("a", steps)
        yield* SqlJournal.migrate("b", ["CREATE TABLE two (id INTEGER)"])
        yield* SqlJournal.migrate("a", [...steps, "INSERT INTO one VALUES (2)"])
        assert.deepStrictEqual(yield* sql`SELECT id FROM one`.values, [[1], [2]])
        const newer = yield* Effect.flip(SqlJournal.migrate("a", steps))
        assert.match(newer.message, /"a" have version 3, and this program knows only 2: a newer version/)
      })
    )
  )

  it.effect("takes all steps or none", () =>
    withClient(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* Effect.flip(SqlJournal.migrate("a", ["CREATE TABLE one (id INTEGER)", "INSERT INTO nowhere VALUES (1)"]))
        yield* SqlJournal.migrate("a", ["CREATE TABLE one (id INTEGER)"])
        assert.deepStrictEqual(yield* sql`SELECT id FROM one`.values, [])
      })
    )
  )
})
