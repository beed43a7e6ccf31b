/** What people do beside writing and calling. */
import * as Schema from "effect/Schema"
import { BusinessAccountId, PhoneNumberId } from "../domain/Ids.ts"
import { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import { account, conversation, raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)

/** A customer no longer wants marketing messages, or wants them again: after `stop` such templates fail (131050). */
export const UserPreferenceChanged = Schema.TaggedStruct("UserPreferenceChanged", {
  ...conversation,
  /** `marketing_messages`. */
  category: text,
  /** `stop`, `resume`, or `signup` for somebody who used a sign-up link. */
  value: Schema.String,
  /** Comes with `signup`. */
  signupId: text,
  /** A sentence for people. */
  detail: text,
  timestamp: Schema.DateTimeUtcFromString,
  ...raw
})
export type UserPreferenceChanged = typeof UserPreferenceChanged.Type

/** One person under two ids. */
export const UserIdsChange = Schema.Struct({
  previous: WhatsAppUser,
  current: WhatsAppUser,
  timestamp: Schema.optionalKey(Schema.DateTimeUtcFromString),
  detail: text
})
export type UserIdsChange = typeof UserIdsChange.Type

/**
 * People have new BSUIDs. Meta withdrew this field in favour of system messages, of which each one moves its person's
 * conversation along; this is one event about several people, and moves none: `Identities.merge` does.
 */
export const UserIdsChanged = Schema.TaggedStruct("UserIdsChanged", {
  ...account,
  changes: Schema.Array(UserIdsChange),
  ...raw
})
export type UserIdsChanged = typeof UserIdsChanged.Type

/** What was tapped in a marketing message. */
export const LinkClick = Schema.Struct({
  /** `cta` for the button, `body` for a link in the text. */
  component: text,
  /** Also added to the address that was opened. */
  clickId: text,
  trackingToken: text,
  /** The SKU from Ads Manager. */
  productId: text,
  userAgent: text
})
export type LinkClick = typeof LinkClick.Type

/** Somebody tapped a link in a marketing message; Meta tells neither who nor in which one. */
export const UserActionReported = Schema.TaggedStruct("UserActionReported", {
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  /** `marketing_messages_link_click`. */
  actionType: Schema.String,
  timestamp: Schema.DateTimeUtcFromString,
  click: Schema.optionalKey(LinkClick),
  ...raw
})
export type UserActionReported = typeof UserActionReported.Type

/** What people do beside writing and calling, told apart by `_tag`. */
export const PeopleEvent = Schema.Union([UserPreferenceChanged, UserIdsChanged, UserActionReported]).pipe(
  Schema.toTaggedUnion("_tag")
)
export type PeopleEvent = typeof PeopleEvent.Type
