/**
 * What the stores over SQL have in common: a table of texts in which each key is forgotten in time, answered from memory
 * and kept by a journal. What was told is in memory until it is kept, and what was told or asked last a while longer.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Member, Row, SqlJournal, Value as SqlValue, Write } from "../services/SqlJournal.ts"
import * as SqlAges from "./SqlAges.ts"
import { migrate } from "./SqlSchema.ts"
import * as SqlLog from "./SqlLog.ts"
import * as SqlJournalClient from "./SqlJournalClient.ts"
import * as TwoGenerations from "./TwoGenerations.ts"

export interface Options {
  /** Name of the store; its table is `whatsapp_` and this. */
  readonly store: string
  /** How long a key is remembered after it was told last. */
  readonly remember: Duration.Input
  /** How many keys are remembered at most. At capacity the older half is forgotten. */
  readonly capacity: number
  /** What stands for a key in the database. @default the key itself */
  readonly encode?: ((key: string) => string | Uint8Array) | undefined
  /**
   * How many keys are gathered in a log before they are moved to the table, for keys that are told once and by the
   * thousand, and not removed. They are in memory too. @default no log, and 0 writes to none
   */
  readonly log?: number | undefined
  /** Whether keys are looked for by their value too. @default false */
  readonly isReversible?: boolean | undefined
}

/** Nothing (`null`) is known of a key that is not there, as opposed to a key of which the database must be asked. */
export type Value = string | null

export interface SqlMap {
  readonly journal: SqlJournal["Service"]
  /** What is known in memory; `undefined` when the database must be asked, which `load` does. */
  readonly peek: (key: string) => Value | undefined
  /** Asks the database, and remembers the answer. What was told in the meantime is newer. */
  readonly load: (key: string) => Effect.Effect<Value, SqlError>
  /** What `peek` or else `load` says, where the database answers at once. Throws where it does not. */
  readonly find: (key: string) => Value
  /** Whether it holds nothing. */
  readonly isEmpty: () => boolean
  /** Whether `set` may make others go before their time. */
  readonly isFull: () => boolean
  /** Tells the value of a key that was looked for before. Returns how many keys had to make room before their time. */
  readonly set: (key: string, value: string) => number
  readonly remove: (key: string) => void
  /** The keys that were committed with a value. */
  readonly keysOf: (value: string) => Effect.Effect<ReadonlyArray<string>, SqlError>
}

interface Entry {
  readonly value: string
  /** The instant at which it is forgotten. */
  readonly until: number
}
const absent: Entry = { value: "", until: 0 }

/** How many keys are remembered in memory; enough to outlast every commit and every read by far. */
const cached = 100_000
/** Looking through a table of 20 million keys takes 3 hours, and each step a few milliseconds. */
const chunk = 1000
const pause = Duration.millis(500)
const betweenPasses = Duration.hours(1)
const chunkOf = (keys: string): string =>
  `SELECT min(key) AS first, max(key) AS last, count(*) AS keys, total(until <= ?) AS ended FROM (${keys})`
/** That a key was told again changes only its end, which need not be exact to the day. */
const inexactness = Duration.toMillis("1 day")

export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<SqlMap, SqlError, SqlClient.SqlClient | Scope.Scope> {
  const clock = yield* Clock.Clock
  const table = `whatsapp_${options.store}`
  const ageTable = `${table}_ages`
  const logTable = `${table}_log`
  const remember = Duration.toMillis(options.remember)
  const sql = yield* SqlClient.SqlClient
  const isSqlite = sql.onDialectOrElse({ sqlite: () => true, orElse: () => false })
  if (!isSqlite) return yield* Effect.die(new Error(`The store "${options.store}" needs a SQLite database.`))
  const journal = yield* SqlJournalClient.orMake
  const { encode = (key: string) => key, isReversible = false } = options
  const type = options.encode === undefined ? "TEXT" : "BLOB"
  yield* migrate(options.store, [
    `CREATE TABLE ${table} (key ${type} PRIMARY KEY, value TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID`,
    SqlAges.create(ageTable),
    ...(isReversible ? [`CREATE INDEX ${table}_value ON ${table} (value)`] : []),
    ...(options.log === undefined ? [] : [SqlLog.create(logTable, type)])
  ])
  if (options.log !== undefined) {
    // What an earlier process had gathered.
    yield* sql.withTransaction(
      Effect.forEach(SqlLog.moveAll(logTable, table), (statement) => sql.unsafe(statement), { discard: true })
    )
  }
  const ages = SqlAges.make(
    { table: ageTable, remember, capacity: options.capacity },
    yield* journal.read(SqlAges.select(ageTable))
  )

  const statements = {
    select: `SELECT value, until FROM ${table} WHERE key = ?`,
    upsert: `INSERT INTO ${table} (key, value, until) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until`,
    remove: `DELETE FROM ${table} WHERE key = ?`,
    first: chunkOf(`SELECT key, until FROM ${table} ORDER BY key LIMIT ${chunk}`),
    next: chunkOf(`SELECT key, until FROM ${table} WHERE key > ? ORDER BY key LIMIT ${chunk}`),
    reverse: `SELECT key FROM ${table} WHERE value = ?`,
    sweep: `DELETE FROM ${table} WHERE key >= ? AND key <= ? AND until <= ?`
  }
  const log =
    options.log === undefined || options.log === 0
      ? undefined
      : SqlLog.make<Entry>({
          table: logTable,
          limit: options.log,
          upsert: statements.upsert,
          rowOf: ({ encoded, entry: { until, value } }) => [encoded, value, until]
        })
  const cache = TwoGenerations.make<Entry>(cached)
  let changed = new Map<string, Entry>()
  let given = new Map<string, Entry>()
  /** The deletion of expired keys that is not kept yet, and the one that was given to the journal. */
  let sweep: Write | undefined
  let swept: Write | undefined

  const entryOf = (key: string): Entry | undefined =>
    changed.get(key) ?? given.get(key) ?? log?.get(key) ?? cache.get(key)
  const isLive = ({ until }: Entry, now: number): boolean => until > now && until >= ages.oldest()
  const valueOf = (entry: Entry): Value => (isLive(entry, clock.currentTimeMillisUnsafe()) ? entry.value : null)
  const put = (key: string, entry: Entry): void => {
    changed.set(key, entry)
    cache.set(key, entry)
    journal.changed()
  }
  const entryOfRow = (row: Row | undefined): Entry =>
    row === undefined ? absent : { value: String(row["value"]), until: Number(row["until"]) }

  /** What was given to the log. */
  let logged: Array<SqlLog.Logged<Entry>> = []
  const writeOf = (one: SqlLog.Logged<Entry>): Write => {
    const { encoded, entry } = one
    if (entry.until === 0) return { sql: statements.remove, params: [encoded] }
    if (log === undefined) return { sql: statements.upsert, params: [encoded, entry.value, entry.until] }
    logged.push(one)
    return log.write(one)
  }

  const member: Member = {
    changes: () => {
      given = changed
      changed = new Map()
      swept = sweep
      const before = [...(swept === undefined ? [] : [swept]), ...(log?.changes() ?? [])]
      logged = []
      const writes = Array.from(given, ([key, entry]) => writeOf({ key, encoded: encode(key), entry }))
      return [...before, ...writes, ...ages.changes()]
    },
    kept: () => {
      given = new Map()
      if (log?.kept(logged) === true) journal.changed()
      if (sweep === swept) sweep = undefined
      ages.kept()
    },
    lost: () => {
      for (const [key, entry] of given) if (!changed.has(key)) changed.set(key, entry)
      given = new Map()
      log?.lost()
      ages.lost()
    }
  }
  yield* journal.join(member)

  /** Looks at the keys behind `after`, and tells the last of them; nothing at the end of the table. */
  const step = Effect.fnUntraced(function* (after: SqlValue | undefined) {
    const now = Math.max(clock.currentTimeMillisUnsafe(), ages.oldest() - 1)
    const [found] = yield* after === undefined
      ? journal.read(statements.first, now)
      : journal.read(statements.next, now, after)
    const { ended, first, keys, last } = found ?? {}
    if (first === undefined || last === undefined || keys === 0) return undefined
    if (Number(ended) > 0) {
      sweep = { sql: statements.sweep, params: [first, last, now] }
      journal.changed()
      yield* Effect.retry(journal.committed, Schedule.spaced(pause))
    }
    return Number(keys) < chunk ? undefined : last
  })
  const pass = Effect.gen(function* () {
    let after = yield* step(undefined)
    while (after !== undefined) {
      yield* Effect.sleep(pause)
      after = yield* step(after)
    }
  })
  // What a pass that failed did not see, the next one will.
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(betweenPasses), Effect.ignore(pass))))

  const peek = (key: string): Value | undefined => {
    const entry = entryOf(key)
    return entry && valueOf(entry)
  }
  const loaded = (key: string, [row]: ReadonlyArray<Row>): Value => {
    const told = entryOf(key)
    if (told !== undefined) return valueOf(told)
    const entry = entryOfRow(row)
    cache.set(key, entry)
    return valueOf(entry)
  }

  return {
    journal,
    peek,
    load: (key) => Effect.map(journal.read(statements.select, encode(key)), (rows) => loaded(key, rows)),
    find: (key) => {
      const known = peek(key)
      if (known !== undefined) return known
      if (journal.read.now === undefined) throw new Error("The database has to be waited for")
      return loaded(key, journal.read.now(statements.select, encode(key)))
    },
    isEmpty: ages.isEmpty,
    isFull: ages.isFull,
    set: (key, value) => {
      const now = clock.currentTimeMillisUnsafe()
      const before = entryOf(key)
      const until = now + remember
      if (before !== undefined && isLive(before, now)) {
        if (before.value === value && until - before.until < Math.min(inexactness, remember / 8)) return 0
        ages.remove(before.until)
      }
      put(key, { value, until })
      return ages.add(until, now)
    },
    remove: (key) => {
      const before = entryOf(key)
      if (before !== undefined && isLive(before, clock.currentTimeMillisUnsafe())) ages.remove(before.until)
      put(key, absent)
    },
    keysOf: (value) =>
      Effect.map(journal.read(statements.reverse, value), (rows) => rows.map((row) => String(row["key"])))
  }
})
