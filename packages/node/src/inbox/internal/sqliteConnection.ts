/** The application's own statements, over the connection of the journal. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import { toSqlError } from "./sqliteError.ts"
import type { Database, Statement } from "./sqliteNode.ts"

/** How many statements are kept prepared; the texts of an application may be many. */
const kept = 256

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

type Transform = Parameters<Connection["execute"]>[2]

export const make = (database: () => Database): Connection => {
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

  const run = <A>(execute: () => A): Effect.Effect<A, SqlError> =>
    Effect.try({ try: execute, catch: (cause) => toSqlError(cause, "execute") })

  const rows = (statement: Statement, params: ReadonlyArray<unknown>, transform: Transform) => {
    const all = statement.all(...params.map(toParam))
    return transform === undefined ? all : transform(all)
  }

  /** The columns of each row in their order, also when two have one name. */
  const values = (statement: Statement, params: ReadonlyArray<unknown>): ReadonlyArray<ReadonlyArray<unknown>> => {
    statement.setReturnArrays(true)
    return statement.all(...params.map(toParam)).map((row) => Object.values(row))
  }

  const execute: Connection["execute"] = (sql, params, transform) => run(() => rows(prepare(sql), params, transform))

  return {
    execute,
    executeRaw: (sql, params) => run(() => prepare(sql).run(...params.map(toParam))),
    executeStream: (sql, params, transform) => Stream.fromIterableEffect(execute(sql, params, transform)),
    executeValues: (sql, params) => run(() => values(database().prepare(sql), params)),
    executeValuesUnprepared: (sql, params) => run(() => values(database().prepare(sql), params)),
    executeUnprepared: (sql, params, transform) => run(() => rows(database().prepare(sql), params, transform))
  }
}
