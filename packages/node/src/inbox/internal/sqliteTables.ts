/** The tables of the inbox, what is written to them, and how it is read again. */
import { ConversationId, DeliveryDigest } from "@effect-whatsapp/core/domain"
import { type Decision, type Tag, WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import type { Entry, Kept } from "./kept.ts"

/**
 * A step is never changed once it was published. What is done has no row any more, and the pages of its row are used
 * again.
 */
export const steps: ReadonlyArray<string> = [
  `CREATE TABLE whatsapp_deliveries (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    trace TEXT,
    body BLOB NOT NULL
  ) STRICT`,
  `CREATE TABLE whatsapp_tasks (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL,
    position TEXT NOT NULL,
    listener TEXT NOT NULL,
    lane TEXT NOT NULL,
    tag TEXT NOT NULL,
    decision TEXT NOT NULL,
    admitted_at INTEGER NOT NULL,
    place INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL,
    held_since INTEGER,
    held_until INTEGER,
    cause TEXT,
    died_at INTEGER
  ) STRICT`,
  "CREATE INDEX whatsapp_tasks_delivery ON whatsapp_tasks (delivery)"
]

type Write = SqlJournal.Write

const digestBytes = (digest: DeliveryDigest): Uint8Array => Buffer.from(digest, "hex")

const insertDelivery =
  "INSERT INTO whatsapp_deliveries (number, digest, received_at, settled, trace, body) VALUES (?, ?, ?, ?, ?, ?)"
export const delivery = ({ digest, number, receivedAt, settled, trace }: Kept, body: Uint8Array): Write => ({
  sql: insertDelivery,
  params: [
    number,
    digestBytes(digest),
    receivedAt,
    settled ? 1 : 0,
    trace === undefined ? null : JSON.stringify(trace),
    body
  ]
})
export const settled = ({ number }: Kept): Write => ({
  sql: "UPDATE whatsapp_deliveries SET settled = 1 WHERE number = ?",
  params: [number]
})
/** Erases deliveries of consecutive numbers. */
export const erased = (first: number, last: number): Write => ({
  sql: "DELETE FROM whatsapp_deliveries WHERE number BETWEEN ? AND ?",
  params: [first, last]
})
export const tasksErased = ({ number }: Kept): Write => ({
  sql: "DELETE FROM whatsapp_tasks WHERE delivery = ?",
  params: [number]
})
const putTask = `INSERT INTO whatsapp_tasks (id, delivery, position, listener, lane, tag, decision, admitted_at, place,
    attempts, state, held_since, held_until, cause, died_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET place = excluded.place, attempts = excluded.attempts, state = excluded.state,
    held_since = excluded.held_since, held_until = excluded.held_until, cause = excluded.cause, died_at = excluded.died_at`
/** What runs is written as waiting: if this process dies, it is. */
export const task = ({ admittedAt, attempts, held, id, kept, letter, order, state, task }: Entry): Write => ({
  sql: putTask,
  params: [
    Number(id),
    kept.number,
    task.position,
    task.listener,
    task.lane,
    task.tag,
    JSON.stringify(task.decision),
    admittedAt,
    order,
    attempts,
    state === "running" ? "waiting" : state,
    held?.since ?? null,
    held?.until ?? null,
    letter?.cause ?? null,
    letter?.diedAt ?? null
  ]
})

export const selectBody = "SELECT body FROM whatsapp_deliveries WHERE number = ?"
export const selectDeliveries =
  "SELECT number, digest, received_at, settled, trace, length(body) AS size FROM whatsapp_deliveries ORDER BY number"
export const selectTasks = "SELECT * FROM whatsapp_tasks ORDER BY place"

export const Digest = Schema.Uint8Array.pipe(
  Schema.decodeTo(DeliveryDigest, {
    decode: SchemaGetter.transform((bytes: Uint8Array) => Buffer.from(bytes).toString("hex")),
    encode: SchemaGetter.transform((hex: string): Uint8Array => Buffer.from(hex, "hex"))
  })
)
const Trace = Schema.fromJsonString(
  Schema.Struct({ traceId: Schema.String, spanId: Schema.String, sampled: Schema.Boolean })
)
export const DeliveryRow = Schema.Struct({
  number: Schema.Int,
  digest: Digest,
  received_at: Schema.Int,
  settled: Schema.Literals([0, 1]),
  trace: Schema.NullOr(Trace),
  size: Schema.Int
})

const isTag = (tag: string): tag is Tag => Object.hasOwn(WhatsAppEvent.guards, tag)
/** A tag that only another version knows. */
const foreign: Tag = "UnknownFieldReceived"
const StoredTag = Schema.String.pipe(
  Schema.decodeTo(
    Schema.declare((tag): tag is Tag => typeof tag === "string" && isTag(tag)),
    {
      decode: SchemaGetter.transform((tag: string): Tag => (isTag(tag) ? tag : foreign)),
      encode: SchemaGetter.transform((tag: Tag): string => tag)
    }
  )
)
const StoredDecision: Schema.Codec<Decision, string> = Schema.fromJsonString(
  Schema.Struct({
    owner: Schema.optionalKey(Schema.Boolean),
    stale: Schema.optionalKey(Schema.Boolean),
    conversationId: Schema.optionalKey(ConversationId),
    previousConversationId: Schema.optionalKey(ConversationId)
  })
)
export const TaskRow = Schema.Struct({
  id: Schema.Int,
  delivery: Schema.Int,
  position: Schema.String,
  listener: Schema.String,
  lane: Schema.String,
  tag: StoredTag,
  decision: StoredDecision,
  admitted_at: Schema.Int,
  place: Schema.Int,
  attempts: Schema.Int,
  state: Schema.Literals(["waiting", "done", "dead"]),
  held_since: Schema.NullOr(Schema.Int),
  held_until: Schema.NullOr(Schema.Int),
  cause: Schema.NullOr(Schema.String),
  died_at: Schema.NullOr(Schema.Int)
})
