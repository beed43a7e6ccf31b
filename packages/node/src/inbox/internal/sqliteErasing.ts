/** Writes down what is left of deliveries from which a person was erased. Joins the journal after the keeper. */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Effect from "effect/Effect"
import type { Kept } from "./engine.ts"

interface Remains {
  readonly body: Uint8Array
  readonly positions: ReadonlySet<string>
}

const rewrite = "UPDATE whatsapp_deliveries SET body = ? WHERE number = ?"
/** Also those that are done: the name of a lane holds a phone number or a BSUID. */
const erase = "DELETE FROM whatsapp_tasks WHERE delivery = ? AND position = ?"

export const make = (journal: SqlJournal.SqlJournal["Service"]) => {
  let pending = new Map<number, Remains>()
  let written = new Map<number, Remains>()
  const add = (number: number, { body, positions }: Remains) => {
    const before = pending.get(number)
    pending.set(number, { body, positions: new Set([...(before?.positions ?? []), ...positions]) })
  }
  const member: SqlJournal.Member = {
    changes: () => {
      written = pending
      pending = new Map()
      return Array.from(written).flatMap(([number, { body, positions }]) => [
        { sql: rewrite, params: [body, number] },
        ...Array.from(positions, (position) => ({ sql: erase, params: [number, position] }))
      ])
    },
    kept: () => {
      written = new Map()
    },
    lost: () => {
      const later = pending
      pending = written
      written = new Map()
      for (const [number, remains] of later) add(number, remains)
    }
  }
  return {
    member,
    rewritten: ({ number }: Kept, body: Uint8Array, positions: ReadonlySet<string>): void => {
      add(number, { body, positions })
      journal.changed()
    },
    /** Empties the log beside the file, which holds what was erased. A visitor who reads may hinder it: then it is overwritten later. */
    emptyLog: Effect.ignore(journal.read("PRAGMA wal_checkpoint(TRUNCATE)"))
  }
}
