/**
 * The file of the inbox: who may open it, and how. One process owns it, by a lock on a second, empty file beside it that
 * the system drops with the process, however that ends. Others may visit: read what was committed and write a few rows.
 */
import * as Result from "effect/Result"
import * as fs from "node:fs"
import * as path from "node:path"
import { Refusal, sqliteCode } from "./sqliteError.ts"
import { type Database, DatabaseSync } from "./sqliteNode.ts"
import * as Session from "./sqliteSession.ts"

/** Marks a file as ours: "EfWA" in ASCII. */
const applicationId = 0x45665741
/** The version of what this module itself writes into the file; its stores have versions of their own. */
const formatVersion = 1
/** How long a statement of the owner may wait for a visitor. */
const ownerPatience = 100
const visitorPatience = 5_000
/** Whoever asks whether a file is owned holds the lock for an instant, which must not refuse an owner. */
const peekPatience = 200
/** Up to this size a file is checked whole when it is opened: a fraction of a second. Of a bigger one SQLite reports damage when it meets it. */
const checkedWhole = 64 * 1024 * 1024

const damaged = "it is damaged; put it aside, and restore a copy or start with a new file"

/** Which file stands under a name; absent when none does. */
export type Identity = { readonly dev: number; readonly ino: number } | undefined

export const identityOf = (file: string): Identity => fs.statSync(file, { throwIfNoEntry: false })

export const isSame = (a: Identity, b: Identity): boolean => a?.ino === b?.ino && a?.dev === b?.dev

/** A file that this process owns. Its parts change when the file is brought back after it was removed. */
export interface Owned {
  readonly path: string
  session: Session.Session
  /** What stood under the names when they were opened. */
  identity: Identity
  walIdentity: Identity
  lock: Lock
  /** A whole copy that is still to be put in the place of the file. */
  rescued: string | undefined
}

export interface Lock {
  readonly database: Database
  readonly identity: Identity
}

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

/** SQLite would open what it may only read, and say later that it cannot be opened. */
const ensureWritable = (file: string): void => {
  fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK)
  fs.accessSync(path.dirname(file), fs.constants.W_OK)
}

/** Makes an empty file that its owner alone may read, whatever the umask; one that exists is left as it is. */
export const createPrivate = (file: string): void => {
  if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined) return ensureWritable(file)
  // Never opened unless it is new: closing a second descriptor would drop the locks that this process has on the file.
  const descriptor = fs.openSync(file, "wx", 0o600)
  fs.fchmodSync(descriptor, 0o600)
  fs.closeSync(descriptor)
}

const number = (database: Database, sql: string): number => {
  const value = Object.values(database.prepare(sql).get() ?? {})[0]
  return typeof value === "number" ? value : 0
}

/** Whether the file is ours; a file without any content may become so. */
const recognize = (database: Database): "new" | "ours" => {
  const id = number(database, "PRAGMA application_id")
  if (id === 0 && number(database, "SELECT count(*) FROM sqlite_schema") === 0) return "new"
  if (id !== applicationId) {
    throw new Refusal({ message: "it is the database of another program; give the path of another file" })
  }
  if (number(database, "PRAGMA user_version") > formatVersion) {
    throw new Refusal({
      message: "a newer version of this program has written it; start that one, or use another file"
    })
  }
  return "ours"
}

const makeReady = (database: Database, file: string): void => {
  if (recognize(database) === "new") {
    // Before the first table, or it has no effect.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL")
    database.exec(
      `BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}; COMMIT`
    )
  } else if (fs.statSync(file).size <= checkedWhole) {
    const found = database.prepare("PRAGMA quick_check(1)").get()
    if (found?.["quick_check"] !== "ok") throw new Refusal({ message: damaged })
  }
  const mode = database.prepare("PRAGMA journal_mode = WAL").get()
  if (mode?.["journal_mode"] !== "wal") {
    throw new Refusal({ message: "its file system cannot share memory between programs; use a folder on a local disk" })
  }
}

export const lockOf = (file: string): string => `${file}-lock`

/** Takes the lock that one process at a time can have; gives nothing when another has it. */
export const lock = (file: string, patience: number = peekPatience): Lock | undefined => {
  const name = lockOf(file)
  createPrivate(name)
  const database = new DatabaseSync(name, { timeout: patience })
  try {
    // No journal file for a transaction that never writes.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
    return { database, identity: identityOf(name) }
  } catch (cause) {
    database.close()
    if (sqliteCode(cause) === 5) return undefined
    throw cause
  }
}

/** Opens a file whose lock this process has. */
export const open = (file: string): Pick<Owned, "session" | "identity" | "walIdentity"> => {
  createPrivate(file)
  const database = Session.connect(file, ownerPatience, (opened) => makeReady(opened, file))
  // The first question makes the file of the WAL.
  number(database, "SELECT count(*) FROM sqlite_schema")
  return { session: Session.make(database), identity: identityOf(file), walIdentity: identityOf(`${file}-wal`) }
}

/** Opens the file as its only owner, and makes it when it does not exist. Gives nothing when another process owns it. Throws what `explain` reads. */
export const own = (given: string): Owned | undefined => {
  const file = locate(given)
  const held = lock(file)
  if (held === undefined) return undefined
  try {
    return { path: file, ...open(file), lock: held, rescued: undefined }
  } catch (cause) {
    held.database.close()
    throw cause
  }
}

/** Whether a process owns the file. Throws what `explain` reads. */
export const isOwned = (given: string): boolean => {
  const file = locate(given)
  if (identityOf(lockOf(file)) === undefined) return false
  const held = lock(file, 0)
  held?.database.close()
  return held === undefined
}

/** Opens a file that another process may own. Throws what `explain` reads. */
export const visit = (given: string): Database => {
  const file = locate(given)
  if (identityOf(file) === undefined)
    throw new Refusal({ message: "it does not exist; start the server with it first" })
  ensureWritable(file)
  return Session.connect(file, visitorPatience, (opened) => {
    if (recognize(opened) === "new") throw new Refusal({ message: "it is empty; start the server with it first" })
  })
}

/** Brings everything into the one file, and gives it free. */
export const release = ({ lock, session: { database } }: Owned): void => {
  try {
    if (database.isOpen) {
      // What a full disk does not let into the file stays in the log beside it, which the next start reads.
      Result.try(() => database.exec("PRAGMA wal_checkpoint(TRUNCATE)"))
      database.close()
    }
  } finally {
    lock.database.close()
  }
}

/** How many bytes the file and its log take. */
export const sizeOf = ({ path }: Owned): number =>
  [path, `${path}-wal`].reduce((sum, one) => sum + (fs.statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0)
