/**
 * The journal: what members changed in a turn of the event loop is one commit at its end. This is the path of every
 * acknowledged delivery, so it is plain synchronous code; only those who wait or read see an Effect.
 */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Commits } from "./metrics.ts"
import { type Refusal, toSqlError } from "./sqliteError.ts"
import type { Owned } from "./sqliteFile.ts"
import { ensureInPlace } from "./sqliteHeal.ts"
import type { Changes, Writer } from "./sqliteWriter.ts"

/** Milliseconds until a failed commit is tried again; each time twice as long. */
const firstRetry = 100
const lastRetry = 5_000
type Waiter = (exit: Effect.Effect<void, SqlError>) => void

export interface Journal {
  readonly service: SqlJournal.SqlJournal["Service"]
  /** Commits now what waits for it, unless a transaction is open. */
  readonly flush: () => void
  /** Whether there is nothing to write and nothing is being written. */
  readonly isIdle: () => boolean
  /** Looks for the file while nothing is to be written, and brings it back when it was removed. */
  readonly watch: () => void
  /** Waits until nothing is being written, and holds the next commit back until whoever waited has had a turn to begin a transaction. */
  readonly settled: Effect.Effect<void>
  /** Commits what is left, and does nothing any more. */
  readonly close: Effect.Effect<void>
}

export interface Options {
  readonly file: Owned
  readonly writer: Writer
  readonly metrics: Commits
  /** Told when commits begin to fail, and when they work again. */
  readonly report: (failure: SqlError | undefined) => void
}

export const make = ({ file, metrics, report, writer }: Options): Journal => {
  const members: Array<SqlJournal.Member> = []
  /** Those who wait for the next commit, and for the one that is being written. */
  let waiters: Array<Waiter> = []
  let written: Array<Waiter> = []
  /** Told when nothing is being written. */
  let settling: Array<() => void> = []
  /** Something changed that is in no commit yet. */
  let pending = false
  let scheduled = false
  let isWriting = false
  let yielding = false
  let closed = false
  let isFailing = false
  let retryIn = firstRetry
  let timer: NodeJS.Timeout | undefined
  let lookAgainAt = -Infinity
  let broken: Refusal | undefined
  /** How many members were asked for this commit. */
  let asked = 0
  let commits = 0
  /** When it began. */
  let since = metrics.now()

  const isInTransaction = () => file.session.database.isOpen && file.session.database.isTransaction

  /** Whether the file is still in its place, before every commit: nothing may be acknowledged that nobody would find. */
  const look = (isThorough: boolean): void => {
    const now = performance.now()
    if (now < lookAgainAt) return
    broken = ensureInPlace(file, isThorough)
    const end = performance.now()
    // To bring a big file back takes long, also when it fails.
    if (broken !== undefined) lookAgainAt = end + Math.max(firstRetry, 10 * (end - now))
  }

  const changes: Changes = (run) => {
    for (const member of members) {
      asked++
      for (const write of member.changes()) run(write)
    }
  }

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  const lose = (failure: SqlError): void => {
    // Who changes something because it is lost does not make it be tried again at once.
    scheduled = true
    // What was not asked for could not be lost, and whoever waits for it would not be told.
    for (const member of members.slice(asked)) drain(member)
    const cause = Cause.fail(failure)
    for (const member of members) member.lost(cause)
    scheduled = false
    pending = true
    tellOf(failure)
    timer = setTimeout(schedule, retryIn)
    retryIn = Math.min(retryIn * 2, lastRetry)
  }

  const tellOf = (failure: SqlError | undefined): void => {
    if (isFailing === (failure !== undefined)) return
    isFailing = failure !== undefined
    report(failure)
  }

  const done = (failure: SqlError | undefined): void => {
    isWriting = false
    const isMore = pending
    const told = written
    written = []
    if (failure === undefined) {
      // One without a write was none.
      if (writer.commits() !== commits) metrics.committed(since)
      commits = writer.commits()
      retryIn = firstRetry
      for (const member of members) member.kept()
      for (const waiter of told) waiter(Effect.void)
      tellOf(undefined)
    } else {
      metrics.failed()
      lose(failure)
      const exit = Effect.fail(failure)
      for (const waiter of told) waiter(exit)
    }
    const settled = settling
    settling = []
    for (const one of settled) one()
    // What changed while this was written.
    if (isMore) schedule()
  }

  const flush = (): void => {
    scheduled = false
    // Both ends of a transaction and of a commit come back here.
    if (!pending || isWriting || closed || isInTransaction()) return
    if (yielding) {
      yielding = false
      return schedule()
    }
    clearTimeout(timer)
    // Where it is broken, there is no time to save.
    look(broken !== undefined)
    pending = false
    isWriting = true
    written = waiters
    waiters = []
    asked = 0
    since = metrics.now()
    writer.write(changes, broken, done)
  }

  const committed = Effect.suspend(() => {
    if (pending) return Effect.callback<void, SqlError>((resume) => void waiters.push(resume))
    if (isWriting) return Effect.callback<void, SqlError>((resume) => void written.push(resume))
    return Effect.void
  })

  /** Two tries more, by the journal's own clock. */
  const persistently = Effect.retry(committed, { times: 2 })

  const leave = (member: SqlJournal.Member) =>
    persistently.pipe(
      Effect.ignore({ log: "Error", message: "The last changes of a store were not committed" }),
      Effect.ensuring(Effect.sync(() => void members.splice(members.indexOf(member), 1)))
    )

  const read = (sql: string, ...params: ReadonlyArray<SqlJournal.Value>) => file.session.statement(sql).all(...params)

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
          Effect.try({ try: () => read(sql, ...params), catch: (cause) => toSqlError(cause, "read") }),
        { now: read }
      )
    },
    flush,
    isIdle: () => !pending && !isWriting,
    watch: () => {
      if (pending || isWriting || closed || isInTransaction()) return
      look(true)
      tellOf(broken === undefined ? undefined : toSqlError(broken, "commit"))
    },
    settled: Effect.suspend(() => {
      if (!isWriting) return Effect.void
      return Effect.callback<void>((resume) => {
        settling.push(() => {
          yielding = true
          resume(Effect.void)
        })
      })
    }),
    close: Effect.ensuring(
      Effect.ignore(persistently),
      Effect.sync(() => {
        closed = true
        clearTimeout(timer)
        // The last look: after it nobody could write the file back.
        lookAgainAt = -Infinity
        if (!isInTransaction()) look(true)
      })
    )
  }
}

/** Takes what a member would write, and writes it nowhere. */
const drain = (member: SqlJournal.Member): void => {
  const changes = member.changes()[Symbol.iterator]()
  while (changes.next().done !== true);
}
