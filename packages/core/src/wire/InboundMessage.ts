/**
 * An item of `messages`: what every message has, and the payload that sits under the key equal to its `type`. Adding a
 * type is one schema here and one event in `events`.
 */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, GroupId, MessageId } from "../domain/Ids.ts"
import { ContactCard } from "./ContactCard.ts"
import { MetaErrors } from "./MetaError.ts"
import { id, lenient, Number, optional, ownId, Phone, Text as Text_, UnixSeconds, YesNo } from "./scalars.ts"

/** What a message answers, or how it was forwarded; three uses share the object, and every member may be missing. */
export const Context = Schema.Struct({
  id: lenient(id(MessageId)),
  from: lenient(Text_),
  forwarded: lenient(YesNo),
  frequently_forwarded: lenient(YesNo),
  referred_product: lenient(Schema.Struct({ catalog_id: lenient(Text_), product_retailer_id: lenient(Text_) }))
})
export type Context = typeof Context.Type

/** The ad or post from which the customer came. */
export const Referral = Schema.Struct({
  source_url: lenient(Text_),
  source_id: lenient(Text_),
  source_type: lenient(Text_),
  headline: lenient(Text_),
  body: lenient(Text_),
  media_type: lenient(Text_),
  image_url: lenient(Text_),
  video_url: lenient(Text_),
  thumbnail_url: lenient(Text_),
  ctwa_clid: lenient(Text_),
  welcome_message: lenient(Schema.Struct({ text: lenient(Text_) })),
  ref: lenient(Text_)
})
export type Referral = typeof Referral.Type

/** What every message has, whatever its type. Each of the ways to name the sender may be missing. */
export const Header = Schema.Struct({
  id: ownId(MessageId),
  timestamp: UnixSeconds,
  /** Left out now and then: the only payload then tells it. */
  type: optional(Text_),
  from: optional(Phone),
  from_user_id: optional(id(BusinessScopedUserId)),
  from_parent_user_id: optional(id(BusinessScopedUserId)),
  group_id: optional(id(GroupId)),
  context: lenient(Context),
  referral: lenient(Referral),
  errors: lenient(MetaErrors)
})
export type Header = typeof Header.Type

/** `text`: also what a tap on an ice breaker arrives as. */
export const Text = Schema.Struct({ body: Schema.String })

/** `location`. */
export const Location = Schema.Struct({
  latitude: Number,
  longitude: Number,
  name: lenient(Text_),
  address: lenient(Text_),
  url: lenient(Text_)
})

/** `contacts`: a list of cards. */
export const Contacts = Schema.Array(ContactCard)

/** `reaction`: without an emoji, or with an empty one, it was taken back. */
export const Reaction = Schema.Struct({ message_id: ownId(MessageId), emoji: lenient(Text_) })

/** `button`: a quick reply of a template. Not `interactive`. */
export const Button = Schema.Struct({ payload: lenient(Text_), text: lenient(Text_) })

/** `revoke`. */
export const Revoke = Schema.Struct({ original_message_id: ownId(MessageId) })

/** `edit`: the new content is a message without a header. */
export const Edit = Schema.Struct({ original_message_id: ownId(MessageId), message: Schema.JsonObject })

/** `unsupported`. */
export const Unsupported = Schema.Struct({ type: lenient(Text_) })

/** Types by which Meta says that it could not deliver the content. */
export const unsupportedTypes: ReadonlySet<string> = new Set([
  "unsupported",
  "unknown",
  "ephemeral",
  "errors",
  "media_placeholder"
])
