/** What is not modelled, or not what it should be: values, never failures, with everything that came kept. */
import * as Schema from "effect/Schema"
import { DeliveryDigest } from "../domain/Ids.ts"
import { origin, raw } from "./shared.ts"

/** A webhook field, or a list of one, that this version does not model. */
export const UnknownFieldReceived = Schema.TaggedStruct("UnknownFieldReceived", {
  ...origin,
  /** Meta's webhook field, as in `account_update`. */
  field: Schema.String,
  /** The list the item stands in, as in `message_echoes`; absent when the whole change is the item. */
  list: Schema.optionalKey(Schema.String),
  ...raw
})
export type UnknownFieldReceived = typeof UnknownFieldReceived.Type

/** An item that should be known and is broken. Its neighbours are not harmed. */
export const Undecodable = Schema.TaggedStruct("Undecodable", {
  ...origin,
  field: Schema.optionalKey(Schema.String),
  /** Where it is broken, as in `entry[0].changes[0].value.messages[1].text.body`. */
  path: Schema.String,
  /** Where in the item and what was expected there, as in `text.body: expected string`; never the value itself. */
  reason: Schema.String,
  ...raw
})
export type Undecodable = typeof Undecodable.Type

/** A delivery that Meta signed and that is no envelope at all. */
export const DeliveryUnreadable = Schema.TaggedStruct("DeliveryUnreadable", {
  digest: DeliveryDigest,
  reason: Schema.String,
  /** The bytes as they came; base64 when encoded. */
  bytes: Schema.Uint8ArrayFromBase64
})
export type DeliveryUnreadable = typeof DeliveryUnreadable.Type
