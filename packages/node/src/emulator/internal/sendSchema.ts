/**
 * What Meta documents for `POST /messages`, written down a second time: a fault in the SDK's own encoder must not hide
 * behind the same schema here. Members that are not listed are refused, as Meta does.
 */
import * as Schema from "effect/Schema"

const optional = Schema.optionalKey
const Text = Schema.String
const OneOf = <const L extends ReadonlyArray<string>>(...literals: L) => Schema.Literals(literals)

/** Characters as code points: how Meta counts is undocumented, and this is the most generous way. */
const length = (min: number, max: number) =>
  Schema.makeFilter(
    (text: string) => {
      const count = Array.from(text).length
      return count >= min && count <= max
    },
    { expected: `${min} to ${max} characters` }
  )

const envelope = {
  messaging_product: Schema.Literal("whatsapp"),
  recipient_type: optional(OneOf("individual", "group")),
  to: optional(Text),
  recipient: optional(Text),
  context: optional(Schema.Struct({ message_id: Text })),
  biz_opaque_callback_data: optional(Text.check(length(0, 512))),
  recipient_identity_key_hash: optional(Text),
  messaging_account_id: optional(Text)
}

const media = Schema.Struct({ id: optional(Text), link: optional(Text) }).check(
  Schema.makeFilter(({ id, link }) => (id === undefined) !== (link === undefined), { expected: "either id or link" })
)
const documentMedia = Schema.Struct({ id: optional(Text), link: optional(Text), filename: optional(Text) }).check(
  Schema.makeFilter(({ id, link }) => (id === undefined) !== (link === undefined), { expected: "either id or link" })
)

const parameter = <T extends string, F extends Schema.Struct.Fields>(type: T, fields: F) =>
  Schema.Struct({ type: Schema.Literal(type), ...fields })
const named = { parameter_name: optional(Text) }
const degrees = Schema.Union([Text, Schema.Finite])

/** A value for a template. */
export const Parameter = Schema.Union([
  parameter("text", { text: Text, ...named }),
  parameter("currency", {
    currency: Schema.Struct({ fallback_value: Text, code: Text, amount_1000: Schema.Int }),
    ...named
  }),
  parameter("date_time", { date_time: Schema.Struct({ fallback_value: Text }), ...named }),
  parameter("image", { image: media }),
  parameter("video", { video: media }),
  parameter("gif", { gif: media }),
  parameter("document", { document: documentMedia }),
  parameter("location", {
    location: Schema.Struct({ latitude: degrees, longitude: degrees, name: optional(Text), address: optional(Text) })
  }),
  parameter("product", { product: Schema.Struct({ product_retailer_id: Text, catalog_id: Text }) }),
  parameter("payload", { payload: Text.check(length(1, 256)) }),
  parameter("coupon_code", { coupon_code: Text.check(length(1, 20)) }),
  parameter("action", { action: Schema.JsonObject }),
  parameter("order_status", { order_status: Schema.JsonObject }),
  parameter("limited_time_offer", { limited_time_offer: Schema.Struct({ expiration_time_ms: Schema.Int }) }),
  parameter("tap_target_configuration", {
    tap_target_configuration: Schema.Array(Schema.Struct({ url: Text, title: Text }))
  }),
  parameter("group_id", { group_id: Text }),
  parameter("ttl_minutes", { ttl_minutes: Schema.Int })
])
export type Parameter = typeof Parameter.Type

const parameters = { parameters: optional(Schema.Array(Parameter)) }

const Button = Schema.Struct({
  type: OneOf("button", "BUTTON"),
  sub_type: OneOf("quick_reply", "url", "copy_code", "flow", "catalog", "mpm", "order_details", "voice_call"),
  index: optional(Schema.Union([Text, Schema.Int])),
  ...parameters
})
const Plain = Schema.Struct({
  type: OneOf("header", "HEADER", "body", "BODY", "limited_time_offer", "tap_target_configuration", "order_status"),
  ...parameters
})
const Carousel = Schema.Struct({
  type: OneOf("carousel", "CAROUSEL"),
  cards: Schema.Array(
    Schema.Struct({ card_index: Schema.Int, components: Schema.Array(Schema.Union([Button, Plain])) })
  )
})

export const Template = Schema.Struct({
  name: Text.check(length(1, 512)),
  language: Schema.Struct({ code: Text, policy: optional(Schema.Literal("deterministic")) }),
  components: optional(Schema.Array(Schema.Union([Button, Plain, Carousel])))
})
export type Template = typeof Template.Type

/** A text; `type` may be left out. */
export const TextMessage = Schema.Struct({
  ...envelope,
  type: optional(Schema.Literal("text")),
  text: Schema.Struct({ body: Text.check(length(1, 4096)), preview_url: optional(Schema.Boolean) })
})

export const TemplateMessage = Schema.Struct({ ...envelope, type: Schema.Literal("template"), template: Template })

/** Not a message: marks one of the customer's as read, and may show that an answer is being typed. */
export const MarkRead = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  status: Schema.Literal("read"),
  message_id: Text,
  typing_indicator: optional(Schema.Struct({ type: Schema.Literal("text") }))
})

/** Documented types that wait for the SDK to model them. */
export const laterTypes: ReadonlySet<string> = new Set([
  "image",
  "audio",
  "video",
  "document",
  "sticker",
  "location",
  "contacts",
  "reaction",
  "interactive",
  "pin"
])
