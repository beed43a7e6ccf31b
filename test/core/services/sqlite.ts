/** SQLite databases for tests: real files, which can be locked against writing and copied as a crash would leave them. */
import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { Effect, Layer, type Scope } from "effect"
import { SqlClient } from "effect/sql"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** A file name in a folder that ends with the scope. */
export const newFile: Effect.Effect<string, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "effect-whatsapp-sqlite-"))),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "whatsapp.db")
)

const open = (path: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(path)),
    (database) => Effect.sync(() => database.close())
  )

/** Nobody else can write to the database until the scope closes. */
export const lock = (path: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.map(open(path), (database) => database.exec("BEGIN IMMEDIATE"))

/** Reads or changes a database behind the back of whoever has opened it. */
export const rows = (path: string, sql: string): Effect.Effect<ReadonlyArray<{ readonly [column: string]: unknown }>> =>
  Effect.scoped(Effect.map(open(path), (database) => database.prepare(sql).all()))

/** Copies what is on disk at this moment, which is what a crash would leave. */
export const leaveBehind = (path: string, copy: string): Effect.Effect<void> =>
  Effect.promise(async () => {
    await copyFile(path, copy)
    await copyFile(`${path}-wal`, `${copy}-wal`)
  })

/** A client without its journal, as that of any other driver. */
export const layerClient = (path: string) =>
  Layer.effect(SqlClient.SqlClient, SqlClient.SqlClient).pipe(Layer.provide(SqliteClient.layer({ path })))

/** Each way in which stores may be given a database and what commits to it. */
export const ways = [
  { way: "with the journal of SqliteClient", open: (path: string) => SqliteClient.layer({ path }) },
  {
    way: "with the journal of any client",
    open: (path: string) =>
      Layer.provideMerge(Layer.effect(SqlJournal.SqlJournal, SqlJournal.fromClient), layerClient(path))
  }
]

/** Waits until everything is committed, or fails with the next commit. */
export const committed = Effect.flatMap(SqlJournal.SqlJournal, (journal) => journal.committed)
