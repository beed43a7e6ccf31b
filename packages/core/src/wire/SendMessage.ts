/**
 * The body of `POST /{phone-number-id}/messages` and the answers to it: a message in its envelope. A body is closed,
 * because Meta refuses members it does not know: what is absent is left out when a body is written, and what is not
 * modelled fails when one is read. What is read and written again is the same. Meta pages: "Messages" (reference),
 * "Marketing Messages API for WhatsApp".
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { BusinessScopedUserId, GroupId, MessageId, WaId } from "../domain/Ids.ts"
import { closest } from "../message/internal/closest.ts"
import { strict } from "../message/internal/strict.ts"
import { integer, limits, text as within } from "../message/limits.ts"
import * as Message from "../message/Message.ts"
import * as Recipient from "../message/Recipient.ts"
import { id, optional, Text as Text_ } from "./scalars.ts"

const at = (path: ReadonlyArray<PropertyKey>, expected: string): SchemaIssue.Issue =>
  new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ expected }))

// What stands around a message

/** How it is sent. Names are ours; each says what Meta calls it. */
const options = {
  /** Echoed in status events, at most 512 characters: `biz_opaque_callback_data`. */
  callbackData: Schema.optionalKey(within(limits.callbackData)),
  /** Deliver only if the person's identity is still this: `recipient_identity_key_hash`. */
  identityKeyHash: Schema.optionalKey(Schema.NonEmptyString),
  /** Who is billed, where a number has several accounts: `messaging_account_id`. */
  messagingAccountId: Schema.optionalKey(Schema.NonEmptyString),
  /** Through the Marketing Messages API: `product_policy` and `message_activity_sharing`. */
  marketing: Schema.optionalKey(
    Schema.Struct({
      /** Whether Meta may fall back to the Cloud API. @default Meta's: CLOUD_API_FALLBACK */
      productPolicy: Schema.optionalKey(Schema.Literals(["CLOUD_API_FALLBACK", "STRICT"])),
      /** Whether reads and clicks are shared with Meta, for this message. @default the account's setting */
      activitySharing: Schema.optionalKey(Schema.Boolean)
    }).check(
      Schema.makeFilter(({ activitySharing, productPolicy }) => (activitySharing ?? productPolicy) !== undefined, {
        expected: "a productPolicy or activitySharing"
      })
    )
  ),
  /** Direct Send, a beta of Meta's: a text of a category, without a template. */
  directSend: Schema.optionalKey(
    Schema.Struct({
      category: Schema.Literals(["utility", "authentication"]),
      ttlSeconds: Schema.optionalKey(integer(limits["directSend.ttlSeconds"])),
      templateName: Schema.optionalKey(Schema.NonEmptyString)
    })
  )
}

const Options = Schema.Struct(options)
type Options = typeof Options.Type

const Envelope = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  recipient_type: Schema.optionalKey(Schema.Literals(["individual", "group"])),
  to: Schema.optionalKey(Schema.String),
  /** A BSUID; instead of `to`, which would win over it. */
  recipient: Schema.optionalKey(Schema.NonEmptyString),
  biz_opaque_callback_data: options.callbackData,
  recipient_identity_key_hash: options.identityKeyHash,
  messaging_account_id: options.messagingAccountId,
  product_policy: Schema.optionalKey(Schema.Literals(["CLOUD_API_FALLBACK", "STRICT"])),
  message_activity_sharing: Schema.optionalKey(Schema.Boolean),
  category: Schema.optionalKey(Schema.Literals(["utility", "authentication"])),
  ttl_seconds: Schema.optionalKey(integer(limits["directSend.ttlSeconds"])),
  direct_send_config: Schema.optionalKey(Schema.Struct({ template_name: Schema.NonEmptyString }))
})
type Envelope = typeof Envelope.Type

/** The object without the keys that hold nothing. */
const compact = (members: { readonly [key: string]: Schema.Json | undefined }): Schema.JsonObject =>
  Object.fromEntries(Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))

const join = (...objects: ReadonlyArray<Schema.JsonObject>): Schema.JsonObject =>
  Object.fromEntries(objects.flatMap((object) => Object.entries(object)))

const readOptions = (envelope: Envelope): Effect.Effect<Options, SchemaIssue.Issue> => {
  const { category, direct_send_config, message_activity_sharing, product_policy, ttl_seconds } = envelope
  if (category === undefined && (ttl_seconds ?? direct_send_config) !== undefined) {
    return Effect.fail(at(["category"], "a category, as this is a Direct Send"))
  }
  return Effect.succeed({
    ...(envelope.biz_opaque_callback_data === undefined ? {} : { callbackData: envelope.biz_opaque_callback_data }),
    ...(envelope.recipient_identity_key_hash === undefined
      ? {}
      : { identityKeyHash: envelope.recipient_identity_key_hash }),
    ...(envelope.messaging_account_id === undefined ? {} : { messagingAccountId: envelope.messaging_account_id }),
    ...(product_policy === undefined && message_activity_sharing === undefined
      ? {}
      : {
          marketing: {
            ...(product_policy === undefined ? {} : { productPolicy: product_policy }),
            ...(message_activity_sharing === undefined ? {} : { activitySharing: message_activity_sharing })
          }
        }),
    ...(category === undefined
      ? {}
      : {
          directSend: {
            category,
            ...(ttl_seconds === undefined ? {} : { ttlSeconds: ttl_seconds }),
            ...(direct_send_config === undefined ? {} : { templateName: direct_send_config.template_name })
          }
        })
  })
}

const writeOptions = ({
  callbackData,
  directSend,
  identityKeyHash,
  marketing,
  messagingAccountId
}: Options): Schema.JsonObject =>
  compact({
    biz_opaque_callback_data: callbackData,
    recipient_identity_key_hash: identityKeyHash,
    messaging_account_id: messagingAccountId,
    product_policy: marketing?.productPolicy,
    message_activity_sharing: marketing?.activitySharing,
    category: directSend?.category,
    ttl_seconds: directSend?.ttlSeconds,
    direct_send_config: directSend?.templateName === undefined ? undefined : { template_name: directSend.templateName }
  })

// Who it is for

const parseRecipient = SchemaParser.decodeEffect(Recipient.Recipient)

const readRecipient = (envelope: Envelope): Effect.Effect<Recipient.Recipient | undefined, SchemaIssue.Issue> => {
  if (envelope.recipient !== undefined) {
    return envelope.to === undefined && envelope.recipient_type !== "group"
      ? Effect.succeed({ _tag: "User", userId: BusinessScopedUserId.make(envelope.recipient) })
      : Effect.fail(at(["recipient"], "no recipient beside to, and none for a group"))
  }
  if (envelope.to === undefined) return Effect.undefined
  if (envelope.recipient_type === "group") {
    return envelope.to === ""
      ? Effect.fail(at(["to"], "a group id"))
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
const decodeEnvelope = SchemaParser.decodeUnknownEffect(Envelope, strict)
const decodeMessage = SchemaParser.decodeUnknownEffect(Message.Message, strict)
const encodeMessage = SchemaParser.encodeEffect(Message.Message, strict)

// The body

const to = Schema.toType(Recipient.Recipient)

interface Parts {
  readonly to?: Recipient.Recipient
  readonly message: Message.Message
  readonly marketing?: Options["marketing"]
  readonly directSend?: Options["directSend"]
}

/** What goes with what. Meta pages: "Group messaging", "Marketing Messages API for WhatsApp". */
const goesTogether = Schema.makeFilter(({ directSend, marketing, message, to }: Parts) => {
  if (to?._tag === "Group" && message.type === "interactive") {
    return { path: ["to"], issue: "Expected a person, as groups take no interactive messages" }
  }
  if (message.type === "pin" && to !== undefined && to._tag !== "Group") {
    return { path: ["to"], issue: "Expected a group, as messages are pinned in groups alone" }
  }
  if (marketing !== undefined && message.type !== "template") {
    return { path: ["marketing"], issue: "Expected a template, as it goes through the Marketing Messages API" }
  }
  if (directSend?.category === "authentication" && (directSend.ttlSeconds ?? 0) > maxAuthenticationTtl) {
    return { path: ["directSend", "ttlSeconds"], issue: `Expected at most ${maxAuthenticationTtl} seconds` }
  }
  return undefined
})
const maxAuthenticationTtl = limits["directSend.ttlSeconds.authentication"].max

const Addressed = Schema.Struct({ to: Schema.optionalKey(to), message: Message.Message, ...options })

const isOfEnvelope = ([key]: readonly [string, Schema.Json]) => Object.hasOwn(Envelope.fields, key)

const read = Effect.fnUntraced(function* (json: Schema.JsonObject) {
  const members = Object.entries(json)
  const envelope = yield* decodeEnvelope({
    messaging_product: "whatsapp",
    ...Object.fromEntries(members.filter(isOfEnvelope))
  })
  const content = Object.fromEntries(members.filter((member) => !isOfEnvelope(member)))
  const message = yield* Effect.mapError(decodeMessage({ ...content, type: yield* typeOf(content) }), closest)
  const to = yield* readRecipient(envelope)
  return { ...(to === undefined ? {} : { to }), message, ...(yield* readOptions(envelope)) }
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
    writeOptions(rest)
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

const addresses: ReadonlySet<string> = new Set(["messaging_product", "recipient_type", "to", "recipient"])

const encodeBody = SchemaParser.encodeEffect(Body, strict)
const checkEnvelope = SchemaParser.decodeUnknownEffect(Schema.toType(Schema.Struct({ to, ...options })), strict)

/** Writes a body, checked against every limit; of a message that is not modelled, only what stands around it. */
export const encode = Effect.fnUntraced(function* ({
  message,
  ...rest
}: Outgoing): Effect.fn.Return<Schema.JsonObject, SchemaIssue.Issue> {
  if (message.type !== "raw") return yield* encodeBody({ ...rest, message })
  const { to, ...options } = yield* checkEnvelope(rest)
  // Who it goes to is said by the caller alone.
  const content = Object.fromEntries(Object.entries(message.raw).filter(([key]) => !addresses.has(key)))
  return join({ messaging_product: "whatsapp" }, writeRecipient(to), content, writeOptions(options))
})

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
