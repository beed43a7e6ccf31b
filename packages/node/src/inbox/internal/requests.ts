/**
 * How another process asks the owner of a file for something. What the file holds is only what the owner's memory was,
 * so a visitor must not change it: it writes its request into a table and waits, and the owner, who looks there once a
 * second, does it and writes the answer.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import { SqlJournal } from "@effect-whatsapp/core/services"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Inbox from "../Inbox.ts"
import * as Care from "./care.ts"
import * as Writes from "./sqliteWrites.ts"

const steps: ReadonlyArray<string> = [
  `CREATE TABLE whatsapp_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    argument TEXT,
    asked_at INTEGER NOT NULL,
    answer TEXT
  ) STRICT`
]

/** How long an answer is waited for. What was asked before that is asked by nobody any more. */
const patience = Duration.seconds(10)
/** A row that is older was left behind by a process that ended. */
const leftBehind = Duration.toMillis("1 minute")

const Row = Schema.Struct({
  id: Schema.Int,
  argument: Schema.NullOr(Schema.fromJsonString(Care.Request)),
  asked_at: Schema.Int,
  answer: Schema.NullOr(Schema.String)
})
const decodeRow = Schema.decodeUnknownEffect(Row)
const AnswerText = Schema.fromJsonString(Care.Answer)
const encodeAnswer = Schema.encodeEffect(AnswerText)
const decodeAnswer = Schema.decodeUnknownEffect(AnswerText)
const encodeRequest = Schema.encodeEffect(Schema.fromJsonString(Care.Request))

/** A second of the world and not of the program's clock: a test that lets a month pass must not look for all of it. */
const aSecond = Effect.provideService(Effect.sleep("1 second"), Clock.Clock, Clock.Clock.defaultValue())

/** Answers what visitors ask, until the scope closes. */
export const serve: (
  inbox: Inbox.Inbox["Service"],
  emptyLog: Effect.Effect<void>
) => Effect.Effect<void, SqlError, SqlJournal.SqlJournal | SqlClient.SqlClient | Scope.Scope> = Effect.fnUntraced(
  function* (inbox, emptyLog) {
    const journal = yield* SqlJournal.SqlJournal
    yield* SqlJournal.migrate("requests", steps)
    const { member, write } = Writes.make(journal)
    yield* journal.join(member)

    /** The request may name a person, and is erased with the answer. */
    const answer = Effect.fnUntraced(function* (id: number, given: Care.Answer) {
      const sql = "UPDATE whatsapp_requests SET answer = ?, argument = NULL WHERE id = ?"
      write({ sql, params: [yield* Effect.orDie(encodeAnswer(given)), id] })
      yield* journal.committed
      yield* emptyLog
    })
    const look = Effect.gen(function* () {
      for (const found of yield* journal.read("SELECT id, argument, asked_at, answer FROM whatsapp_requests")) {
        const row = yield* Effect.option(decodeRow(found))
        const age = (yield* Clock.currentTimeMillis) - Number(found["asked_at"])
        if (Option.isSome(row) && row.value.argument !== null && Math.abs(age) < Duration.toMillis(patience)) {
          yield* answer(row.value.id, yield* Care.perform(inbox, row.value.argument))
        } else if (Option.isNone(row) && Math.abs(age) < leftBehind) {
          yield* answer(Number(found["id"]), { _tag: "failed", details: "the owner is of another version" })
        } else if (found["answer"] === null || Math.abs(age) >= leftBehind) {
          write({ sql: "DELETE FROM whatsapp_requests WHERE id = ?", params: [Number(found["id"])] })
        }
      }
    })
    // What is not answered now is answered a second later, or by nobody.
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.ignore(look), aSecond)))
  }
)

/** Asks the owner of a file, over a visitor's connection. Fails when there is no answer in 10 seconds. */
export const ask = Effect.fnUntraced(function* (request: Care.Request) {
  const sql = yield* SqlClient.SqlClient
  const argument = yield* encodeRequest(request)
  const [row] = yield* sql<{ readonly id: number }>`INSERT INTO whatsapp_requests (kind, argument, asked_at)
    VALUES (${request._tag}, ${argument}, ${yield* Clock.currentTimeMillis}) RETURNING id`
  const id = row?.id ?? 0
  const answered = Effect.gen(function* () {
    const [found] = yield* sql<{
      readonly answer: string | null
    }>`SELECT answer FROM whatsapp_requests WHERE id = ${id}`
    return found?.answer ?? undefined
  }).pipe(
    Effect.repeat({ schedule: Schedule.spaced("100 millis"), until: (answer) => answer !== undefined }),
    Effect.timeoutOption(patience),
    // What is not waited for any more must not be done.
    Effect.ensuring(Effect.ignore(sql`DELETE FROM whatsapp_requests WHERE id = ${id}`))
  )
  const answer = yield* answered
  if (Option.isNone(answer) || answer.value === undefined) {
    return yield* new InboxError({
      method: request._tag,
      details: "the process that owns the file has not answered in 10 seconds; it may be stopped or very busy"
    })
  }
  return yield* decodeAnswer(answer.value)
})
