/** What stands around a message in a body of `POST /{phone-number-id}/messages`: who it is for, and how it is sent. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { bsuidPattern } from "../../domain/Ids.ts"
import { integer, limits, text as within } from "../../message/limits.ts"

/** How a message is sent. Names are ours; each says what Meta calls it. */
export const options = {
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
export type Options = typeof Options.Type

/** What stands in a body beside the message. */
export const Envelope = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  recipient_type: Schema.optionalKey(Schema.Literals(["individual", "group"])),
  to: Schema.optionalKey(Schema.String),
  /** A BSUID; instead of `to`, which would win over it. */
  recipient: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(bsuidPattern, { expected: "a BSUID, as in US.4821" }))
  ),
  biz_opaque_callback_data: options.callbackData,
  recipient_identity_key_hash: options.identityKeyHash,
  messaging_account_id: options.messagingAccountId,
  product_policy: Schema.optionalKey(Schema.Literals(["CLOUD_API_FALLBACK", "STRICT"])),
  message_activity_sharing: Schema.optionalKey(Schema.Boolean),
  category: Schema.optionalKey(Schema.Literals(["utility", "authentication"])),
  ttl_seconds: Schema.optionalKey(integer(limits["directSend.ttlSeconds"])),
  direct_send_config: Schema.optionalKey(Schema.Struct({ template_name: Schema.NonEmptyString }))
})
export type Envelope = typeof Envelope.Type

/** The object without the keys that hold nothing. */
const compact = (members: { readonly [key: string]: Schema.Json | undefined }): Schema.JsonObject =>
  Object.fromEntries(Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))

export const read = (envelope: Envelope): Effect.Effect<Options, SchemaIssue.Issue> => {
  const { category, direct_send_config, message_activity_sharing, product_policy, ttl_seconds } = envelope
  if (category === undefined && (ttl_seconds ?? direct_send_config) !== undefined) {
    const issue = new SchemaIssue.InvalidValue({ expected: "a category, as this is a Direct Send" })
    return Effect.fail(new SchemaIssue.Pointer(["category"], issue))
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

export const write = ({
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
