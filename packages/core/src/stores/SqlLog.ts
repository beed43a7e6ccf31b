/**
 * What was told last, in the order in which it was told. A key has no neighbours among those that come with it, so in a
 * large table each costs a page of its own; at the end of a log many share one. When the log is long its keys are moved
 * to the table, those that are near each other together.
 */
import type { Value, Write } from "../services/SqlJournal.ts"

export interface Logged<out E> {
  readonly key: string
  /** What stands for it in the database. */
  readonly encoded: string | Uint8Array
  readonly entry: E
}

export interface Options<in E> {
  /** Name of the table of the log, which is empty. */
  readonly table: string
  /** How many keys make it long. */
  readonly limit: number
  /** The values of a row: key, value, until. */
  readonly rowOf: (logged: Logged<E>) => ReadonlyArray<Value>
  /** Moves a row to the table of the keys. */
  readonly upsert: string
}

/** So many parts of the table are filled one after the other. */
const parts = 256
/** How many rows of the log are erased in one commit. */
const erasedAtOnce = 2000

export const create = (table: string, type: string): string =>
  `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, key ${type} NOT NULL, value TEXT NOT NULL, until INTEGER NOT NULL)`
/** Moves everything at once, for a start. What was told later counts. */
export const moveAll = (table: string, to: string): ReadonlyArray<string> => [
  `INSERT INTO ${to} (key, value, until) SELECT key, value, until FROM ${table} WHERE true ORDER BY key, id
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until`,
  `DELETE FROM ${table}`
]

const emptyParts = <E>(): ReadonlyArray<Array<Logged<E>>> => Array.from({ length: parts }, () => [])
const partOf = (encoded: string | Uint8Array): number =>
  (typeof encoded === "string" ? encoded.charCodeAt(0) : (encoded[0] ?? 0)) % parts

export const make = <E>({ limit, rowOf, table, upsert }: Options<E>) => {
  const insert = `INSERT INTO ${table} (id, key, value, until) VALUES (?, ?, ?, ?)`
  const erase = `DELETE FROM ${table} WHERE id <= ?`
  const known = new Map<string, E>()
  let gathered = emptyParts<E>()
  let size = 0
  let id = 0
  /** The move that is under way: the next part, and how far the log was erased behind it. */
  let move:
    | { readonly from: ReadonlyArray<Array<Logged<E>>>; readonly last: number; part: number; erased: number }
    | undefined
  /** What was given to the journal of the move. */
  let given: "nothing" | "part" | "erasure" = "nothing"
  let erasing = 0

  return {
    /** What is in the log and not in the table yet. */
    get: (key: string): E | undefined => known.get(key),
    /** The next step of a move; before what is logged in the same commit. */
    changes: (): ReadonlyArray<Write> => {
      given = "nothing"
      if (move === undefined && size >= limit) {
        move = { from: gathered, last: id, part: 0, erased: 0 }
        gathered = emptyParts()
        size = 0
      }
      if (move === undefined) return []
      while (move.from[move.part]?.length === 0) move.part++
      const part = move.from[move.part]
      if (part !== undefined) {
        given = "part"
        return part.map((logged) => ({ sql: upsert, params: rowOf(logged) }))
      }
      given = "erasure"
      erasing = Math.min(move.last, move.erased + erasedAtOnce)
      return [{ sql: erase, params: [erasing] }]
    },
    write: (logged: Logged<E>): Write => ({ sql: insert, params: [++id, ...rowOf(logged)] }),
    /** The commit is kept, and with it these. Tells whether there is something to move. */
    kept: (all: ReadonlyArray<Logged<E>>): boolean => {
      if (move !== undefined && given === "part") {
        for (const { entry, key } of move.from[move.part] ?? []) if (known.get(key) === entry) known.delete(key)
        move.part++
      } else if (move !== undefined && given === "erasure") {
        move.erased = erasing
        if (erasing === move.last) move = undefined
      }
      given = "nothing"
      for (const logged of all) {
        known.set(logged.key, logged.entry)
        gathered[partOf(logged.encoded)]?.push(logged)
      }
      size += all.length
      return move !== undefined || size >= limit
    },
    lost: (): void => {
      given = "nothing"
    }
  }
}
