/** What the events of one family have in common. */
import * as Schema from "effect/Schema"
import { BusinessAccountId, ConversationId, GroupId, MessageId, PhoneNumberId } from "../domain/Ids.ts"
import { SenderIdentity } from "../domain/SenderIdentity.ts"
import { WhatsAppUser } from "../domain/WhatsAppUser.ts"

/** Meta's item as parsed JSON, untouched; integers beyond 2^53 are strings of their digits. */
export const raw = { raw: Schema.Json }

/** Where an item came from, as far as Meta said. */
export const origin = {
  /** The WABA, or for some partner fields the business portfolio. */
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  phoneNumberId: Schema.optionalKey(PhoneNumberId)
}

/** What the customer's message answers, or how it was forwarded. */
export const Context = Schema.Struct({
  /** The message that was quoted, or that held the button. */
  wamid: Schema.optionalKey(MessageId),
  /** Author of the quoted message, in one of several spellings: do not rely on it. */
  from: Schema.optionalKey(Schema.String),
  /** Forwarded, at most five times. */
  forwarded: Schema.optionalKey(Schema.Boolean),
  /** Forwarded more than five times. */
  frequentlyForwarded: Schema.optionalKey(Schema.Boolean),
  /** The product from whose page the customer wrote. */
  referredProduct: Schema.optionalKey(
    Schema.Struct({
      catalogId: Schema.optionalKey(Schema.String),
      productRetailerId: Schema.optionalKey(Schema.String)
    })
  )
})
export type Context = typeof Context.Type

/** The ad or post from which the customer came (click-to-WhatsApp). */
export const Referral = Schema.Struct({
  sourceUrl: Schema.optionalKey(Schema.String),
  sourceId: Schema.optionalKey(Schema.String),
  /** `ad` or `post`, and what Meta adds. */
  sourceType: Schema.optionalKey(Schema.String),
  headline: Schema.optionalKey(Schema.String),
  body: Schema.optionalKey(Schema.String),
  mediaType: Schema.optionalKey(Schema.String),
  imageUrl: Schema.optionalKey(Schema.String),
  videoUrl: Schema.optionalKey(Schema.String),
  thumbnailUrl: Schema.optionalKey(Schema.String),
  /** Click id; missing for ads in WhatsApp Status. */
  clickId: Schema.optionalKey(Schema.String),
  /** Greeting that the ad showed. */
  welcomeMessage: Schema.optionalKey(Schema.String),
  ref: Schema.optionalKey(Schema.String)
})
export type Referral = typeof Referral.Type

/** What every message event has. */
export const message = {
  wamid: MessageId,
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  conversationId: ConversationId,
  /** Set when the message was written in a group. */
  groupId: Schema.optionalKey(GroupId),
  timestamp: Schema.DateTimeUtcFromString,
  sender: SenderIdentity,
  context: Schema.optionalKey(Context),
  referral: Schema.optionalKey(Referral),
  /** What was said before, summed up by Meta's model for whom a conversation is handed to. Untrusted text. */
  summary: Schema.optionalKey(Schema.String),
  ...raw
}

/** What an event has that is about one person and is not their message. */
export const conversation = {
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  conversationId: ConversationId,
  user: WhatsAppUser
}

/** What an event has about a message that went to a customer. */
export const echo = {
  wamid: MessageId,
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  conversationId: ConversationId,
  /** The customer it was written to. */
  recipient: WhatsAppUser,
  /** Set when it was written in a group. */
  groupId: Schema.optionalKey(GroupId),
  timestamp: Schema.DateTimeUtcFromString
}

/** What an event about the business account has, which names no person. */
export const account = {
  ...origin,
  /** When Meta noticed; the envelope says it for these fields. */
  timestamp: Schema.optionalKey(Schema.DateTimeUtcFromString)
}
