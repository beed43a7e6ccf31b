/** Writes down what is left of deliveries from which a person was erased. */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Effect from "effect/Effect"
import type { Kept } from "./kept.ts"
import * as Writes from "./sqliteWrites.ts"

const rewrite = "UPDATE whatsapp_deliveries SET body = ? WHERE number = ?"
/** Also those that are done: the name of a lane holds a phone number or a BSUID. */
const erase = "DELETE FROM whatsapp_tasks WHERE delivery = ? AND position = ?"

/** Joins the journal, after the keeper, whose writes must come first. */
export const make = Effect.fnUntraced(function* (journal: SqlJournal.SqlJournal["Service"]) {
  const { member, write } = Writes.make(journal)
  yield* journal.join(member)
  return {
    rewritten: ({ number }: Kept, body: Uint8Array, positions: ReadonlySet<string>): void =>
      write(
        { sql: rewrite, params: [body, number] },
        ...Array.from(positions, (position) => ({ sql: erase, params: [number, position] }))
      ),
    /** Empties the log beside the file, which holds what was erased. A visitor who reads may hinder it: then it is overwritten later. */
    emptyLog: Effect.ignore(journal.read("PRAGMA wal_checkpoint(TRUNCATE)"))
  }
})
