/**
 * The file of the inbox: who may open it, and how. One process owns it, by a lock on a second, empty file beside it that
 * the system drops with the process, however that ends. Others may visit: read what was committed and write a few rows.
 */
import * as Result from "effect/Result"
import * as fs from "node:fs"
import * as path from "node:path"
import { Refusal, sqliteCode } from "./sqliteError.ts"
import { type Database, DatabaseSync } from "./sqliteNode.ts"

/** Marks a file as ours: "EfWA" in ASCII. */
const applicationId = 0x45665741
/** The version of what this module itself writes into the file; its stores have versions of their own. */
const formatVersion = 1
/** How long a statement of the owner may wait for a visitor. The event loop stands still meanwhile. */
const ownerPatience = 100
const visitorPatience = 5_000
/** Whoever asks whether a file is owned holds the lock for an instant, which must not refuse an owner. */
const peekPatience = 200
/** Up to this size a file is checked whole when it is opened: a fraction of a second. */
const checkedWhole = 64 * 1024 * 1024

/** The file with every symbolic link followed, so that one file has one lock. */
const locate = (given: string): string => {
  if (given === "" || given === ":memory:") throw new Refusal({ message: "it names no file; give the path of one" })
  const absolute = path.resolve(given)
  const stats = fs.statSync(absolute, { throwIfNoEntry: false })
  if (stats !== undefined && !stats.isFile()) {
    throw new Refusal({ message: `it is ${stats.isDirectory() ? "a folder" : "not a file"}; give the path of a file` })
  }
  if (stats !== undefined) return fs.realpathSync(absolute)
  return path.join(fs.realpathSync(path.dirname(absolute)), path.basename(absolute))
}

/** Makes an empty file that its owner alone may read, whatever the umask; one that exists is left as it is. */
const createPrivate = (file: string): void => {
  const existing = fs.lstatSync(file, { throwIfNoEntry: false })
  if (existing !== undefined) return
  // Never opened unless it is new: closing a second descriptor would drop the locks that this process has on the file.
  const descriptor = fs.openSync(file, "wx", 0o600)
  fs.fchmodSync(descriptor, 0o600)
  fs.closeSync(descriptor)
}

const number = (database: Database, sql: string): number => {
  const value = Object.values(database.prepare(sql).get() ?? {})[0]
  return typeof value === "number" ? value : 0
}

/** Whether the file is ours; a file without any content becomes so. */
const claim = (database: Database): "new" | "ours" => {
  const id = number(database, "PRAGMA application_id")
  if (id === 0 && number(database, "SELECT count(*) FROM sqlite_schema") === 0) return "new"
  if (id !== applicationId) {
    throw new Refusal({ message: "it is the database of another program; give the path of another file" })
  }
  const version = number(database, "PRAGMA user_version")
  if (version > formatVersion) {
    throw new Refusal({
      message: "a newer version of this program has written it; start that one, or use another file"
    })
  }
  return "ours"
}

const prepareFile = (database: Database, size: number): void => {
  if (claim(database) === "new") {
    // Before the first table, or it has no effect.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL")
    database.exec(
      `BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}; COMMIT`
    )
  } else if (size <= checkedWhole) {
    const found = database.prepare("PRAGMA quick_check(1)").all()
    if (Object.values(found[0] ?? {})[0] !== "ok") {
      throw new Refusal({ message: "it is damaged; put it aside, and restore a copy or start with a new file" })
    }
  }
  const mode = database.prepare("PRAGMA journal_mode = WAL").get()
  if (mode?.["journal_mode"] !== "wal") {
    throw new Refusal({ message: "its file system cannot share memory between programs; use a folder on a local disk" })
  }
}

/** Settings of a connection, which are not kept in the file. */
const settings = `
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -65536;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
`

const connect = (file: string, patience: number, prepare: (database: Database) => void): Database => {
  const database = new DatabaseSync(file, { timeout: patience })
  try {
    prepare(database)
    database.exec(settings)
    return database
  } catch (cause) {
    // Closed on the way out, or the refused file would stay open.
    database.close()
    throw cause
  }
}

/** Which file stands under a name. */
interface Identity {
  readonly dev: number
  readonly ino: number
}

/** A file that this process owns. */
export interface Owned {
  readonly path: string
  readonly database: Database
  readonly identity: Identity
  readonly lock: Database
}

const lockOf = (file: string): string => `${file}-lock`

/** Takes the lock that one process at a time can have; gives nothing when another has it. */
const lock = (file: string, patience: number): Database | undefined => {
  const name = lockOf(file)
  createPrivate(name)
  const database = new DatabaseSync(name, { timeout: patience })
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
    return database
  } catch (cause) {
    database.close()
    if (sqliteCode(cause) === 5) return undefined
    throw cause
  }
}

/** Opens the file as its only owner, and makes it when it does not exist. Gives nothing when another process owns it. Throws what `explain` reads. */
export const own = (given: string): Owned | undefined => {
  const file = locate(given)
  const held = lock(file, peekPatience)
  if (held === undefined) return undefined
  try {
    createPrivate(file)
    const database = connect(file, ownerPatience, (opened) => prepareFile(opened, fs.statSync(file).size))
    const { dev, ino } = fs.statSync(file)
    return { path: file, database, identity: { dev, ino }, lock: held }
  } catch (cause) {
    held.close()
    throw cause
  }
}

/** Whether a process owns the file. Throws what `explain` reads. */
export const isOwned = (given: string): boolean => {
  const file = locate(given)
  if (!fs.existsSync(lockOf(file))) return false
  const held = lock(file, 0)
  held?.close()
  return held === undefined
}

/** Opens a file that another process may own. Throws what `explain` reads. */
export const visit = (given: string): Database => {
  const file = locate(given)
  if (!fs.existsSync(file)) throw new Refusal({ message: "it does not exist" })
  return connect(file, visitorPatience, (opened) => {
    if (claim(opened) === "new") throw new Refusal({ message: "it is empty; start the server with it first" })
  })
}

/** Whether the file that was opened still stands under its name. Otherwise what is committed goes nowhere. */
export const stillThere = (owned: Owned): boolean => {
  const now = fs.statSync(owned.path, { throwIfNoEntry: false })
  return now !== undefined && now.ino === owned.identity.ino && now.dev === owned.identity.dev
}

/** Brings everything into the one file, and gives it free. */
export const release = (owned: Owned): void => {
  try {
    if (owned.database.isOpen) {
      // What a full disk does not let into the file stays in the log beside it, which the next start reads.
      Result.try(() => owned.database.exec("PRAGMA wal_checkpoint(TRUNCATE)"))
      owned.database.close()
    }
  } finally {
    owned.lock.close()
  }
}

/** How many bytes the file and its log take. */
export const sizeOf = ({ path }: Owned): number =>
  [path, `${path}-wal`].reduce((sum, one) => sum + (fs.statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0)
