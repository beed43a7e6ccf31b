/**
 * A message that Meta approved beforehand, with values for its variables: the only kind that may be sent when the
 * customer has not written for 24 hours. Name and language together choose the template; what it says is at Meta. Here
 * as everywhere in a message, what is written is Meta's JSON. Meta page: "Template messages".
 */
import * as Schema from "effect/Schema"
import * as String from "effect/String"
import { count, describe, items, limits, text as within } from "./limits.ts"
import { documentFields, Media } from "./Media.ts"
import { type Options, quote, quotes } from "./Quote.ts"

/** Given by all parameters of a template with named variables, by none of one with `{{1}}`, `{{2}}`, … */
const named = {
  parameter_name: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[a-z0-9_]+$/, { expected: "lower-case letters, digits and underscores" }))
  )
}
const Value = Schema.NonEmptyString

// Parameters

/** Schema for a text. Meta refuses line breaks, tabs and more than four spaces in a row. */
export const Text = Schema.Struct({ type: Schema.Literal("text"), ...named, text: Value })
export type Text = typeof Text.Type

/** Schema for an amount of money; WhatsApp shows `fallback_value`. */
export const Currency = Schema.Struct({
  type: Schema.Literal("currency"),
  ...named,
  currency: Schema.Struct({
    /** What is shown, as in `€19.90`. */
    fallback_value: Value,
    /** ISO 4217, as in `EUR`. */
    code: Schema.String.check(Schema.isPattern(/^[A-Z]{3}$/, { expected: "a currency code of three capitals" })),
    /** The amount times 1000: 19.90 is 19900. */
    amount_1000: Schema.Int
  })
})
export type Currency = typeof Currency.Type

/** Schema for a point in time; WhatsApp shows `fallback_value` as it is. */
export const DateTime = Schema.Struct({
  type: Schema.Literal("date_time"),
  ...named,
  date_time: Schema.Struct({ fallback_value: Value })
})
export type DateTime = typeof DateTime.Type

/** Schema for an image in the header. */
export const Image = Schema.Struct({ type: Schema.Literal("image"), ...named, image: Media })
export type Image = typeof Image.Type

/** Schema for a video in the header. */
export const Video = Schema.Struct({ type: Schema.Literal("video"), ...named, video: Media })
export type Video = typeof Video.Type

/** Schema for a document in the header; the extension of `filename` decides the icon. */
export const Document = Schema.Struct({
  type: Schema.Literal("document"),
  ...named,
  document: Schema.Union([
    Media.members[0].pipe(Schema.fieldsAssign(documentFields)),
    Media.members[1].pipe(Schema.fieldsAssign(documentFields))
  ])
})
export type Document = typeof Document.Type

const modelled = (what: string, names: ReadonlyArray<string>) => ({
  message: `Expected ${what} that is modelled: ${names.join(", ")}`
})

/** Schema for the one variable of the header: a text of at most 60 characters, or media. */
export const HeaderParameter = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), ...named, text: within(limits["template.header.text"]) }),
  Image,
  Video,
  Document
]).annotate(modelled("a type of header parameter", ["text", "image", "video", "document"]))
export type HeaderParameter = typeof HeaderParameter.Type

/** Schema for a variable of the body. */
export const BodyParameter = Schema.Union([Text, Currency, DateTime]).annotate(
  modelled("a type of body parameter", ["text", "currency", "date_time"])
)
export type BodyParameter = typeof BodyParameter.Type

/** A word in the other case. */
const upperCase = <const T extends string>(word: T): Uppercase<T> => String.toUpperCase(word)

// Components, by `type`. Meta reads it in either case, and samples of Meta's write it in both.

const firstRepeated = (keys: ReadonlyArray<unknown>): number => keys.findIndex((key, at) => keys.indexOf(key) !== at)

/** Either all parameters have a name or none has, and no name comes twice: Meta's 132000 and 132012 otherwise. */
const isNamedAlike = Schema.makeFilter((body: ReadonlyArray<BodyParameter>) => {
  const names = body.flatMap(({ parameter_name }) => (parameter_name === undefined ? [] : [parameter_name]))
  if (names.length === 0) return undefined
  if (names.length < body.length) {
    const at = body.findIndex(({ parameter_name }) => parameter_name === undefined)
    return { path: [at, "parameter_name"], issue: "Expected a name, as the other parameters have one" }
  }
  const at = firstRepeated(names)
  return at === -1 ? undefined : { path: [at, "parameter_name"], issue: "Expected a name that no other parameter has" }
})

export const Header = Schema.Struct({
  type: Schema.Literals(["header", "HEADER"]),
  parameters: Schema.Array(HeaderParameter).check(items(limits["template.header.parameters"]))
})
export const Body = Schema.Struct({
  type: Schema.Literals(["body", "BODY"]),
  parameters: Schema.Array(BodyParameter).check(isNamedAlike)
})

/** Position among all buttons of the template, from 0; as a number or as a string, which is how Meta writes it. */
const index = Schema.Union([
  Schema.Int.check(
    Schema.isBetween(
      { minimum: limits["template.button.index"].min, maximum: limits["template.button.index"].max },
      { expected: describe(limits["template.button.index"]) }
    )
  ),
  Schema.String.check(Schema.isPattern(/^[0-9]$/, { expected: describe(limits["template.button.index"]) }))
])

const button = <const T extends string>(type: T) => ({
  type: Schema.Literals(["button", "BUTTON"]),
  sub_type: Schema.Literals([type, upperCase(type)]),
  index
})

/** Schema for a quick reply: `payload` comes back when it is pressed. */
export const QuickReply = Schema.Struct({
  ...button("quick_reply"),
  parameters: Schema.Tuple([
    Schema.Struct({ type: Schema.Literal("payload"), payload: within(limits["template.button.payload"]) })
  ])
})
export type QuickReply = typeof QuickReply.Type

/** Schema for a link: the text is appended to the URL of the template. Also the button of a one-time password. */
export const Url = Schema.Struct({
  ...button("url"),
  parameters: Schema.Tuple([
    Schema.Struct({ type: Schema.Literal("text"), text: within(limits["template.button.url"]) })
  ])
})
export type Url = typeof Url.Type

/** Schema for a code that a tap copies: letters and digits. */
export const CopyCode = Schema.Struct({
  ...button("copy_code"),
  parameters: Schema.Tuple([
    Schema.Struct({
      type: Schema.Literal("coupon_code"),
      coupon_code: within(limits["template.button.code"]).check(
        Schema.isPattern(/^[A-Za-z0-9]*$/, { expected: "letters and digits" })
      )
    })
  ])
})
export type CopyCode = typeof CopyCode.Type

/** Schema for a button that takes a value; those that take none are left out. */
export const Button = Schema.Union([QuickReply, Url, CopyCode])
export type Button = typeof Button.Type

/** Schema for a part of a template that takes values. */
export const Component = Schema.Union([Header, Body, QuickReply, Url, CopyCode]).annotate(
  modelled("a component", ["header", "body", "button (quick_reply, url, copy_code)"])
)
export type Component = typeof Component.Type

// The template

const lengthOf = (parameter: BodyParameter): number => {
  switch (parameter.type) {
    case "text":
      return count(parameter.text)
    case "currency":
      return count(parameter.currency.fallback_value)
    case "date_time":
      return count(parameter.date_time.fallback_value)
  }
}

const isBody = Schema.is(Body)
const isButton = Schema.is(Button)
const kindOf = ({ type }: Component) => type.toLowerCase()

const isComposed = Schema.makeFilter((components: ReadonlyArray<Component>) => {
  for (const kind of ["header", "body"]) {
    const again = components.findLastIndex((one) => kindOf(one) === kind)
    if (again !== components.findIndex((one) => kindOf(one) === kind)) {
      return { path: [again], issue: `Expected one ${kind} component` }
    }
  }
  const at = components.findIndex(isBody)
  const body = components[at]
  if (body !== undefined && isBody(body)) {
    const limit = components.length === 1 ? limits["template.body"] : limits["template.body.beside"]
    const length = body.parameters.reduce((sum, parameter) => sum + lengthOf(parameter), 0)
    if (length > limit.max) {
      const issue = `Expected ${describe(limit)} in all parameters together, got ${length}`
      return { path: [at, "parameters"], issue }
    }
  }
  const buttons = components.filter(isButton)
  const limit = limits["template.buttons"]
  if (buttons.length > limit.max) return `Expected ${describe(limit)} as buttons, got ${buttons.length}`
  const twice = firstRepeated(buttons.map(({ index }) => Number(index)))
  const button = buttons[twice]
  return button === undefined
    ? undefined
    : { path: [components.indexOf(button), "index"], issue: "Expected an index that no other button has" }
})

/** Schema for a template with its values. Sends nothing by itself: `Message.template` makes it a message. */
export const Template = Schema.Struct({
  /** At most 512 lower-case letters, digits and underscores. */
  name: within(limits["template.name"]).check(
    Schema.isPattern(/^[a-z0-9_]*$/, { expected: "lower-case letters, digits and underscores" })
  ),
  language: Schema.Struct({
    /** Exactly as approved: `en` is not `en_US`. */
    code: Schema.NonEmptyString,
    /** The only policy there is, which nobody has to name. */
    policy: Schema.optionalKey(Schema.Literal("deterministic"))
  }),
  components: Schema.optionalKey(Schema.Array(Component).check(isComposed))
})
export type Template = typeof Template.Type

/** Schema for a template with its values: the only kind that may be sent outside the 24-hour window. */
export const TemplateMessage = Schema.Struct({ type: Schema.Literal("template"), template: Template, ...quotes })
export type TemplateMessage = typeof TemplateMessage.Type

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
  typeof parameter === "string" ? { type: "text", text: parameter } : parameter

const isList = (body: NonNullable<Input["body"]>): body is ReadonlyArray<string | BodyParameter> => Array.isArray(body)

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
    : Object.entries(given).map(([name, parameter]) => ({ ...asParameter(parameter), parameter_name: name }))
  const components: ReadonlyArray<Component> = [
    ...(input.header === undefined ? [] : [{ type: "header" as const, parameters: [asParameter(input.header)] }]),
    ...(body.length === 0 ? [] : [{ type: "body" as const, parameters: body }]),
    ...(input.buttons ?? [])
  ]
  return {
    name: input.name,
    language: { code: input.language },
    ...(components.length === 0 ? {} : { components })
  }
}

/**
 * A template message.
 *
 * **Details**
 *
 * A plain value like `text`: limits are checked when it is sent, or by `validate`. Number and kinds of the parameters
 * are checked by Meta, who alone knows the template; see `TemplateParameterMismatch`.
 *
 * **Example** (All kinds of parameters)
 *
 * ```ts
 * import { Message, Template } from "@effect-whatsapp/core/message"
 *
 * const receipt = Message.template({
 *   name: "receipt",
 *   language: "en_US",
 *   header: Template.document({ link: "https://shop.example/i/31.pdf" }, { filename: "invoice-31.pdf" }),
 *   body: ["Ana", Template.currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" }), Template.dateTime("3 March")],
 *   buttons: [Template.quickReply(0, "thanks:31"), Template.url(1, "t/77")]
 * })
 * ```
 */
export const template = (template: Input, options?: Options): TemplateMessage => ({
  type: "template",
  template: make(template),
  ...quote(options)
})

interface Named {
  /** For templates with named variables. */
  readonly name?: string | undefined
}

const nameOf = ({ name }: Named = {}) => (name === undefined ? {} : { parameter_name: name })

/** A text parameter; in lists a plain string does the same. */
export const text = (text: string, options?: Named): Text => ({ type: "text", ...nameOf(options), text })

/** An amount of money: `currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" })`. WhatsApp shows `fallback`. */
export const currency = (
  value: { readonly code: string; readonly amount1000: number; readonly fallback: string },
  options?: Named
): Currency => ({
  type: "currency",
  ...nameOf(options),
  currency: { fallback_value: value.fallback, code: value.code, amount_1000: value.amount1000 }
})

/** A point in time, shown as it is written: `dateTime("3 March 2027")`. */
export const dateTime = (fallback: string, options?: Named): DateTime => ({
  type: "date_time",
  ...nameOf(options),
  date_time: { fallback_value: fallback }
})

/** An image for the header, by `{ id }` or `{ link }`. */
export const image = (media: Media, options?: Named): Image => ({ type: "image", ...nameOf(options), image: media })

/** A video for the header, by `{ id }` or `{ link }`. */
export const video = (media: Media, options?: Named): Video => ({ type: "video", ...nameOf(options), video: media })

/** A document for the header, by `{ id }` or `{ link }`; without `filename` WhatsApp shows a general name. */
export const document = (media: Media, options?: Named & { readonly filename?: string | undefined }): Document => ({
  type: "document",
  ...nameOf(options),
  document: { ...media, ...(options?.filename === undefined ? {} : { filename: options.filename }) }
})

const buttonAt = <const T extends string>(sub_type: T, index: number) => ({
  type: "button" as const,
  sub_type,
  index: `${index}`
})

/** The payload of a quick reply, at most 256 characters; `index` counts all buttons of the template from 0. */
export const quickReply = (index: number, payload: string): QuickReply => ({
  ...buttonAt("quick_reply", index),
  parameters: [{ type: "payload", payload }]
})

/** What is appended to the URL of a link button, or the code of a one-time password; `index` counts from 0. */
export const url = (index: number, suffix: string): Url => ({
  ...buttonAt("url", index),
  parameters: [{ type: "text", text: suffix }]
})

/** The code that a button copies, at most 20 letters and digits; `index` counts from 0. */
export const copyCode = (index: number, code: string): CopyCode => ({
  ...buttonAt("copy_code", index),
  parameters: [{ type: "coupon_code", coupon_code: code }]
})
