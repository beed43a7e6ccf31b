/**
 * An item of `messages`: what every message has, and the payload that sits under the key equal to its `type`. Adding a
 * type is one schema here and one event in `events`.
 */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId, GroupId, MessageId, WaId } from "../domain/Ids.ts"
import { MetaError } from "./MetaError.ts"
import { id, optional, ownId, Text as Text_, UnixSeconds } from "./scalars.ts"

/** What a message answers, or how it was forwarded; three uses share the object, and every member may be missing. */
export const Context = Schema.Struct({
  id: optional(id(MessageId)),
  from: optional(Text_),
  forwarded: optional(Schema.Boolean),
  frequently_forwarded: optional(Schema.Boolean),
  referred_product: optional(Schema.Struct({ catalog_id: optional(Text_), product_retailer_id: optional(Text_) }))
})
export type Context = typeof Context.Type

/** The ad or post from which the customer came. */
export const Referral = Schema.Struct({
  source_url: optional(Text_),
  source_id: optional(Text_),
  source_type: optional(Text_),
  headline: optional(Text_),
  body: optional(Text_),
  media_type: optional(Text_),
  image_url: optional(Text_),
  video_url: optional(Text_),
  thumbnail_url: optional(Text_),
  ctwa_clid: optional(Text_),
  welcome_message: optional(Schema.Struct({ text: optional(Text_) })),
  ref: optional(Text_)
})
export type Referral = typeof Referral.Type

/** What every message has, whatever its type. Each of the ways to name the sender may be missing. */
export const Header = Schema.Struct({
  id: ownId(MessageId),
  timestamp: UnixSeconds,
  /** Left out now and then: the only payload then tells it. */
  type: optional(Schema.String),
  from: optional(id(WaId)),
  from_user_id: optional(id(BusinessScopedUserId)),
  from_parent_user_id: optional(id(BusinessScopedUserId)),
  group_id: optional(id(GroupId)),
  context: optional(Context),
  referral: optional(Referral),
  errors: optional(Schema.Array(MetaError))
})
export type Header = typeof Header.Type

/** `text`: also what a tap on an ice breaker arrives as. */
export const Text = Schema.Struct({ body: Schema.String })
export type Text = typeof Text.Type

/** Types by which Meta says that it could not deliver the content. */
export const unsupportedTypes: ReadonlySet<string> = new Set(["unsupported", "unknown"])
