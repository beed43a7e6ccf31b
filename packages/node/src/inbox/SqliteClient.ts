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
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Metrics from "./internal/metrics.ts"
import * as Connection from "./internal/sqliteConnection.ts"
import { explain } from "./internal/sqliteError.ts"
import * as File from "./internal/sqliteFile.ts"
import * as Journal from "./internal/sqliteJournal.ts"
import * as Thread from "./internal/sqliteThread.ts"
import * as Upkeep from "./internal/sqliteUpkeep.ts"
import * as Writer from "./internal/sqliteWriter.ts"

export interface Options {
  /** The file. It is made when it does not exist, readable by its owner alone; its folder must exist. */
  readonly path: string
  /**
   * Writes on a thread of its own, so that the event loop does not stand still while the disk syncs. On a disk that
   * syncs in less than a few milliseconds this costs more than it brings. @default false
   */
  readonly worker?: boolean | undefined
}

const refused = (path: string, details: string) =>
  new InboxError({ method: "open", details: `the database ${path} cannot be used: ${details}` })

const opened = <A>(path: string, open: () => A) =>
  Effect.try({ try: open, catch: (cause) => refused(path, explain(cause)) })

const own = Effect.fnUntraced(function* (path: string) {
  const owned = yield* opened(path, () => File.own(path))
  if (owned === undefined) {
    return yield* refused(path, "another process uses it; stop that one, or give each its own file")
  }
  return owned
})

/** Says once that nothing can be written, and once that it can again. */
const reporter = Effect.map(Effect.context(), (context) => {
  const run = Effect.runForkWith(context)
  return (failure: SqlError | undefined): void => {
    if (failure === undefined) run(Effect.logInfo("The database can be written again"))
    else run(Effect.logError(`The database cannot be written: ${failure.message}`))
  }
})

/** Opens the file. */
export const make: (
  options: Options
) => Effect.Effect<
  Context.Context<SqlClient.SqlClient | SqlJournal.SqlJournal>,
  InboxError,
  Scope.Scope | Reactivity.Reactivity
> = Effect.fnUntraced(function* ({ path, worker = false }) {
  const file = yield* Effect.acquireRelease(own(path), (owned) => Effect.sync(() => File.release(owned)))
  const writer = yield* Effect.acquireRelease(
    worker
      ? Effect.mapError(Thread.make(file), (refusal) => refused(path, explain(refusal)))
      : Effect.sync(() => Writer.inline(file)),
    ({ close }) => close
  )
  const report = yield* reporter
  const metrics = yield* Metrics.watchFile(() => File.sizeOf(file))
  const journal = yield* Effect.acquireRelease(
    Effect.sync(() => Journal.make({ file, writer, metrics, report })),
    ({ close }) => close
  )
  yield* Effect.acquireRelease(
    Effect.sync(() =>
      Upkeep.start({
        // The thread that writes does it itself.
        database: () => (worker ? undefined : file.session.database),
        isFree: journal.isIdle,
        commits: writer.commits,
        also: journal.watch
      })
    ),
    (stop) => Effect.sync(stop)
  )
  const sql = yield* Connection.client({
    database: () => file.session.database,
    settled: journal.settled,
    // Before the next transaction may begin, the journal commits what it held back during this one.
    transactionEnds: Effect.sync(journal.flush)
  })
  return Context.make(SqlClient.SqlClient, sql).pipe(Context.add(SqlJournal.SqlJournal, journal.service))
})

/**
 * Layer that opens the file, and commits and closes it when the scope ends. Fails with what is wrong with the file, in
 * one line: `InboxError` with the method "open".
 *
 * **Gotchas**
 *
 * The journal commits nothing while a transaction of `SqlClient` is open, so a transaction must be short and wait for
 * nothing but the database. With `worker`, a bundler must keep `dist` as it is.
 */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient | SqlJournal.SqlJournal, InboxError> =>
  Layer.effectContext(make(options)).pipe(Layer.provide(Reactivity.layer))

/** Whether a process owns the file at this moment; this one counts too. */
export const isOwned = ({ path }: Pick<Options, "path">): Effect.Effect<boolean, InboxError> =>
  opened(path, () => File.isOwned(path))

/**
 * Layer that visits a file which another process may own: it reads what was committed, and may write a few rows in short
 * transactions. The file must exist. A statement waits up to 5 seconds for the owner.
 */
export const layerVisitor = ({ path }: Pick<Options, "path">): Layer.Layer<SqlClient.SqlClient, InboxError> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const visited = yield* Effect.acquireRelease(
        opened(path, () => File.visit(path)),
        (database) => Effect.sync(() => database.close())
      )
      return yield* Connection.client({
        database: () => visited,
        settled: Effect.void,
        transactionEnds: Effect.void
      })
    })
  ).pipe(Layer.provide(Reactivity.layer))
