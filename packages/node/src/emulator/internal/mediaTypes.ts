/** Which files Meta takes, and how large they may be. A MB is 1,048,576 bytes. */
import type { Use } from "./sentMedia.ts"

type Kind = Exclude<Use, "gif">

interface Type {
  readonly kind: Kind
  readonly extensions: ReadonlyArray<string>
}

const office = "application/vnd.openxmlformats-officedocument"

/** Meta's list; anything else is a document. */
const types: ReadonlyMap<string, Type> = new Map<string, Type>([
  ["image/jpeg", { kind: "image", extensions: ["jpeg", "jpg"] }],
  ["image/png", { kind: "image", extensions: ["png"] }],
  ["image/webp", { kind: "sticker", extensions: ["webp"] }],
  ["video/mp4", { kind: "video", extensions: ["mp4"] }],
  ["video/3gpp", { kind: "video", extensions: ["3gp", "3gpp"] }],
  ["audio/aac", { kind: "audio", extensions: ["aac"] }],
  ["audio/amr", { kind: "audio", extensions: ["amr"] }],
  ["audio/mpeg", { kind: "audio", extensions: ["mp3"] }],
  ["audio/mp4", { kind: "audio", extensions: ["m4a", "mp4"] }],
  ["audio/ogg", { kind: "audio", extensions: ["ogg", "oga", "opus"] }],
  ["text/plain", { kind: "document", extensions: ["txt"] }],
  ["application/pdf", { kind: "document", extensions: ["pdf"] }],
  ["application/msword", { kind: "document", extensions: ["doc"] }],
  ["application/vnd.ms-excel", { kind: "document", extensions: ["xls"] }],
  ["application/vnd.ms-powerpoint", { kind: "document", extensions: ["ppt"] }],
  [`${office}.wordprocessingml.document`, { kind: "document", extensions: ["docx"] }],
  [`${office}.spreadsheetml.sheet`, { kind: "document", extensions: ["xlsx"] }],
  [`${office}.presentationml.presentation`, { kind: "document", extensions: ["pptx"] }]
])

const known = new Set(Array.from(types.values(), (type) => type.extensions).flat())

const megabyte = 1_048_576

/** The largest file there is. */
export const largest = 100 * megabyte

const limits: { readonly [K in Kind]: number } = {
  image: 5 * megabyte,
  video: 16 * megabyte,
  audio: 16 * megabyte,
  document: largest,
  sticker: 500 * 1024
}
const stillSticker = 100 * 1024

/** Without parameters, as in `audio/ogg; codecs=opus`. */
export const essence = (mimeType: string): string => (mimeType.split(";")[0] ?? "").trim().toLowerCase()

/** Parameters are kept, and become part of a header. */
export const isMime = (mimeType: string): boolean => /^[a-z0-9.+_-]+\/[a-z0-9.+_-]+( *;[ -~]*)?$/i.test(mimeType)

const kindOf = (mimeType: string): Kind => types.get(essence(mimeType))?.kind ?? "document"

/** Bytes. `head` is the beginning of the file: only an animated sticker may be large. */
export const limitOf = (mimeType: string, head: Uint8Array): number =>
  kindOf(mimeType) === "sticker" && !isAnimated(head) ? stillSticker : limits[kindOf(mimeType)]

/** An extended WebP, with the flag of an animation. */
const isAnimated = (head: Uint8Array): boolean =>
  Buffer.from(head).toString("latin1", 12, 16) === "VP8X" && ((head[20] ?? 0) & 0x02) !== 0

/** Only an extension that belongs to another type is a mismatch. */
export const fitsName = (mimeType: string, fileName: string): boolean => {
  const extension = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase()
  const type = types.get(essence(mimeType))
  return extension === undefined || type === undefined || !known.has(extension) || type.extensions.includes(extension)
}

/** Any file may be sent as a document, and a GIF is a video. */
export const fitsUse = (mimeType: string, use: Use): boolean =>
  use === "document" || kindOf(mimeType) === use || (use === "gif" && essence(mimeType) === "video/mp4")
