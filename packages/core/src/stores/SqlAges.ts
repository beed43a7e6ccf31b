/**
 * How many keys a table holds, by age: so that the older half can be told from the younger without an index, and
 * without looking at any key. An age begins with the last instant of a key, and ends where the next one begins.
 */
import type { Row, Write } from "../services/SqlJournal.ts"

export interface Options {
  /** Name of the table of the ages. */
  readonly table: string
  /** How many milliseconds a key is remembered. */
  readonly remember: number
  /** How many keys are remembered at most. */
  readonly capacity: number
}

interface Age {
  /** A key is of this age when its last instant is not before this one, and before that of the next age. */
  readonly since: number
  keys: number
}

/** What is forgotten early is half of the keys, give or take one in this many. */
const precision = 32

export const create = (table: string): string =>
  `CREATE TABLE ${table} (since INTEGER PRIMARY KEY, keys INTEGER NOT NULL)`
export const select = (table: string): string => `SELECT since, keys FROM ${table} ORDER BY since`

/** Goes on from what the table of the ages says. */
export const make = ({ capacity, remember, table }: Options, rows: ReadonlyArray<Row>) => {
  const upsert = `INSERT INTO ${table} (since, keys) VALUES (?, ?) ON CONFLICT (since) DO UPDATE SET keys = excluded.keys`
  const ages: Array<Age> = rows.map(({ keys, since }) => ({ since: Number(since), keys: Number(keys) }))
  let total = ages.reduce((sum, { keys }) => sum + keys, 0)
  let changed = new Set<Age>()
  let given = new Set<Age>()

  /** The age of a key that is new; young ages are small, so that there are many to choose from when they are old. */
  const ageOf = (until: number): Age => {
    const at = ages.findLastIndex(({ since }) => since <= until)
    const age = ages[at]
    const isYoung = at === ages.length - 1
    const isFull = age !== undefined && (age.keys >= capacity / precision || until - age.since >= remember / precision)
    if (age !== undefined && !(isYoung && isFull && age.since < until)) return age
    const opened = { since: until, keys: 0 }
    ages.splice(at + 1, 0, opened)
    return opened
  }
  const drop = (count: number): number => {
    const keys = ages.splice(0, count).reduce((sum, age) => sum + age.keys, 0)
    total -= keys
    return keys
  }

  return {
    /** A key whose last instant is before this is forgotten. */
    oldest: () => ages[0]?.since ?? 0,
    isEmpty: () => total === 0,
    /** Whether the next key may make others go before their time. */
    isFull: () => total >= capacity,
    /** Counts a key in. Tells how many others had to make room before their time. */
    add: (until: number, now: number): number => {
      const age = ageOf(until)
      while (ages[1] !== undefined && ages[1].since <= now) drop(1)
      let early = 0
      // Never the age of the key itself: what was just told is remembered, also beyond the capacity.
      if (total >= capacity) while (early < capacity / 2 && ages[0] !== age) early += drop(1)
      age.keys++
      total++
      changed.add(age)
      return early
    },
    /** Counts a key out. */
    remove: (until: number): void => {
      const age = ages.findLast(({ since }) => since <= until)
      if (age === undefined || age.keys === 0) return
      age.keys--
      total--
      changed.add(age)
    },
    changes: (): ReadonlyArray<Write> => {
      given = changed
      changed = new Set()
      if (given.size === 0) return []
      const counts = Array.from(given, ({ keys, since }) => ({ sql: upsert, params: [since, keys] }))
      return [...counts, { sql: `DELETE FROM ${table} WHERE since < ?`, params: [ages[0]?.since ?? 0] }]
    },
    kept: (): void => given.clear(),
    lost: (): void => {
      for (const age of given) changed.add(age)
      given = new Set()
    }
  }
}
