/** Who writes what a turn changed: this thread, or one of its own. */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { type Refusal, toSqlError } from "./sqliteError.ts"
import type { Owned } from "./sqliteFile.ts"

/** Hands every write to `run`, in their order. */
export type Changes = (run: (write: SqlJournal.Write) => void) => void

export interface Writer {
  /** Writes the changes in one transaction and says how that went: at once or later, and always once. `broken` is why it cannot. */
  readonly write: (changes: Changes, broken: Refusal | undefined, done: (failure: SqlError | undefined) => void) => void
  /** How many commits there were. */
  readonly commits: () => number
  /** Ends what it began. Nothing is being written. */
  readonly close: Effect.Effect<void>
}

/** The writer of most: a commit is one system call on a good disk, and to hand it to another thread costs more. */
export const inline = (file: Owned): Writer => {
  let commits = 0
  return {
    write: (changes, broken, done) => {
      const { session } = file
      let begun = false
      const run = (write: SqlJournal.Write): void => {
        if (!begun && broken === undefined) {
          session.begin()
          begun = true
        }
        if (begun) session.run(write)
      }
      // No Effect here, so a plain try: it is what turns a failed statement into a rollback.
      try {
        changes(run)
        if (broken !== undefined) return done(toSqlError(broken, "commit"))
        if (begun) {
          session.commit()
          commits++
        }
      } catch (cause) {
        session.rollback()
        return done(toSqlError(cause, "commit"))
      }
      done(undefined)
    },
    commits: () => commits,
    close: Effect.void
  }
}
