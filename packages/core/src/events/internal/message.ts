/** An item of `messages` as an event. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as ConversationId from "../../domain/ConversationId.ts"
import { Customer } from "../../domain/SenderIdentity.ts"
import { PhoneNumberId } from "../../domain/Ids.ts"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/InboundMessage.ts"
import { isJsonObject } from "../../wire/Json.ts"
import { MetaErrors } from "../../wire/MetaError.ts"
import type { Decoded, Surroundings } from "../Incoming.ts"
import type { MessageEvent, UnsupportedReceived } from "../messages.ts"
import { personOf } from "./contacts.ts"
import { errorsOf } from "./errors.ts"

/** What all message events share. */
type Common = Omit<UnsupportedReceived, "_tag" | "type" | "unsupportedType" | "errors">

type Reader = (payload: Schema.Json, common: Common) => Result.Result<MessageEvent, SchemaIssue.Issue>

/** Reads a payload by its schema, and makes the event of it. */
const reader = <A>(schema: Schema.Codec<A, unknown>, toEvent: (payload: A, common: Common) => MessageEvent): Reader => {
  const decode = SchemaParser.decodeUnknownResult(schema)
  return (payload, common) => Result.map(decode(payload), (it) => toEvent(it, common))
}

/** How the payload of each type becomes an event: the place to touch, beside a schema in `wire`, for a new type. */
const readers: { readonly [type: string]: Reader } = {
  text: reader(Wire.Text, ({ body }, common) => ({ _tag: "TextReceived", ...common, text: body }))
}

const decodeHeader = SchemaParser.decodeUnknownResult(Wire.Header)
const decodePhoneNumberId = SchemaParser.decodeUnknownResult(PhoneNumberId)

const at =
  (path: ReadonlyArray<PropertyKey>) =>
  (issue: SchemaIssue.Issue): SchemaIssue.Issue =>
    new SchemaIssue.Pointer(path, issue)

/** Keys that are no payload. */
const common: ReadonlySet<string> = new Set([
  ...Object.keys(Wire.Header.fields),
  "identity",
  "from_logical_id",
  "origin"
])

/** Meta leaves `type` out now and then: the only payload then tells it. */
const typeOf = (raw: Schema.JsonObject, { type }: Wire.Header): string | undefined => {
  if (type) return type
  const keys = Object.keys(raw).filter((key) => !common.has(key))
  return keys.find((key) => Object.hasOwn(readers, key)) ?? (keys.length === 1 ? keys[0] : undefined)
}

const decodeErrors = SchemaParser.decodeUnknownResult(MetaErrors)

export const decodeMessage = (raw: Schema.Json, around: Surroundings): Result.Result<Decoded, SchemaIssue.Issue> =>
  Result.gen(function* () {
    const header = yield* decodeHeader(raw)
    const phoneNumberId = yield* Result.mapError(
      decodePhoneNumberId(around.phoneNumberId),
      () => new SchemaIssue.InvalidValue({ expected: "metadata.phone_number_id beside the message" })
    )
    const fields = isJsonObject(raw) ? raw : {}
    const user = personOf(
      present({ waId: header.from, userId: header.from_user_id, parentUserId: header.from_parent_user_id }),
      around.contacts
    )
    const groupId = first(header.group_id)
    const conversationId = ConversationId.of(phoneNumberId, user, groupId, header.id)
    const shared: Common = {
      wamid: header.id,
      phoneNumberId,
      conversationId,
      timestamp: header.timestamp,
      sender: Customer.make({ user }),
      raw: fields,
      ...present({
        businessAccountId: around.businessAccountId,
        groupId,
        context: contextOf(header.context),
        referral: referralOf(header.referral)
      })
    }
    const event = yield* toEvent(fields, header, shared, around)
    return { event, key: `message/${header.id}`, lane: conversationId }
  })

const toEvent = (
  fields: Schema.JsonObject,
  header: Wire.Header,
  shared: Common,
  around: Surroundings
): Result.Result<MessageEvent, SchemaIssue.Issue> => {
  const type = typeOf(fields, header)
  const payload = type === undefined ? undefined : fields[type]
  const read = type !== undefined && Object.hasOwn(readers, type) ? readers[type] : undefined
  if (type === undefined || Wire.unsupportedTypes.has(type) || (read !== undefined && (payload ?? null) === null)) {
    // Beside a message of its own, an error of the value belongs to the message.
    const ofValue = Result.getOrElse(decodeErrors(around.value.errors ?? []), () => [])
    const errors = errorsOf([...(header.errors ?? []), ...ofValue])
    const unsupportedType = isJsonObject(fields.unsupported) ? fields.unsupported.type : undefined
    return Result.succeed({
      _tag: "UnsupportedReceived",
      ...shared,
      type: type ?? "unknown",
      errors,
      ...(typeof unsupportedType === "string" ? { unsupportedType } : {})
    })
  }
  return read === undefined || payload === undefined
    ? Result.succeed({ _tag: "UnknownMessageReceived", ...shared, type })
    : Result.mapError(read(payload, shared), at([type]))
}

const contextOf = (context: Wire.Context | null | undefined): Common["context"] => {
  if (!context) return undefined
  const product = context.referred_product
  return present({
    wamid: context.id,
    from: context.from,
    forwarded: context.forwarded,
    frequentlyForwarded: context.frequently_forwarded,
    referredProduct:
      product && present({ catalogId: product.catalog_id, productRetailerId: product.product_retailer_id })
  })
}

const referralOf = (referral: Wire.Referral | null | undefined): Common["referral"] =>
  referral
    ? present({
        sourceUrl: referral.source_url,
        sourceId: referral.source_id,
        sourceType: referral.source_type,
        headline: referral.headline,
        body: referral.body,
        mediaType: referral.media_type,
        imageUrl: referral.image_url,
        videoUrl: referral.video_url,
        thumbnailUrl: referral.thumbnail_url,
        clickId: referral.ctwa_clid,
        welcomeMessage: referral.welcome_message?.text,
        ref: referral.ref
      })
    : undefined
