/**
 * Remembers how far each message came, so that a status which says less than an earlier one is marked stale: Meta
 * delivers statuses in any order.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { DeliveryStatus } from "../domain/DeliveryStatus.ts"
import type { MessageStatesError } from "../errors/MessageStatesError.ts"
import type { StatusUpdate } from "../events/StatusUpdate.ts"
import * as MessageStatesMemory from "../stores/MessageStatesMemory.ts"

/** Service that knows the highest status of every message, in a group of every participant. */
export class MessageStates extends Context.Service<
  MessageStates,
  {
    /** Takes a status in and tells whether it is stale. Safe to repeat: a status is not stale beside itself. */
    readonly observe: (update: StatusUpdate) => Effect.Effect<boolean, MessageStatesError>
    /** The highest status seen for the message of `update`, or nothing when none was seen. */
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
