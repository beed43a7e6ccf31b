/**
 * From the bytes of a delivery to events: one for each item, whatever the item is. An event as it comes from here knows
 * nothing of the world around it; what admission decides (who the sender is, whether a status is stale) is put in by
 * `decide`, and small enough to be kept beside the bytes until every listener is done.
 */
import * as Result from "effect/Result"
import * as SchemaIssue from "effect/SchemaIssue"
import { asBusinessAccountId, asPhoneNumberId } from "../domain/brands.ts"
import type { ConversationId, DeliveryDigest } from "../domain/Ids.ts"
import type { SenderIdentity } from "../domain/SenderIdentity.ts"
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
  const all: Array<Incoming> = []
  let shared: Shared | undefined
  for (const item of Envelope.items(envelope.success)) {
    const { position, raw, value } = item
    if (isForgotten(raw)) continue
    // Items of one change follow each other.
    if (shared === undefined || value === undefined || shared.around.value !== value) shared = makeShared(item)
    const decoded = decodeItem(item, shared)
    const { event, person } = decoded
    const key = decoded.key === undefined ? `${digest}/${position}` : `${shared.within}/${decoded.key}`
    const lane = decoded.lane ?? ("conversationId" in event ? event.conversationId : `${digest}/${position}`)
    all.push(person === undefined ? { position, key, lane, event } : { position, key, lane, person, event })
  }
  return all
}

/** The one event of a delivery that cannot be read. */
export const unreadable = (digest: DeliveryDigest, bytes: Uint8Array, reason: string): Incoming => ({
  position: "",
  key: digest,
  lane: digest,
  event: { _tag: "DeliveryUnreadable", digest, reason, bytes }
})

/** The event as a listener sees it: the same one, when nothing about it was found out. */
export const decide = (event: WhatsAppEvent, decision: Decision): WhatsAppEvent => {
  const { owner = false, previousConversationId, stale = false } = decision
  if (event._tag === "StatusUpdate") return event.stale === stale ? event : { ...event, stale }
  if (!("conversationId" in event)) return event
  const conversationId = decision.conversationId ?? event.conversationId
  const isElsewhere = conversationId !== event.conversationId
  if (!isMessageEvent(event)) return isElsewhere ? { ...event, conversationId } : event
  const { user } = event.sender
  const sender: SenderIdentity = owner ? { _tag: "Owner", user } : { _tag: "Customer", user }
  if ((event._tag === "UserNumberChanged" || event._tag === "UserIdChanged") && previousConversationId !== undefined) {
    return { ...event, conversationId, sender, previousConversationId }
  }
  return isElsewhere || sender._tag !== event.sender._tag ? { ...event, conversationId, sender } : event
}

const decodeTime = decode(UnixSeconds)

/** What all items of a change have in common. */
interface Shared {
  readonly around: Omit<Surroundings, "list" | "raw" | "within">
  /** Where keys are unique. */
  readonly within: string
}

const makeShared = (item: Envelope.Item): Shared => {
  const { value = {} } = item
  // Copies for a stand-by responder are nested one level deeper, with their contacts.
  const beside = item.field === "standby" && Json.isJsonObject(value.standby) ? value.standby : value
  const id = Json.isJsonObject(value.metadata) ? value.metadata.phone_number_id : undefined
  const phoneNumberId =
    (typeof id === "string" && id !== "") || typeof id === "number" ? asPhoneNumberId(String(id)) : undefined
  return {
    around: {
      field: item.field ?? "",
      value,
      contacts: contactsOf(beside),
      time: item.time === undefined ? undefined : Result.getOrUndefined(decodeTime(item.time)),
      phoneNumberId,
      businessAccountId: item.entryId === undefined ? undefined : asBusinessAccountId(item.entryId)
    },
    within: `${item.field}/${phoneNumberId ?? ""}`
  }
}

/** The decoders by field and then by list, so that no name has to be put together for each item. */
const decoderOf = new Map<string, Map<string | undefined, Decoder>>()
for (const [name, decoder] of Object.entries(decoders)) {
  const [field = "", list] = name.split("/")
  const lists = decoderOf.get(field) ?? new Map<string | undefined, Decoder>()
  decoderOf.set(field, lists.set(list, decoder))
}

const nowhere: Surroundings["within"] = []

const decodeItem = (item: Envelope.Item, shared: Shared): Decoded => {
  const { field, list, raw } = item
  const around: Surroundings = { ...shared.around, list, raw, within: item.within ?? nowhere }
  if (item.broken !== undefined || field === undefined) {
    return undecodable(item, shared, item.broken ?? { path: item.position, reason: "expected a field" })
  }
  const decoder = decoderOf.get(field)?.get(list)
  if (decoder === undefined) return unknownField(around)
  const ofValue = list === undefined
  const decoded = decoder(ofValue && Json.isJsonObject(raw) ? raw.value : raw, around)
  if (Result.isSuccess(decoded)) return decoded.success
  const issue = ofValue ? at("value")(decoded.failure) : decoded.failure
  const [first] = standard(issue).issues
  const inner = (first?.path ?? []).map((key) =>
    typeof key === "number" ? `[${key}]` : `.${String(typeof key === "object" ? key.key : key)}`
  )
  const path = inner.join("")
  const message = (first?.message ?? "not what was expected").replace(/^[A-Z]/, (letter) => letter.toLowerCase())
  return undecodable(item, shared, {
    path: `${item.position}${path}`,
    reason: path === "" ? message : `${path.replace(/^\./, "")}: ${message}`
  })
}

const undecodable = ({ field, raw }: Envelope.Item, { around }: Shared, { path, reason }: Envelope.Broken): Decoded => {
  const { businessAccountId, phoneNumberId } = around
  return { event: { _tag: "Undecodable", ...present({ phoneNumberId, businessAccountId, field }), path, reason, raw } }
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
