/**
 * What someone else sent to a customer in the name of the business: the Business app (`smb_message_echoes`), which
 * writes it down as a message, or another responder (`standby`), of whom the body of the request is shown.
 */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, MessageId } from "../domain/Ids.ts"
import { id, lenient, optional, ownId, Phone, Text, UnixSeconds } from "./scalars.ts"

const recipient = {
  to_user_id: optional(id(BusinessScopedUserId)),
  to_parent_user_id: optional(id(BusinessScopedUserId))
}

/** Who a message went to; the rest of it is a message as any other. */
export const Recipient = Schema.Struct({ to: optional(Phone), ...recipient })
export type Recipient = typeof Recipient.Type

/** What the body of a send says of who it is for. */
export const Body = Schema.Struct({
  /** A phone number as the sender wrote it, or a group. */
  to: optional(Text),
  /** A BSUID. */
  recipient: optional(Text),
  recipient_type: lenient(Text)
})
export type Body = typeof Body.Type

/** An item of `standby.message_echoes`; `message` is the body of the request that sent it. */
export const StandbyEcho = Schema.Struct({
  id: ownId(MessageId),
  timestamp: UnixSeconds,
  message: Schema.JsonObject,
  ...recipient,
  /** The whole definition of what was sent by name. */
  template: lenient(Schema.JsonObject),
  flow: lenient(Schema.JsonObject)
})
export type StandbyEcho = typeof StandbyEcho.Type
