import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "sqlite-"))),
  (name) => Effect.sync(() => fs.rmSync(name, { recursive: true, force: true }))
)

const inFolder = <A, E, R>(f: (file: string) => Effect.Effect<A, E, R>) =>
  Effect.flatMap(folder, (name) => f(path.join(name, "inbox.db")))

describe("SqliteClient", () => {
  it.effect("keeps what a member changed", () =>
    inFolder((file) =>
      Effect.gen(function* () {
        const insert = Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          yield* SqlJournal.migrate("test", ["CREATE TABLE one (id INTEGER PRIMARY KEY, body BLOB)"])
          let news: Array<SqlJournal.Write> = []
          yield* journal.join({ changes: () => news, kept: () => (news = []), lost: () => {} })
          news.push({ sql: "INSERT INTO one VALUES (?, ?)", params: [1, new Uint8Array([1, 2])] })
          journal.changed()
          yield* journal.committed
          return yield* journal.read("SELECT * FROM one WHERE id = ?", 1)
        }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path: file })))
        const rows = yield* insert
        assert.deepStrictEqual(
          rows.map((row) => ({ ...row })),
          [{ id: 1, body: new Uint8Array([1, 2]) }]
        )
        const visit = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT id FROM one`).pipe(
          Effect.provide(SqliteClient.layerVisitor({ path: file }))
        )
        assert.strictEqual((yield* visit).length, 1)
        const again = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT id FROM one`).pipe(
          Effect.provide(SqliteClient.layer({ path: file }))
        )
        assert.strictEqual((yield* again).length, 1)
      })
    )
  )
})
