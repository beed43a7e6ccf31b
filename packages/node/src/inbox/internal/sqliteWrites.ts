/** Writes for the next commit of a journal, in the order in which they were told. */
import type { SqlJournal } from "@effect-whatsapp/core/services"

export const make = (journal: SqlJournal.SqlJournal["Service"]) => {
  let pending: Array<SqlJournal.Write> = []
  let written: Array<SqlJournal.Write> = []
  const member: SqlJournal.Member = {
    // Whoever hears that a commit is kept goes on at once and may tell more, which is not of that commit.
    changes: () => {
      written = pending
      pending = []
      return written
    },
    kept: () => {
      written = []
    },
    lost: () => {
      pending = [...written, ...pending]
      written = []
    }
  }
  return {
    member,
    write: (...writes: ReadonlyArray<SqlJournal.Write>): void => {
      pending.push(...writes)
      journal.changed()
    }
  }
}
