/** Arbitrary deliveries: everything that Meta sends, might send, and never should. */
import { Json as Codec } from "@effect-whatsapp/core/wire"
import { Arbitrary, Schema } from "effect"

type Json = Schema.Json

/** `Schema.JsonObject` as a type that can be spread. */
export type JsonObject = { readonly [key: string]: Json }
type Field = Arbitrary.Arbitrary<Json | undefined>

/** One of several arbitraries, each as likely as the next. */
export const oneOf = <A>(first: Arbitrary.Arbitrary<A>, ...rest: ReadonlyArray<Arbitrary.Arbitrary<A>>) => {
  const all = [first, ...rest]
  return Arbitrary.flatMap(Arbitrary.schema(Schema.Literals(all.map((_, i) => i))), (i) => all[i] ?? first)
}

export const literals = (...values: ReadonlyArray<string>): Arbitrary.Arbitrary<string> =>
  Arbitrary.schema(Schema.Literals(values))

const absent: Field = Arbitrary.Constant(undefined)
const nothing: Field = oneOf<Json | undefined>(Arbitrary.Constant(null), Arbitrary.Constant(""), absent)

/** The same JSON with other leaves. */
export const mapLeaves = (json: Json, leaf: (value: Json, key: string) => Json, key = ""): Json => {
  if (Array.isArray(json)) return json.map((element: Json) => mapLeaves(element, leaf, key))
  return Codec.isJsonObject(json)
    ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, mapLeaves(value, leaf, key)]))
    : leaf(json, key)
}

/** JSON that is read as it was written: without negative zeros, and without integers beyond 2^53. */
export const json: Arbitrary.Arbitrary<Json> = Arbitrary.map(Arbitrary.schema(Schema.Json), (value) =>
  mapLeaves(value, (leaf) => {
    if (typeof leaf !== "number" || leaf === 0) return leaf === 0 ? 0 : leaf
    return Number.isInteger(leaf) && !Number.isSafeInteger(leaf) ? 0.5 : leaf
  })
)

/** An object of such JSON. */
export const jsonObject: Arbitrary.Arbitrary<JsonObject> = Arbitrary.map(
  Arbitrary.all([Arbitrary.schema(Schema.Array(Schema.String)), Arbitrary.array(json)]),
  ([keys, values]) => Object.fromEntries(values.map((value, i) => [keys[i] ?? String(i), value]))
)

/** An object whose members may be absent, in any order. */
const object = (fields: { readonly [key: string]: Field }): Arbitrary.Arbitrary<JsonObject> =>
  Arbitrary.map(
    Arbitrary.all([Arbitrary.all(fields), Arbitrary.schema(Schema.Boolean)]),
    ([values, isReversed]): JsonObject => {
      const entries: Array<readonly [string, Json]> = []
      for (const [key, value] of Object.entries(values)) if (value !== undefined) entries.push([key, value])
      return Object.fromEntries(isReversed ? entries.toReversed() : entries)
    }
  )

/** Mostly a list, sometimes anything else. */
const list = (element: Arbitrary.Arbitrary<Json>): Field => {
  const elements = Arbitrary.array(element, { maxLength: 4 })
  return oneOf<Json | undefined>(elements, elements, elements, json, absent, absent, absent)
}

const text = oneOf<Json>(
  literals("a", "b", "Zażółć", "\ud800", "__proto__", "constructor"),
  Arbitrary.schema(Schema.String)
)
const id = oneOf<Json | undefined>(text, text, Arbitrary.schema(Schema.Int), nothing, json)
const seconds = oneOf<Json | undefined>(
  Arbitrary.map(Arbitrary.schema(Schema.Int), String),
  Arbitrary.schema(Schema.Int),
  literals("1786500010", "1786500010.5", " ", "soon"),
  nothing,
  json
)
const phone = oneOf<Json | undefined>(literals("16505550177", "5511987654321", "551187654321"), id)
const errors = list(
  oneOf<Json>(object({ code: id, title: id, error_data: object({ details: id }), details: id }), json)
)
const profile = oneOf<Json | undefined>(object({ name: id, username: id }), nothing, json)

/** An item of `messages`, whole or broken in any place. */
export const message = object({
  id,
  timestamp: seconds,
  type: oneOf<Json | undefined>(
    literals("text", "text", "text", "unsupported", "unknown", "poll", "constructor", "__proto__"),
    nothing,
    json
  ),
  text: oneOf<Json | undefined>(object({ body: oneOf<Json>(text, json) }), object({ body: text }), absent, json),
  poll: oneOf<Json | undefined>(absent, json),
  unsupported: oneOf<Json | undefined>(absent, absent, object({ type: id }), json),
  from: phone,
  from_user_id: id,
  from_parent_user_id: id,
  group_id: oneOf<Json | undefined>(absent, absent, id),
  context: oneOf<Json | undefined>(absent, absent, object({ id, from: phone, forwarded: json }), object({ id }), json),
  referral: oneOf<Json | undefined>(absent, absent, object({ source_url: id, ctwa_clid: id, ref: id }), json),
  errors: oneOf<Json | undefined>(absent, absent, errors)
})

/** An item of `statuses`, whole or broken in any place. */
export const status = object({
  id,
  timestamp: seconds,
  status: oneOf<Json | undefined>(
    literals("sent", "delivered", "read", "played", "failed", "READ", "deleted", "constructor", "__proto__"),
    id
  ),
  type: oneOf<Json | undefined>(absent, absent, literals("message", "payment", "call"), id),
  recipient_id: phone,
  recipient_type: oneOf<Json | undefined>(absent, literals("group", "individual"), id),
  recipient_user_id: id,
  parent_user_id: oneOf<Json | undefined>(absent, id),
  recipient_participant_id: oneOf<Json | undefined>(absent, phone),
  biz_opaque_callback_data: id,
  conversation: oneOf<Json | undefined>(absent, object({ id, expiration_timestamp: seconds, pricing: json }), json),
  pricing: oneOf<Json | undefined>(absent, object({ pricing_model: id, category: id, pricing_type: id }), json),
  errors
})

const contact = object({ wa_id: phone, user_id: id, parent_user_id: id, profile })
const metadata = oneOf<Json | undefined>(
  object({ phone_number_id: oneOf<Json | undefined>(literals("207311904455012", "1"), id) }),
  Arbitrary.Constant({ phone_number_id: "207311904455012" }),
  absent,
  json
)
const messages = list(oneOf<Json>(message, message, json))
const statuses = list(oneOf<Json>(status, status, json))
const anything = list(json)
const thread = oneOf<Json>(object({ id, messages }), object({ messages }), json, Arbitrary.Constant(null))
const chunk = oneOf<Json>(object({ threads: list(thread), errors }), json, Arbitrary.Constant(null))

const value = oneOf<Json | undefined>(
  object({
    metadata,
    contacts: list(oneOf<Json>(contact, contact, json)),
    messages,
    statuses,
    errors,
    user_actions: anything,
    conversation_context: oneOf<Json | undefined>(absent, json)
  }),
  object({ metadata, messages }),
  object({ metadata, calls: anything, statuses, errors }),
  object({ metadata, message_echoes: anything, groups: anything, user_preferences: anything, state_sync: anything }),
  object({ metadata, history: list(chunk), messages, message_echoes: anything, errors }),
  object({
    metadata,
    standby: oneOf<Json | undefined>(object({ messages, statuses, message_echoes: anything }), json)
  }),
  json,
  absent
)

const fields = [
  "messages",
  "calls",
  "smb_message_echoes",
  "message_echoes",
  "group_lifecycle_update",
  "group_participants_update",
  "group_participant_update",
  "group_settings_update",
  "group_status_update",
  "user_preferences",
  "smb_app_state_sync",
  "history",
  "standby"
] as const

const field = oneOf<Json | undefined>(
  literals(...fields),
  literals(...fields),
  literals("messages", "history", "standby"),
  literals("account_update", "", "__proto__", "constructor"),
  json,
  absent
)
const change = oneOf<Json>(object({ field, value }), object({ field, value }), object({ field, value }), json)
const entry = oneOf<Json>(object({ id, changes: list(change) }), object({ changes: list(change) }), json)

/** An envelope, as far as it has a list of entries. */
export const envelope = Arbitrary.map(
  Arbitrary.all([Arbitrary.array(entry, { maxLength: 3 }), json]),
  ([entry, object]) => ({ object, entry })
)
