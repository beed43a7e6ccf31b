/** A store that the tests of the journal watch: what it is told, and what is in the file. */
import { SqlJournal } from "@effect-whatsapp/core/services"
import { Effect } from "effect"

const table = "CREATE TABLE kept (id INTEGER PRIMARY KEY, body BLOB)"

export const insert = (id: number, body: SqlJournal.Value = null): SqlJournal.Write => ({
  sql: "INSERT INTO kept VALUES (?, ?)",
  params: [id, body]
})

/** A member that writes what it is given, again and again until it is kept. */
export const makeMember = Effect.gen(function* () {
  const journal = yield* SqlJournal.SqlJournal
  let news: Array<SqlJournal.Write> = []
  let given = 0
  const seen = { asked: 0, kept: 0, lost: 0 }
  const member: SqlJournal.Member = {
    changes: () => {
      seen.asked++
      given = news.length
      return news
    },
    kept: () => {
      seen.kept++
      news = news.slice(given)
    },
    lost: () => {
      seen.lost++
    }
  }
  return {
    member,
    seen,
    write: (...writes: ReadonlyArray<SqlJournal.Write>) => {
      news.push(...writes)
      journal.changed()
    },
    takeBack: () => {
      news = []
    }
  }
})

/** A member that has joined, and its table. */
export const joined = Effect.gen(function* () {
  const journal = yield* SqlJournal.SqlJournal
  yield* SqlJournal.migrate("kept", [table])
  const made = yield* makeMember
  yield* journal.join(made.member)
  return made
})

/** What the file has. */
export const ids = Effect.gen(function* () {
  const journal = yield* SqlJournal.SqlJournal
  const rows = yield* journal.read("SELECT id FROM kept ORDER BY id")
  return rows.map((row) => row["id"])
})
