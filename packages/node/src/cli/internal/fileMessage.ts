/** A file of the command line as a message: uploaded when it is a path, fetched by Meta when it is a link. */
import { Upload, WhatsAppClient } from "@effect-whatsapp/core/client"
import { type Media, mediaTypes, Message } from "@effect-whatsapp/core/message"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { Failure, Usage } from "./outcome.ts"

/** What a file can be sent as. */
export const kinds = ["image", "video", "audio", "voice", "document", "sticker"] as const
export type Kind = (typeof kinds)[number]

export interface File {
  /** A path, or an http(s) URL. */
  readonly source: string
  readonly kind: Kind | undefined
  /** The text beside it. */
  readonly caption: string | undefined
}

const link = /^https?:\/\//i
const baseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path

/** The name of the file: the last part of a path, or of the path of a URL. */
const nameOf = (source: string): string => baseName(link.test(source) ? source.replace(/[?#].*$/, "") : source)

const extensions: ReadonlyMap<string, Kind> = new Map(
  (["document", "sticker", "audio", "video", "image"] as const).flatMap((kind) =>
    Object.values<ReadonlyArray<string>>(mediaTypes[kind].types).flatMap((all) =>
      all.map((one) => [one, kind] as const)
    )
  )
)

/** By its extension; whatever has none that is known is a document. */
const kindOf = (name: string): Kind => extensions.get(/\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? "") ?? "document"

const captioned: ReadonlySet<Kind> = new Set(["image", "video", "document"])

const toMessage = (kind: Kind, media: Media, caption: string | undefined, filename: string): Message => {
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

/** Says on a terminal how far it is, on one line that is written anew. */
const progressOn = Effect.map(Stdio.Stdio, (stdio) => ({ sent, total }: Upload.Progress) => {
  const percent = total === 0 ? 100 : Math.floor((100 * sent) / total)
  const line = `\rUploading ${percent} %${sent === total ? "\n" : ""}`
  return Stream.run(Stream.make(line), stdio.stderr({ endOnDone: false })).pipe(Effect.ignore)
})

const upload = Effect.fnUntraced(function* (path: string, kind: Kind) {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  const { stderrIsTerminal } = yield* Stdio.Stdio
  const onProgress = (yield* stderrIsTerminal) ? yield* progressOn : undefined
  const { mediaId } = yield* Upload.fromPath(path).pipe(
    Effect.flatMap((file) => whatsapp.uploadMedia(file, { kind: kind === "voice" ? "audio" : kind, onProgress })),
    Effect.catchTag("PlatformError", () => new Failure({ message: `The file ${path} could not be read` }))
  )
  return { id: mediaId }
})

/** The message for a file, which is at Meta by then. */
export const fromFile = Effect.fnUntraced(function* ({ caption, kind: given, source }: File) {
  const name = nameOf(source)
  const kind = given ?? kindOf(name)
  if (caption !== undefined && !captioned.has(kind)) {
    return yield* new Usage({ message: `TEXT cannot stand beside a file that is sent as ${kind}` })
  }
  const media: Media = link.test(source) ? { link: source } : yield* upload(source, kind)
  return toMessage(kind, media, caption, name)
})
