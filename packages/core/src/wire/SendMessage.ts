/**
 * The body of `POST /{phone-number-id}/messages` and the answers to it. A body is closed, because Meta refuses members
 * it does not know: what is absent is left out when a body is written, and what is not modelled fails when one is read.
 * Adding a kind of message is one payload schema here, beside its schema in `message`. Meta page: "Messages", reference.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { BusinessScopedUserId, GroupId, MessageId, WaId } from "../domain/Ids.ts"
import { limits, text as within } from "../message/limits.ts"
import * as Message from "../message/Message.ts"
import * as Recipient from "../message/Recipient.ts"
import { templatePayload } from "./internal/template.ts"
import { isJsonObject } from "./Json.ts"
import { id, optional, Text as Text_ } from "./scalars.ts"

const at = (path: ReadonlyArray<PropertyKey>, expected: string): SchemaIssue.Issue =>
  new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ expected }))

// Payloads, by `type`

const payloads = {
  text: Schema.Struct({
    body: Message.TextMessage.fields.text,
    preview_url: Message.TextMessage.fields.previewUrl
  }).pipe(
    Schema.decodeTo(
      Schema.toType(Message.TextMessage),
      SchemaTransformation.transform({
        decode: ({ body, preview_url }) => Message.text(body, { previewUrl: preview_url }),
        encode: ({ previewUrl, text }) => ({
          body: text,
          ...(previewUrl === undefined ? {} : { preview_url: previewUrl })
        })
      })
    )
  ),
  template: templatePayload
} as const

// The body

const to = Schema.toType(Recipient.Recipient)
const Addressed = Schema.Struct({
  to: Schema.optionalKey(to),
  message: Message.Message,
  /** Echoed in status events, at most 512 characters. */
  callbackData: Schema.optionalKey(within(limits.callbackData))
})

const head = {
  // Not a literal, by which the union below would choose: then a wrong one has a path.
  messaging_product: Schema.String.check(Schema.isPattern(/^whatsapp$/, { expected: `"whatsapp"` })),
  recipient_type: Schema.optionalKey(Schema.Literals(["individual", "group"])),
  to: Schema.optionalKey(Schema.String),
  /** A BSUID; instead of `to`, which would win over it. */
  recipient: Schema.optionalKey(Schema.NonEmptyString)
}
const tail = {
  context: Schema.optionalKey(Schema.Struct({ message_id: MessageId.check(Schema.isNonEmpty()) })),
  biz_opaque_callback_data: Schema.optionalKey(within(limits.callbackData))
}
const Wire = Schema.Union([
  Schema.Struct({ ...head, type: Schema.Literal("text"), text: payloads.text, ...tail }),
  Schema.Struct({ ...head, type: Schema.Literal("template"), template: payloads.template, ...tail })
])
type Wire = typeof Wire.Type

const readMessage = (wire: Wire): Message.Message => {
  switch (wire.type) {
    case "text":
      return wire.text
    case "template":
      return wire.template
  }
}
const writeMessage = (message: Message.Message) => {
  switch (message._tag) {
    case "Text":
      return { type: "text" as const, text: message }
    case "Template":
      return { type: "template" as const, template: message }
  }
}

const isType = (type: unknown) => typeof type === "string" && Object.hasOwn(payloads, type)
const envelope: ReadonlySet<string> = new Set([...Object.keys(head), ...Object.keys(tail), "type"])

/** `type` may be left out where one payload tells it; without any, Meta assumes a text. */
const typeOf = (json: Schema.JsonObject): Effect.Effect<Schema.Json, SchemaIssue.Issue> => {
  const keys = Object.keys(json).filter((key) => !envelope.has(key))
  const type = json.type ?? (keys.length === 0 ? "text" : keys.length === 1 ? keys[0] : undefined)
  if (type === undefined) return Effect.fail(at(["type"], "a type, as there is more than one payload"))
  return isType(type)
    ? Effect.succeed(type)
    : Effect.fail(at(["type"], `a type of message that is modelled: ${Object.keys(payloads).join(", ")}`))
}

const lowerCase = (json: Schema.Json = null) => (typeof json === "string" ? json.toLowerCase() : json)
const plain: ReadonlySet<Schema.Json> = new Set(["header", "body", "footer"])

/** The object with some members put anew. */
const put = (json: Schema.JsonObject, members: Schema.JsonObject): Schema.JsonObject =>
  Object.fromEntries([...Object.entries(json), ...Object.entries(members)])

/** Samples of Meta's write the types in capitals, the index as a number, and components that carry nothing. */
const componentsOf = (components: ReadonlyArray<Schema.Json>): ReadonlyArray<Schema.Json> =>
  components.flatMap((json): ReadonlyArray<Schema.Json> => {
    if (!isJsonObject(json)) return [json]
    const { index, parameters, sub_type, type, ...rest } = json
    const carriesNothing =
      Object.keys(rest).length === 0 &&
      sub_type === undefined &&
      index === undefined &&
      (parameters === undefined || (Array.isArray(parameters) && parameters.length === 0))
    if (carriesNothing && plain.has(lowerCase(type))) return []
    return [
      put(json, {
        ...(type === undefined ? {} : { type: lowerCase(type) }),
        ...(sub_type === undefined ? {} : { sub_type: lowerCase(sub_type) }),
        ...(typeof index === "number" ? { index: String(index) } : {})
      })
    ]
  })

/** The body with what Meta lets one leave out. */
const complete = Effect.fnUntraced(function* (json: Schema.JsonObject) {
  const { messaging_product = "whatsapp", template } = json
  const type = yield* typeOf(json)
  return isJsonObject(template) && Array.isArray(template.components)
    ? put(json, { messaging_product, type, template: put(template, { components: componentsOf(template.components) }) })
    : put(json, { messaging_product, type })
})

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)

const readRecipient = (wire: Wire): Effect.Effect<Recipient.Recipient | undefined, SchemaIssue.Issue> => {
  if (wire.recipient !== undefined) {
    return wire.to === undefined && wire.recipient_type !== "group"
      ? Effect.succeed({ _tag: "User", userId: BusinessScopedUserId.make(wire.recipient) })
      : Effect.fail(at(["recipient"], "no recipient beside to, and none for a group"))
  }
  if (wire.to === undefined) return Effect.undefined
  if (wire.recipient_type === "group") {
    return wire.to === ""
      ? Effect.fail(at(["to"], "a group id"))
      : Effect.succeed({ _tag: "Group", groupId: GroupId.make(wire.to) })
  }
  return parseRecipient(wire.to).pipe(
    Effect.filterOrFail(
      (to) => to._tag !== "Group" || wire.recipient_type === undefined,
      () => new SchemaIssue.InvalidValue({ expected: "a person, as recipient_type is individual" })
    ),
    Effect.mapError((issue) => new SchemaIssue.Pointer(["to"], issue))
  )
}

const writeRecipient = Recipient.match({
  Phone: ({ digits }) => ({ recipient_type: "individual" as const, to: digits }),
  User: ({ userId }) => ({ recipient_type: "individual" as const, recipient: userId }),
  Group: ({ groupId }) => ({ recipient_type: "group" as const, to: groupId })
})

// Closed, whatever options the schema is used with: what Meta would refuse is refused here, by name.
const decodeWire = SchemaParser.decodeUnknownEffect(Wire, { onExcessProperty: "error" })
const encodeWire = SchemaParser.encodeEffect(Wire, { onExcessProperty: "error" })

const read = Effect.fnUntraced(function* (json: Schema.JsonObject) {
  const wire = yield* decodeWire(yield* complete(json))
  const to = yield* readRecipient(wire)
  const message = readMessage(wire)
  const callbackData = wire.biz_opaque_callback_data
  return {
    ...(to === undefined ? {} : { to }),
    message: wire.context === undefined ? message : { ...message, replyTo: wire.context.message_id },
    ...(callbackData === undefined ? {} : { callbackData })
  }
})

const write = (body: typeof Addressed.Type): Effect.Effect<Schema.JsonObject, SchemaIssue.Issue> =>
  encodeWire({
    messaging_product: "whatsapp",
    ...(body.to === undefined ? {} : writeRecipient(body.to)),
    ...writeMessage(body.message),
    ...(body.message.replyTo === undefined ? {} : { context: { message_id: body.message.replyTo } }),
    ...(body.callbackData === undefined ? {} : { biz_opaque_callback_data: body.callbackData })
  })

/**
 * Schema for a body whose recipient may be missing: what one writes by hand and sends to someone named elsewhere.
 * `messaging_product`, `recipient_type` and, where one payload tells it, `type` may be left out when it is read.
 */
export const MessageBody = Schema.JsonObject.pipe(
  Schema.decodeTo(Schema.toType(Addressed), {
    decode: SchemaGetter.transformEffect(read),
    encode: SchemaGetter.transformEffect(write)
  })
)
export type MessageBody = typeof MessageBody.Type

/** Schema for a whole body, as it is sent. */
export const Body = Schema.JsonObject.pipe(
  Schema.decodeTo(Schema.toType(Schema.Struct({ ...Addressed.fields, to })), {
    decode: SchemaGetter.transformEffect(
      Effect.fnUntraced(function* (json: Schema.JsonObject) {
        const { to, ...body } = yield* read(json)
        return to === undefined ? yield* Effect.fail(at(["to"], "a recipient")) : { ...body, to }
      })
    ),
    encode: SchemaGetter.transformEffect(write)
  })
)
export type Body = typeof Body.Type

// The answers

/** Accepted for processing, and nothing more: what becomes of it, statuses tell. */
export const Accepted = Schema.Struct({
  contacts: optional(
    Schema.Array(
      Schema.Struct({
        input: optional(Text_),
        /** WhatsApp's own spelling; empty or absent when a BSUID was addressed. */
        wa_id: optional(id(WaId)),
        user_id: optional(id(BusinessScopedUserId))
      })
    )
  ),
  messages: Schema.NonEmptyArray(
    Schema.Struct({
      id: id(MessageId.check(Schema.isNonEmpty())),
      /** `accepted`, `held_for_quality_assessment`, `paused`, and what Meta adds. */
      message_status: optional(Text_)
    })
  )
})
export type Accepted = typeof Accepted.Type
