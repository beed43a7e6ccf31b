/** What customers write. */
import * as Schema from "effect/Schema"
import { MetaError } from "../domain/MetaError.ts"
import { message } from "./shared.ts"

/** A customer wrote a text, or tapped an ice breaker. */
export const TextReceived = Schema.TaggedStruct("TextReceived", { ...message, text: Schema.String })
export type TextReceived = typeof TextReceived.Type

/** A customer sent something that Meta could not deliver: a poll, a view-once picture, a payload that is missing. */
export const UnsupportedReceived = Schema.TaggedStruct("UnsupportedReceived", {
  ...message,
  /** Meta's `type`: mostly `unsupported`, or the type whose payload is missing. */
  type: Schema.String,
  /** What the customer sent, where Meta says it: `poll_creation`, `edit`, … */
  unsupportedType: Schema.optionalKey(Schema.String),
  errors: Schema.Array(MetaError)
})
export type UnsupportedReceived = typeof UnsupportedReceived.Type

/** A customer sent a message of a type that this version does not model; all of it is in `raw`. */
export const UnknownMessageReceived = Schema.TaggedStruct("UnknownMessageReceived", {
  ...message,
  /** Meta's `type`. */
  type: Schema.String
})
export type UnknownMessageReceived = typeof UnknownMessageReceived.Type

/** The events that a person caused: they have a sender and can be replied to. */
export const MessageEvent = Schema.Union([TextReceived, UnsupportedReceived, UnknownMessageReceived]).pipe(
  Schema.toTaggedUnion("_tag")
)
export type MessageEvent = typeof MessageEvent.Type
