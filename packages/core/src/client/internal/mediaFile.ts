/** A file is held against the table of media types before anything of it leaves. */
import * as Effect from "effect/Effect"
import { InvalidMessage } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import { type MediaKind, mediaTypes, type MediaTypes } from "../../message/mediaTypes.ts"
import type { Upload } from "../Upload.ts"

/** What is said of a file when it is uploaded. */
export interface Checked {
  readonly type: string
  readonly name: string
  readonly size: number
}

const kinds: ReadonlyArray<readonly [MediaKind, MediaTypes]> = [
  ["image", mediaTypes.image],
  ["video", mediaTypes.video],
  ["audio", mediaTypes.audio],
  ["sticker", mediaTypes.sticker],
  ["document", mediaTypes.document]
]

const mimeType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+([ \t]*;[ \t]*[\w!#$&^.+-]+=("[\w !#$&^.+-]*"|[\w!#$&^.+-]+))*$/

/** Without its parameters. */
export const essence = (type: string): string => (type.split(";")[0] ?? "").trim().toLowerCase()

/** Without its dot; empty when there is none. */
const extensionOf = (name: string): string => /\.([^.\s/\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""

/** What the extension of a name stands for, first of all in the kind that it is for: an MP4 may be video or audio. */
const typeOf = (name: string, kind: MediaKind | undefined): string | undefined => {
  const extension = extensionOf(name)
  const tables = kinds.map(([, { types }]) => types)
  for (const types of kind === undefined ? tables : [mediaTypes[kind].types, ...tables])
    for (const [type, extensions] of Object.entries<ReadonlyArray<string>>(types))
      if (extensions.includes(extension)) return type
  return undefined
}

const extensionsOf = (type: string): ReadonlyArray<string> =>
  kinds.flatMap(([, { types }]) => Object.entries(types).flatMap(([key, them]) => (key === type ? them : [])))

/** A name that ends as its type says: Meta refuses a file whose name and type differ, and only when it is sent. */
const nameOf = (name: string | undefined, type: string): string => {
  const extensions = extensionsOf(type)
  const given = name === undefined || name === "" ? "file" : name
  return extensions[0] === undefined || extensions.includes(extensionOf(given)) ? given : `${given}.${extensions[0]}`
}

export const invalid = (method: string, field: string, expected: string): WhatsAppError =>
  new WhatsAppError({ method, reason: new InvalidMessage({ field, details: `${field}: ${expected}` }) })

/** MIME type, name and size of a file, or what is wrong with them. */
const describe = Effect.fnUntraced(function* (
  method: string,
  file: Upload<unknown>,
  kind?: MediaKind
): Effect.fn.Return<Checked, WhatsAppError> {
  const type = file.type ?? typeOf(file.name ?? "", kind)
  if (type === undefined)
    return yield* invalid(method, "file.type", "expected a MIME type, or a name with the extension of one")
  if (!mimeType.test(type)) return yield* invalid(method, "file.type", "expected a MIME type, as in image/jpeg")
  if (!Number.isSafeInteger(file.size) || file.size < 1)
    return yield* invalid(method, "file.size", `expected 1 byte or more, got ${file.size}`)
  return { type, name: nameOf(file.name, essence(type)), size: file.size }
})

/** The same, held against what a kind of message takes. */
export const check = Effect.fnUntraced(function* (
  method: string,
  file: Upload<unknown>,
  given: MediaKind | undefined
): Effect.fn.Return<Checked, WhatsAppError> {
  const checked = yield* describe(method, file, given)
  const type = essence(checked.type)
  const kind = given ?? kinds.find(([, { types }]) => type in types)?.[0] ?? "document"
  const { maxBytes, open, types }: MediaTypes = mediaTypes[kind]
  if (!open && !(type in types))
    return yield* invalid(method, "file.type", `expected a type of ${kind}: ${Object.keys(types).join(", ")}`)
  if (checked.size > maxBytes)
    return yield* invalid(method, "file.size", `expected at most ${maxBytes} bytes for ${kind}, got ${checked.size}`)
  return checked
})

/** What templates and profile pictures may show. Meta page: "Resumable Upload API". */
const handleTypes = ["image/jpeg", "image/jpg", "image/png", "video/mp4", "application/pdf"]

/** The same, for a resumable upload. */
export const checkForHandle = Effect.fnUntraced(function* (
  method: string,
  file: Upload<unknown>
): Effect.fn.Return<Checked, WhatsAppError> {
  const checked = yield* describe(method, file)
  const type = essence(checked.type)
  if (!handleTypes.includes(type))
    return yield* invalid(method, "file.type", `expected one of ${handleTypes.join(", ")}`)
  return { ...checked, type }
})
