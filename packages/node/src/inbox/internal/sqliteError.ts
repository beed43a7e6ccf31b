/** What SQLite and the file system say, in words that tell what to do. */
import * as Data from "effect/Data"
import { hasProperty } from "effect/Predicate"
import { classifySqliteError, ConnectionError, isSqlError, SqlError } from "effect/sql/SqlError"

/** A reason to refuse a file, or a commit, that neither SQLite nor the system would give. */
export class Refusal extends Data.TaggedError("Refusal")<{ readonly message: string }> {}

/** SQLite's primary result code, such as 5 for "busy". */
export const sqliteCode = (cause: unknown): number | undefined =>
  hasProperty(cause, "errcode") && typeof cause.errcode === "number" ? cause.errcode & 0xff : undefined

const systemCode = (cause: unknown): string | undefined =>
  hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : undefined

const messageOf = (cause: unknown): string =>
  hasProperty(cause, "message") && typeof cause.message === "string" ? cause.message : String(cause)

/** A primary key that is taken, and a row id: for the classifier, only an index is unique. */
const uniqueness = new Map<unknown, number>([
  [1555, 2067],
  [2579, 2067]
])

/** The error of a statement or a commit. SQLite's message names tables and columns, and never a value. */
export const toSqlError = (cause: unknown, operation: string): SqlError => {
  if (isSqlError(cause)) return cause
  const message = messageOf(cause)
  if (cause instanceof Refusal) return new SqlError({ reason: new ConnectionError({ cause, message, operation }) })
  // The classifier reads the number under `errno`, and node:sqlite gives it as `errcode`.
  const errno = hasProperty(cause, "errcode") ? (uniqueness.get(cause.errcode) ?? cause.errcode) : undefined
  return new SqlError({ reason: classifySqliteError({ errno, message }, { message, operation }) })
}

const bySystem: { readonly [code: string]: string } = {
  EACCES: "this user may not read and write it; change its owner or its mode, or run as its owner",
  EPERM: "this user may not read and write it; change its owner or its mode, or run as its owner",
  EROFS: "its file system is read-only; use another folder, or mount it writable",
  ENOSPC: "the disk is full; make room",
  EDQUOT: "the disk quota is used up; make room",
  EISDIR: "it is a folder; give the path of a file",
  ENOTDIR: "a part of its path is a file and not a folder",
  ENOENT: "its folder does not exist; make the folder first",
  ELOOP: "its path has too many symbolic links",
  ENAMETOOLONG: "its path is too long",
  EMFILE: "this process has too many files open; raise its limit (ulimit -n)",
  ENFILE: "the system has too many files open"
}

const bySqlite: { readonly [code: number]: string } = {
  3: "this user may not read and write it; change its owner or its mode, or run as its owner",
  5: "another program has locked it; stop that program",
  6: "another program has locked it; stop that program",
  8: "it, or its folder, is read-only for this user; change its owner or its mode, or mount it writable",
  10: "the disk failed to read or write it",
  11: "it is damaged; put it aside, and restore a copy or start with a new file",
  13: "the disk is full; make room",
  14: "it cannot be opened; check that this user may read and write it and its folder",
  26: "it is not a SQLite database; give the path of another file"
}

/** Why a file cannot be used, as the second half of a sentence about it. */
export const explain = (cause: unknown): string => {
  if (cause instanceof Refusal) return cause.message
  const system = systemCode(cause)
  if (system !== undefined && bySystem[system] !== undefined) return bySystem[system]
  const sqlite = sqliteCode(cause)
  if (sqlite !== undefined && bySqlite[sqlite] !== undefined) return bySqlite[sqlite]
  return messageOf(cause).split("\n", 1)[0] ?? ""
}
