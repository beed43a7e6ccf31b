/**
 * The people on the other side. Since 2026 WhatsApp may withhold the phone number of a person who has a username, so a
 * person is a phone number, a business-scoped user id (BSUID), or both.
 */
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { MessageDelivery, MessagePart } from "./Delivery.ts"

/** What WhatsApp tells a business about a person. */
export interface Person {
  /** The phone number in WhatsApp's spelling: digits only. */
  readonly phone?: string
  /** Business-scoped user id (BSUID). */
  readonly userId?: string
  readonly parentUserId?: string
  readonly username?: string
  readonly name?: string
}

interface Named {
  /** Display name. */
  readonly name?: string
  readonly username?: string
  readonly parentUserId?: string
}

/** Who a customer is. Without `phone` the person is known by BSUID alone. */
export type Profile = Named &
  (
    | {
        readonly phone: string
        /** `false` for a person as Meta told of them before April 2026: a phone number only. @default made of the phone */
        readonly userId?: string | false
      }
    | { readonly phone?: never; readonly userId: string }
  )

/** A file that a customer sends. */
export interface File {
  readonly type: "image" | "video" | "audio" | "document" | "sticker"
  readonly bytes: Uint8Array
  /** As in `image/jpeg` or `audio/ogg; codecs=opus`. */
  readonly mimeType: string
  /** Of an image, a video or a document. */
  readonly caption?: string
  /** Of a document. */
  readonly filename?: string
  /** Of an audio file: `true` when it was recorded in the app. */
  readonly voice?: boolean
  /** Of a sticker. */
  readonly animated?: boolean
}

/** The type of a message of the business. */
export type SentType =
  | "text"
  | "image"
  | "video"
  | "audio"
  | "document"
  | "sticker"
  | "location"
  | "contacts"
  | "reaction"
  | "pin"
  | "interactive"
  | "template"

/** Something the business sent and Meta accepted. */
export interface Sent {
  readonly wamid: string
  readonly phoneNumberId: string
  /** `to` or `recipient`, exactly as the business gave it. */
  readonly to: string
  readonly type: SentType
  /**
   * What the person sees: the text as it is, the template with its values filled in, and anything else in one line, as
   * in `[image] Your new plant` or `Keep Friday 10:00? [Keep] [Change]`. Untrusted.
   */
  readonly text: string
  /** The body of the request, in Meta's words. */
  readonly body: Schema.JsonObject
  readonly at: DateTime.Utc
  /** `biz_opaque_callback_data` of the request. */
  readonly callbackData?: string
  /** The message that is quoted. */
  readonly replyTo?: string
}

export interface WriteOptions {
  /** The business number that is written to. @default the first of `numbers` */
  readonly to?: string
  /** The message that is quoted. */
  readonly replyTo?: string
}

/** A person at their phone: writes to the business, and reads what it answers. */
export interface Customer {
  readonly person: Person
  /** Writes a text. Returns after the first answer of the webhook; redeliveries go on by themselves. */
  readonly sendText: (text: string, options?: WriteOptions) => Effect.Effect<MessageDelivery>
  /** Sends a file, which the business then finds under the id in the message for seven days. */
  readonly sendMedia: (file: File, options?: WriteOptions) => Effect.Effect<MessageDelivery>
  /**
   * Sends any message, given its part of Meta's JSON, as in `{ type: "hologram", hologram: {} }`. The sender, `id` and
   * `timestamp` are added, unless they are given.
   */
  readonly send: (message: Schema.JsonObject, options?: WriteOptions) => Effect.Effect<MessageDelivery>
  /** Makes a text for `deliver`, which puts several into one delivery. */
  readonly text: (text: string, options?: WriteOptions) => Effect.Effect<MessagePart>
  /** Makes a message with a file for `deliver`. */
  readonly media: (file: File, options?: WriteOptions) => Effect.Effect<MessagePart>
  /** Makes any message for `deliver`. */
  readonly message: (message: Schema.JsonObject, options?: WriteOptions) => Effect.Effect<MessagePart>
  /** What the business sent to this person, oldest first. */
  readonly received: Effect.Effect<ReadonlyArray<Sent>>
  /** Waits for the next message from the business; each is given out once, in order. */
  readonly next: Effect.Effect<Sent>
  /** The messages of this person that the business marked as read: the blue ticks. */
  readonly seen: Effect.Effect<ReadonlyArray<string>>
}
