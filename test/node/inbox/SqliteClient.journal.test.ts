import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { join } from "node:path"
import { inFolder, turns } from "./sqlite.ts"
import { ids, insert, joined, makeMember } from "./sqliteJournal.ts"

const inFile = <A, E>(use: (path: string) => Effect.Effect<A, E, Scope.Scope>) =>
  Effect.scoped(inFolder((folder) => use(join(folder, "bot.db"))))

const suite = (name: string, worker: boolean) => {
  const layer = (path: string) => SqliteClient.layer({ path, worker })
  /** A file of its own for each test. */
  const withClient = <A, E>(
    use: Effect.Effect<A, E, SqlClient.SqlClient | SqlJournal.SqlJournal | Scope.Scope>
  ): Effect.Effect<A, unknown> => inFile((path) => Effect.provide(use, layer(path)))

  describe(name, () => {
    it.effect("commits the changes of a turn together, and tells everyone who waits", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const first = yield* joined
          const second = yield* makeMember
          yield* journal.join(second.member)
          const waiting = yield* Effect.forEach([1, 2, 3, 4], (id) => {
            const store = id % 2 === 0 ? first : second
            store.write(insert(id))
            return Effect.forkChild(journal.committed, { startImmediately: true })
          })
          yield* Fiber.joinAll(waiting)
          assert.deepStrictEqual(yield* ids, [1, 2, 3, 4])
          assert.deepStrictEqual(first.seen, { asked: 1, kept: 1, lost: 0 })
          assert.deepStrictEqual(second.seen, { asked: 1, kept: 1, lost: 0 })
          // Nothing is left, so nobody waits.
          assert.isTrue(Exit.isSuccess(Effect.runSyncExit(journal.committed)))
        })
      )
    )

    it.effect("tells of no commit that began before a change", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          one.write(insert(1))
          const early = yield* Effect.forkChild(journal.committed, { startImmediately: true })
          const seenEarly = yield* Effect.forkChild(Effect.andThen(Fiber.join(early), ids))
          // At the end of this turn the first commit is under way.
          yield* Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))
          one.write(insert(2))
          yield* journal.committed
          assert.deepStrictEqual(yield* ids, [1, 2])
          assert.include(yield* Fiber.join(seenEarly), 1)
        })
      )
    )

    it.effect("keeps blobs, texts and numbers as they are", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          const whole = new Uint8Array(10_000).fill(7)
          one.write(insert(1, whole.subarray(10, 13)), insert(2, Buffer.from("é")), insert(3, "é"), insert(4, 0.5))
          one.write(insert(5, null), insert(6, 2n ** 40n))
          yield* journal.committed
          const rows = yield* journal.read("SELECT body FROM kept WHERE id >= ? ORDER BY id", 1)
          assert.deepStrictEqual(
            rows.map((row) => row["body"]),
            [new Uint8Array([7, 7, 7]), new Uint8Array(Buffer.from("é")), "é", 0.5, null, 2 ** 40]
          )
          // What was handed over is still there for the one who gave it.
          assert.strictEqual(whole.length, 10_000)
        })
      )
    )

    it.effect("loses nothing of a commit that fails, tells who waits, and tries again by itself", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          const other = yield* makeMember
          yield* journal.join(other.member)
          const sql = yield* SqlClient.SqlClient
          yield* sql`CREATE TABLE later (id INTEGER)`
          yield* sql`CREATE TRIGGER refuse BEFORE INSERT ON later BEGIN SELECT RAISE(ABORT, 'not yet'); END`
          one.write(insert(1))
          other.write({ sql: "INSERT INTO later VALUES (?)", params: [1] })
          const failure = yield* Effect.flip(journal.committed)
          assert.strictEqual(failure._tag, "SqlError")
          assert.strictEqual(failure.message, "not yet")
          assert.deepStrictEqual(yield* ids, [])
          assert.strictEqual(one.seen.lost, 1)
          assert.strictEqual(other.seen.lost, 1)
          yield* sql`DROP TRIGGER refuse`
          // Nobody says that anything changed.
          yield* journal.committed
          assert.deepStrictEqual(yield* ids, [1])
          assert.strictEqual((yield* sql`SELECT * FROM later`).length, 1)
          assert.strictEqual(one.seen.kept, 1)
        })
      )
    )

    it.effect("tries again in the turn of a new change", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          one.write({ sql: "INSERT INTO nowhere VALUES (1)", params: [] })
          for (const _ of [1, 2, 3, 4, 5, 6])
            yield* Effect.flip(Effect.andThen(Effect.sync(one.write), journal.committed))
          // The journal alone would now wait for seconds.
          one.takeBack()
          one.write(insert(1))
          const started = performance.now()
          yield* journal.committed
          assert.isBelow(performance.now() - started, 1_000)
          assert.deepStrictEqual(yield* ids, [1])
        })
      )
    )

    it.effect("holds a commit back while a transaction is open, and makes it right after", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const sql = yield* SqlClient.SqlClient
          const one = yield* joined
          const open = yield* Deferred.make<void>()
          const close = yield* Deferred.make<void>()
          const failing = Effect.gen(function* () {
            yield* sql`INSERT INTO kept VALUES (1, NULL)`
            yield* Deferred.succeed(open, undefined)
            yield* Deferred.await(close)
            return yield* Effect.fail("rolled back")
          }).pipe(sql.withTransaction, Effect.flip)
          const transaction = yield* Effect.forkChild(failing)
          yield* Deferred.await(open)
          one.write(insert(2))
          yield* turns
          assert.strictEqual(one.seen.asked, 0)
          // Another transaction waits already, and must not come first.
          const next = yield* Effect.forkChild(
            sql.withTransaction(Effect.map(sql`SELECT id FROM kept`, (rows) => rows.map(({ id }) => id))),
            { startImmediately: true }
          )
          yield* Deferred.succeed(close, undefined)
          assert.strictEqual(yield* Fiber.join(transaction), "rolled back")
          if (!worker) assert.deepStrictEqual(yield* Fiber.join(next), [2])
          yield* journal.committed
          assert.deepStrictEqual(yield* ids, [2])
        })
      )
    )

    it.effect("mixes transactions and commits of many fibers without one failing", () =>
      withClient(
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const sql = yield* SqlClient.SqlClient
          const one = yield* joined
          const both = Effect.fnUntraced(function* (id: number) {
            one.write(insert(id))
            yield* sql.withTransaction(
              Effect.andThen(sql`INSERT INTO kept VALUES (${id + 1000}, NULL)`, Effect.yieldNow)
            )
            yield* journal.committed
          })
          const all = Array.from({ length: 200 }, (_, id) => id)
          yield* Effect.forEach(all, both, { concurrency: 20 })
          assert.strictEqual((yield* ids).length, 400)
          assert.strictEqual(one.seen.lost, 0)
        })
      )
    )

    it.effect("commits the last changes of a store that leaves, and of the layer that ends", () =>
      inFile((path) =>
        Effect.gen(function* () {
          const scope = yield* Scope.make()
          yield* Effect.gen(function* () {
            const one = yield* Effect.scoped(
              Effect.gen(function* () {
                const made = yield* joined
                made.write(insert(1))
                return made
              })
            )
            assert.strictEqual(one.seen.kept, 1)
            const other = yield* makeMember
            yield* Scope.provide((yield* SqlJournal.SqlJournal).join(other.member), scope)
            other.write(insert(2))
            yield* Scope.close(scope, Exit.void)
          }).pipe(Effect.provide(layer(path)))
          assert.deepStrictEqual(yield* Effect.provide(ids, layer(path)), [1, 2])
        })
      )
    )
  })
}

suite("SqliteClient", false)
suite("SqliteClient with a worker", true)
