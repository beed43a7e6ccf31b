/**
 * The inbox in one SQLite file. Memory is the truth of the one process that owns the file, and at the end of each turn
 * of the event loop the file is brought up to it in one commit, together with every other store of the same file.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import { SqlJournal } from "@effect-whatsapp/core/services"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Inbox from "./Inbox.ts"
import { digestOf } from "./internal/digest.ts"
import * as Engine from "./internal/engine.ts"
import type { Kept } from "./internal/kept.ts"
import * as Requests from "./internal/requests.ts"
import * as Service from "./internal/service.ts"
import * as Erasing from "./internal/sqliteErasing.ts"
import * as SqliteKeeper from "./internal/sqliteKeeper.ts"
import * as Tables from "./internal/sqliteTables.ts"
import { currentTrace } from "./internal/trace.ts"

export interface Options {
  /**
   * How many deliveries may be open at once; beyond that Meta is told to come back (503). As many dead letters are kept
   * beside them; beyond that the oldest is erased. @default 100_000
   */
  readonly capacity?: number | undefined
  /** How many bytes of open deliveries it may hold; beyond that 503. @default 1_073_741_824 (1 GiB) */
  readonly maxBytes?: number | undefined
  /** How long dead letters are kept. @default "30 days" */
  readonly keepDeadLetters?: Duration.Input | undefined
  /** How long bytes are known as seen after they were done: longer than Meta redelivers. @default "8 days" */
  readonly remember?: Duration.Input | undefined
}

/** How many digests of what is done are remembered at most. */
const maxDigests = 20_000_000

/** How many bytes of what nobody has taken yet are kept in memory too. */
const maxAtHand = 67_108_864

const orError =
  (method: string) =>
  <A, R>(effect: Effect.Effect<A, SqlError, R>): Effect.Effect<A, InboxError, R> =>
    Effect.mapError(effect, (cause) => new InboxError({ method, details: cause.message, cause }))

const readRows = Schema.decodeUnknownEffect(Schema.Array(Tables.DeliveryRow))
const readTasks = Schema.decodeUnknownEffect(Schema.Array(Tables.TaskRow))
const unreadable = (cause: Schema.SchemaError) =>
  new InboxError({ method: "open", details: "its rows are not what this program writes; restore a copy", cause })

type Make = (
  options?: Options
) => Effect.Effect<Inbox.Inbox["Service"], InboxError, SqlJournal.SqlJournal | SqlClient.SqlClient | Scope.Scope>

export const make: Make = Effect.fnUntraced(function* (options) {
  const journal = yield* SqlJournal.SqlJournal
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  yield* orError("open")(SqlJournal.migrate("inbox", Tables.steps))
  const deliveries = yield* orError("open")(journal.read(Tables.selectDeliveries)).pipe(
    Effect.flatMap(readRows),
    Effect.catchTag("SchemaError", (cause) => Effect.fail(unreadable(cause)))
  )
  const tasks = yield* orError("open")(journal.read(Tables.selectTasks)).pipe(
    Effect.flatMap(readTasks),
    Effect.catchTag("SchemaError", (cause) => Effect.fail(unreadable(cause)))
  )

  // Joins first: a digest is kept with the erasure of its delivery.
  const digests = yield* orError("open")(
    SqlJournal.makeMap({ store: "digests", remember: options?.remember ?? "8 days", capacity: maxDigests })
  )
  const keeping = (engine: Engine.Engine) => SqliteKeeper.make({ digests, engine, journal, maxAtHand })
  const { engine, keeper } = Engine.make({
    now,
    // Beyond every name that an earlier process can have given.
    counter: now() * 100,
    capacity: options?.capacity ?? 100_000,
    maxBytes: options?.maxBytes ?? 1_073_741_824,
    deadCount: false,
    keeper: keeping
  })
  restore(engine, deliveries, tasks, now())
  yield* journal.join(keeper.member)
  const erasing = yield* Erasing.make(journal)

  const service = yield* Service.make({
    engine,
    durable: true,
    keptBy: journal,
    kept: orError("commit")(journal.committed),
    read: ({ body, number }) =>
      body === undefined
        ? Effect.map(orError("body")(journal.read(Tables.selectBody, number)), ([row]) =>
            row?.["body"] instanceof Uint8Array ? row["body"] : undefined
          )
        : Effect.succeed(body),
    append: (body) =>
      Effect.withFiber((fiber) => {
        const digest = digestOf(body)
        const found = engine.find(digest)
        if (found !== undefined) return found.stored ? Effect.void : keeper.appended(found)
        const details = engine.refuses(body.length)
        if (details !== undefined) return Effect.fail(new InboxError({ method: "append", details }))
        const keep = (known: SqlJournal.Known): Effect.Effect<void, InboxError> =>
          known === null
            ? keeper.appended(engine.find(digest) ?? engine.add(digest, body, currentTrace(fiber)))
            : Effect.void
        const known = digests.isEmpty() ? null : digests.peek(digest)
        return known === undefined ? Effect.flatMap(orError("append")(digests.load(digest)), keep) : keep(known)
      }),
    rewritten: erasing.rewritten,
    keepDeadLetters: options?.keepDeadLetters
  })
  const inbox: Inbox.Inbox["Service"] = {
    ...service,
    forget: (user) => Effect.tap(service.forget(user), () => erasing.emptyLog)
  }
  yield* orError("open")(Requests.serve(inbox, erasing.emptyLog))
  return inbox
})

const restore = (
  engine: Engine.Engine,
  deliveries: ReadonlyArray<typeof Tables.DeliveryRow.Type>,
  tasks: ReadonlyArray<typeof Tables.TaskRow.Type>,
  now: number
): void => {
  const byNumber = new Map<number, Kept>()
  for (const { digest, number, received_at, settled, size, trace } of deliveries) {
    const row = { number, digest, receivedAt: received_at, settled: settled === 1, size, trace: trace ?? undefined }
    byNumber.set(number, engine.restore({ ...row, stored: true }, undefined))
  }
  for (const row of tasks) {
    const kept = byNumber.get(row.delivery)
    if (kept === undefined) continue
    kept.tasksStored = true
    const { attempts, cause, decision, died_at, held_since, held_until, id, lane, listener, place, position, tag } = row
    engine.resume({
      kept,
      id: String(id),
      order: place,
      task: { position, listener, lane, tag, decision },
      admittedAt: row.admitted_at,
      attempts,
      state: row.state,
      // What came due meanwhile may run at once.
      held:
        held_since === null || held_until === null || held_until <= now
          ? undefined
          : { since: held_since, until: held_until },
      letter: row.state === "dead" ? { cause: cause ?? "", diedAt: died_at ?? row.admitted_at } : undefined
    })
  }
  const all = Array.from(byNumber.values())
  for (const { digest, settled } of all) engine.admit(digest, [], { settled }, false)
  engine.arrive(all.filter(({ settled }) => !settled))
}
