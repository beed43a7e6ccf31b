/**
 * From the bytes of a delivery to events: one for each item, whatever the item is. An event as it comes from here knows
 * nothing of the world around it; what admission decides (who the sender is, whether a status is stale) is put in by
 * `decide`, and small enough to be kept beside the bytes until every listener is done.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { BusinessAccountId, type ConversationId, type DeliveryDigest, PhoneNumberId } from "../domain/Ids.ts"
import { Customer, Owner } from "../domain/SenderIdentity.ts"
import * as Envelope from "../wire/Envelope.ts"
import * as Json from "../wire/Json.ts"
import { UnixSeconds } from "../wire/scalars.ts"
import { accountDecoders } from "./internal/account.ts"
import { businessDecoders } from "./internal/business.ts"
import { decodeCall, decodeCallStatus } from "./internal/call.ts"
import { contactsOf } from "./internal/contacts.ts"
import {
  at,
  decode,
  type Decoded,
  type Decoder,
  type Person,
  type Surroundings,
  unknownField
} from "./internal/decoder.ts"
import { decodeEcho, decodeStandbyEcho, decodeUnknownEcho } from "./internal/echo.ts"
import { decodeErrorReported, decodeHistoryDeclined } from "./internal/errorReported.ts"
import { isForgotten } from "./internal/forgotten.ts"
import * as Groups from "./internal/group.ts"
import { decodeHistory, decodeHistoryMedia, decodeHistoryMessage } from "./internal/history.ts"
import { decodeMessage } from "./internal/message.ts"
import { numberDecoders } from "./internal/number.ts"
import { decodeUserAction, decodeUserIdUpdate, decodeUserPreference } from "./internal/people.ts"
import { decodeHandover, decodeStandbyMessage, decodeStandbyStatus } from "./internal/routing.ts"
import { decodeStateSync } from "./internal/stateSync.ts"
import { decodeStatus } from "./internal/status.ts"
import { templateDecoders } from "./internal/template.ts"
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
  /** Set when the lane is the conversation of a person, who may turn out to be known under another id. */
  readonly person?: Person
  readonly event: WhatsAppEvent
}

/** What admission found out about an event. */
export interface Decision {
  readonly owner?: boolean
  readonly stale?: boolean
  /** The conversation, where it is another one than the item itself tells. */
  readonly conversationId?: ConversationId
  readonly previousConversationId?: ConversationId
}

/** Which decoder reads which list of which field, or which whole change. What is not here is an `UnknownFieldReceived`. */
const decoders: { readonly [fieldAndList: string]: Decoder } = {
  "messages/messages": decodeMessage,
  "messages/statuses": decodeStatus,
  "messages/errors": decodeErrorReported,
  "messages/user_actions": decodeUserAction,
  "calls/calls": decodeCall,
  "calls/statuses": decodeCallStatus,
  "calls/errors": decodeErrorReported,
  "group_lifecycle_update/groups": Groups.decodeLifecycle,
  "group_participants_update/groups": Groups.decodeParticipants,
  "group_participant_update/groups": Groups.decodeParticipants,
  "group_settings_update/groups": Groups.decodeSettings,
  "group_status_update/groups": Groups.decodeGroupStatus,
  "smb_message_echoes/message_echoes": decodeEcho,
  "message_echoes/message_echoes": decodeUnknownEcho,
  "smb_app_state_sync/state_sync": decodeStateSync,
  "history/history.*.threads.*.messages": decodeHistoryMessage,
  "history/history.*.errors": decodeHistoryDeclined,
  "history/messages": decodeHistoryMedia,
  "history/message_echoes": decodeHistoryMedia,
  "history/errors": decodeErrorReported,
  history: decodeHistory,
  "user_preferences/user_preferences": decodeUserPreference,
  user_id_update: decodeUserIdUpdate,
  messaging_handovers: decodeHandover,
  "standby/standby.messages": decodeStandbyMessage,
  "standby/standby.statuses": decodeStandbyStatus,
  "standby/standby.message_echoes": decodeStandbyEcho,
  ...templateDecoders,
  ...accountDecoders,
  ...numberDecoders,
  ...businessDecoders
}

/** All events of a delivery, in Meta's order. Total: bytes that are no envelope are one `DeliveryUnreadable`. */
export const fromDelivery = (digest: DeliveryDigest, bytes: Uint8Array): ReadonlyArray<Incoming> => {
  const envelope = Result.flatMap(Json.parseObject(bytes), (body) =>
    Array.isArray(body.entry)
      ? Result.succeed({ entry: body.entry })
      : Result.fail(new Json.Unreadable({ reason: "no entry list" }))
  )
  if (Result.isFailure(envelope)) return [unreadable(digest, bytes, envelope.failure.reason)]
  const values = new Map<Schema.JsonObject, Shared>()
  const items = Envelope.items(envelope.success).filter(({ raw }) => !isForgotten(raw))
  return items.map((item): Incoming => {
    const { position } = item
    const shared = sharedBy(item, values)
    const { event, key, lane, person } = decodeItem(item, shared)
    const incoming = {
      position,
      key: key === undefined ? `${digest}/${position}` : `${shared.within}/${key}`,
      lane: lane ?? ("conversationId" in event ? event.conversationId : `${digest}/${position}`),
      event
    }
    return person === undefined ? incoming : { ...incoming, person }
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
  const { conversationId, owner, previousConversationId, stale } = decision
  if (event._tag === "StatusUpdate") return { ...event, stale: stale === true }
  if (!("conversationId" in event)) return event
  const of = { conversationId: conversationId ?? event.conversationId }
  if (!isMessageEvent(event)) return { ...event, ...of }
  const { user } = event.sender
  const sender = owner === true ? Owner.make({ user }) : Customer.make({ user })
  return event._tag === "UserNumberChanged" || event._tag === "UserIdChanged"
    ? { ...event, ...of, sender, previousConversationId: previousConversationId ?? event.previousConversationId }
    : { ...event, ...of, sender }
}

const decodeTime = decode(UnixSeconds)

/** What all items of a change have in common. */
interface Shared {
  readonly around: Omit<Surroundings, "list" | "raw" | "within">
  /** Where keys are unique. */
  readonly within: string
  /** The decoder of each list, once it was looked for. */
  readonly decoders: Map<string | undefined, Decoder | undefined>
}

const sharedBy = (item: Envelope.Item, known: Map<Schema.JsonObject, Shared>): Shared => {
  if (item.value === undefined) return makeShared(item, {})
  let shared = known.get(item.value)
  if (shared === undefined) {
    shared = makeShared(item, item.value)
    known.set(item.value, shared)
  }
  return shared
}

const makeShared = (item: Envelope.Item, value: Schema.JsonObject): Shared => {
  // Copies for a stand-by responder are nested one level deeper, with their contacts.
  const beside = item.field === "standby" && Json.isJsonObject(value.standby) ? value.standby : value
  const id = Json.isJsonObject(value.metadata) ? value.metadata.phone_number_id : undefined
  const phoneNumberId =
    (typeof id === "string" && id !== "") || typeof id === "number" ? PhoneNumberId.make(String(id)) : undefined
  return {
    around: {
      field: item.field ?? "",
      value,
      contacts: contactsOf(beside),
      time: item.time === undefined ? undefined : Result.getOrUndefined(decodeTime(item.time)),
      phoneNumberId,
      businessAccountId: item.entryId === undefined ? undefined : BusinessAccountId.make(item.entryId)
    },
    within: `${item.field}/${phoneNumberId ?? ""}`,
    decoders: new Map()
  }
}

const decoderOf = (field: string, list: string | undefined, { decoders: found }: Shared): Decoder | undefined => {
  if (!found.has(list)) {
    const name = list === undefined ? field : `${field}/${list}`
    // A field that is named like a list of another one is unknown.
    found.set(list, !field.includes("/") && Object.hasOwn(decoders, name) ? decoders[name] : undefined)
  }
  return found.get(list)
}

const nowhere: Surroundings["within"] = []

const decodeItem = (item: Envelope.Item, shared: Shared): Decoded => {
  const { field, list, raw } = item
  const around: Surroundings = { ...shared.around, list, raw, within: item.within ?? nowhere }
  const undecodable = (path: string, reason: string): Decoded => {
    const { businessAccountId, phoneNumberId } = around
    return {
      event: { _tag: "Undecodable", ...present({ phoneNumberId, businessAccountId, field }), path, reason, raw }
    }
  }
  if (item.broken !== undefined || field === undefined) {
    const { path, reason } = item.broken ?? { path: item.position, reason: "expected a field" }
    return undecodable(path, reason)
  }
  const decoder = decoderOf(field, list, shared)
  if (decoder === undefined) return unknownField(around)
  const ofValue = list === undefined
  const json = ofValue && Json.isJsonObject(raw) ? raw.value : raw
  return Result.getOrElse(decoder(json, around), (cause) => {
    const issue = ofValue ? at("value")(cause) : cause
    const [first] = standard(issue).issues
    const inner = (first?.path ?? []).map((key) =>
      typeof key === "number" ? `[${key}]` : `.${String(typeof key === "object" ? key.key : key)}`
    )
    const path = inner.join("")
    const message = (first?.message ?? "not what was expected").replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    return undecodable(`${item.position}${path}`, path === "" ? message : `${path.replace(/^\./, "")}: ${message}`)
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
