/**
 * One SQLite file over `node:sqlite`, for everything that one machine keeps: the inbox, what was admitted, what became
 * of messages, and tables of your own. Stores commit through its journal, once for each turn of the event loop; your own
 * statements go through `SqlClient`, in transactions of their own.
 *
 * A store makes its tables with `SqlJournal.migrate(store, steps)` before it reads them.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import { SqlJournal } from "@effect-whatsapp/core/services"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import * as Statement from "effect/sql/Statement"
import * as Connection from "./internal/sqliteConnection.ts"
import * as Metrics from "./internal/metrics.ts"
import { explain } from "./internal/sqliteError.ts"
import * as File from "./internal/sqliteFile.ts"
import * as Journal from "./internal/sqliteJournal.ts"
import type { Database } from "./internal/sqliteNode.ts"

export interface Options {
  /** The file. It is made when it does not exist, readable by its owner alone; its folder must exist. */
  readonly path: string
}

const refused = (path: string, details: string) =>
  new InboxError({ method: "open", details: `The database ${path} cannot be used: ${details}.` })

const opened = <A>(path: string, open: () => A) =>
  Effect.try({ try: open, catch: (cause) => refused(path, explain(cause)) })

const own = Effect.fnUntraced(function* (path: string) {
  const owned = yield* opened(path, () => File.own(path))
  if (owned === undefined) {
    return yield* refused(path, "another process uses it; stop that one, or give each its own file")
  }
  return owned
})

const client = Effect.fnUntraced(function* (database: () => Database, transactionEnds: Effect.Effect<void>) {
  const { acquirer, borrower, isTransaction, onCommitFailure, transactionAcquirer } = SqlClient.makeSqliteAcquirers({
    connection: Effect.succeed(Connection.make(database)),
    semaphore: yield* Semaphore.make(1),
    isTransaction: () => database().isTransaction
  })
  return yield* SqlClient.make({
    acquirer,
    borrower,
    transactionAcquirer: Effect.tap(transactionAcquirer, () => Effect.addFinalizer(() => transactionEnds)),
    compiler: Statement.makeCompilerSqlite(),
    driver: "node-sqlite",
    spanAttributes: [["db.system.name", "sqlite"]],
    // A transaction that will write must say so at once: one that only finds out later can fail for no fault of its own.
    beginTransaction: "BEGIN IMMEDIATE",
    prepareTransactionControls: true,
    isTransaction,
    onCommitFailure,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`
  })
})

/** Opens the file. */
export const make: (
  options: Options
) => Effect.Effect<
  Context.Context<SqlClient.SqlClient | SqlJournal.SqlJournal>,
  InboxError,
  Scope.Scope | Reactivity.Reactivity
> = Effect.fnUntraced(function* ({ path }) {
  const file = yield* Effect.acquireRelease(own(path), (owned) => Effect.sync(() => File.release(owned)))
  const metrics = yield* Metrics.watchFile(() => File.sizeOf(file))
  const journal = yield* Effect.acquireRelease(
    Effect.sync(() => Journal.make(file, metrics)),
    ({ close }) => Effect.sync(close)
  )
  // Before the next transaction may begin, the journal commits what it held back during this one.
  const sql = yield* client(() => file.database, Effect.sync(journal.flush))
  return Context.make(SqlClient.SqlClient, sql).pipe(Context.add(SqlJournal.SqlJournal, journal.service))
})

/** Layer that opens the file, and commits and closes it when the scope ends. Fails with what is wrong with the file, in one line. */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient | SqlJournal.SqlJournal, InboxError> =>
  Layer.effectContext(make(options)).pipe(Layer.provide(Reactivity.layer))

/** Whether a process owns the file at this moment; this one counts too. */
export const isOwned = ({ path }: Options): Effect.Effect<boolean, InboxError> => opened(path, () => File.isOwned(path))

/**
 * Layer that visits a file which another process may own: it reads what was committed, and may write a few rows in short
 * transactions. The file must exist.
 */
export const layerVisitor = ({ path }: Options): Layer.Layer<SqlClient.SqlClient, InboxError> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        opened(path, () => File.visit(path)),
        (visited) => Effect.sync(() => visited.close())
      )
      return yield* client(() => database, Effect.void)
    })
  ).pipe(Layer.provide(Reactivity.layer))
