/**
 * The body of `POST /{phone-number-id}/messages`: a message in its envelope. A body is closed,
 * because Meta refuses members it does not know: what is absent is left out when a body is written, and what is not
 * modelled fails when one is read. What is read and written again is the same. Meta pages: "Messages" (reference),
 * "Marketing Messages API for WhatsApp".
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { BusinessScopedUserId, GroupId } from "../domain/Ids.ts"
import { closest } from "../message/internal/closest.ts"
import { strict } from "../message/internal/strict.ts"
import { limits } from "../message/limits.ts"
import * as Message from "../message/Message.ts"
import * as Recipient from "../message/Recipient.ts"
import * as Envelope from "./internal/envelope.ts"
import * as Json from "./Json.ts"

const at = (path: ReadonlyArray<PropertyKey>, expected: string): SchemaIssue.Issue =>
  new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ expected }))

const join = (...objects: ReadonlyArray<Schema.JsonObject>): Schema.JsonObject =>
  Object.fromEntries(objects.flatMap((object) => Object.entries(object)))

// Who it is for

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)
const asRecipient = SchemaParser.decodeResult(Recipient.Recipient)

/** Whether it is a phone number or a BSUID. */
const isPerson = (text: string) =>
  Result.match(asRecipient(text), { onFailure: () => false, onSuccess: (to) => to._tag !== "Group" })

const readRecipient = (
  envelope: Envelope.Envelope
): Effect.Effect<Recipient.Recipient | undefined, SchemaIssue.Issue> => {
  if (envelope.recipient !== undefined) {
    return envelope.to === undefined && envelope.recipient_type !== "group"
      ? Effect.succeed({ _tag: "User", userId: BusinessScopedUserId.make(envelope.recipient) })
      : Effect.fail(at(["recipient"], "no recipient beside to, and none for a group"))
  }
  if (envelope.to === undefined) return Effect.undefined
  if (envelope.recipient_type === "group") {
    return isPerson(envelope.to) || envelope.to === ""
      ? Effect.fail(at(["to"], "a group id, as recipient_type is group"))
      : Effect.succeed({ _tag: "Group", groupId: GroupId.make(envelope.to) })
  }
  return parseRecipient(envelope.to).pipe(
    Effect.filterOrFail(
      (to) => to._tag !== "Group" || envelope.recipient_type === undefined,
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

// The message

const types: ReadonlyArray<string> = Message.kinds.map((kind) => kind.fields.type.literal)

/** Members of a message that are no payload. */
const beside: ReadonlySet<string> = new Set(["type", "context"])

/** `type` may be left out where one payload tells it; without any, Meta assumes a text. */
const typeOf = (json: Schema.JsonObject): Effect.Effect<string, SchemaIssue.Issue> => {
  const keys = Object.keys(json).filter((key) => !beside.has(key))
  const type = json.type ?? (keys.length === 0 ? "text" : keys.length === 1 ? keys[0] : undefined)
  if (type === undefined) return Effect.fail(at(["type"], "a type, as there is more than one payload"))
  return typeof type === "string" && types.includes(type)
    ? Effect.succeed(type)
    : Effect.fail(at(["type"], `a type of message that is modelled: ${types.join(", ")}`))
}

// Closed, whatever options the schema is used with: what Meta would refuse is refused here, by name.
const decodeEnvelope = SchemaParser.decodeUnknownEffect(Envelope.Envelope, strict)
const decodeMessage = SchemaParser.decodeUnknownEffect(Message.Message, strict)
const encodeMessage = SchemaParser.encodeEffect(Message.Message, strict)

// The body

const to = Schema.toType(Recipient.Recipient).annotate({
  message: "Expected a recipient: a Phone, a User or a Group, or to send a string that is one"
})

interface Parts {
  readonly to?: Recipient.Recipient
  readonly message: Message.Message
  readonly marketing?: Envelope.Options["marketing"]
  readonly directSend?: Envelope.Options["directSend"]
}

const isDirect = ({ directSend, marketing, message }: Parts) => {
  if (directSend === undefined) return undefined
  const { category, templateName, ttlSeconds = 0 } = directSend
  if (marketing !== undefined) return { path: ["marketing"], issue: "Expected none, as this is a Direct Send" }
  if (message.type !== "text" && message.type !== "interactive") {
    return { path: ["directSend"], issue: "Expected none, as only texts and interactive messages are sent directly" }
  }
  if (templateName !== undefined && category !== "utility") {
    return { path: ["directSend", "templateName"], issue: "Expected none, as the category is not utility" }
  }
  const { max } = limits["directSend.ttlSeconds.authentication"]
  return category === "authentication" && ttlSeconds > max
    ? { path: ["directSend", "ttlSeconds"], issue: `Expected at most ${max} seconds, got ${ttlSeconds}` }
    : undefined
}

/** What goes with what. Meta pages: "Group messaging", "Marketing Messages API for WhatsApp". */
const goesTogether = Schema.makeFilter((parts: Parts) => {
  const { marketing, message, to } = parts
  if (to?._tag === "Group" && message.type === "interactive") {
    return { path: ["to"], issue: "Expected a person, as groups take no interactive messages" }
  }
  if (message.type === "pin" && to !== undefined && to._tag !== "Group") {
    return { path: ["to"], issue: "Expected a group, as messages are pinned in groups alone" }
  }
  if (marketing !== undefined && message.type !== "template") {
    return { path: ["marketing"], issue: "Expected a template, as it goes through the Marketing Messages API" }
  }
  return isDirect(parts)
})

const Addressed = Schema.Struct({ to: Schema.optionalKey(to), message: Message.Message, ...Envelope.options })

const isOfEnvelope = ([key]: readonly [string, Schema.Json]) => Object.hasOwn(Envelope.Envelope.fields, key)

const read = Effect.fnUntraced(function* (json: Schema.JsonObject) {
  const members = Object.entries(json)
  const envelope = yield* decodeEnvelope({
    messaging_product: "whatsapp",
    ...Object.fromEntries(members.filter(isOfEnvelope))
  })
  const content = Object.fromEntries(members.filter((member) => !isOfEnvelope(member)))
  const message = yield* Effect.mapError(decodeMessage({ ...content, type: yield* typeOf(content) }), closest)
  const to = yield* readRecipient(envelope)
  return { ...(to === undefined ? {} : { to }), message, ...(yield* Envelope.read(envelope)) }
})

const write = Effect.fnUntraced(function* ({
  message,
  to,
  ...rest
}: typeof Addressed.Type): Effect.fn.Return<Schema.JsonObject, SchemaIssue.Issue> {
  const content = yield* encodeMessage(message)
  return join(
    { messaging_product: "whatsapp" },
    to === undefined ? {} : writeRecipient(to),
    content,
    Envelope.write(rest)
  )
})

/**
 * Schema for a body whose recipient may be missing: what one writes by hand and sends to someone named elsewhere.
 * `messaging_product`, `recipient_type` and, where one payload tells it, `type` may be left out when it is read.
 */
export const MessageBody = Schema.JsonObject.pipe(
  Schema.decodeTo(Schema.toType(Addressed.check(goesTogether)), {
    decode: SchemaGetter.transformEffect(read),
    encode: SchemaGetter.transformEffect(write)
  })
)
export type MessageBody = typeof MessageBody.Type

/** Schema for a whole body, as it is sent. */
export const Body = Schema.JsonObject.pipe(
  Schema.decodeTo(Schema.toType(Schema.Struct({ ...Addressed.fields, to }).check(goesTogether)), {
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

/** What is sent: a body, or one around a message that is not modelled. */
export type Outgoing = Omit<Body, "message"> & { readonly message: Message.Message | Message.Raw }

/** Asks also what no type checker saw. */
const isRaw = (message: unknown): message is Message.Raw =>
  Predicate.hasProperty(message, "type") && message.type === "raw"
const isJsonObject = Schema.is(Schema.JsonObject)

const addresses: ReadonlySet<string> = new Set(["messaging_product", "recipient_type", "to", "recipient"])

const encodeBody = SchemaParser.encodeEffect(Body, strict)
const checkEnvelope = SchemaParser.decodeUnknownEffect(
  Schema.toType(Schema.Struct({ to, ...Envelope.options })),
  strict
)

/** Writes a body, checked against every limit; of a message that is not modelled, only what stands around it. */
export const encode = Effect.fnUntraced(function* ({
  message,
  ...rest
}: Outgoing): Effect.fn.Return<Schema.JsonObject, SchemaIssue.Issue> {
  if (Json.isTooDeep(message)) {
    return yield* Effect.fail(at(["message"], `a message nested at most ${Json.maxDepth} levels deep`))
  }
  if (!isRaw(message)) return yield* encodeBody({ ...rest, message })
  if (!isJsonObject(message.raw)) {
    return yield* Effect.fail(
      at(["raw"], "a JSON object, without undefined, bigint and other values that JSON has not")
    )
  }
  const { to, ...options } = yield* checkEnvelope(rest)
  // Who it goes to is said by the caller alone.
  const content = Object.fromEntries(Object.entries(message.raw).filter(([key]) => !addresses.has(key)))
  return join({ messaging_product: "whatsapp" }, writeRecipient(to), content, Envelope.write(options))
})
