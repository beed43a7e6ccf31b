/**
 * The journal over one connection: what members changed in a turn of the event loop is one commit at its end. This is
 * the path of every acknowledged delivery, so it is plain synchronous code; only those who wait or read see an Effect.
 */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Commits } from "./metrics.ts"
import { Refusal, toSqlError } from "./sqliteError.ts"
import * as File from "./sqliteFile.ts"
import type { Database, Statement } from "./sqliteNode.ts"

const firstRetry = 100
const lastRetry = 5_000

type Waiter = (exit: Effect.Effect<void, SqlError>) => void

export interface Journal {
  readonly service: SqlJournal.SqlJournal["Service"]
  /** Commits now what waits for it, unless a transaction is open. */
  readonly flush: () => void
  /** Commits what is left, and does nothing any more. */
  readonly close: () => void
}

/** Statements of one connection, prepared once for each text. */
const statements = (database: Database) => {
  const prepared = new Map<string, Statement>()
  return (sql: string): Statement => {
    let one = prepared.get(sql)
    if (one === undefined) prepared.set(sql, (one = database.prepare(sql)))
    return one
  }
}

export const make = (file: File.Owned, metrics: Commits): Journal => {
  const { database } = file
  const statement = statements(database)
  const begin = database.prepare("BEGIN IMMEDIATE")
  const commit = database.prepare("COMMIT")
  const rollback = database.prepare("ROLLBACK")
  const members: Array<SqlJournal.Member> = []
  let waiters: Array<Waiter> = []
  /** Something changed that no commit has kept. */
  let pending = false
  let scheduled = false
  let closed = false
  let retryIn = firstRetry
  let timer: NodeJS.Timeout | undefined

  const write = (): void => {
    begin.run()
    for (const member of members) {
      for (const one of member.changes()) statement(one.sql).run(...one.params)
    }
    commit.run()
    if (!File.stillThere(file)) {
      throw new Refusal({ message: `The file ${file.path} was removed or replaced while it was in use.` })
    }
  }

  const failed = (cause: unknown): void => {
    if (database.isTransaction) rollback.run()
    const error = Cause.fail(toSqlError(cause, "commit"))
    for (const member of members) member.lost(error)
    const told = waiters
    waiters = []
    for (const waiter of told) waiter(Effect.failCause(error))
    timer = setTimeout(schedule, retryIn)
    retryIn = Math.min(retryIn * 2, lastRetry)
  }

  const flush = (): void => {
    scheduled = false
    // The end of the transaction comes back here.
    if (!pending || closed || database.isTransaction) return
    clearTimeout(timer)
    pending = false
    const since = metrics.now()
    // No Effect here, so a plain try: it is what turns a failed statement into a rollback.
    try {
      write()
    } catch (cause) {
      pending = true
      metrics.failed()
      return failed(cause)
    }
    metrics.committed(since)
    retryIn = firstRetry
    const told = waiters
    waiters = []
    for (const member of members) member.kept()
    for (const waiter of told) waiter(Effect.void)
  }

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  const committed = Effect.suspend(() =>
    pending ? Effect.callback<void, SqlError>((resume) => void waiters.push(resume)) : Effect.void
  )

  const leave = (member: SqlJournal.Member) =>
    committed.pipe(
      Effect.retry({ times: 2 }),
      Effect.ignore({ log: "Error", message: "The last changes of a store were not committed" }),
      Effect.ensuring(Effect.sync(() => void members.splice(members.indexOf(member), 1)))
    )

  return {
    service: {
      join: (member) =>
        Effect.acquireRelease(
          Effect.sync(() => void members.push(member)),
          () => leave(member)
        ),
      changed: () => {
        pending = true
        schedule()
      },
      committed,
      read: Object.assign(
        (sql: string, ...params: ReadonlyArray<SqlJournal.Value>) =>
          Effect.try({
            try: () => statement(sql).all(...params),
            catch: (cause) => toSqlError(cause, "read")
          }),
        { now: (sql: string, ...params: ReadonlyArray<SqlJournal.Value>) => statement(sql).all(...params) }
      )
    },
    flush,
    close: () => {
      flush()
      closed = true
      clearTimeout(timer)
    }
  }
}
