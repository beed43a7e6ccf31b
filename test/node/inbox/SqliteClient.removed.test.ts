import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import type { SqlClient } from "effect/sql"
import * as fs from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { eventually, inFolder } from "./sqlite.ts"
import { ids, insert, joined } from "./sqliteJournal.ts"

/** What another process finds under the name. */
const onDisk = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare("SELECT id FROM kept ORDER BY id").all()
  database.close()
  return rows.map((row) => row["id"])
}

const suite = (name: string, worker: boolean) => {
  const running = <A, E>(
    use: (path: string) => Effect.Effect<A, E, SqlClient.SqlClient | SqlJournal.SqlJournal | Scope.Scope>
  ) =>
    inFolder((folder) => {
      const path = join(folder, "bot.db")
      return use(path).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path, worker })))
    })

  const commit = Effect.fnUntraced(function* (one: Effect.Success<typeof joined>, id: number) {
    one.write(insert(id))
    yield* (yield* SqlJournal.SqlJournal).committed
  })

  /** Long enough for the next commit to look for the file. */
  const aWhile = Effect.suspend(() => {
    const until = performance.now() + 30
    return eventually(() => performance.now() > until)
  })

  describe(name, () => {
    it.effect("writes a file back that is removed while it runs, with all that was ever committed", () =>
      running((path) =>
        Effect.gen(function* () {
          const one = yield* joined
          yield* commit(one, 1)
          for (const end of ["", "-wal", "-shm", "-lock"]) fs.rmSync(`${path}${end}`)
          yield* aWhile
          yield* commit(one, 2)
          assert.deepStrictEqual(onDisk(path), [1, 2])
          assert.strictEqual(fs.statSync(path).mode & 0o777, 0o600)
          assert.deepStrictEqual(one.seen, { asked: 2, kept: 2, lost: 0 })
          const second = yield* Effect.flip(Effect.scoped(Effect.provide(Effect.void, SqliteClient.layer({ path }))))
          assert.match(second.message, /another process uses it/)
          // And again, the database alone.
          fs.rmSync(path)
          yield* aWhile
          yield* commit(one, 3)
          assert.deepStrictEqual(onDisk(path), [1, 2, 3])
          assert.deepStrictEqual(yield* ids, [1, 2, 3])
        })
      )
    )

    it.effect("goes on where only the WAL is removed", () =>
      running((path) =>
        Effect.gen(function* () {
          const one = yield* joined
          yield* commit(one, 1)
          fs.rmSync(`${path}-wal`)
          yield* commit(one, 2)
          yield* eventually(() => fs.existsSync(`${path}-wal`))
          assert.deepStrictEqual(onDisk(path), [1, 2])
        })
      )
    )

    it.effect("acknowledges nothing while its folder is away, and brings everything back with it", () =>
      inFolder((folder) => {
        const home = join(folder, "home")
        fs.mkdirSync(home)
        const path = join(home, "bot.db")
        return Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          yield* commit(one, 1)
          fs.rmSync(home, { recursive: true })
          yield* aWhile
          one.write(insert(2))
          const failure = yield* Effect.flip(journal.committed)
          assert.match(
            failure.message,
            /bot\.db was removed or replaced while it was in use, and cannot be written back: /
          )
          assert.match(failure.message, /its folder does not exist/)
          assert.strictEqual(one.seen.kept, 1)
          fs.mkdirSync(home)
          yield* Effect.retry(journal.committed, { times: 5 })
          assert.deepStrictEqual(onDisk(path), [1, 2])
        }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path, worker })))
      })
    )

    it.effect("does not overwrite another file, acknowledges nothing, and goes on when its own is back", () =>
      running((path) =>
        Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          yield* commit(one, 1)
          fs.renameSync(path, `${path}-away`)
          fs.writeFileSync(path, "something else")
          yield* aWhile
          one.write(insert(2))
          const failure = yield* Effect.flip(journal.committed)
          assert.match(failure.message, /another file was put in its place; move that one away/)
          assert.strictEqual(fs.readFileSync(path, "utf8"), "something else")
          assert.deepStrictEqual(one.seen, { asked: 2, kept: 1, lost: 1 })
          fs.renameSync(`${path}-away`, path)
          yield* Effect.retry(journal.committed, { times: 5 })
          assert.deepStrictEqual(onDisk(path), [1, 2])
        })
      )
    )

    it.effect("writes the file back also when nothing changes any more", () =>
      running((path) =>
        Effect.gen(function* () {
          const one = yield* joined
          yield* commit(one, 1)
          fs.rmSync(path)
          yield* eventually(() => fs.existsSync(path))
          assert.deepStrictEqual(onDisk(path), [1])
        })
      )
    )
  })
}

suite("a file that is removed under SqliteClient", false)
suite("a file that is removed under SqliteClient with a worker", true)
