/** An item of `messages` as an event. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as ConversationId from "../../domain/ConversationId.ts"
import { Customer } from "../../domain/SenderIdentity.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/InboundMessage.ts"
import { isJsonObject } from "../../wire/Json.ts"
import { MetaErrors } from "../../wire/MetaError.ts"
import { UnixSeconds } from "../../wire/scalars.ts"
import { Content } from "../content.ts"
import { itemKey } from "../itemKeys.ts"
import type { MessageEvent, UnsupportedReceived } from "../messages.ts"
import { type Contacts, personOf } from "./contacts.ts"
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
export const namedIn = (header: Wire.Header): WhatsAppUser =>
  present({ waId: header.from, userId: header.from_user_id, parentUserId: header.from_parent_user_id })

/** All that is said about who wrote a message. */
export const writerOf = (header: Wire.Header, contacts: Contacts): WhatsAppUser => personOf(namedIn(header), contacts)

/** Everything that stands in a message beside its payload. */
export const readMessage = (json: Schema.Json | undefined, around: Surroundings) =>
  Result.gen(function* () {
    const fields = isJsonObject(json) ? json : {}
    const header = yield* decodeHeader(isJsonObject(json) ? withTime(json) : json)
    const type = typeOf(fields)
    // Beside a message of its own, an error of the value belongs to the message.
    const ofValue = errorsOfValue(around.value)
    const own = errorsOf(header.errors)
    return { header, fields, type, errors: own.length === 0 ? ofValue : [...own, ...ofValue] }
  })

/** The message with the time that one of Meta's examples, an address, has in its payload. Others stay as they are. */
const withTime = (message: { readonly [key: string]: Schema.Json }) => {
  if (first(message.timestamp) !== undefined || !isJsonObject(message.interactive)) return message
  const { timestamp } = message.interactive
  return timestamp !== undefined && Result.isSuccess(decodeTime(timestamp)) ? { ...message, timestamp } : message
}

const errorsOfValue = once(({ errors }) => errorsOf(Result.getOrElse(decodeErrors(errors ?? []), () => [])))

export const decodeMessage: Decoder = (json, around) =>
  Result.gen(function* () {
    const { errors, fields, header, type } = yield* readMessage(json, around)
    const phoneNumberId = yield* numberOf(around, "message")
    const groupId = first(header.group_id)
    const user = writerOf(header, around.contacts)
    const of = (user: WhatsAppUser) => ConversationId.of(phoneNumberId, user, groupId, header.id)
    const shared: Common = {
      wamid: header.id,
      phoneNumberId,
      conversationId: of(user),
      timestamp: header.timestamp,
      sender: Customer.make({ user }),
      raw: around.raw,
      ...present({
        businessAccountId: around.businessAccountId,
        groupId,
        context: contextOf(header.context),
        referral: referralOf(header.referral),
        summary: summaryOf(around.value)
      })
    }
    const person: Person = { user, ...present({ groupId }), otherwise: header.id }
    const key = itemKey("message", header.id)
    if (isSystem(fields, type)) {
      const { event, previous } = yield* systemOf(fields, shared, of)
      return { event, key, person: { ...person, user: event.sender.user, ...present({ previous }) } }
    }
    if (type === "request_welcome") return { event: { _tag: "WelcomeRequested", ...shared }, key, person }
    return { event: received(yield* contentOf(fields, type, errors), shared), key, person }
  })

/** A change that WhatsApp reports; in older payloads the changed identity stands beside it, or alone. */
const isSystem = (fields: Schema.JsonObject, type: string | undefined): boolean =>
  (type === "system" && (fields.system ?? null) !== null) ||
  ((type === undefined || type === "system") && isJsonObject(fields.identity))

/** The event of each kind of content. */
const received = (content: Content, common: Common): MessageEvent =>
  Content.match(content, {
    Text: (it) => ({ ...it, ...common, _tag: "TextReceived" as const }),
    Image: (it) => ({ ...it, ...common, _tag: "ImageReceived" as const }),
    Video: (it) => ({ ...it, ...common, _tag: "VideoReceived" as const }),
    Audio: (it) => ({ ...it, ...common, _tag: "AudioReceived" as const }),
    Document: (it) => ({ ...it, ...common, _tag: "DocumentReceived" as const }),
    Sticker: (it) => ({ ...it, ...common, _tag: "StickerReceived" as const }),
    Location: (it) => ({ ...it, ...common, _tag: "LocationReceived" as const }),
    Contacts: (it) => ({
      ...it,
      ...common,
      _tag: "ContactsReceived" as const,
      ...present({ origin: first(it.origin, originOf(common.raw)) })
    }),
    Reaction: (it) => ({ ...it, ...common, _tag: "ReactionReceived" as const }),
    Button: (it) => ({ ...it, ...common, _tag: "ButtonPressed" as const }),
    ReplyButton: (it) => ({ ...it, ...common, _tag: "ReplyButtonPressed" as const }),
    ListItem: (it) => ({ ...it, ...common, _tag: "ListItemSelected" as const }),
    Flow: (it) => ({ ...it, ...common, _tag: "FlowCompleted" as const }),
    Address: (it) => ({ ...it, ...common, _tag: "AddressReceived" as const }),
    CallPermission: (it) => ({ ...it, ...common, _tag: "CallPermissionAnswered" as const }),
    PaymentMethod: (it) => ({ ...it, ...common, _tag: "PaymentMethodChosen" as const }),
    Order: (it) => ({ ...it, ...common, _tag: "OrderReceived" as const }),
    Edit: (it) => ({ ...it, ...common, _tag: "MessageEdited" as const }),
    Revoke: (it) => ({ ...it, ...common, _tag: "MessageRevoked" as const }),
    Unsupported: (it) => ({ ...it, ...common, _tag: "UnsupportedReceived" as const }),
    Unknown: (it) => ({ ...it, ...common, _tag: "UnknownMessageReceived" as const })
  })

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
