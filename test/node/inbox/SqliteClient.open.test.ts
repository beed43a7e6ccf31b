import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { inFolder } from "./sqlite.ts"
import { insert, joined } from "./sqliteJournal.ts"
import { refusal, refusalOf, start } from "./sqliteRefusal.ts"

const writeOne = Effect.gen(function* () {
  const one = yield* joined
  one.write(insert(1, new Uint8Array(100_000)))
  yield* (yield* SqlJournal.SqlJournal).committed
})

const modeOf = (path: string) => (fs.statSync(path).mode & 0o777).toString(8)

/** Runs in a process of its own until it is killed. */
const hold = (path: string, program: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program, path], {
        stdio: ["ignore", "pipe", "ignore"]
      })
      await once(child.stdout, "data")
      return child
    }),
    (child) =>
      Effect.promise(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill("SIGKILL")
        await once(child, "exit")
      })
  )

const whereRoot = process.geteuid?.() === 0 ? it.effect : it.effect.skip
const asNobody = <A, E, R>(use: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => process.seteuid?.(65_534)),
    () => use,
    () => Effect.sync(() => process.seteuid?.(0))
  )

describe("the file of SqliteClient", () => {
  it.effect("is made for its owner alone, whatever the umask", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        for (const mask of [0o000, 0o777]) {
          const path = join(folder, `bot-${mask}.db`)
          yield* Effect.acquireUseRelease(
            Effect.sync(() => process.umask(mask)),
            () =>
              Effect.gen(function* () {
                yield* writeOne
                for (const end of ["", "-wal", "-shm", "-lock"]) assert.strictEqual(modeOf(`${path}${end}`), "600")
              }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path }))),
            (before) => Effect.sync(() => process.umask(before))
          )
          assert.strictEqual(modeOf(path), "600")
        }
      })
    )
  )

  for (const worker of [false, true]) {
    it.effect(`is one file when the layer has ended${worker ? " and its worker" : ""}, with everything in it`, () =>
      inFolder((folder) =>
        Effect.gen(function* () {
          const path = join(folder, "bot.db")
          yield* writeOne.pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path, worker })))
          assert.deepStrictEqual(fs.readdirSync(folder).toSorted(), ["bot.db", "bot.db-lock"])
          const database = new DatabaseSync(path)
          assert.strictEqual(database.prepare("SELECT count(*) AS n FROM kept").get()?.["n"], 1)
          database.close()
        })
      )
    )
  }

  it.effect("has the settings that keep what is acknowledged and erase what is deleted", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const settings = ["journal_mode", "synchronous", "secure_delete", "auto_vacuum", "temp_store"]
        const found = yield* Effect.forEach(settings, (name) => sql.unsafe(`PRAGMA ${name}`).values)
        assert.deepStrictEqual(found.flat(2), ["wal", 2, 1, 2, 2])
      }).pipe(Effect.provide(SqliteClient.layer({ path: join(folder, "bot.db") })))
    )
  )

  it.effect("is refused when its folder does not exist, when it is a folder, and when there is no name", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        assert.match(
          yield* refusalOf(join(folder, "no", "bot.db")),
          /its folder does not exist; make the folder first$/
        )
        assert.match(yield* refusalOf(folder), /it is a folder; give the path of a file$/)
        fs.writeFileSync(join(folder, "file"), "")
        assert.match(yield* refusalOf(join(folder, "file", "bot.db")), /a part of its path is a file and not a folder$/)
        assert.match(yield* refusalOf("/dev/null"), /it is not a file; give the path of a file$/)
        for (const none of ["", ":memory:"])
          assert.match(yield* refusalOf(none), /names no file; give the path of one$/)
      })
    )
  )

  it.effect("is refused, and left as it is, when it is not ours", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const foreign = join(folder, "foreign.db")
        const database = new DatabaseSync(foreign)
        database.exec("CREATE TABLE theirs (id INTEGER)")
        database.close()
        const text = join(folder, "text.db")
        fs.writeFileSync(text, "Dear diary, this is no database. ".repeat(100))
        for (const [path, expected] of [
          [foreign, /it is the database of another program; give the path of another file$/],
          [text, /it is not a SQLite database; give the path of another file$/]
        ] as const) {
          const before = fs.readFileSync(path)
          assert.match(yield* refusalOf(path), expected)
          assert.isTrue(fs.readFileSync(path).equals(before))
        }
      })
    )
  )

  it.effect("is refused when it is damaged or cut off", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        yield* writeOne.pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path })))
        const whole = fs.readFileSync(path)
        fs.truncateSync(path, whole.length - 50_000)
        assert.match(
          yield* refusalOf(path),
          /it is damaged; put it aside, and restore a copy or start with a new file$/
        )
        const broken = Buffer.from(whole).fill(0xff, 4096, 8192)
        fs.writeFileSync(path, broken)
        assert.match(yield* refusalOf(path), /it is damaged/)
        fs.writeFileSync(path, whole)
        yield* start(path)
      })
    )
  )

  it.effect("is refused when a newer version has written it", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        yield* start(path)
        const database = new DatabaseSync(path)
        database.exec("PRAGMA user_version = 99")
        database.close()
        assert.match(yield* refusalOf(path), /a newer version of this program has written it/)
      })
    )
  )

  it.effect("belongs to one layer at a time, also under another name", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        yield* start(path)
        fs.symlinkSync(path, join(folder, "link.db"))
        yield* Effect.gen(function* () {
          const expected = /another process uses it; stop that one, or give each its own file$/
          assert.match(yield* refusalOf(path), expected)
          assert.match(yield* refusalOf(join(folder, "link.db")), expected)
        }).pipe(Effect.provide(SqliteClient.layer({ path })))
        yield* start(path)
      })
    )
  )

  it.effect("belongs to one process at a time, and is free when that is killed", () =>
    Effect.scoped(
      inFolder((folder) =>
        Effect.gen(function* () {
          const path = join(folder, "bot.db")
          yield* start(path)
          const sources = join(import.meta.dirname, "../../../packages/node/src/inbox/internal/sqliteFile.ts")
          const child = yield* hold(
            path,
            `const { own } = await import(${JSON.stringify(sources)}); globalThis.held = own(process.argv[1]); console.log("held"); setInterval(() => {}, 1000)`
          )
          assert.match(yield* refusalOf(path), /another process uses it/)
          child.kill("SIGKILL")
          yield* Effect.promise(() => once(child, "exit"))
          yield* start(path)
        })
      )
    )
  )

  it.effect("is refused when another program has locked it", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        yield* start(path)
        const database = new DatabaseSync(path)
        database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        assert.match(yield* refusalOf(path), /another program has locked it; stop that program$/)
        database.close()
      })
    )
  )

  whereRoot("is refused when this user may not write it, or not into its folder", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        fs.chmodSync(folder, 0o755)
        const expected =
          /for this user; change|this user may not read and write it; change|this user may read and write it and its folder$/
        assert.match(yield* asNobody(refusalOf(path)), expected)
        yield* start(path)
        assert.match(yield* asNobody(refusalOf(path)), expected)
        for (const end of ["", "-lock"]) fs.chmodSync(`${path}${end}`, 0o666)
        assert.match(yield* asNobody(refusalOf(path)), expected)
        fs.chmodSync(folder, 0o777)
        yield* asNobody(start(path))
      })
    )
  )

  it.effect("opens without a word of node:sqlite being experimental, and with every other warning", () =>
    Effect.sync(() => {
      const sources = join(import.meta.dirname, "../../../packages/node/src/inbox/internal/sqliteNode.ts")
      const program = `const { DatabaseSync } = await import(${JSON.stringify(sources)}); new DatabaseSync(":memory:").close(); process.emitWarning("another one")`
      const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" })
      assert.notMatch(stderr, /SQLite/)
      assert.match(stderr, /another one/)
    })
  )
})

describe("SqliteClient.layerVisitor", () => {
  it.effect("reads and writes beside the process that owns the file", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        const visitor = yield* Scope.make()
        yield* Effect.gen(function* () {
          yield* writeOne
          const sql = yield* SqlClient.SqlClient
          yield* Effect.gen(function* () {
            const visiting = yield* SqlClient.SqlClient
            assert.strictEqual((yield* visiting`SELECT id FROM kept`).length, 1)
            yield* visiting`INSERT INTO kept VALUES (2, NULL)`
          }).pipe(Effect.provide(SqliteClient.layerVisitor({ path })))
          assert.strictEqual((yield* sql`SELECT id FROM kept`).length, 2)
        }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path })), Scope.provide(visitor))
      })
    )
  )

  it.effect("makes no file", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const path = join(folder, "bot.db")
        assert.match(yield* refusal(SqliteClient.layerVisitor({ path })), /it does not exist/)
        assert.deepStrictEqual(fs.readdirSync(folder), [])
      })
    )
  )
})
