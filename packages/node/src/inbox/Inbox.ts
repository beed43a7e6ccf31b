/**
 * Keeps what Meta delivered until every listener has done its work. It holds two things: deliveries, which are Meta's
 * bytes under their digest, and tasks, one for each delivery, item and listener. Events are never stored: a later
 * version of this package reads the bytes again and understands more of them.
 */
import type { Decision, Tag } from "@effect-whatsapp/core/events"
import type { DeliveryDigest, WhatsAppUser } from "@effect-whatsapp/core/domain"
import type { Deduplication, Method, SqlJournal } from "@effect-whatsapp/core/services"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as SqlClient from "effect/sql/SqlClient"
import * as InboxMemory from "./InboxMemory.ts"
import * as InboxSqlite from "./InboxSqlite.ts"
import * as SqliteClient from "./SqliteClient.ts"

/** The span in which a delivery arrived, so that the work on it can be linked to it, also after a restart. */
export interface Trace {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

/** What Meta posted, as it came. */
export interface Delivery {
  /** SHA-256 of the bytes, in hex. */
  readonly digest: DeliveryDigest
  readonly body: Uint8Array
  readonly receivedAt: DateTime.Utc
  readonly trace?: Trace | undefined
}

/** One listener's work on one item. There is one task for each (digest, position, listener), however often it is admitted. */
export interface NewTask {
  /** Where the item stands in its delivery. */
  readonly position: string
  /** Name of the listener. */
  readonly listener: string
  /** Tasks of one listener and one lane run one after the other, in the order in which they were admitted. */
  readonly lane: string
  readonly tag: Tag
  /** What admission found out about the event, and must not be found out again. */
  readonly decision: Decision
  /** Set when the task is a dead letter from the start: why. */
  readonly dead?: string | undefined
}

export interface Admission {
  /** No item of the delivery is left to admit. */
  readonly settled: boolean
  /**
   * Return at once. The tasks are kept no later than anything that is told to this inbox, or to whoever is `keptBy` the
   * same, after them. @default false
   */
  readonly soon?: boolean | undefined
  /**
   * Each item of the delivery is remembered by whoever is `keptBy` the same, so its digest need not be. @default false
   */
  readonly known?: boolean | undefined
}

/** A task as the inbox keeps it. */
export interface Task extends NewTask {
  /** Names the task for `requeue` and `remove`. */
  readonly id: string
  readonly digest: DeliveryDigest
  /** How often it failed so far. */
  readonly attempts: number
  readonly admittedAt: DateTime.Utc
  /** Where its delivery arrived. */
  readonly trace?: Trace | undefined
}

/** A task that is this process's to run. Its token is current until the task is done, given back or lost. */
export interface Lease {
  readonly task: Task
  readonly token: string
}

export interface OpenLane {
  readonly lane: string
  /** Of a lane that is no conversation's, the lane itself. */
  readonly conversation: string
}

/** A task that will not run again by itself. */
export interface DeadLetter {
  readonly task: Task
  /** Why the last attempt failed, as text. */
  readonly cause: string
  readonly diedAt: DateTime.Utc
}

/** How much the inbox holds. */
export interface Depth {
  /** Deliveries of which an item is not admitted yet. */
  readonly deliveries: number
  /** Tasks that wait for their turn or their next attempt. */
  readonly waiting: number
  /** Tasks that run now. */
  readonly running: number
  readonly dead: number
}

/** What is not done yet. */
export interface Load {
  /** Deliveries of which an item is not admitted or a task not done; dead letters do not count. */
  readonly deliveries: number
  /** How many bytes they are; in memory those of dead letters count too. */
  readonly bytes: number
  /** When the oldest of them arrived. */
  readonly oldest: DateTime.Utc | undefined
}

/** How much of a person was erased. */
export interface Forgotten {
  /** Deliveries that were erased or are kept without the person. */
  readonly deliveries: number
  /** Tasks that waited. */
  readonly tasks: number
  readonly dead: number
  /** Tasks about the person that run at this moment. They are left alone, and their deliveries too: ask again when they are done. */
  readonly running: number
}

/** Service that keeps deliveries and tasks. Every method is safe to repeat. */
export class Inbox extends Context.Service<
  Inbox,
  {
    /** Whether what was kept outlives the process: then it need not be drained before the process ends. */
    readonly durable: boolean
    /** What commits its changes, when others may commit with it. */
    readonly keptBy?: Deduplication.KeptBy | undefined
    /**
     * Keeps a delivery, and returns when it is kept: Meta's 200 stands for this. Bytes that are open already are not
     * kept twice; a durable store also remembers the digests of those that are done. The span it is called in is kept as
     * the delivery's `trace`.
     */
    readonly append: (body: Uint8Array) => Effect.Effect<void, InboxError>
    /** Waits for deliveries that were not admitted yet. Each is handed out once in the life of a process, in order of arrival. */
    readonly take: Effect.Effect<ReadonlyArray<Delivery>, InboxError>
    /**
     * Keeps tasks of items that were admitted, and returns when they are kept; the quick form as with `soon`. When no item
     * of the delivery is left to admit, it is never taken again, and erased when its last task is done.
     */
    readonly admit: Method<
      [digest: DeliveryDigest, tasks: ReadonlyArray<NewTask>, options: Admission],
      void,
      InboxError
    >
    /** The bytes of a delivery that has open tasks or dead letters; nothing when it was erased. */
    readonly body: (digest: DeliveryDigest) => Effect.Effect<Uint8Array | undefined, InboxError>
    /**
     * Waits for tasks of these listeners that may run now, and leases at most `max` of them: the first of their lane,
     * and due. A task whose listener nobody has asked for in an hour becomes a dead letter (`NoSuchListener`); who is
     * too busy for another task asks with `max` 0, which leases nothing and does not wait.
     */
    readonly next: (listeners: ReadonlyArray<string>, max: number) => Effect.Effect<ReadonlyArray<Lease>, InboxError>
    /** Marks tasks done. Like the four that follow, does nothing when a lease is not current. */
    readonly done: (...leases: ReadonlyArray<Lease>) => Effect.Effect<void, InboxError>
    /** Counts a failed attempt and holds the task, and with it its lane, until `at`. */
    readonly retryAt: (lease: Lease, at: DateTime.Utc) => Effect.Effect<void, InboxError>
    /** Counts a failed attempt and makes the task a dead letter, so that its lane goes on. */
    readonly dead: (lease: Lease, cause: string) => Effect.Effect<void, InboxError>
    /** Gives a task back as if it had not been started: a shutdown is no attempt. */
    readonly release: (lease: Lease) => Effect.Effect<void, InboxError>
    /** The dead letters, oldest first. They are kept for 30 days by default. */
    readonly list: Effect.Effect<ReadonlyArray<DeadLetter>, InboxError>
    /** Runs a dead letter again, behind all that waits in its lane and so out of order. Tells whether there was one. */
    readonly requeue: (id: string) => Effect.Effect<boolean, InboxError>
    /** Erases a dead letter. Tells whether there was one. */
    readonly remove: (id: string) => Effect.Effect<boolean, InboxError>
    /**
     * Erases a person: what waits of them, their dead letters, and what deliveries hold of them. They are found by phone
     * in any spelling, by BSUID and by parent BSUID, in what an item says of who wrote it or was written to; give all
     * that is known, since an item may name them by one alone. Items of others in the same delivery stay. What arrives
     * later is new, and digests of deliveries and the ids of what was admitted stay for their 8 days.
     */
    readonly forget: (user: WhatsAppUser) => Effect.Effect<Forgotten, InboxError>
    /**
     * The lanes of tasks that are not done, and which conversations go on in them: whoever starts anew on a durable inbox
     * must go on with these.
     */
    readonly lanes: Effect.Effect<ReadonlyArray<OpenLane>, InboxError>
    readonly depth: Effect.Effect<Depth, InboxError>
    readonly load: Effect.Effect<Load, InboxError>
    /** Waits until nothing is left to admit or to run; dead letters do not count. */
    readonly awaitIdle: Effect.Effect<void, InboxError>
  }
>()("@effect-whatsapp/node/inbox/Inbox") {}

export { noSuchListener, orphanedAfter } from "./internal/orphans.ts"

/**
 * Layer that keeps everything in this process: tests, and single instances that may lose it.
 *
 * **Gotchas**
 *
 * 200 means queued, not kept: a crash loses what is open. An orderly shutdown handles all of it first.
 */
export const layerMemory = (options?: InboxMemory.Options): Layer.Layer<Inbox> =>
  Layer.effect(Inbox, InboxMemory.make(options))

export interface SqliteOptions extends SqliteClient.Options, InboxSqlite.Options {}

/**
 * Layer that keeps everything in one SQLite file, which one process owns: nothing that was acknowledged is lost.
 *
 * **Details**
 *
 * 200 means committed and synced (WAL, `synchronous=FULL`); all that changes in a turn of the event loop is one commit.
 * It also provides the file, as `SqlClient` and `SqlJournal`: `Deduplication.layerSql()`, `Identities.layerSql()` and
 * `MessageStates.layerSql()` over it commit together with the inbox. Fails with what is wrong with the file, in one line;
 * a second process on the same file is refused.
 *
 * **Example** (Everything in one file)
 *
 * ```ts
 * import { Deduplication, Identities, MessageStates } from "@effect-whatsapp/core/services"
 * import { Inbox } from "@effect-whatsapp/node/inbox"
 * import { Layer } from "effect"
 *
 * const Stores = Layer.mergeAll(Deduplication.layerSql(), Identities.layerSql(), MessageStates.layerSql()).pipe(
 *   Layer.provideMerge(Inbox.layerSqlite({ path: "bot.db" }))
 * )
 * ```
 */
export const layerSqlite = (
  options: SqliteOptions
): Layer.Layer<Inbox | SqlClient.SqlClient | SqlJournal.SqlJournal, InboxError> =>
  Layer.effect(Inbox, InboxSqlite.make(options)).pipe(Layer.provideMerge(SqliteClient.layer(options)))
