/**
 * What interactive messages have in common: a header above, a body, a footer below, and around them the message.
 * Which of them a kind has, and which header, differs from kind to kind. Meta page: "Interactive messages".
 */
import * as Schema from "effect/Schema"
import { limits, text as within } from "../limits.ts"
import { DocumentMedia, Media } from "../Media.ts"
import { type Options, quote, type quotes } from "../Quote.ts"

// Headers

const Text = Schema.Struct({
  type: Schema.Literal("text"),
  /** At most 60 characters, without markdown. */
  text: within(limits["interactive.header.text"]),
  /** A second line, which Meta's schema knows and its pages do not. */
  sub_text: Schema.optionalKey(within(limits["interactive.header.sub_text"]))
})
const Image = Schema.Struct({ type: Schema.Literal("image"), image: Media })
const Video = Schema.Struct({ type: Schema.Literal("video"), video: Media })
const Document = Schema.Struct({
  type: Schema.Literal("document"),
  document: DocumentMedia
})

const oneOf = (...types: ReadonlyArray<string>) => ({ message: `Expected a header of type ${types.join(", ")}` })

/** Schema for a header of any type. */
const Header = Schema.Union([Text, Image, Video, Document]).annotate(oneOf("text", "image", "video", "document"))
/** Schema for a header that is a text. */
export const TextHeader = Schema.Union([Text]).annotate(oneOf("text"))
/** Schema for a header that is a text or an image. */
export const TextOrImageHeader = Schema.Union([Text, Image]).annotate(oneOf("text", "image"))
/** Schema for a header that is an image or a video. */
export const ImageOrVideoHeader = Schema.Union([Image, Video]).annotate(oneOf("image", "video"))

interface ImageInput {
  readonly image: Media
}
interface VideoInput {
  readonly video: Media
}
interface DocumentInput {
  /** The extension of `filename` decides the icon. */
  readonly document: Media & { readonly filename?: string }
}

/** A header as one writes it: a plain string is a text, `{ image: { link } }` is media. */
export type HeaderInput = string | ImageInput | VideoInput | DocumentInput

export const textHeader = (text: string) => ({ type: "text" as const, text })

export const imageOrVideoHeader = (header: ImageInput | VideoInput) =>
  "image" in header ? { type: "image" as const, image: header.image } : { type: "video" as const, video: header.video }

export const textOrImageHeader = (header: string | ImageInput) =>
  typeof header === "string" ? textHeader(header) : { type: "image" as const, image: header.image }

const toHeader = (header: HeaderInput): typeof Header.Type => {
  if (typeof header === "string") return textHeader(header)
  return "document" in header ? { type: "document", document: header.document } : imageOrVideoHeader(header)
}

// Body and footer

/** Schema for a body of 1 to 1024 characters, in WhatsApp's markdown. */
export const Body = Schema.Struct({ text: within(limits["interactive.body"]) })
/** Schema for a footer of 1 to 60 characters. */
export const Footer = Schema.Struct({ text: within(limits["interactive.footer"]) })

/** What most kinds have. */
export const around = {
  header: Schema.optionalKey(Header),
  body: Body,
  footer: Schema.optionalKey(Footer)
}

export interface Around {
  /** Above the body: a text, or media as in `{ image: { link: "https://…" } }`. @default none */
  readonly header?: HeaderInput | undefined
  /** 1 to 1024 characters. */
  readonly body: string
  /** Below the body, at most 60 characters. @default none */
  readonly footer?: string | undefined
}

export const footed = (footer: string | undefined) => (footer === undefined ? {} : { footer: { text: footer } })

/** In the order in which Meta writes it. */
export const surround = (around: Around) => ({
  ...(around.header === undefined ? {} : { header: toHeader(around.header) }),
  body: { text: around.body },
  ...footed(around.footer)
})

// What is shared by what is tapped

/** Schema for an id of Meta's or of one's own that has no documented limit. */
export const Id = Schema.NonEmptyString

// The message

/** An interactive message of one kind. */
export interface Interactive<out I> {
  readonly type: "interactive"
  readonly interactive: I
  readonly context?: NonNullable<(typeof quotes.context)["Type"]>
}

export const interactive = <I>(interactive: I, options: Options | undefined): Interactive<I> => ({
  type: "interactive",
  interactive,
  ...quote(options)
})
