/** An item of `statuses`: how far a message came that was sent. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, GroupId, MessageId } from "../domain/Ids.ts"
import { MetaErrors } from "./MetaError.ts"
import { id, lenient, optional, ownId, Phone, Text, UnixSeconds, YesNo } from "./scalars.ts"

export const Pricing = Schema.Struct({
  pricing_model: lenient(Text),
  billable: lenient(YesNo),
  type: lenient(Text),
  /** An older spelling of `type`. */
  pricing_type: lenient(Text),
  category: lenient(Text)
})
export type Pricing = typeof Pricing.Type

export const Conversation = Schema.Struct({
  id: lenient(Text),
  expiration_timestamp: lenient(UnixSeconds),
  origin: lenient(Schema.Struct({ type: lenient(Text) })),
  /** Some group statuses hold the pricing here. */
  pricing: lenient(Pricing)
})
export type Conversation = typeof Conversation.Type

/** Three spellings of the parent id and two of the participant have been seen; all are read. */
export const Status = Schema.Struct({
  id: ownId(MessageId),
  status: Text,
  timestamp: UnixSeconds,
  type: optional(Text),
  /** A phone number, or a group id when the message went to a group. */
  recipient_id: optional(Text),
  /** Where the oldest payloads have the recipient. */
  message: lenient(Schema.Struct({ recipient_id: lenient(Text) })),
  recipient_type: optional(Text),
  group_id: optional(id(GroupId)),
  recipient_user_id: optional(id(BusinessScopedUserId)),
  recipient_parent_user_id: optional(id(BusinessScopedUserId)),
  parent_recipient_user_id: optional(id(BusinessScopedUserId)),
  parent_user_id: optional(id(BusinessScopedUserId)),
  recipient_participant_id: optional(Phone),
  participant_recipient_id: optional(Phone),
  recipient_participant_user_id: optional(id(BusinessScopedUserId)),
  recipient_participant_parent_user_id: optional(id(BusinessScopedUserId)),
  biz_opaque_callback_data: lenient(Text),
  conversation: lenient(Conversation),
  pricing: lenient(Pricing),
  errors: lenient(MetaErrors)
})
export type Status = typeof Status.Type
