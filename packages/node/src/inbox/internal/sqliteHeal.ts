/**
 * A file that is removed or replaced while it is in use stays open without a name: SQLite would go on, and everything it
 * acknowledges would be gone with the process. The connection still has all that was ever committed, so it is written
 * back.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { explain, Refusal } from "./sqliteError.ts"
import * as File from "./sqliteFile.ts"

const hasLock = (owned: File.Owned): boolean =>
  File.isSame(File.identityOf(File.lockOf(owned.path)), owned.lock.identity)

const isOpenInPlace = (owned: File.Owned): boolean =>
  owned.session.database.isOpen && File.isSame(File.identityOf(owned.path), owned.identity)

const hasLog = (owned: File.Owned): boolean => File.isSame(File.identityOf(`${owned.path}-wal`), owned.walIdentity)

const lockAgain = (owned: File.Owned): void => {
  const held = File.lock(owned.path)
  if (held === undefined) throw new Refusal({ message: "another process has taken its place; stop one of the two" })
  owned.lock.database.close()
  owned.lock = held
}

/** Syncs a file, or the names in a folder. Only for files that SQLite does not have open. */
const sync = (name: string): void => {
  const descriptor = fs.openSync(name, "r")
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

const copy = (owned: File.Owned): string => {
  const name = `${owned.path}-rescued`
  fs.rmSync(name, { force: true })
  File.createPrivate(name)
  owned.session.database.prepare("VACUUM INTO ?").run(name)
  sync(name)
  return name
}

const putInPlace = (owned: File.Owned): void => {
  if (owned.session.database.isOpen) {
    owned.rescued ??= copy(owned)
    owned.session.database.close()
  }
  // The next connection would take the old WAL for its own.
  for (const end of ["-wal", "-shm"]) fs.rmSync(`${owned.path}${end}`, { force: true })
  if (owned.rescued === undefined) return
  fs.renameSync(owned.rescued, owned.path)
  owned.rescued = undefined
  sync(path.dirname(owned.path))
}

const heal = (owned: File.Owned): void => {
  if (!hasLock(owned)) lockAgain(owned)
  if (isOpenInPlace(owned) && hasLog(owned)) return
  const standing = File.identityOf(owned.path)
  if (standing === undefined) {
    putInPlace(owned)
  } else if (!File.isSame(standing, owned.identity)) {
    // Perhaps a copy that somebody brought back: which of the two is right, this program cannot know.
    throw new Refusal({
      message: "another file was put in its place; move that one away, or stop this program to go on with it"
    })
  } else if (owned.session.database.isOpen) {
    // The WAL alone is gone: closing brings what was in it into the file.
    owned.session.database.exec("PRAGMA wal_checkpoint(TRUNCATE)")
    owned.session.database.close()
  }
  Object.assign(owned, File.open(owned.path))
}

/**
 * Brings the file back where it was, when it is not there. Gives why that is not possible now. Looks for its log and its
 * lock too when it is asked to be thorough.
 */
export const ensureInPlace = (owned: File.Owned, isThorough: boolean): Refusal | undefined => {
  try {
    if (!isOpenInPlace(owned) || (isThorough && !(hasLog(owned) && hasLock(owned)))) heal(owned)
    return undefined
  } catch (cause) {
    return new Refusal({
      message: `The file ${owned.path} was removed or replaced while it was in use, and cannot be written back: ${explain(cause)}`
    })
  }
}
