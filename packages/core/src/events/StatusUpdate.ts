/** How far a message came that was sent. */
import * as Schema from "effect/Schema"
import { DeliveryStatus } from "../domain/DeliveryStatus.ts"
import { BusinessAccountId, GroupId, MessageId, PhoneNumberId } from "../domain/Ids.ts"
import { MetaError } from "../domain/MetaError.ts"
import { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import { raw } from "./shared.ts"

/** What Meta charges for a message; comes with `Sent` and with one of `Delivered` and `Read`. */
export const Pricing = Schema.Struct({
  /** `PMP` (per message) since July 2025, `CBP` before. */
  model: Schema.optionalKey(Schema.String),
  billable: Schema.optionalKey(Schema.Boolean),
  /** `regular`, `free_customer_service`, `free_entry_point`. */
  type: Schema.optionalKey(Schema.String),
  /** `marketing`, `utility`, `authentication`, `service`, …; Meta writes some with a hyphen and with an underscore. */
  category: Schema.optionalKey(Schema.String)
})
export type Pricing = typeof Pricing.Type

/** Meta's billing conversation; from v24.0 on only for free entry points. */
export const Conversation = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  expiresAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
  /** Category of the conversation. */
  origin: Schema.optionalKey(Schema.String)
})
export type Conversation = typeof Conversation.Type

/** The status of a message that was sent changed. Comes in any order, may skip steps and may come twice. */
export const StatusUpdate = Schema.TaggedStruct("StatusUpdate", {
  wamid: MessageId,
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  status: DeliveryStatus,
  timestamp: Schema.DateTimeUtcFromString,
  /** Who it was sent to: in a group the participant this status is about, together with `groupId`. */
  recipient: Schema.Struct({ ...WhatsAppUser.fields, groupId: Schema.optionalKey(GroupId) }),
  /** Why it failed; empty otherwise. */
  errors: Schema.Array(MetaError),
  pricing: Schema.optionalKey(Pricing),
  conversation: Schema.optionalKey(Conversation),
  /** What was given with the send as `callbackData`, or the random key that was sent in its place. */
  callbackData: Schema.optionalKey(Schema.String),
  /** Says less than a status that was seen before. */
  stale: Schema.Boolean,
  ...raw
})
export type StatusUpdate = typeof StatusUpdate.Type

type Of = Pick<StatusUpdate, "recipient" | "wamid">

/** Whom of a group a status is about; nobody outside of groups. */
export const participantOf = ({ recipient }: Of): string =>
  recipient.groupId === undefined ? "" : (recipient.userId ?? recipient.waId ?? recipient.parentUserId ?? "")

/** What a status is about: a message, and in a group the participant, since each of them has statuses of their own. */
export const messageStateKey = (of: Of): string => `status/${of.wamid}/${participantOf(of)}`
