/**
 * The ids that Meta hands out. All of them are opaque: they are branded so that one cannot stand where another is
 * meant, and never checked by pattern when Meta sends them, because Meta changes their form without notice.
 */
import * as Schema from "effect/Schema"

/** Schema for the id of a message, `wamid.…`; payments and old messages have ids without that prefix. */
export const MessageId = Schema.String.pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type

/** Schema for a phone number as WhatsApp spells it: digits, which need not be the digits that one dials. */
export const WaId = Schema.String.pipe(Schema.brand("WaId"))
export type WaId = typeof WaId.Type

/** Schema for a business-scoped user id (BSUID), as in `US.48210773395516620014`: one person, one business portfolio. */
export const BusinessScopedUserId = Schema.String.pipe(Schema.brand("BusinessScopedUserId"))
export type BusinessScopedUserId = typeof BusinessScopedUserId.Type

/** How a BSUID looks that a person types. Only to tell it from other words: what Meta sends is never held against it. */
export const bsuidPattern = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/

/** Schema for the id of a business phone number; the number itself is something else. */
export const PhoneNumberId = Schema.String.pipe(Schema.brand("PhoneNumberId"))
export type PhoneNumberId = typeof PhoneNumberId.Type

/** Schema for the id of a WhatsApp Business Account (WABA); Meta's dashboard tests send `0`. */
export const BusinessAccountId = Schema.String.pipe(Schema.brand("BusinessAccountId"))
export type BusinessAccountId = typeof BusinessAccountId.Type

/** Schema for the id of a group. */
export const GroupId = Schema.String.pipe(Schema.brand("GroupId"))
export type GroupId = typeof GroupId.Type

/** Schema for the id of an image, a voice note or a file that can be downloaded: for 7 days when it came by webhook. */
export const MediaId = Schema.String.pipe(Schema.brand("MediaId"))
export type MediaId = typeof MediaId.Type

/** Schema for the id of a call, `wacid.…`. */
export const CallId = Schema.String.pipe(Schema.brand("CallId"))
export type CallId = typeof CallId.Type

/** Schema for the id of a message template; Meta writes it as a number that may have more digits than a double holds. */
export const TemplateId = Schema.String.pipe(Schema.brand("TemplateId"))
export type TemplateId = typeof TemplateId.Type

/** Schema for the id of a conversation, made by `ConversationId.of`: what is ordered is ordered within one of these. */
export const ConversationId = Schema.String.pipe(Schema.brand("ConversationId"))
export type ConversationId = typeof ConversationId.Type

/** Schema for the SHA-256 of a delivery's bytes, in hex: the name under which an `Inbox` keeps it. */
export const DeliveryDigest = Schema.String.pipe(Schema.brand("DeliveryDigest"))
export type DeliveryDigest = typeof DeliveryDigest.Type
