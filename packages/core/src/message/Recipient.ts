/**
 * Who a message goes to: a phone number, a person whose number is not known, or a group. A phone number is sent as the
 * digits that were given and never spelled anew, because Meta may know one phone under another number than people dial.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { BusinessScopedUserId, bsuidPattern, GroupId } from "../domain/Ids.ts"
import { digits } from "../domain/PhoneNumber.ts"
import type { SenderIdentity } from "../domain/SenderIdentity.ts"

/** Schema for a phone number: 7 to 15 digits with the country code, without `+`, punctuation and leading zeros. */
export const Phone = Schema.TaggedStruct("Phone", {
  digits: Schema.String.check(
    Schema.isPattern(/^[1-9][0-9]{6,14}$/, { expected: "7 to 15 digits, with country code, without leading zeros" })
  )
})
export type Phone = typeof Phone.Type

/** Leads generation alone: ids are Meta's, who may change their form. */
const looksLike = (source: string) =>
  Schema.makeFilter<string>(() => true, { arbitraryConstraint: { patterns: [{ source, flags: "" }] } })

/** Schema for a person by business-scoped user id (BSUID), as in `US.48210773395516620014`. */
export const User = Schema.TaggedStruct("User", {
  userId: BusinessScopedUserId.check(Schema.isNonEmpty(), looksLike(bsuidPattern.source))
})
export type User = typeof User.Type

/** Schema for a group by its id. */
export const Group = Schema.TaggedStruct("Group", {
  groupId: GroupId.check(Schema.isNonEmpty(), looksLike("^Y2FwaV9[A-Za-z0-9+/_-]{1,20}$"))
})
export type Group = typeof Group.Type

const Any = Schema.Union([Phone, User, Group]).pipe(Schema.toTaggedUnion("_tag"))

/** Numbers as people write them; the no-break spaces come with pasted ones. */
const phone = /^[ (]*\+?[0-9 \u00a0\u202f().-]+$/
const groupId = /^Y2FwaV9[A-Za-z0-9+/_-]*={0,2}$/

const isDialable = Schema.is(Phone.fields.digits)

const expected =
  "a phone number with country code, without leading zeros (7 to 15 digits; +, spaces, -, . and parentheses are tolerated), a BSUID as in US.4821, or a group id"

const parse = (text: string): Effect.Effect<Recipient, SchemaIssue.Issue> => {
  if (bsuidPattern.test(text)) return Effect.succeed({ _tag: "User", userId: BusinessScopedUserId.make(text) })
  if (groupId.test(text)) return Effect.succeed({ _tag: "Group", groupId: GroupId.make(text) })
  const plain = digits(text)
  return phone.test(text) && isDialable(plain)
    ? Effect.succeed({ _tag: "Phone", digits: plain })
    : Effect.fail(new SchemaIssue.InvalidValue({ expected }))
}

/**
 * Schema for a recipient, read from a string: `+39 340 123 4567` is the phone `393401234567`, `US.4821…` a person,
 * `Y2FwaV9…` a group. Anything else fails with what was expected, and never with what was given.
 */
export const Recipient = Schema.String.pipe(
  Schema.decodeTo(Schema.toType(Any), {
    decode: SchemaGetter.transformEffect(parse),
    encode: SchemaGetter.transform((to) => format(to))
  })
)
export type Recipient = typeof Any.Type

/** Chooses by the kind of recipient. */
export const match = Any.match

/** The recipient as one string: digits, BSUID or group id. */
export const format = Any.match({
  Phone: (to): string => to.digits,
  User: (to): string => to.userId,
  Group: (to): string => to.groupId
})

/** What an answer goes back to; every message event is one. */
export interface Sender {
  readonly groupId?: GroupId
  readonly sender: SenderIdentity
}

/**
 * Who wrote: the group, else the phone number, else the BSUID. The number comes before the BSUID because only then do
 * phone numbers keep appearing in webhooks. `None` when Meta named the sender in no way that can be sent to.
 */
export const of = ({ groupId, sender: { user } }: Sender): Option.Option<Recipient> => {
  if (groupId !== undefined && groupId !== "") return Option.some({ _tag: "Group", groupId })
  const plain = digits(user.waId ?? "")
  if (isDialable(plain)) return Option.some({ _tag: "Phone", digits: plain })
  const userId = user.userId ?? user.parentUserId
  return userId === undefined || userId === "" ? Option.none() : Option.some({ _tag: "User", userId })
}
