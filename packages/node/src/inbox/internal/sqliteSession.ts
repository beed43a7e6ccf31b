/** A connection with its settings, its prepared statements and its transactions. Imports Node alone, for the thread that writes. */
import { type Database, DatabaseSync, type Statement } from "./sqliteNode.ts"

/** What a statement may be given. */
type Value = string | number | bigint | Uint8Array | null

export interface Session {
  readonly database: Database
  /** Prepares each text once. */
  readonly statement: (sql: string) => Statement
  readonly run: (write: { readonly sql: string; readonly params: ReadonlyArray<Value> }) => void
  readonly begin: () => void
  readonly commit: () => void
  /** Ends a transaction that may be open, without its changes. */
  readonly rollback: () => void
}

/** Settings of a connection, which are not kept in the file. */
const settings = `
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -65536;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA wal_autocheckpoint = 1000;
`

/** Opens a file. A statement may wait `patience` milliseconds for others; the event loop stands still meanwhile. */
export const connect = (file: string, patience: number, prepare?: (database: Database) => void): Database => {
  const database = new DatabaseSync(file, { timeout: patience })
  try {
    prepare?.(database)
    database.exec(settings)
    return database
  } catch (cause) {
    // Closed on the way out, or the refused file would stay open.
    database.close()
    throw cause
  }
}

export const make = (database: Database): Session => {
  const prepared = new Map<string, Statement>()
  const begin = database.prepare("BEGIN IMMEDIATE")
  const commit = database.prepare("COMMIT")
  const rollback = database.prepare("ROLLBACK")

  const statement = (sql: string): Statement => {
    let one = prepared.get(sql)
    if (one === undefined) prepared.set(sql, (one = database.prepare(sql)))
    return one
  }

  return {
    database,
    statement,
    run: ({ params, sql }) => void statement(sql).run(...params),
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback: () => {
      if (database.isOpen && database.isTransaction) rollback.run()
    }
  }
}
