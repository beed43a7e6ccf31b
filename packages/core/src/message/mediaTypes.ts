/**
 * What media Meta takes, in one table. Meta looks inside the file: an extension that does not fit its type, or a codec
 * that is not listed, is refused at the upload or becomes a status `Failed` with code 131053. Meta page: "Media".
 */

export interface MediaTypes {
  /** The extensions without their dot, by MIME type; the first is the usual one. */
  readonly types: { readonly [mime: string]: readonly [string, ...ReadonlyArray<string>] }
  /** Whether types that are not listed are taken too: as documents they are, though Meta does not document it. */
  readonly open: boolean
  /** The largest file, in bytes; Meta's MB are taken as 1024 × 1024, so that nothing is refused that Meta takes. */
  readonly maxBytes: number
  /** The largest file that is not animated, where that is less. */
  readonly maxStillBytes?: number
  /** What else Meta asks of the content, which no type and no extension tells. */
  readonly content?: string
}

const kB = 1024
const MB = 1024 * kB
const office = "application/vnd.openxmlformats-officedocument"

/**
 * The media types by kind of message: MIME types, file extensions and sizes. A WebP is a sticker and never an image.
 *
 * **Example** (Whether it fits)
 *
 * ```ts
 * import { mediaTypes } from "@effect-whatsapp/core/message"
 *
 * const { maxBytes, types } = mediaTypes.image
 *
 * maxBytes // => 5_242_880
 * types["image/jpeg"] // => ["jpg", "jpeg"]
 * ```
 */
export const mediaTypes = {
  image: {
    types: { "image/jpeg": ["jpg", "jpeg"], "image/png": ["png"] },
    open: false,
    maxBytes: 5 * MB,
    content: "8 bits, RGB or RGBA"
  },
  video: {
    types: { "video/mp4": ["mp4"], "video/3gpp": ["3gp", "3gpp"] },
    open: false,
    maxBytes: 16 * MB,
    content: "H.264 with AAC; one audio stream or none"
  },
  audio: {
    types: {
      "audio/aac": ["aac"],
      "audio/amr": ["amr"],
      "audio/mpeg": ["mp3"],
      "audio/mp4": ["m4a", "mp4"],
      "audio/ogg": ["ogg", "opus"]
    },
    open: false,
    maxBytes: 16 * MB,
    content: "OGG with Opus only, mono"
  },
  document: {
    types: {
      "application/pdf": ["pdf"],
      "text/plain": ["txt"],
      "application/msword": ["doc"],
      "application/vnd.ms-excel": ["xls"],
      "application/vnd.ms-powerpoint": ["ppt"],
      [`${office}.wordprocessingml.document`]: ["docx"],
      [`${office}.spreadsheetml.sheet`]: ["xlsx"],
      [`${office}.presentationml.presentation`]: ["pptx"]
    },
    open: true,
    maxBytes: 100 * MB
  },
  sticker: {
    types: { "image/webp": ["webp"] },
    open: false,
    maxBytes: 500 * kB,
    maxStillBytes: 100 * kB,
    content: "512 by 512 pixels"
  }
} as const satisfies { readonly [kind: string]: MediaTypes }

/** The kind of message that a file is for. */
export type MediaKind = keyof typeof mediaTypes
