/**
 * Keeps the file small, in steps of a few milliseconds: gives free pages back to the disk, and moves what was committed
 * out of the WAL, so that what was erased leaves it too. Imports Node alone, for the thread that writes.
 */
import type { Database } from "./sqliteNode.ts"

const interval = 1_000
/** While there is more to give back: a step of at most `budget` in each `pause`. */
const pause = 50
const budget = 3
/** Pages given back at a time. */
const pages = 32
/** Free pages that may stay for what comes next: 1 MiB of them, and under load a quarter of the file. */
const spare = 256
/** At least this often the WAL is emptied, also under load. */
const emptied = 30_000

export interface Options {
  /** Absent where another thread does it. */
  readonly database: () => Database | undefined
  /** Whether nothing is being written. */
  readonly isFree: () => boolean
  /** How many commits there were so far. */
  readonly commits: () => number
  /** What else is to be done once a second. */
  readonly also?: (() => void) | undefined
}

const count = (database: Database, sql: string): number => {
  const value = Object.values(database.prepare(sql).get() ?? {})[0]
  return typeof value === "number" ? value : 0
}

/** Gives free pages back for a few milliseconds; tells whether there are more. */
const giveBack = (database: Database, isIdle: boolean): boolean => {
  const free = count(database, "PRAGMA freelist_count")
  const keep = isIdle ? spare : Math.max(spare, count(database, "PRAGMA page_count") / 4)
  let surplus = free - keep
  const end = performance.now() + budget
  while (surplus > 0 && performance.now() < end) {
    database.exec(`PRAGMA incremental_vacuum(${Math.min(pages, Math.ceil(surplus))})`)
    surplus -= pages
  }
  return surplus > 0
}

/** Starts the upkeep of a file; what it returns ends it. */
export const start = ({ also, commits, database, isFree }: Options): (() => void) => {
  let timer: NodeJS.Timeout
  let seen = -1
  let emptiedAt = performance.now()
  /** Whether the WAL may hold something. */
  let written = true

  const step = (): boolean => {
    const current = database()
    if (current === undefined || !current.isOpen || current.isTransaction || !isFree()) return false
    const isIdle = commits() === seen
    if (!isIdle) written = true
    seen = commits()
    if (!written) return false
    const patience = count(current, "PRAGMA busy_timeout")
    // Never waits for anybody; and the next commit that is synced makes these durable too.
    current.exec("PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL")
    try {
      const more = giveBack(current, isIdle)
      if (!more && (isIdle || performance.now() - emptiedAt > emptied)) {
        current.exec("PRAGMA wal_checkpoint(TRUNCATE)")
        emptiedAt = performance.now()
        written = false
      }
      return more
    } catch {
      // A visitor writes, or the disk is full: later.
      return false
    } finally {
      current.exec(`PRAGMA synchronous = FULL; PRAGMA busy_timeout = ${patience}`)
    }
  }

  const tick = (): void => {
    also?.()
    timer = setTimeout(tick, step() ? pause : interval)
    timer.unref()
  }
  timer = setTimeout(tick, interval)
  timer.unref()
  return () => clearTimeout(timer)
}
