/** Forgets the digests of what was done when their time is over. */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Writes from "./sqliteWrites.ts"

/** Eight days of a busy number are millions of rows: each step takes a few milliseconds, and none stops the deliveries. */
const chunk = 1000
const pause = Duration.millis(500)
const betweenPasses = Duration.hours(1)

const first = `SELECT digest, until FROM whatsapp_digests ORDER BY digest LIMIT ${chunk}`
const next = `SELECT digest, until FROM whatsapp_digests WHERE digest > ? ORDER BY digest LIMIT ${chunk}`
const forget = "DELETE FROM whatsapp_digests WHERE digest >= ? AND digest <= ? AND until <= ?"

/** Looks at all of them once an hour, until the scope closes. */
export const tend: (journal: SqlJournal.SqlJournal["Service"]) => Effect.Effect<void, never, Scope.Scope> =
  Effect.fnUntraced(function* (journal) {
    const { member, write } = Writes.make(journal)
    yield* journal.join(member)

    /** Looks at those behind `after`, and tells the last of them; nothing at the end of the table. */
    const step = Effect.fnUntraced(function* (after: SqlJournal.Value | undefined) {
      const rows = yield* after === undefined ? journal.read(first) : journal.read(next, after)
      const [begin, end] = [rows[0]?.["digest"], rows.at(-1)?.["digest"]]
      if (begin === undefined || end === undefined) return undefined
      const now = yield* Clock.currentTimeMillis
      if (rows.some(({ until }) => Number(until) <= now)) write({ sql: forget, params: [begin, end, now] })
      return rows.length < chunk ? undefined : end
    })
    const pass = Effect.gen(function* () {
      let after = yield* step(undefined)
      while (after !== undefined) {
        yield* Effect.sleep(pause)
        after = yield* step(after)
      }
    })
    // What a pass that failed did not see, the next one will.
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.ignore(pass), Effect.sleep(betweenPasses))))
  })
