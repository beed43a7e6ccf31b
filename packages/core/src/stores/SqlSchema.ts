/** Makes and changes the tables of the stores that share one database, each store on its own. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { SqlError, UnknownError } from "effect/sql/SqlError"

const refuse = (message: string) => Effect.fail(new SqlError({ reason: new UnknownError({ cause: message, message }) }))

/**
 * Brings the tables of a store up to date. Each step is one statement; the version of a store is how many of its steps
 * were taken, so the list may only grow. All new steps are taken in one transaction, and calling it again does nothing.
 * Fails when the tables were written by a newer version of the program, which knows more steps.
 *
 * **Example** (A store's own tables)
 *
 * ```ts
 * import { SqlJournal } from "@effect-whatsapp/core/services"
 *
 * const tables = SqlJournal.migrate("orders", [
 *   "CREATE TABLE orders (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
 *   "ALTER TABLE orders ADD COLUMN total INTEGER"
 * ])
 * ```
 */
export const migrate: (
  store: string,
  steps: ReadonlyArray<string>
) => Effect.Effect<void, SqlError, SqlClient.SqlClient> = Effect.fnUntraced(function* (store, steps) {
  const sql = yield* SqlClient.SqlClient
  const take = Effect.gen(function* () {
    yield* sql`CREATE TABLE IF NOT EXISTS whatsapp_schema (store VARCHAR(64) PRIMARY KEY, version INTEGER NOT NULL)`
    const rows = yield* sql<{ readonly version: number }>`SELECT version FROM whatsapp_schema WHERE store = ${store}`
    const version = rows[0]?.version ?? 0
    if (version === steps.length) return
    if (version > steps.length) {
      return yield* refuse(
        `The tables of "${store}" have version ${version}, and this program knows only ${steps.length}: a newer version of it has written them. Start that one, or use another database.`
      )
    }
    for (const step of steps.slice(version)) yield* sql.unsafe(step).unprepared
    if (version === 0) yield* sql`INSERT INTO whatsapp_schema (store, version) VALUES (${store}, ${steps.length})`
    else yield* sql`UPDATE whatsapp_schema SET version = ${steps.length} WHERE store = ${store}`
  })
  yield* sql.withTransaction(take)
})
