/**
 * Remembers how far each message came, so that a status which says less than an earlier one is marked stale: Meta
 * delivers statuses in any order.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redis from "effect/persistence/Redis"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { DeliveryStatus } from "../domain/DeliveryStatus.ts"
import type { MessageStatesError } from "../errors/MessageStatesError.ts"
import type { StatusUpdate } from "../events/StatusUpdate.ts"
import * as MessageStatesMemory from "../stores/MessageStatesMemory.ts"
import type { Method } from "./Method.ts"
import * as MessageStatesRedis from "../stores/MessageStatesRedis.ts"
import * as MessageStatesSql from "../stores/MessageStatesSql.ts"

/** Service that knows the highest status of every message, in a group of every participant. */
export class MessageStates extends Context.Service<
  MessageStates,
  {
    /** Takes a status in and tells whether it is stale. Safe to repeat: a status is not stale beside itself. */
    readonly observe: Method<[update: StatusUpdate], boolean, MessageStatesError>
    /**
     * The highest status seen for the message of `update`, of `Sent`, `Delivered`, `Read` and `Played`; nothing when
     * none of these was seen, though it may have failed.
     */
    readonly highest: (
      update: Pick<StatusUpdate, "phoneNumberId" | "wamid" | "recipient">
    ) => Effect.Effect<DeliveryStatus | undefined, MessageStatesError>
  }
>()("@effect-whatsapp/core/services/MessageStates") {}

/** Makes what `layerMemory` provides, for those who need no layer. */
export const makeMemory = (options?: MessageStatesMemory.Options): MessageStates["Service"] =>
  MessageStatesMemory.make(options)

/** Layer that remembers the last `capacity` messages (200,000 by default) in this process. */
export const layerMemory = (options?: MessageStatesMemory.Options): Layer.Layer<MessageStates> =>
  Layer.sync(MessageStates, () => makeMemory(options))

/**
 * Layer that shares message states between processes through Redis, 6.2 or newer.
 *
 * **Details**
 *
 * A message is remembered for `remember` (30 days by default) after its last status. Without an answer in 5 seconds a
 * method fails; repeating it is safe.
 *
 * **Gotchas**
 *
 * The keys hold the ids of messages and of the participants of groups, which are personal data.
 */
export const layerRedis = (options?: MessageStatesRedis.Options): Layer.Layer<MessageStates, never, Redis.Redis> =>
  Layer.effect(MessageStates, MessageStatesRedis.make(options))

/**
 * Layer that keeps message states in a SQLite database of this process; a restart knows how far each message came.
 *
 * **Details**
 *
 * A status is known at once, and committed at the end of the turn by the `SqlJournal` of the context; without one, by a
 * journal of its own. A message is remembered for `remember` (30 days by default) after its last status. At `capacity`
 * messages (20 million by default) the older half is forgotten.
 *
 * **Gotchas**
 *
 * The database must be this process's alone, and its keys hold the ids of messages and of the participants of groups,
 * which are personal data. The layer dies at start on any database but SQLite.
 */
export const layerSql = (
  options?: MessageStatesSql.Options
): Layer.Layer<MessageStates, SqlError, SqlClient.SqlClient> =>
  Layer.effect(MessageStates, MessageStatesSql.make(options))
