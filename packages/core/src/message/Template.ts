/**
 * A message that Meta approved beforehand, with values for its variables: the only kind that may be sent when the
 * customer has not written for 24 hours. Name and language together choose the template; what it says is at Meta.
 */
import * as Schema from "effect/Schema"
import { count, describe, limits, text as within } from "./limits.ts"
import { Media } from "./Media.ts"

/** Given by all parameters of a template with named variables, by none of one with `{{1}}`, `{{2}}`, … */
const named = {
  name: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[a-z0-9_]+$/, { expected: "lower-case letters, digits and underscores" }))
  )
}
const Value = Schema.NonEmptyString

// Parameters

/** Schema for a text. Meta refuses line breaks, tabs and more than four spaces in a row. */
export const Text = Schema.TaggedStruct("Text", { ...named, text: Value })
export type Text = typeof Text.Type

/** Schema for an amount of money; WhatsApp shows `fallback`. */
export const Currency = Schema.TaggedStruct("Currency", {
  ...named,
  /** ISO 4217, as in `EUR`. */
  code: Schema.String.check(Schema.isPattern(/^[A-Z]{3}$/, { expected: "a currency code of three capitals" })),
  /** The amount times 1000: 19.90 is 19900. */
  amount1000: Schema.Int,
  /** What is shown, as in `€19.90`. */
  fallback: Value
})
export type Currency = typeof Currency.Type

/** Schema for a point in time; WhatsApp shows `fallback` as it is. */
export const DateTime = Schema.TaggedStruct("DateTime", { ...named, fallback: Value })
export type DateTime = typeof DateTime.Type

/** Schema for an image in the header. */
export const Image = Schema.TaggedStruct("Image", { ...named, media: Media })
export type Image = typeof Image.Type

/** Schema for a video in the header. */
export const Video = Schema.TaggedStruct("Video", { ...named, media: Media })
export type Video = typeof Video.Type

/** Schema for a document in the header; the extension of `filename` decides the icon. */
export const Document = Schema.TaggedStruct("Document", {
  ...named,
  media: Media,
  filename: Schema.optionalKey(Schema.NonEmptyString)
})
export type Document = typeof Document.Type

/** Schema for the one variable of the header: a text of at most 60 characters, or media. */
export const HeaderParameter = Schema.Union([
  Schema.TaggedStruct("Text", { ...named, text: within(limits["template.header.text"]) }),
  Image,
  Video,
  Document
]).pipe(Schema.toTaggedUnion("_tag"))
export type HeaderParameter = typeof HeaderParameter.Type

/** Schema for a variable of the body. */
export const BodyParameter = Schema.Union([Text, Currency, DateTime]).pipe(Schema.toTaggedUnion("_tag"))
export type BodyParameter = typeof BodyParameter.Type

// Buttons

const button = {
  /** Position among all buttons of the template, from 0. */
  index: Schema.Int.check(
    Schema.isBetween(
      { minimum: limits["template.button.index"].min, maximum: limits["template.button.index"].max },
      { expected: describe(limits["template.button.index"]) }
    )
  )
}

/** Schema for a quick reply: `payload` comes back when it is pressed. */
export const QuickReply = Schema.TaggedStruct("QuickReply", {
  ...button,
  payload: within(limits["template.button.payload"])
})
export type QuickReply = typeof QuickReply.Type

/** Schema for a link: `suffix` is appended to the URL of the template. Also the button of a one-time password. */
export const Url = Schema.TaggedStruct("Url", { ...button, suffix: within(limits["template.button.url"]) })
export type Url = typeof Url.Type

/** Schema for a code that a tap copies: letters and digits. */
export const CopyCode = Schema.TaggedStruct("CopyCode", {
  ...button,
  code: within(limits["template.button.code"]).check(
    Schema.isPattern(/^[A-Za-z0-9]*$/, { expected: "letters and digits" })
  )
})
export type CopyCode = typeof CopyCode.Type

/** Schema for a button that takes a value; those that take none are left out. */
export const Button = Schema.Union([QuickReply, Url, CopyCode]).pipe(Schema.toTaggedUnion("_tag"))
export type Button = typeof Button.Type

// The template

const lengthOf = (parameter: BodyParameter): number =>
  count(parameter._tag === "Text" ? parameter.text : parameter.fallback)

const firstRepeated = (keys: ReadonlyArray<unknown>): number => keys.findIndex((key, at) => keys.indexOf(key) !== at)

/** Either all parameters have a name or none has, and no name comes twice: Meta's 132000 and 132012 otherwise. */
const isNamedAlike = Schema.makeFilter((body: ReadonlyArray<BodyParameter>) => {
  const names = body.flatMap(({ name }) => (name === undefined ? [] : [name]))
  if (names.length === 0) return undefined
  if (names.length < body.length) {
    const at = body.findIndex(({ name }) => name === undefined)
    return { path: [at, "name"], issue: "Expected a name, as the other parameters have one" }
  }
  const at = firstRepeated(names)
  return at === -1 ? undefined : { path: [at, "name"], issue: "Expected a name that no other parameter has" }
})

const isIndexedOnce = Schema.makeFilter((buttons: ReadonlyArray<Button>) => {
  const at = firstRepeated(buttons.map(({ index }) => index))
  return at === -1 ? undefined : { path: [at, "index"], issue: "Expected an index that no other button has" }
})

const isWithinCount = Schema.makeFilter((buttons: ReadonlyArray<Button>) => {
  const limit = limits["template.buttons"]
  return buttons.length >= limit.min && buttons.length <= limit.max
    ? undefined
    : `Expected ${describe(limit)}, got ${buttons.length}`
})

/** Schema for a template with its values. Sends nothing by itself: `Message.template` makes it a message. */
export const Template = Schema.Struct({
  /** At most 512 lower-case letters, digits and underscores. */
  name: within(limits["template.name"]).check(
    Schema.isPattern(/^[a-z0-9_]*$/, { expected: "lower-case letters, digits and underscores" })
  ),
  /** Code of the language, exactly as approved: `en` is not `en_US`. */
  language: Schema.NonEmptyString,
  header: Schema.optionalKey(HeaderParameter),
  /** In the order of `{{1}}`, `{{2}}`, …; named ones in any order. */
  body: Schema.optionalKey(Schema.NonEmptyArray(BodyParameter).check(isNamedAlike)),
  buttons: Schema.optionalKey(Schema.NonEmptyArray(Button).check(isWithinCount, isIndexedOnce))
}).check(
  Schema.makeFilter(({ body, buttons, header }) => {
    const isAlone = header === undefined && buttons === undefined
    const limit = isAlone ? limits["template.body"] : limits["template.body.beside"]
    const length = (body ?? []).reduce((sum, parameter) => sum + lengthOf(parameter), 0)
    return length <= limit.max
      ? undefined
      : { path: ["body"], issue: `Expected ${describe(limit)} in all parameters together, got ${length}` }
  })
)
export type Template = typeof Template.Type

/** A template as one writes it: plain strings are texts, a record is named parameters. */
export interface Input {
  /** At most 512 lower-case letters, digits and underscores. */
  readonly name: string
  /** Code of the language, exactly as approved: `en` is not `en_US`. */
  readonly language: string
  readonly header?: string | HeaderParameter | undefined
  /** A list for `{{1}}`, `{{2}}`, …; a record for named variables. */
  readonly body?:
    | ReadonlyArray<string | BodyParameter>
    | { readonly [name: string]: string | BodyParameter }
    | undefined
  readonly buttons?: ReadonlyArray<Button> | undefined
}

const asParameter = <P>(parameter: string | P): P | Text =>
  typeof parameter === "string" ? { _tag: "Text", text: parameter } : parameter

const isList = (body: NonNullable<Input["body"]>): body is ReadonlyArray<string | BodyParameter> => Array.isArray(body)

const isFilled = <A>(all: ReadonlyArray<A>): all is readonly [A, ...Array<A>] => all.length > 0

/**
 * A template with its values.
 *
 * **Details**
 *
 * A plain value: limits are checked by the schema, when it is sent or by `Message.validate`. Empty lists are the same
 * as none.
 *
 * **Example** (Positional and named)
 *
 * ```ts
 * import { Template } from "@effect-whatsapp/core/message"
 *
 * const shipped = Template.make({ name: "order_update", language: "en_US", body: ["Ana", "A-31"] })
 * const named = Template.make({ name: "order_update", language: "it", body: { first_name: "Ana", order_no: "A-31" } })
 * ```
 */
export const make = (input: Input): Template => {
  const given = input.body ?? []
  const body = isList(given)
    ? given.map(asParameter)
    : Object.entries(given).map(([name, parameter]) => ({ ...asParameter(parameter), name }))
  const buttons = input.buttons ?? []
  return {
    name: input.name,
    language: input.language,
    ...(input.header === undefined ? {} : { header: asParameter(input.header) }),
    ...(isFilled(body) ? { body } : {}),
    ...(isFilled(buttons) ? { buttons } : {})
  }
}

interface Named {
  /** For templates with named variables. */
  readonly name?: string | undefined
}

const nameOf = ({ name }: Named = {}) => (name === undefined ? {} : { name })

/** A text parameter; in lists a plain string does the same. */
export const text = (text: string, options?: Named): Text => ({ _tag: "Text", ...nameOf(options), text })

/** An amount of money: `currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" })`. WhatsApp shows `fallback`. */
export const currency = (
  value: { readonly code: string; readonly amount1000: number; readonly fallback: string },
  options?: Named
): Currency => ({
  _tag: "Currency",
  ...nameOf(options),
  code: value.code,
  amount1000: value.amount1000,
  fallback: value.fallback
})

/** A point in time, shown as it is written: `dateTime("3 March 2027")`. */
export const dateTime = (fallback: string, options?: Named): DateTime => ({
  _tag: "DateTime",
  ...nameOf(options),
  fallback
})

/** An image for the header, by `{ id }` or `{ link }`. */
export const image = (media: Media, options?: Named): Image => ({ _tag: "Image", ...nameOf(options), media })

/** A video for the header, by `{ id }` or `{ link }`. */
export const video = (media: Media, options?: Named): Video => ({ _tag: "Video", ...nameOf(options), media })

/** A document for the header, by `{ id }` or `{ link }`; without `filename` WhatsApp shows a general name. */
export const document = (media: Media, options?: Named & { readonly filename?: string | undefined }): Document => ({
  _tag: "Document",
  ...nameOf(options),
  media,
  ...(options?.filename === undefined ? {} : { filename: options.filename })
})

/** The payload of a quick reply, at most 256 characters; `index` counts all buttons of the template from 0. */
export const quickReply = (index: number, payload: string): QuickReply => ({ _tag: "QuickReply", index, payload })

/** What is appended to the URL of a link button, or the code of a one-time password; `index` counts from 0. */
export const url = (index: number, suffix: string): Url => ({ _tag: "Url", index, suffix })

/** The code that a button copies, at most 20 letters and digits; `index` counts from 0. */
export const copyCode = (index: number, code: string): CopyCode => ({ _tag: "CopyCode", index, code })
