/** A file of the command line as a message: uploaded when it is a path, fetched by Meta when it is a link. */
import { Upload, WhatsAppClient } from "@effect-whatsapp/core/client"
import { type Media, mediaTypes, Message } from "@effect-whatsapp/core/message"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Failure, Usage } from "./outcome.ts"
import { progress } from "./progress.ts"

/** What a file can be sent as. */
export const kinds = ["image", "video", "audio", "voice", "document", "sticker"] as const
export type Kind = (typeof kinds)[number]

export interface File {
  /** A path, or an http(s) URL. */
  readonly source: string
  /** @default by the extension, else a document */
  readonly kind: Kind | undefined
  /** MIME type. @default by the extension */
  readonly type: string | undefined
  /** The text beside it. */
  readonly caption: string | undefined
}

const link = /^https?:\/\//i
const lastOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? ""

/** The name that a URL gives to what is there; nothing when its path ends in none. */
const nameOfLink = (url: string): string | undefined => {
  const path = Result.try(() => new URL(url).pathname)
  const last = Result.isSuccess(path) ? lastOf(path.success) : ""
  const decoded = Result.getOrElse(
    Result.try(() => decodeURIComponent(last)),
    () => last
  )
  return lastOf(decoded) === "" ? undefined : lastOf(decoded)
}

const extensions: ReadonlyMap<string, Kind> = new Map(
  (["document", "sticker", "audio", "video", "image"] as const).flatMap((kind) =>
    Object.values<ReadonlyArray<string>>(mediaTypes[kind].types).flatMap((all) =>
      all.map((one) => [one, kind] as const)
    )
  )
)

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? ""

const captioned: ReadonlySet<Kind> = new Set(["image", "video", "document"])
const spoken: ReadonlyArray<string> = mediaTypes.audio.types["audio/ogg"]

const toMessage = (kind: Kind, media: Media, caption: string | undefined, filename: string | undefined): Message => {
  switch (kind) {
    case "image":
      return Message.image(media, { caption })
    case "video":
      return Message.video(media, { caption })
    case "audio":
      return Message.audio(media)
    case "voice":
      return Message.voice(media)
    case "document":
      return Message.document(media, { caption, filename })
    case "sticker":
      return Message.sticker(media)
  }
}

const upload = Effect.fnUntraced(function* (path: string, kind: Kind, type: string | undefined) {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  const { mediaId } = yield* Upload.fromPath(path, { type }).pipe(
    Effect.filterOrFail(
      ({ name = "" }) => type !== undefined || extensions.has(extensionOf(name)),
      () => new Usage({ message: "The extension of the file says no type: give its MIME type with --type" })
    ),
    Effect.flatMap((file) =>
      progress("Uploading", (onProgress) =>
        whatsapp.uploadMedia(file, { kind: kind === "voice" ? "audio" : kind, onProgress })
      )
    ),
    Effect.catchTag("PlatformError", () => new Failure({ message: `The file ${path} could not be read` }))
  )
  return { id: mediaId }
})

/** The message for a file, which is at Meta by then. */
export const fromFile = Effect.fnUntraced(function* ({ caption, kind: given, source, type }: File) {
  const isLink = link.test(source)
  const name = isLink ? nameOfLink(source) : lastOf(source)
  const extension = extensionOf(name ?? "")
  const kind = given ?? extensions.get(extension) ?? "document"
  if (caption !== undefined && !captioned.has(kind)) {
    return yield* new Usage({ message: `TEXT cannot stand beside a file that is sent as ${kind}` })
  }
  if (kind === "voice" && (type === undefined ? !spoken.includes(extension) : !/^audio\/ogg\b/i.test(type))) {
    return yield* new Usage({ message: `A voice note is a file of type audio/ogg (${spoken.join(", ")})` })
  }
  // Before the upload, which may be long, as after it.
  yield* Message.validate(toMessage(kind, { id: "0" }, caption, name))
  return toMessage(kind, isLink ? { link: source } : yield* upload(source, kind, type), caption, name)
})
