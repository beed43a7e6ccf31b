/** What customers write. */
import * as Schema from "effect/Schema"
import { ConversationId } from "../domain/Ids.ts"
import { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import { edit, fields } from "./content.ts"
import { message } from "./shared.ts"

/** A customer wrote a text, or tapped an ice breaker. */
export const TextReceived = Schema.TaggedStruct("TextReceived", { ...message, ...fields.text })
export type TextReceived = typeof TextReceived.Type

/** A customer sent a picture. */
export const ImageReceived = Schema.TaggedStruct("ImageReceived", { ...message, ...fields.image })
export type ImageReceived = typeof ImageReceived.Type

/** A customer sent a video. */
export const VideoReceived = Schema.TaggedStruct("VideoReceived", { ...message, ...fields.video })
export type VideoReceived = typeof VideoReceived.Type

/** A customer sent a voice note or another sound, or left voicemail (`wamid` is then the id of the call). */
export const AudioReceived = Schema.TaggedStruct("AudioReceived", { ...message, ...fields.audio })
export type AudioReceived = typeof AudioReceived.Type

/** A customer sent a file. */
export const DocumentReceived = Schema.TaggedStruct("DocumentReceived", { ...message, ...fields.document })
export type DocumentReceived = typeof DocumentReceived.Type

/** A customer sent a sticker. */
export const StickerReceived = Schema.TaggedStruct("StickerReceived", { ...message, ...fields.sticker })
export type StickerReceived = typeof StickerReceived.Type

/** A customer sent a place. A plain pin has neither name nor address. */
export const LocationReceived = Schema.TaggedStruct("LocationReceived", { ...message, ...fields.location })
export type LocationReceived = typeof LocationReceived.Type

/** A customer shared contact cards, or answered a request for contact information. */
export const ContactsReceived = Schema.TaggedStruct("ContactsReceived", { ...message, ...fields.contacts })
export type ContactsReceived = typeof ContactsReceived.Type

/** A customer reacted to a message with an emoji; without `emoji`, they took the reaction back. */
export const ReactionReceived = Schema.TaggedStruct("ReactionReceived", { ...message, ...fields.reaction })
export type ReactionReceived = typeof ReactionReceived.Type

/** A customer pressed a quick-reply button of a template. `payload` equals the label if none was set. */
export const ButtonPressed = Schema.TaggedStruct("ButtonPressed", { ...message, ...fields.button })
export type ButtonPressed = typeof ButtonPressed.Type

/** A customer pressed a reply button of an interactive message. */
export const ReplyButtonPressed = Schema.TaggedStruct("ReplyButtonPressed", { ...message, ...fields.replyButton })
export type ReplyButtonPressed = typeof ReplyButtonPressed.Type

/** A customer chose a row of a list. */
export const ListItemSelected = Schema.TaggedStruct("ListItemSelected", { ...message, ...fields.listItem })
export type ListItemSelected = typeof ListItemSelected.Type

/** A customer finished a Flow or another native flow; `response` is what they filled in. */
export const FlowCompleted = Schema.TaggedStruct("FlowCompleted", { ...message, ...fields.flow })
export type FlowCompleted = typeof FlowCompleted.Type

/** A customer answered a request for an address. */
export const AddressReceived = Schema.TaggedStruct("AddressReceived", { ...message, ...fields.address })
export type AddressReceived = typeof AddressReceived.Type

/** A customer allowed or refused to be called, or allowed it by calling. */
export const CallPermissionAnswered = Schema.TaggedStruct("CallPermissionAnswered", {
  ...message,
  ...fields.callPermission
})
export type CallPermissionAnswered = typeof CallPermissionAnswered.Type

/** A customer agreed to pay with a stored card (Brazil): charge it yourself. Nothing is paid yet. */
export const PaymentMethodChosen = Schema.TaggedStruct("PaymentMethodChosen", { ...message, ...fields.paymentMethod })
export type PaymentMethodChosen = typeof PaymentMethodChosen.Type

/** A customer sent their cart. */
export const OrderReceived = Schema.TaggedStruct("OrderReceived", { ...message, ...fields.order })
export type OrderReceived = typeof OrderReceived.Type

/** A customer opened the chat for the first time, if welcome messages are switched on for the number. */
export const WelcomeRequested = Schema.TaggedStruct("WelcomeRequested", message)
export type WelcomeRequested = typeof WelcomeRequested.Type

/** A customer changed a message within 15 minutes; for numbers that are used in the Business app too. */
export const MessageEdited = Schema.TaggedStruct("MessageEdited", { ...message, ...edit })
export type MessageEdited = typeof MessageEdited.Type

/** A customer deleted a message for everyone; for numbers that are used in the Business app too. */
export const MessageRevoked = Schema.TaggedStruct("MessageRevoked", { ...message, ...fields.revoke })
export type MessageRevoked = typeof MessageRevoked.Type

const change = {
  ...message,
  /** Who they were. */
  previous: WhatsAppUser,
  /** Who they are now. */
  current: WhatsAppUser,
  /** The conversation they had until now; what was kept under it belongs to `conversationId` from now on. */
  previousConversationId: ConversationId,
  /** Meta's sentence about it. It holds the name that the person chose: untrusted text. */
  body: Schema.optionalKey(Schema.String)
}

/** A customer has a new phone number, and with it a new BSUID. */
export const UserNumberChanged = Schema.TaggedStruct("UserNumberChanged", change)
export type UserNumberChanged = typeof UserNumberChanged.Type

/** A customer has a new BSUID; comes in place of `UserNumberChanged` when the phone number may not be told. */
export const UserIdChanged = Schema.TaggedStruct("UserIdChanged", change)
export type UserIdChanged = typeof UserIdChanged.Type

/** A customer may have another device or another person behind it: the identity key changed (older payloads). */
export const UserIdentityChanged = Schema.TaggedStruct("UserIdentityChanged", {
  ...message,
  /** Hash of the new key. */
  identityKeyHash: Schema.optionalKey(Schema.String),
  acknowledged: Schema.optionalKey(Schema.Boolean),
  body: Schema.optionalKey(Schema.String)
})
export type UserIdentityChanged = typeof UserIdentityChanged.Type

/** A customer sent something that Meta could not deliver: a poll, a view-once picture, a payload that is missing. */
export const UnsupportedReceived = Schema.TaggedStruct("UnsupportedReceived", { ...message, ...fields.unsupported })
export type UnsupportedReceived = typeof UnsupportedReceived.Type

/** A customer sent a message of a type that this version does not model; all of it is in `raw`. */
export const UnknownMessageReceived = Schema.TaggedStruct("UnknownMessageReceived", { ...message, ...fields.unknown })
export type UnknownMessageReceived = typeof UnknownMessageReceived.Type

/** The events that a person caused: they have a sender and can be replied to. */
export const MessageEvent = Schema.Union([
  TextReceived,
  ImageReceived,
  VideoReceived,
  AudioReceived,
  DocumentReceived,
  StickerReceived,
  LocationReceived,
  ContactsReceived,
  ReactionReceived,
  ButtonPressed,
  ReplyButtonPressed,
  ListItemSelected,
  FlowCompleted,
  AddressReceived,
  CallPermissionAnswered,
  PaymentMethodChosen,
  OrderReceived,
  WelcomeRequested,
  MessageEdited,
  MessageRevoked,
  UserNumberChanged,
  UserIdChanged,
  UserIdentityChanged,
  UnsupportedReceived,
  UnknownMessageReceived
]).pipe(Schema.toTaggedUnion("_tag"))
export type MessageEvent = typeof MessageEvent.Type
