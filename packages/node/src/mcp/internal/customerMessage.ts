/** What a customer can be made to send: one of several things, in few words. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type * as Emulator from "../../emulator/CloudApiEmulator.ts"
import type { Workplace } from "../Workplace.ts"
import { ToolError } from "./ToolError.ts"

const maxBytes = 16 * 1024 * 1024

const text = (description: string) => Schema.String.annotate({ description })

const Media = Schema.Struct({
  type: Schema.Literals(["image", "video", "audio", "document", "sticker"]),
  mimeType: text("As in image/jpeg"),
  base64: Schema.optionalKey(text("The bytes")),
  path: Schema.optionalKey(text("Or a file in the project, of at most 16 MiB")),
  caption: Schema.optionalKey(Schema.String),
  filename: Schema.optionalKey(Schema.String),
  voice: Schema.optionalKey(Schema.Boolean)
})

const contents = {
  text: Schema.optionalKey(text("A text")),
  button: Schema.optionalKey(
    Schema.Struct({ id: Schema.String, title: Schema.String }).annotate({
      description: "Presses a reply button of an interactive message"
    })
  ),
  listItem: Schema.optionalKey(
    Schema.Struct({
      id: Schema.String,
      title: Schema.String,
      description: Schema.optionalKey(Schema.String)
    }).annotate({ description: "Chooses a row of a list" })
  ),
  quickReply: Schema.optionalKey(
    Schema.Struct({ payload: Schema.String, title: Schema.String }).annotate({
      description: "Presses a quick reply button of a template"
    })
  ),
  media: Schema.optionalKey(Media.annotate({ description: "Sends a file" })),
  location: Schema.optionalKey(
    Schema.Struct({
      latitude: Schema.Finite,
      longitude: Schema.Finite,
      name: Schema.optionalKey(Schema.String),
      address: Schema.optionalKey(Schema.String)
    })
  ),
  reaction: Schema.optionalKey(
    Schema.Struct({ wamid: Schema.String, emoji: text("Empty takes the reaction back") }).annotate({
      description: "Reacts to a message of the bot"
    })
  ),
  raw: Schema.optionalKey(
    Schema.JsonObject.annotate({ description: `Any message in Meta's words, as in {"type":"hologram","hologram":{}}` })
  )
} as const

/** Exactly one of these. */
export const Content = Schema.Struct(contents)
export interface Content extends Schema.Schema.Type<typeof Content> {}

const decodeBase64 = SchemaParser.decodeEffect(Schema.Uint8ArrayFromBase64)

const bytesOf = Effect.fnUntraced(function* (
  { base64, path }: typeof Media.Type,
  files: FileSystem.FileSystem,
  { readable }: Workplace["Service"]
) {
  if ((base64 === undefined) === (path === undefined)) {
    return yield* new ToolError({ message: "media: give either base64 or path" })
  }
  if (base64 !== undefined) {
    return yield* Effect.mapError(decodeBase64(base64), () => new ToolError({ message: "media.base64 is no base64" }))
  }
  const real = yield* readable(path ?? "")
  const unreadable = () => new ToolError({ message: `The file ${path} cannot be read` })
  const { size, type } = yield* Effect.mapError(files.stat(real), unreadable)
  if (type !== "File") return yield* unreadable()
  if (size > maxBytes) return yield* new ToolError({ message: `The file ${path} is larger than 16 MiB` })
  return yield* Effect.mapError(files.readFile(real), unreadable)
})

/** Lets a customer send it. */
export const write = Effect.fnUntraced(function* (
  customer: Emulator.Customer,
  content: Content,
  options: Emulator.WriteOptions,
  files: FileSystem.FileSystem,
  workplace: Workplace["Service"]
): Effect.fn.Return<Emulator.MessageDelivery, ToolError> {
  const given = Object.keys(contents).filter((key) => Object.hasOwn(content, key))
  if (given.length !== 1) {
    return yield* new ToolError({ message: `Give exactly one of ${Object.keys(contents).join(", ")}` })
  }
  const { button, listItem, location, media, quickReply, raw, reaction, text } = content
  if (text !== undefined) return yield* customer.sendText(text, options)
  if (media !== undefined) {
    const { base64: _, path: __, ...about } = media
    return yield* customer.sendMedia({ ...about, bytes: yield* bytesOf(media, files, workplace) }, options)
  }
  const message: Schema.JsonObject =
    button !== undefined
      ? { type: "interactive", interactive: { type: "button_reply", button_reply: { ...button } } }
      : listItem !== undefined
        ? { type: "interactive", interactive: { type: "list_reply", list_reply: { ...listItem } } }
        : quickReply !== undefined
          ? { type: "button", button: { payload: quickReply.payload, text: quickReply.title } }
          : location !== undefined
            ? { type: "location", location: { ...location } }
            : reaction !== undefined
              ? { type: "reaction", reaction: { message_id: reaction.wamid, emoji: reaction.emoji } }
              : (raw ?? {})
  return yield* customer.send(message, options)
})
