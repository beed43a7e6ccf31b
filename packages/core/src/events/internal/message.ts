/** An item of `messages` as an event. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import type * as Types from "effect/Types"
import * as ConversationId from "../../domain/ConversationId.ts"
import type { GroupId, PhoneNumberId } from "../../domain/Ids.ts"
import type { MetaError } from "../../domain/MetaError.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/InboundMessage.ts"
import { isJsonObject } from "../../wire/Json.ts"
import { MetaErrors } from "../../wire/MetaError.ts"
import { UnixSeconds } from "../../wire/scalars.ts"
import type { Content } from "../content.ts"
import { itemKey } from "../itemKeys.ts"
import type { MessageEvent, UnsupportedReceived } from "../messages.ts"
import { type Contacts, nobody, personOf } from "./contacts.ts"
import { contentOf, typeOf } from "./content.ts"
import { decode, type Decoder, numberOf, once, type Person, type Surroundings } from "./decoder.ts"
import { errorsOf } from "./errors.ts"
import { systemOf } from "./system.ts"

/** What all message events share. */
export type Common = Omit<UnsupportedReceived, "_tag" | "type" | "unsupportedType" | "errors">

const decodeHeader = decode(Wire.Header)
const decodeTime = decode(UnixSeconds)
const decodeErrors = decode(MetaErrors)

/** Whom a message itself names as its writer. */
export const namedIn = (header: Wire.Header): WhatsAppUser => personOf(named(header), nobody)

/** All that is said about who wrote a message. */
export const writerOf = (header: Wire.Header, contacts: Contacts): WhatsAppUser => personOf(named(header), contacts)

const named = (header: Wire.Header) => ({
  waId: first(header.from),
  userId: first(header.from_user_id),
  parentUserId: first(header.from_parent_user_id)
})

/** Everything that stands in a message beside its payload. */
export interface MessageParts {
  readonly header: Wire.Header
  readonly fields: Schema.JsonObject
  readonly type: string | undefined
  readonly errors: ReadonlyArray<MetaError>
}

export const readMessage = (
  json: Schema.Json | undefined,
  { value }: Surroundings
): Result.Result<MessageParts, SchemaIssue.Issue> => {
  const header = decodeHeader(isJsonObject(json) ? withTime(json) : json)
  if (Result.isFailure(header)) return Result.fail(header.failure)
  const fields = isJsonObject(json) ? json : {}
  // Beside a message of its own, an error of the value belongs to the message.
  const ofValue = value.errors === undefined ? none : errorsOfValue(value)
  const own = errorsOf(header.success.errors)
  const errors = own.length === 0 ? ofValue : [...own, ...ofValue]
  return Result.succeed({ header: header.success, fields, type: typeOf(fields), errors })
}

const none: ReadonlyArray<MetaError> = []

/** The message with the time that one of Meta's examples, an address, has in its payload. Others stay as they are. */
const withTime = (message: { readonly [key: string]: Schema.Json }) => {
  if (first(message.timestamp) !== undefined || !isJsonObject(message.interactive)) return message
  const { timestamp } = message.interactive
  return timestamp !== undefined && Result.isSuccess(decodeTime(timestamp)) ? { ...message, timestamp } : message
}

const errorsOfValue = once(({ errors }) => errorsOf(Result.getOrElse(decodeErrors(errors ?? []), () => [])))

export const decodeMessage: Decoder = (json, around) => {
  const parts = readMessage(json, around)
  if (Result.isFailure(parts)) return Result.fail(parts.failure)
  const number = numberOf(around, "message")
  if (Result.isFailure(number)) return Result.fail(number.failure)
  const { errors, fields, header, type } = parts.success
  const phoneNumberId = number.success
  const groupId = first(header.group_id)
  const user = writerOf(header, around.contacts)
  const common = commonOf(header, phoneNumberId, groupId, user, around)
  const person: Types.Mutable<Person> = { user, otherwise: header.id }
  if (groupId !== undefined) person.groupId = groupId
  const key = itemKey("message", header.id)
  if (isSystem(fields, type)) {
    return Result.map(systemOf(fields, common, header.id), ({ event, previous }) => ({
      event,
      key,
      person: { ...person, user: event.sender.user, ...present({ previous }) }
    }))
  }
  if (type === "request_welcome") {
    return Result.succeed({ event: { _tag: "WelcomeRequested", ...common }, key, person })
  }
  const content = contentOf(fields, type, errors)
  if (Result.isFailure(content)) return Result.fail(content.failure)
  return Result.succeed({ event: received(content.success, common), key, person })
}

const commonOf = (
  header: Wire.Header,
  phoneNumberId: PhoneNumberId,
  groupId: GroupId | undefined,
  user: WhatsAppUser,
  { businessAccountId, raw, value }: Surroundings
): Common => {
  const common: Types.Mutable<Common> = {
    wamid: header.id,
    phoneNumberId,
    conversationId: ConversationId.of(phoneNumberId, user, groupId, header.id),
    timestamp: header.timestamp,
    sender: { _tag: "Customer", user },
    raw
  }
  const context = contextOf(header.context)
  const referral = referralOf(header.referral)
  const summary = summaryOf(value)
  if (businessAccountId) common.businessAccountId = businessAccountId
  if (groupId !== undefined) common.groupId = groupId
  if (context !== undefined) common.context = context
  if (referral !== undefined) common.referral = referral
  if (summary) common.summary = summary
  return common
}

/** A change that WhatsApp reports; in older payloads the changed identity stands beside it, or alone. */
const isSystem = (fields: Schema.JsonObject, type: string | undefined): boolean =>
  (type === "system" && (fields.system ?? null) !== null) ||
  ((type === undefined || type === "system") && isJsonObject(fields.identity))

/** The event of each kind of content. */
const received = (content: Content, common: Common): MessageEvent => {
  switch (content._tag) {
    case "Text":
      return { ...common, _tag: "TextReceived", text: content.text }
    case "Image":
      return { ...common, ...content, _tag: "ImageReceived" }
    case "Video":
      return { ...common, ...content, _tag: "VideoReceived" }
    case "Audio":
      return { ...common, ...content, _tag: "AudioReceived" }
    case "Document":
      return { ...common, ...content, _tag: "DocumentReceived" }
    case "Sticker":
      return { ...common, ...content, _tag: "StickerReceived" }
    case "Location":
      return { ...common, ...content, _tag: "LocationReceived" }
    case "Contacts": {
      const origin = first(content.origin, originOf(common.raw))
      return { ...common, ...content, _tag: "ContactsReceived", ...present({ origin }) }
    }
    case "Reaction":
      return { ...common, ...content, _tag: "ReactionReceived" }
    case "Button":
      return { ...common, ...content, _tag: "ButtonPressed" }
    case "ReplyButton":
      return { ...common, ...content, _tag: "ReplyButtonPressed" }
    case "ListItem":
      return { ...common, ...content, _tag: "ListItemSelected" }
    case "Flow":
      return { ...common, ...content, _tag: "FlowCompleted" }
    case "Address":
      return { ...common, ...content, _tag: "AddressReceived" }
    case "CallPermission":
      return { ...common, ...content, _tag: "CallPermissionAnswered" }
    case "PaymentMethod":
      return { ...common, ...content, _tag: "PaymentMethodChosen" }
    case "Order":
      return { ...common, ...content, _tag: "OrderReceived" }
    case "Edit":
      return { ...common, ...content, _tag: "MessageEdited" }
    case "Revoke":
      return { ...common, ...content, _tag: "MessageRevoked" }
    case "Unsupported":
      return { ...common, ...content, _tag: "UnsupportedReceived" }
    case "Unknown":
      return { ...common, ...content, _tag: "UnknownMessageReceived" }
  }
}

/** Where earlier drafts of Meta's page had the origin of a card. */
const originOf = (raw: Schema.Json): string | undefined =>
  isJsonObject(raw) && typeof raw.origin === "string" ? raw.origin : undefined

const summaryOf = ({ conversation_context: context }: Schema.JsonObject): string | undefined => {
  const summary = isJsonObject(context) ? context.summary : undefined
  const text = isJsonObject(summary) ? summary.text : undefined
  return typeof text === "string" ? text : undefined
}

export const contextOf = (context: Wire.Context | undefined): Common["context"] => {
  if (!context) return undefined
  const product = context.referred_product
  return present({
    wamid: context.id,
    from: context.from,
    forwarded: context.forwarded,
    frequentlyForwarded: context.frequently_forwarded,
    referredProduct:
      product && present({ catalogId: product.catalog_id, productRetailerId: product.product_retailer_id })
  })
}

export const referralOf = (referral: Wire.Referral | undefined): Common["referral"] =>
  referral
    ? present({
        sourceUrl: referral.source_url,
        sourceId: referral.source_id,
        sourceType: referral.source_type,
        headline: referral.headline,
        body: referral.body,
        mediaType: referral.media_type,
        imageUrl: referral.image_url,
        videoUrl: referral.video_url,
        thumbnailUrl: referral.thumbnail_url,
        clickId: referral.ctwa_clid,
        welcomeMessage: referral.welcome_message?.text,
        ref: referral.ref
      })
    : undefined
