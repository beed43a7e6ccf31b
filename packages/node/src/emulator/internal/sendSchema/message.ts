/**
 * What Meta documents for sending, written down a second time: a fault in the SDK's own encoder must not hide behind the
 * same schema here. Members that are not listed are refused, as Meta does.
 */
import * as Schema from "effect/Schema"
import { Interactive } from "./interactive.ts"
import * as Media from "./media.ts"
import { Contacts, Location, Pin, Reaction, TextContent } from "./plain.ts"
import { Template } from "./template.ts"
import { atMost, OneOf, optional, Some, Text, Whole } from "./words.ts"

const address = {
  messaging_product: Schema.Literal("whatsapp"),
  recipient_type: optional(OneOf("individual", "group")),
  to: optional(Text),
  recipient: optional(Text),
  biz_opaque_callback_data: optional(atMost(512)),
  recipient_identity_key_hash: optional(Text),
  messaging_account_id: optional(Text),
  /** The old name, until the end of 2026. */
  paid_messaging_account_id: optional(Text)
}
const envelope = { ...address, context: optional(Schema.Struct({ message_id: Some })) }

/** Direct Send: a text without a template outside the window. */
const direct = {
  ...envelope,
  category: optional(OneOf("utility", "authentication")),
  ttl_seconds: optional(Whole(1, 43_200)),
  direct_send_config: optional(Schema.Struct({ template_name: optional(Some) }))
}
interface Direct {
  readonly category?: "utility" | "authentication"
  readonly ttl_seconds?: number
  readonly direct_send_config?: unknown
}
const isDirect = [
  Schema.makeFilter(
    ({ category, direct_send_config, ttl_seconds }: Direct) =>
      category !== undefined || (ttl_seconds === undefined && direct_send_config === undefined),
    { expected: "given a category, as it has ttl_seconds or direct_send_config" }
  ),
  Schema.makeFilter(
    ({ category, ttl_seconds }: Direct) =>
      category !== "authentication" || ttl_seconds === undefined || ttl_seconds <= 900,
    { expected: "given at most 900 as ttl_seconds, as its category is authentication" }
  ),
  Schema.makeFilter(
    ({ category, direct_send_config }: Direct) => category !== "authentication" || direct_send_config === undefined,
    { expected: "without direct_send_config, as its category is authentication" }
  )
] as const

const type = <T extends string>(literal: T) => ({ type: Schema.Literal(literal) })

/** Every message of `POST /messages`, by its type. */
export const Message = Schema.Union([
  Schema.Struct({ ...direct, ...type("text"), text: TextContent }).check(...isDirect),
  Schema.Struct({ ...envelope, ...type("image"), image: Media.Captioned }),
  Schema.Struct({ ...envelope, ...type("video"), video: Media.Captioned }),
  Schema.Struct({ ...envelope, ...type("audio"), audio: Media.Audio }),
  Schema.Struct({ ...envelope, ...type("document"), document: Media.Document }),
  Schema.Struct({ ...envelope, ...type("sticker"), sticker: Media.File }),
  Schema.Struct({ ...envelope, ...type("location"), location: Location }),
  Schema.Struct({ ...envelope, ...type("contacts"), contacts: Contacts }),
  // A reaction quotes nothing.
  Schema.Struct({ ...address, ...type("reaction"), reaction: Reaction }),
  Schema.Struct({ ...envelope, ...type("pin"), pin: Pin }),
  Schema.Struct({ ...direct, ...type("interactive"), interactive: Interactive }).check(...isDirect),
  Schema.Struct({ ...envelope, ...type("template"), template: Template })
])
export type Message = typeof Message.Type

/** The body of `POST /marketing_messages`. */
export const MarketingMessage = Schema.Struct({
  ...envelope,
  ...type("template"),
  template: Template,
  product_policy: optional(OneOf("CLOUD_API_FALLBACK", "STRICT")),
  message_activity_sharing: optional(Schema.Boolean)
})

/** Not a message: marks one of the customer's as read, and may show that an answer is being typed. */
export const MarkRead = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  status: Schema.Literal("read"),
  message_id: Text,
  typing_indicator: optional(Schema.Struct({ type: Schema.Literal("text") }))
})
