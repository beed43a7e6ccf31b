/**
 * What a message says, whoever said it. The fields of each kind stand here once: in the event of a message that a
 * customer wrote, and in `Content`, which echoes, edits and the history carry.
 */
import * as Schema from "effect/Schema"
import { MediaId, MessageId, WaId } from "../domain/Ids.ts"
import { MetaError } from "../domain/MetaError.ts"

const text = Schema.optionalKey(Schema.String)

/** A file that WhatsApp keeps for 7 days; what is needed to fetch it. */
export const ReceivedMedia = Schema.Struct({
  id: MediaId,
  /** With its parameters, as in `audio/ogg; codecs=opus`. */
  mimeType: text,
  /** Of the file; in base64, and in some histories in hex. */
  sha256: text,
  /** Direct download, where Meta gives one: needs the access token, and lives about five minutes. */
  url: text
})
export type ReceivedMedia = typeof ReceivedMedia.Type

/** A shared contact card. Nothing in it is certain, not even a name. */
export const ContactCard = Schema.Struct({
  name: Schema.optionalKey(
    Schema.Struct({
      formattedName: text,
      firstName: text,
      lastName: text,
      middleName: text,
      prefix: text,
      suffix: text
    })
  ),
  /** `waId` is there for people who are on WhatsApp; `type` is free text. */
  phones: Schema.Array(Schema.Struct({ phone: text, waId: Schema.optionalKey(WaId), type: text })),
  emails: Schema.Array(Schema.Struct({ email: text, type: text })),
  addresses: Schema.Array(
    Schema.Struct({ street: text, city: text, state: text, zip: text, country: text, countryCode: text, type: text })
  ),
  urls: Schema.Array(Schema.Struct({ url: text, type: text })),
  org: Schema.optionalKey(Schema.Struct({ company: text, department: text, title: text })),
  /** Mostly `YYYY-MM-DD`. */
  birthday: text,
  vcard: text,
  /** `contact_request` when the card answers a request for contact information; also `other`. */
  origin: text
})
export type ContactCard = typeof ContactCard.Type

/** One line of an order, as it stood in the customer's cart. */
export const OrderItem = Schema.Struct({
  productRetailerId: Schema.String,
  quantity: Schema.Finite,
  /** Price of one piece. */
  price: Schema.optionalKey(Schema.Finite),
  /** ISO 4217. */
  currency: text
})
export type OrderItem = typeof OrderItem.Type

/** The fields of each kind of content. */
export const fields = {
  text: { text: Schema.String },
  image: { media: ReceivedMedia, caption: text },
  video: { media: ReceivedMedia, caption: text },
  audio: {
    media: ReceivedMedia,
    /** Recorded in WhatsApp; not said for voicemail. */
    voice: Schema.optionalKey(Schema.Boolean)
  },
  document: { media: ReceivedMedia, fileName: text, caption: text },
  sticker: { media: ReceivedMedia, animated: Schema.optionalKey(Schema.Boolean) },
  location: { latitude: Schema.Finite, longitude: Schema.Finite, name: text, address: text, url: text },
  contacts: {
    contacts: Schema.Array(ContactCard),
    /** `contact_request` when they answer a request for contact information; also `other`. */
    origin: text
  },
  reaction: {
    /** The message they reacted to. */
    reactedTo: MessageId,
    /** Absent when the reaction was taken back. */
    emoji: text
  },
  button: {
    /** What the template was sent with; the label, if nothing was set. */
    payload: Schema.String,
    /** The label. */
    title: Schema.String
  },
  replyButton: {
    /** What the message was sent with. */
    buttonId: Schema.String,
    /** The label. */
    title: Schema.String
  },
  listItem: {
    /** What the row was sent with. */
    itemId: Schema.String,
    title: Schema.String,
    description: text
  },
  flow: {
    /** What was filled in, decoded from the JSON that Meta sends inside a string. Untrusted. */
    response: Schema.JsonObject,
    /** What the flow was sent with. */
    flowToken: text,
    /** `flow`, or the name of another native flow. */
    name: text,
    /** What the customer sees; `Sent` for flows. */
    body: text
  },
  address: {
    /** Has other members in each country. */
    values: Schema.Record(Schema.String, Schema.String),
    savedAddressId: text,
    /** What the customer sees. */
    body: text
  },
  callPermission: {
    /** `accept` or `reject`. */
    response: Schema.String,
    isPermanent: Schema.optionalKey(Schema.Boolean),
    /** Until when it holds, unless it is permanent. */
    expiresAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
    /** `user_action`, or `automatic` when the customer called. */
    source: text
  },
  paymentMethod: {
    /** `offsite_card_pay`. */
    paymentMethod: text,
    /** What the order details were sent with. */
    referenceId: Schema.String,
    /** The stored card, by the id that was given in the order. */
    credentialId: Schema.String,
    lastFourDigits: text,
    /** When the customer agreed. */
    chosenAt: Schema.optionalKey(Schema.DateTimeUtcFromString)
  },
  order: {
    catalogId: text,
    /** A note to the order. */
    text,
    items: Schema.Array(OrderItem)
  },
  revoke: {
    /** The message that was deleted. */
    originalWamid: MessageId
  },
  unsupported: {
    /** Meta's `type`: mostly `unsupported`, or the type whose payload is missing. */
    type: Schema.String,
    /** What was sent, where Meta says it: `poll_creation`, `edit`, … */
    unsupportedType: text,
    errors: Schema.Array(MetaError)
  },
  unknown: {
    /** Meta's `type`. */
    type: Schema.String,
    /** The kind of an `interactive` or `system` message. */
    subtype: text
  }
}

const plain = [
  Schema.TaggedStruct("Text", fields.text),
  Schema.TaggedStruct("Image", fields.image),
  Schema.TaggedStruct("Video", fields.video),
  Schema.TaggedStruct("Audio", fields.audio),
  Schema.TaggedStruct("Document", fields.document),
  Schema.TaggedStruct("Sticker", fields.sticker),
  Schema.TaggedStruct("Location", fields.location),
  Schema.TaggedStruct("Contacts", fields.contacts),
  Schema.TaggedStruct("Reaction", fields.reaction),
  Schema.TaggedStruct("Button", fields.button),
  Schema.TaggedStruct("ReplyButton", fields.replyButton),
  Schema.TaggedStruct("ListItem", fields.listItem),
  Schema.TaggedStruct("Flow", fields.flow),
  Schema.TaggedStruct("Address", fields.address),
  Schema.TaggedStruct("CallPermission", fields.callPermission),
  Schema.TaggedStruct("PaymentMethod", fields.paymentMethod),
  Schema.TaggedStruct("Order", fields.order),
  Schema.TaggedStruct("Revoke", fields.revoke),
  Schema.TaggedStruct("Unsupported", fields.unsupported),
  Schema.TaggedStruct("Unknown", fields.unknown)
] as const

/** What a message says after it was edited: everything but another edit. */
export const EditedContent = Schema.Union(plain).pipe(Schema.toTaggedUnion("_tag"))
export type EditedContent = typeof EditedContent.Type

/** The fields of an edit. */
export const edit = {
  /** The message that was changed. */
  originalWamid: MessageId,
  /** What it says now. */
  content: EditedContent
}

/** Schema for what a message says, told apart by `_tag`: `Text`, `Image`, … */
export const Content = Schema.Union([...plain, Schema.TaggedStruct("Edit", edit)]).pipe(Schema.toTaggedUnion("_tag"))
export type Content = typeof Content.Type
