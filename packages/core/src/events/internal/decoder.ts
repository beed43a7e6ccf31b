/** What all decoders share: what they get, what they give, and how they say where something is broken. */
import type * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Schema from "effect/Schema"
import type { BusinessAccountId, GroupId, PhoneNumberId } from "../../domain/Ids.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { present } from "../../internal/present.ts"
import * as Quick from "../../wire/Quick.ts"
import type { WhatsAppEvent } from "../WhatsAppEvent.ts"
import type { Contacts } from "./contacts.ts"

/** What a decoder needs to know about the surroundings of an item. */
export interface Surroundings {
  readonly field: string
  /** The list the item stands in; absent when the change itself is the item. */
  readonly list: string | undefined
  readonly phoneNumberId: PhoneNumberId | undefined
  readonly businessAccountId: BusinessAccountId | undefined
  /** When Meta noticed, for fields about the account. */
  readonly time: DateTime.Utc | undefined
  readonly value: Schema.JsonObject
  /** The objects between the value and the item, from outside to inside: a chunk and a thread of a history. */
  readonly within: ReadonlyArray<Schema.JsonObject>
  readonly contacts: Contacts
  /** The item as it came, for the event. */
  readonly raw: Schema.Json
}

/** The person whose conversation an event belongs to. */
export interface Person {
  readonly user: WhatsAppUser
  /** Set when the event says that this person was somebody else. */
  readonly previous?: WhatsAppUser
  /** A group has one conversation for all. */
  readonly groupId?: GroupId
  /** Names the conversation when the person is wholly unknown. */
  readonly otherwise: string
}

/** What a decoder makes of one item. */
export interface Decoded {
  readonly event: WhatsAppEvent
  /** Names the item within its field and number; absent: the item is known by its delivery and position. */
  readonly key?: string
  /** Absent: the item belongs to the conversation of `person`, and without one it has a lane of its own. */
  readonly lane?: string
  readonly person?: Person
}

/** `json` is the item; for a change that is itself the item, it is the value. */
export type Decoder = (json: Schema.Json | undefined, around: Surroundings) => Result.Result<Decoded, SchemaIssue.Issue>

/** Says that an issue is further inside. */
export const at =
  (...path: ReadonlyArray<PropertyKey>) =>
  (issue: SchemaIssue.Issue): SchemaIssue.Issue =>
    new SchemaIssue.Pointer(path, issue)

/** An issue with what was expected; never with what came. */
export const expected = (what: string): SchemaIssue.Issue => new SchemaIssue.InvalidValue({ expected: what })

/** Reads JSON by a schema. */
export const decode = Quick.decodeUnknownResult

/** Reads an object that many items share, and does so once for all of them. */
export const once = <A extends {}>(read: (object: Schema.JsonObject) => A): ((object: Schema.JsonObject) => A) => {
  const known = new WeakMap<Schema.JsonObject, A>()
  return (object) => {
    const found = known.get(object)
    if (found !== undefined) return found
    const made = read(object)
    known.set(object, made)
    return made
  }
}

/** The number that an item is about: nothing can be answered, or kept in order, without it. */
export const numberOf = (around: Surroundings, what: string): Result.Result<PhoneNumberId, SchemaIssue.Issue> =>
  around.phoneNumberId === undefined
    ? Result.fail(expected(`metadata.phone_number_id beside the ${what}`))
    : Result.succeed(around.phoneNumberId)

/** What every event about an account has. */
export const accountOf = ({ businessAccountId, phoneNumberId, raw, time }: Surroundings) => ({
  ...present({ businessAccountId, phoneNumberId, timestamp: time }),
  raw
})

/** Items of one field and account stay in order. */
export const fieldLane = ({ businessAccountId, field, phoneNumberId }: Surroundings): string =>
  `${field}/${businessAccountId ?? ""}/${phoneNumberId ?? ""}`

/** What is not modelled, with everything that came. */
export const unknownField = (around: Surroundings): Decoded => {
  const { businessAccountId, field, list, phoneNumberId, raw } = around
  const event = present({ phoneNumberId, businessAccountId, list })
  return { event: { _tag: "UnknownFieldReceived", ...event, field, raw }, lane: fieldLane(around) }
}

/** What could be read of a list. */
export const readable = <A>(list: ReadonlyArray<A | null> | null | undefined): ReadonlyArray<A> =>
  (list ?? []).filter((element) => element !== null)
