/**
 * Commits what several stores changed, together. A store of one process answers from memory and says that it changed;
 * at the end of the turn of the event loop all changes of all stores are written in one transaction. So the database
 * always shows one moment of the memory, a crash loses whole moments and never half of one, and a thousand changes cost
 * one commit.
 */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Method } from "./Method.ts"
import type { SqlError } from "effect/sql/SqlError"

/** What a statement may be given. */
export type Value = string | number | bigint | Uint8Array | null

/** A statement, with a value for each `?`. Statements of one text are prepared once, so values never stand in the text. */
export interface Write {
  readonly sql: string
  readonly params: ReadonlyArray<Value>
}

/** A row as the database gave it. */
export type Row = { readonly [column: string]: Value | undefined }

/** A store that commits through a journal. None of its methods may throw. */
export interface Member {
  /** The writes that bring the database from what was kept to what is so now; they run in this order. */
  readonly changes: () => Iterable<Write>
  /** What `changes` gave last is kept. */
  readonly kept: () => void
  /** What `changes` gave last is not kept, and must be among what it gives next. */
  readonly lost: (cause: Cause.Cause<SqlError>) => void
}

/** Service that commits the changes of its members, and lets them read. */
export class SqlJournal extends Context.Service<
  SqlJournal,
  {
    /** Takes a store in until the scope closes; its last changes are committed before. Members write in the order in which they joined. */
    readonly join: (member: Member) => Effect.Effect<void, never, Scope.Scope>
    /** Says that a member has changes. They are committed at the end of this turn; when that fails, it is tried again until it succeeds. */
    readonly changed: () => void
    /** Waits until everything that has changed so far is kept. Fails with the commit that fails; its changes are still to be committed. */
    readonly committed: Effect.Effect<void, SqlError>
    /** Asks the database, which knows what was committed. Does not wait for the commit. */
    readonly read: Method<[sql: string, ...params: ReadonlyArray<Value>], ReadonlyArray<Row>, SqlError>
  }
>()("@effect-whatsapp/core/services/SqlJournal") {}

export { make as fromClient } from "../stores/SqlJournalClient.ts"
export { migrate } from "../stores/SqlSchema.ts"
export { make as makeMap, type SqlMap, type Value as Known } from "../stores/SqlMap.ts"
