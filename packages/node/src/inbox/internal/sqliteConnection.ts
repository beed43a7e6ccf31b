/** The application's own statements, over the connection of the journal. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import * as SqlStatement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { toSqlError } from "./sqliteError.ts"
import type { Database, Statement } from "./sqliteNode.ts"

/** How many statements are kept prepared; the texts of an application may be many. */
const kept = 256
/** Rows of a stream that are read at a time. */
const chunk = 256

type Param = null | number | bigint | string | Uint8Array

const toParam = (value: unknown): Param => {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
      return value
    case "boolean":
      return value ? 1 : 0
    case "undefined":
      return null
    default:
      break
  }
  if (value === null || value instanceof Uint8Array) return value
  if (value instanceof Date) return value.toISOString()
  throw new TypeError(`A parameter is ${Object.prototype.toString.call(value)}, which SQLite cannot keep`)
}

const take = <A>(from: Iterator<A, unknown>): ReadonlyArray<A> => {
  const some: Array<A> = []
  while (some.length < chunk) {
    const next = from.next()
    if (next.done === true) break
    some.push(next.value)
  }
  return some
}

type Transform = Parameters<Connection["execute"]>[2]

const make = (database: () => Database): Connection => {
  let prepared = new Map<string, Statement>()
  let preparedFor: Database | undefined

  const prepare = (sql: string): Statement => {
    const current = database()
    if (current !== preparedFor) {
      prepared = new Map()
      preparedFor = current
    }
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const one = current.prepare(sql)
    const oldest = prepared.keys().next()
    if (prepared.size >= kept && oldest.done !== true) prepared.delete(oldest.value)
    prepared.set(sql, one)
    return one
  }

  /** Runs a statement; whole numbers come as bigint when `SqlClient.SafeIntegers` says so. */
  const run = <A>(statement: () => Statement, use: (statement: Statement) => A): Effect.Effect<A, SqlError> =>
    Effect.flatMap(SqlClient.SafeIntegers, (isSafe) =>
      Effect.try({
        try: () => {
          const one = statement()
          one.setReadBigInts(isSafe)
          return use(one)
        },
        catch: (cause) => toSqlError(cause, "execute")
      })
    )

  const rows = (params: ReadonlyArray<unknown>, transform: Transform) => (statement: Statement) => {
    const all = statement.all(...params.map(toParam))
    return transform === undefined ? all : transform(all)
  }

  /** The columns of each row in their order, also when two have one name. */
  const values =
    (params: ReadonlyArray<unknown>) =>
    (statement: Statement): ReadonlyArray<ReadonlyArray<unknown>> => {
      statement.setReturnArrays(true)
      return statement.all(...params.map(toParam)).map((row) => Object.values(row))
    }

  /** A statement of its own, so that another one with the same text does not start it again. */
  const stream: Connection["executeStream"] = (sql, params, transform) =>
    Stream.unwrap(
      Effect.gen(function* () {
        const iterator = yield* Effect.acquireRelease(
          run(
            () => database().prepare(sql),
            (statement) => statement.iterate(...params.map(toParam))
          ),
          // One that is left early would hold the WAL.
          (started) => Effect.sync(() => started.return?.())
        )
        const next = Effect.try({ try: () => take(iterator), catch: (cause) => toSqlError(cause, "execute") })
        return Stream.paginate(undefined, () =>
          Effect.map(next, (some) => [
            transform === undefined ? some : transform(some),
            some.length < chunk ? Option.none() : Option.some(undefined)
          ])
        )
      })
    )

  return {
    execute: (sql, params, transform) => run(() => prepare(sql), rows(params, transform)),
    executeRaw: (sql, params) =>
      run(
        () => prepare(sql),
        (statement) => statement.run(...params.map(toParam))
      ),
    executeStream: stream,
    executeValues: (sql, params) => run(() => database().prepare(sql), values(params)),
    executeValuesUnprepared: (sql, params) => run(() => database().prepare(sql), values(params)),
    executeUnprepared: (sql, params, transform) => run(() => database().prepare(sql), rows(params, transform))
  }
}

export interface Options {
  readonly database: () => Database
  /** Waited for before a statement. */
  readonly settled: Effect.Effect<void>
  /** Run when a transaction has ended, before the next one can begin. */
  readonly transactionEnds: Effect.Effect<void>
}

/** Makes the client of a connection. One transaction is open at a time; other statements wait for its end. */
export const client = Effect.fnUntraced(function* ({ database, settled, transactionEnds }: Options) {
  const { acquirer, borrower, isTransaction, onCommitFailure, transactionAcquirer } = SqlClient.makeSqliteAcquirers({
    connection: Effect.as(settled, make(database)),
    semaphore: yield* Semaphore.make(1),
    isTransaction: () => database().isTransaction
  })
  return yield* SqlClient.make({
    acquirer,
    borrower,
    transactionAcquirer: Effect.tap(transactionAcquirer, () => Effect.addFinalizer(() => transactionEnds)),
    compiler: SqlStatement.makeCompilerSqlite(),
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
