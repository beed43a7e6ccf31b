/**
 * Images, videos, audio, documents and stickers. What each may be is in `mediaTypes`; Meta looks at it only after the
 * message was accepted, so that media of a wrong kind is a status `Failed` later. Meta pages: "Image messages", "Video
 * messages", "Audio messages", "Document messages", "Sticker messages".
 */
import * as Schema from "effect/Schema"
import { type Limit, limits, text as within } from "./limits.ts"
import { documentFields, Media, mediaWith } from "./Media.ts"
import { type Options, quote, quotes } from "./Quote.ts"

const caption = (limit: Limit) => ({ caption: Schema.optionalKey(within(limit)) })

/** Schema for an image, with a caption of at most 1024 characters. */
export const ImageMessage = Schema.Struct({
  type: Schema.Literal("image"),
  image: mediaWith(caption(limits["image.caption"])),
  ...quotes
})
export type ImageMessage = typeof ImageMessage.Type

/** Schema for a video, with a caption of at most 1024 characters. */
export const VideoMessage = Schema.Struct({
  type: Schema.Literal("video"),
  video: mediaWith(caption(limits["video.caption"])),
  ...quotes
})
export type VideoMessage = typeof VideoMessage.Type

/** Schema for an audio file or a voice note. */
export const AudioMessage = Schema.Struct({
  type: Schema.Literal("audio"),
  audio: mediaWith({
    /** A voice note: OGG with Opus, mono. */
    voice: Schema.optionalKey(Schema.Boolean)
  }),
  ...quotes
})
export type AudioMessage = typeof AudioMessage.Type

/** Schema for a document, with a file name, whose extension decides the icon, and a caption of at most 1024 characters. */
export const DocumentMessage = Schema.Struct({
  type: Schema.Literal("document"),
  document: mediaWith({ ...documentFields, ...caption(limits["document.caption"]) }),
  ...quotes
})
export type DocumentMessage = typeof DocumentMessage.Type

/** Schema for a sticker: a WebP of 512 by 512 pixels, still or animated. */
export const StickerMessage = Schema.Struct({ type: Schema.Literal("sticker"), sticker: Media, ...quotes })
export type StickerMessage = typeof StickerMessage.Type

export interface CaptionOptions extends Options {
  /** At most 1024 characters, in WhatsApp's markdown. @default none */
  readonly caption?: string | undefined
}

export interface DocumentOptions extends CaptionOptions {
  /** What the recipient sees, with its extension, which decides the icon. @default WhatsApp's: a general name */
  readonly filename?: string | undefined
}

const captioned = (options: CaptionOptions | undefined) =>
  options?.caption === undefined ? {} : { caption: options.caption }

/**
 * An image: JPEG or PNG, at most 5 MB.
 *
 * **Example** (By the id of an upload, and by link)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const uploaded = Message.image({ id: "9100000001" }, { caption: "Your *new* plant" })
 * const linked = Message.image({ link: "https://shop.example/p/31.jpg" })
 * ```
 */
export const image = (media: Media, options?: CaptionOptions): ImageMessage => ({
  type: "image",
  image: { ...media, ...captioned(options) },
  ...quote(options)
})

/** A video: MP4 or 3GPP with H.264 and AAC, at most 16 MB. */
export const video = (media: Media, options?: CaptionOptions): VideoMessage => ({
  type: "video",
  video: { ...media, ...captioned(options) },
  ...quote(options)
})

/** An audio file, at most 16 MB. It has no caption; for what is recorded with a microphone see `voice`. */
export const audio = (media: Media, options?: Options): AudioMessage => ({
  type: "audio",
  audio: { ...media },
  ...quote(options)
})

/**
 * A voice note, with the picture of the sender: OGG with Opus, mono. Up to 512 KB it loads by itself. Its status may
 * become `Played`.
 */
export const voice = (media: Media, options?: Options): AudioMessage => ({
  type: "audio",
  audio: { ...media, voice: true },
  ...quote(options)
})

/**
 * A document of any type, at most 100 MB.
 *
 * **Example** (An invoice)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const invoice = Message.document({ id: "9100000003" }, { filename: "invoice-31.pdf", caption: "March" })
 * ```
 */
export const document = (media: Media, options?: DocumentOptions): DocumentMessage => ({
  type: "document",
  document: {
    ...media,
    ...(options?.filename === undefined ? {} : { filename: options.filename }),
    ...captioned(options)
  },
  ...quote(options)
})

/** A sticker: a WebP of 512 by 512 pixels, at most 100 KB, or 500 KB when it is animated. It has no caption. */
export const sticker = (media: Media, options?: Options): StickerMessage => ({
  type: "sticker",
  sticker: { ...media },
  ...quote(options)
})
