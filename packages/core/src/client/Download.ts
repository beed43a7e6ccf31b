/** Media that is fetched: what is known of it before, and its bytes as they come. */
import type * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type { MediaId, PhoneNumberId } from "../domain/Ids.ts"
import type { WhatsAppError } from "../errors/WhatsAppError.ts"
import type { ReceivedMedia } from "../events/content.ts"

/** What is fetched: an id, the `media` of an event, or an event with media, which knows the number that it came to. */
export type Source = string | ReceivedMedia | { readonly media: ReceivedMedia; readonly phoneNumberId?: PhoneNumberId }

/** Options of what is done to media by its id. */
export interface InfoOptions {
  /** The number that the media is of; Meta refuses the others. @default the first of `WhatsAppConfig.numbers` */
  readonly from?: PhoneNumberId | undefined
}

/** Options of `WhatsAppClient.downloadMedia` and `WhatsAppClient.readMedia`. */
export interface Options {
  /** The number that the media came to. @default that of the event, else the first of `WhatsAppConfig.numbers` */
  readonly from?: PhoneNumberId | undefined
  /** In bytes, 0 or more. Larger media is not fetched, or no further. @default 104857600 (100 MiB); for `readMedia` 16777216 (16 MiB) */
  readonly maxBytes?: number | undefined
  /** Whether the SHA-256 that Meta gives is held against the bytes. @default true */
  readonly verify?: boolean | undefined
}

/** What Meta knows of media. */
export interface MediaInfo {
  readonly id: MediaId
  /** Where it is for the next five minutes. A secret, although fetching it needs the access token as well. */
  readonly url: Redacted.Redacted
  readonly mimeType?: string
  /** In bytes. */
  readonly size?: number
  /** As Meta gives it, which is in hex. */
  readonly sha256?: string
}

/** What is known of media before it was fetched. */
export interface Described {
  readonly id: MediaId
  /** With its parameters, as in `audio/ogg; codecs=opus`. Meta's word, or the sender's: not to be trusted. */
  readonly mimeType?: string
  /** In bytes; absent when it is of an event that brought its URL. */
  readonly size?: number
  /** As Meta gives it: in hex, or in base64 when it is of an event. Absent: the bytes are held against nothing. */
  readonly sha256?: string
}

/** Media that is fetched when, and each time that, `bytes` runs. */
export interface Download extends Described {
  /** The bytes as they come. Only its end says that they are all, and what Meta says they are. */
  readonly bytes: Stream.Stream<Uint8Array, WhatsAppError>
}

/** Media that was fetched as a whole, and is what Meta says it is. */
export interface Whole extends Described {
  readonly bytes: Uint8Array<ArrayBuffer>
}
