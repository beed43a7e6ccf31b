/**
 * What can be sent, as plain values in Meta's own words: a message is the part of a body of `POST /messages` that says
 * what is said, so what one reads in Meta's documentation, in a log or in an outbox is what one has in hand. A kind of
 * message is one closed schema, which holds its documented limits, and a constructor that reads well.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type { WhatsAppError } from "../errors/WhatsAppError.ts"
import { AudioMessage, DocumentMessage, ImageMessage, StickerMessage, VideoMessage } from "./Attachment.ts"
import { ContactsMessage } from "./Contacts.ts"
import { InteractiveMessage } from "./interactive/Interactive.ts"
import { invalidMessage } from "./internal/invalid.ts"
import { strict } from "./internal/strict.ts"
import { LocationMessage } from "./Location.ts"
import { PinMessage } from "./Pin.ts"
import { ReactionMessage } from "./Reaction.ts"
import { TemplateMessage } from "./template/Template.ts"
import { TextMessage } from "./Text.ts"

export {
  audio,
  AudioMessage,
  type CaptionOptions,
  document,
  DocumentMessage,
  type DocumentOptions,
  image,
  ImageMessage,
  sticker,
  StickerMessage,
  video,
  VideoMessage,
  voice
} from "./Attachment.ts"
export {
  type ContactAddress,
  type ContactInput,
  type ContactName,
  type ContactPhone,
  contacts,
  ContactsMessage
} from "./Contacts.ts"
export * from "./interactive/Interactive.ts"
export { location, LocationMessage, type Place } from "./Location.ts"
export { pin, PinMessage, type PinOptions, unpin } from "./Pin.ts"
export { type Options } from "./Quote.ts"
export { reaction, ReactionMessage, removeReaction } from "./Reaction.ts"
export { splitText, type SplitOptions } from "./splitText.ts"
export { template, TemplateMessage } from "./template/Template.ts"
export { text, TextMessage, type TextOptions } from "./Text.ts"
export { warnings } from "./warnings.ts"

/** The kinds, by `type`. A new kind is one more line here, and a minor version. */
export const kinds = [
  TextMessage,
  ImageMessage,
  VideoMessage,
  AudioMessage,
  DocumentMessage,
  StickerMessage,
  LocationMessage,
  ContactsMessage,
  ReactionMessage,
  PinMessage,
  InteractiveMessage,
  TemplateMessage
] as const

/** Schema for a message of any kind. */
export const Message = Schema.Union(kinds)
  .annotate({
    message: `Expected a message that is modelled: ${kinds.map((kind) => kind.fields.type.literal).join(", ")}`
  })
  .pipe(Schema.toTaggedUnion("type"))
export type Message = typeof Message.Type

/** A message that is not modelled, see `raw`. */
export interface Raw {
  readonly type: "raw"
  readonly raw: Schema.JsonObject
}

/**
 * A message of a kind that Meta added after this version: the members of the body that say what is said, as Meta
 * documents them. Nothing in it is checked, and Meta has the only word on it.
 *
 * **Example** (Something new)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const hologram = Message.raw({ type: "hologram", hologram: { id: "9100000001" } })
 * ```
 */
export const raw = (raw: Schema.JsonObject): Raw => ({ type: "raw", raw })

const check = SchemaParser.decodeUnknownEffect(Message, strict)

/**
 * Holds a message against the documented limits, as `WhatsAppClient.send` does. Fails with the reason `InvalidMessage`,
 * which names the field, the limit and the size that was found, and never holds the message itself.
 */
export const validate = (message: Message): Effect.Effect<Message, WhatsAppError> =>
  Effect.mapError(check(message), invalidMessage("Message.validate"))
