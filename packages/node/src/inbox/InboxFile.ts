/**
 * The file of `Inbox.layerSqlite` from outside: what it holds, and what a person asks of it. It works while a process
 * owns the file and while none does. Looking shows what was committed; a change is done by the owner, who is asked for it
 * through the file and answers within about a second, or by this process, which owns the file for that moment.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Inbox from "./Inbox.ts"
import * as Care from "./internal/care.ts"
import * as Requests from "./internal/requests.ts"
import * as View from "./internal/sqliteView.ts"
import * as SqliteClient from "./SqliteClient.ts"

export interface Options extends SqliteClient.Options {}

export interface Status extends Inbox.Load, Pick<Inbox.Depth, "dead"> {
  /** Deliveries of which an item is not admitted yet. */
  readonly unsettled: number
  /** Tasks that wait or run. */
  readonly waiting: number
  /** Size of the file and of the log beside it, in bytes. */
  readonly fileBytes: number
  /** Whether a process owns the file. */
  readonly isOwned: boolean
}

/** Which dead letters were changed, and which ids are those of none. */
export type Letters = Omit<Care.Letters, "_tag">

type Failure = InboxError | SqlError | Schema.SchemaError

/** What went wrong with a statement, as an error of the inbox. */
const orError =
  (method: string) =>
  (cause: Failure): InboxError => {
    if (cause._tag === "InboxError") return cause
    const details = `The database cannot be used: ${cause.message.split("\n", 1)[0] ?? ""}`
    return new InboxError({ method, details, cause })
  }

const visiting = <A>(
  options: Options,
  method: string,
  visit: Effect.Effect<A, Failure, SqlClient.SqlClient>
): Effect.Effect<A, InboxError> =>
  visit.pipe(Effect.provide(SqliteClient.layerVisitor(options)), Effect.mapError(orError(method)))

/** How much the file holds. */
export const status: (options: Options) => Effect.Effect<Status, InboxError> = Effect.fnUntraced(function* (options) {
  const found = yield* visiting(options, "status", View.status)
  return {
    ...found,
    oldest: found.oldest === null ? undefined : DateTime.makeUnsafe(found.oldest),
    fileBytes: View.sizeOf(options.path),
    isOwned: yield* SqliteClient.isOwned(options)
  }
})

/** The dead letters, oldest first. */
export const list = (options: Options): Effect.Effect<ReadonlyArray<Inbox.DeadLetter>, InboxError> =>
  visiting(options, "list", View.letters)

/** Nothing may be refused or dropped only because somebody looks after the file with other settings than the server's. */
const everything = { capacity: Infinity, maxBytes: Infinity, keepDeadLetters: Duration.infinity }

const asOwner = (options: Options, request: Care.Request) =>
  Effect.flatMap(Inbox.Inbox, (inbox) => Care.perform(inbox, request)).pipe(
    Effect.provide(Inbox.layerSqlite({ ...options, ...everything }))
  )

const change = Effect.fnUntraced(function* (options: Options, request: Care.Request) {
  const asked = visiting(options, request._tag, Requests.ask(request))
  // Also fails when there is no such file, which an owner would make.
  yield* visiting(options, request._tag, Effect.void)
  const isOwned = SqliteClient.isOwned(options)
  const own = asOwner(options, request).pipe(
    // A server may have started meanwhile.
    Effect.catch((error) => Effect.flatMap(isOwned, (owned) => (owned ? asked : Effect.fail(error))))
  )
  const answer = yield* (yield* isOwned) ? asked : own
  return answer._tag === "failed" ? yield* new InboxError({ method: request._tag, details: answer.details }) : answer
})

const changeLetters = (options: Options, request: Care.Request): Effect.Effect<Letters, InboxError> =>
  Effect.map(change(options, request), (answer) => (answer._tag === "letters" ? answer : { done: [], unknown: [] }))

/** Runs dead letters again, by their ids or all of them. */
export const requeue = (options: Options, ids: "all" | ReadonlyArray<string>): Effect.Effect<Letters, InboxError> =>
  changeLetters(options, { _tag: "requeue", ids })

/** Erases dead letters. */
export const remove = (options: Options, ids: "all" | ReadonlyArray<string>): Effect.Effect<Letters, InboxError> =>
  changeLetters(options, { _tag: "remove", ids })

/** Erases a person, as `Inbox.forget` does. */
export const forget = (options: Options, user: WhatsAppUser): Effect.Effect<Inbox.Forgotten, InboxError> =>
  Effect.map(change(options, { _tag: "forget", user }), (answer) =>
    answer._tag === "forgotten" ? answer : { deliveries: 0, tasks: 0, dead: 0, running: 0 }
  )
