/**
 * Remembers which items were admitted: Meta redelivers for seven days, so every receiver sees duplicates. There is no
 * `once(key, work)` on purpose: it would have to take `Busy` for done, and a message would be lost with the process
 * that held the claim.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import type * as Redis from "effect/persistence/Redis"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { DeduplicationError } from "../errors/DeduplicationError.ts"
import * as DeduplicationMemory from "../stores/DeduplicationMemory.ts"
import * as DeduplicationRedis from "../stores/DeduplicationRedis.ts"
import * as DeduplicationSql from "../stores/DeduplicationSql.ts"
import * as Method from "./Method.ts"
import type { SqlJournal } from "./SqlJournal.ts"

/** Proof of a claim; current until it is completed, released, or past its lease. */
export type Token = { readonly key: string; readonly id: string }

/** What became of a claim. */
export type Claim = Data.TaggedEnum<{
  /** Yours: write the tasks, then `complete`. */
  Claimed: { readonly token: Token }
  /** Someone else's, who may still fail: claim again at `until`. Never skip. */
  Busy: { readonly until: DateTime.Utc }
  /** Admitted before: drop the item. */
  Done: {}
}>
export const Claim = Data.taggedEnum<Claim>()

/** This process, or a journal. */
export type KeptBy = "process" | SqlJournal["Service"]

/** Service that decides whether an item is admitted, and nothing else. */
export class Deduplication extends Context.Service<
  Deduplication,
  {
    /** Leases `key`. Exactly one of any concurrent callers gets `Claimed`. */
    readonly claim: Method.Method<[key: string], Claim, DeduplicationError>
    /** Turns the lease into a lasting memory. Does nothing when `token` is not current. */
    readonly complete: Method.Method<[token: Token], void, DeduplicationError>
    /** Ends the lease, so that the next claim succeeds. Does nothing when `token` is not current. */
    readonly release: Method.Method<[token: Token], void, DeduplicationError>
    /**
     * What its memory is lost with: this process, or the last moment of a journal. Then it never outlives what an inbox of
     * the same kind was told before, and nobody need wait in between. Absent for a store of its own.
     */
    readonly keptBy?: KeptBy | undefined
  }
>()("@effect-whatsapp/core/services/Deduplication") {}

export interface Options {
  /** Longer than writing one item's tasks takes. @default "1 minute" */
  readonly lease?: Duration.Input | undefined
  /** Longer than Meta redelivers, which is 7 days. @default "8 days" */
  readonly remember?: Duration.Input | undefined
}

/**
 * Layer that remembers keys in this process: tests and single instances.
 *
 * **Gotchas**
 *
 * A restart forgets everything, so what Meta redelivers across it is handled twice. At `capacity` keys (1 million by
 * default) the older half is forgotten early, which is counted and logged once.
 */
export const layerMemory = (options?: DeduplicationMemory.Options): Layer.Layer<Deduplication> =>
  Layer.effect(Deduplication, DeduplicationMemory.make(options))

/**
 * Layer that shares keys between processes and machines through Redis, 6.2 or newer; they outlive the processes.
 *
 * **When to use**
 *
 * To drop what was admitted before a restart, or by another machine, wherever the inbox keeps its deliveries.
 *
 * **Details**
 *
 * Each key is one string, which Redis drops after the lease, or after `remember` when it was completed. Without an
 * answer in 5 seconds a method fails; repeating it is safe. A claim whose answer did not come is given back as soon as
 * Redis takes that; at worst, and when a process dies with its claims, a key is Busy for one lease more.
 *
 * **Gotchas**
 *
 * A key is remembered only for as long as Redis keeps it: with `maxmemory-policy` `noeviction`, and over a restart of
 * Redis only with `appendonly yes`. What it lost is admitted again when Meta redelivers it. The other way round, what was
 * admitted stays so when an inbox in memory is lost with its process.
 *
 * Two programs that each handle everything need a `prefix` each, or every item comes to one of them only. The keys hold
 * the ids of items, and with them whatever ids of people these contain: guard that Redis as personal data.
 */
export const layerRedis = (options?: DeduplicationRedis.Options): Layer.Layer<Deduplication, never, Redis.Redis> =>
  Layer.effect(Deduplication, DeduplicationRedis.make(options))

/**
 * Layer that keeps keys in a SQLite database of this process; a restart knows what was admitted before it.
 *
 * **Details**
 *
 * What is completed is known at once, and committed at the end of the turn by the `SqlJournal` of the context, together
 * with what the other stores of that journal changed; without one, by a journal of its own. Claims are lost with the
 * process, and so are free after a restart. At `capacity` keys (20 million by default) the older half is forgotten early,
 * which is counted and logged once. Forgotten keys are deleted little by little, within hours.
 *
 * **Gotchas**
 *
 * The database must be this process's alone: leases are in memory, and another process would not see them. The layer
 * dies at start on any database but SQLite.
 */
export const layerSql = (
  options?: DeduplicationSql.Options
): Layer.Layer<Deduplication, SqlError, SqlClient.SqlClient> =>
  Layer.effect(Deduplication, DeduplicationSql.make(options))

/**
 * Layer that admits everything, redelivered items too.
 *
 * **Gotchas**
 *
 * An inbox keeps bytes once for as long as they are open, so the very same bytes are one delivery until it is done.
 */
export const layerNone: Layer.Layer<Deduplication> = Layer.succeed(Deduplication, {
  claim: Method.make((key: string): Claim => Claim.Claimed({ token: { key, id: "" } })),
  complete: Method.make(() => {}),
  release: Method.make(() => {}),
  keptBy: "process"
})
