/**
 * From the bytes of a delivery to events: one for each item, whatever the item is. An event as it comes from here knows
 * nothing of the world around it; what admission decides (who the sender is, whether a status is stale) is put in by
 * `decide`, and small enough to be kept beside the bytes until every listener is done.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { Customer, Owner } from "../domain/SenderIdentity.ts"
import { BusinessAccountId, type DeliveryDigest, PhoneNumberId } from "../domain/Ids.ts"
import * as Envelope from "../wire/Envelope.ts"
import * as Json from "../wire/Json.ts"
import { type Contacts, contactsOf } from "./internal/contacts.ts"
import { decodeMessage } from "./internal/message.ts"
import { decodeStatus } from "./internal/status.ts"
import { isMessageEvent, type WhatsAppEvent } from "./WhatsAppEvent.ts"
import { present } from "../internal/present.ts"

/** One event with what the pipeline must know of it. */
export interface Incoming {
  /** Where the item stands in the delivery; unique there. */
  readonly position: string
  /** Under which deduplication knows the item, however often and in whatever delivery it comes. */
  readonly key: string
  /** Items of one lane are handled in order of arrival. */
  readonly lane: string
  readonly event: WhatsAppEvent
}

/** What admission found out about an event. */
export interface Decision {
  readonly owner?: boolean
  readonly stale?: boolean
}

/** What a decoder makes of one item. */
export interface Decoded {
  readonly event: WhatsAppEvent
  /** Names the item within its field and number; absent: the item is known by its delivery and position. */
  readonly key?: string
  /** Absent: the item has a lane of its own. */
  readonly lane?: string
}

/** What a decoder needs to know about the surroundings of an item. */
export interface Surroundings {
  readonly field: string
  readonly phoneNumberId: PhoneNumberId | undefined
  readonly businessAccountId: BusinessAccountId | undefined
  readonly value: Schema.JsonObject
  readonly contacts: Contacts
}

type Decoder = (raw: Schema.Json, around: Surroundings) => Result.Result<Decoded, SchemaIssue.Issue>

/** Which decoder reads which list of which field. What is not here is an `UnknownFieldReceived`. */
const decoders: { readonly [fieldAndList: string]: Decoder } = {
  "messages/messages": decodeMessage,
  "messages/statuses": decodeStatus
}

/** All events of a delivery, in Meta's order. Total: bytes that are no envelope are one `DeliveryUnreadable`. */
export const fromDelivery = (digest: DeliveryDigest, bytes: Uint8Array): ReadonlyArray<Incoming> => {
  const envelope = Result.flatMap(Json.parseObject(bytes), (body) =>
    Array.isArray(body.entry)
      ? Result.succeed({ entry: body.entry })
      : Result.fail(new Json.Unreadable({ reason: "no entry list" }))
  )
  if (Result.isFailure(envelope)) return [unreadable(digest, bytes, envelope.failure.reason)]
  const contacts = new Map<Schema.JsonObject, Contacts>()
  return Envelope.items(envelope.success).map((item): Incoming => {
    const { position } = item
    const around = surroundings(item, contacts)
    const { event, key, lane } = decodeItem(item, around)
    const within = `${item.field}/${around.phoneNumberId ?? ""}`
    return {
      position,
      key: key === undefined ? `${digest}/${position}` : `${within}/${key}`,
      lane: lane ?? `${digest}/${position}`,
      event
    }
  })
}

/** The one event of a delivery that cannot be read. */
export const unreadable = (digest: DeliveryDigest, bytes: Uint8Array, reason: string): Incoming => ({
  position: "",
  key: digest,
  lane: digest,
  event: { _tag: "DeliveryUnreadable", digest, reason, bytes }
})

/** The event as a listener sees it. */
export const decide = (event: WhatsAppEvent, decision: Decision): WhatsAppEvent => {
  if (isMessageEvent(event)) {
    const { user } = event.sender
    return { ...event, sender: decision.owner === true ? Owner.make({ user }) : Customer.make({ user }) }
  }
  return event._tag === "StatusUpdate" ? { ...event, stale: decision.stale === true } : event
}

const surroundings = (item: Envelope.Item, cache: Map<Schema.JsonObject, Contacts>): Surroundings => {
  const value = item.value ?? {}
  let contacts = cache.get(value)
  if (contacts === undefined) {
    contacts = contactsOf(value)
    cache.set(value, contacts)
  }
  const id = Json.isJsonObject(value.metadata) ? value.metadata.phone_number_id : undefined
  return {
    field: item.field ?? "",
    value,
    contacts,
    phoneNumberId:
      (typeof id === "string" && id !== "") || typeof id === "number" ? PhoneNumberId.make(String(id)) : undefined,
    businessAccountId: item.entryId === undefined ? undefined : BusinessAccountId.make(item.entryId)
  }
}

const decodeItem = (item: Envelope.Item, around: Surroundings): Decoded => {
  const { field, list, raw } = item
  const origin = present({ phoneNumberId: around.phoneNumberId, businessAccountId: around.businessAccountId })
  const undecodable = (path: string, reason: string): Decoded => ({
    event: { _tag: "Undecodable", ...origin, ...present({ field }), path, reason, raw }
  })
  if (item.broken !== undefined || field === undefined) {
    const { path, reason } = item.broken ?? { path: item.position, reason: "expected a field" }
    return undecodable(path, reason)
  }
  const name = `${field}/${list}`
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined
  if (decoder === undefined) {
    const lane = `${field}/${item.entryId ?? ""}/${around.phoneNumberId ?? ""}`
    return { event: { _tag: "UnknownFieldReceived", ...origin, field, ...present({ list }), raw }, lane }
  }
  return Result.getOrElse(decoder(raw, around), (issue) => {
    const [first] = standard(issue).issues
    const inner = (first?.path ?? []).map((key) =>
      typeof key === "number" ? `[${key}]` : `.${String(typeof key === "object" ? key.key : key)}`
    )
    return undecodable(`${item.position}${inner.join("")}`, first?.message ?? "not what was expected")
  })
}

/** The reason names what was expected and not what came: that is in `raw`, and reasons end up in logs. */
const standard = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) =>
    issue._tag === "MissingKey"
      ? "missing"
      : SchemaIssue.defaultLeafHook(issue)
          .replace(/, got .*$/s, "")
          .replace(/^Invalid data .*$/s, "Expected a valid value")
})
