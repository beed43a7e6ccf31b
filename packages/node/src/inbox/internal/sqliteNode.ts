/** `node:sqlite`, without the line with which Node 22 says that it is experimental. */
import process from "node:process"
import type * as Sqlite from "node:sqlite"

/** Loads the module in one synchronous step, in which nothing but the module itself can give a warning. */
const load = (): typeof Sqlite => {
  const emitWarning = Object.getOwnPropertyDescriptor(process, "emitWarning")
  const others: Array<[warning: string | Error, type?: string]> = []
  process.emitWarning = (warning: string | Error, type?: unknown) => {
    if (String(warning).startsWith("SQLite is an experimental feature")) return
    others.push(typeof type === "string" ? [warning, type] : [warning])
  }
  const sqlite = process.getBuiltinModule("node:sqlite")
  if (emitWarning !== undefined) Object.defineProperty(process, "emitWarning", emitWarning)
  for (const other of others) process.emitWarning(...other)
  return sqlite
}

export const { DatabaseSync } = load()
export type { DatabaseSync as Database, StatementSync as Statement } from "node:sqlite"
