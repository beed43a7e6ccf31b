/**
 * A message that Meta approved beforehand, with values for its variables: the only kind that may be sent when the
 * customer has not written for 24 hours. Name and language together choose the template; what it says is at Meta. Here
 * as everywhere in a message, what is written is Meta's JSON. Meta page: "Template messages".
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { firstOf } from "../internal/invalid.ts"
import { asList, isList, isRecord } from "../internal/untyped.ts"
import { limits, text as within } from "../limits.ts"
import { type Options, quote, quotes } from "../Quote.ts"
import { type Button, url } from "./Button.ts"
import { type Card, type Component, Components } from "./Component.ts"
import { readCode } from "./internal/values.ts"
import { mismatched, unlessMismatched } from "./Mismatch.ts"
import { type Instant, limitedTimeOffer, tapTarget, type TapTargetOptions } from "./Offer.ts"
import { orderStatus, type OrderStatusOptions } from "./Order.ts"
import type { BodyParameter, HeaderParameter, Text } from "./Parameter.ts"

/** Schema for a template with its values. Sends nothing by itself: `Message.template` makes it a message. */
export const Template = unlessMismatched(
  Schema.Struct({
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
    components: Schema.optionalKey(Components)
  })
)
export type Template = typeof Template.Type

/** Schema for a template with its values: the only kind that may be sent outside the 24-hour window. */
export const TemplateMessage = Schema.Struct({ type: Schema.Literal("template"), template: Template, ...quotes })
export type TemplateMessage = typeof TemplateMessage.Type

/** What a template and a card have both, as one writes it: plain strings are texts, a record is named parameters. */
export interface Parts {
  readonly header?: string | HeaderParameter | undefined
  /** A list for `{{1}}`, `{{2}}`, …; a record for named variables. */
  readonly body?:
    | ReadonlyArray<string | BodyParameter>
    | { readonly [name: string]: string | BodyParameter }
    | undefined
  readonly buttons?: ReadonlyArray<Button> | undefined
}

/** A template as one writes it. */
export interface Input extends Parts {
  /** At most 512 lower-case letters, digits and underscores. */
  readonly name: string
  /** Code of the language, exactly as approved: `en` is not `en_US`. */
  readonly language: string
  /** When the offer ends that the template makes; a number is Unix time in milliseconds. */
  readonly limitedTimeOffer?: Instant | undefined
  /** The cards in their order, 2 to 10; of media as many as were approved. */
  readonly carousel?: ReadonlyArray<Parts> | undefined
  /** Where a tap on the header leads; for verified accounts of high quality. */
  readonly tapTarget?: TapTargetOptions | undefined
  /** What has become of an order. India and Brazil. */
  readonly orderStatus?: OrderStatusOptions | undefined
}

const asParameter = <P>(parameter: string | P): P | Text =>
  typeof parameter === "string" ? { type: "text", text: parameter } : parameter

const parametersOf = (body: NonNullable<Input["body"]>): ReadonlyArray<BodyParameter> => {
  if (isList<string | BodyParameter>(body)) return body.map(asParameter)
  return isRecord(body)
    ? Object.entries(body).map(([name, parameter]) => ({ ...asParameter(parameter), parameter_name: name }))
    : [body]
}

const top = ({ body: given = [], header }: Parts) => {
  const body = parametersOf(given)
  return [
    ...(header === undefined ? [] : [{ type: "header" as const, parameters: [asParameter(header)] }]),
    ...(body.length === 0 ? [] : [{ type: "body" as const, parameters: body }])
  ]
}

const cardOf = (card: Parts, card_index: number): Card =>
  isRecord(card)
    ? { card_index, components: [...top(card), ...(card.buttons === undefined ? [] : asList(card.buttons))] }
    : { card_index, components: card }

const componentsOf = ({ buttons = [], carousel = [], ...input }: Input): ReadonlyArray<Component> => [
  ...top(input),
  ...(input.limitedTimeOffer === undefined ? [] : [limitedTimeOffer(input.limitedTimeOffer)]),
  ...asList(buttons),
  ...(isList(carousel) && carousel.length === 0
    ? []
    : [{ type: "carousel" as const, cards: asList(carousel).map(cardOf) }]),
  ...(input.tapTarget === undefined ? [] : [tapTarget(input.tapTarget)]),
  ...(input.orderStatus === undefined ? [] : [orderStatus(input.orderStatus)])
]

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
  if (!isRecord(input)) return input
  const components = componentsOf(input)
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
 * are checked by Meta, who alone knows the template, see `TemplateParameterMismatch`; a template that is described once
 * with `Template.define` has them checked by the compiler.
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

export interface OneTimePassword {
  readonly name: string
  /** Code of the language, exactly as approved. */
  readonly language: string
  /**
   * At most 15 characters, without a URL and without emoji. It stands in the body and in the button, whatever the button
   * does with it.
   */
  readonly code: string
}

/**
 * A one-time password, by a template of the category authentication.
 *
 * **Gotchas**
 *
 * Meta does not send it to a person by BSUID (`Undeliverable`, 131062), and delivers it to the primary device alone.
 *
 * **Example** (A code to log in)
 *
 * ```ts
 * import { Template } from "@effect-whatsapp/core/message"
 *
 * const code = Template.oneTimePassword({ name: "login_code", language: "en_US", code: "J7Q-22" })
 * ```
 */
export const oneTimePassword = (input: OneTimePassword, options?: Options): TemplateMessage => ({
  type: "template",
  template: isRecord(input) ? withCode(input) : input,
  ...quote(options)
})

const withCode = ({ code, language, name }: OneTimePassword): Template =>
  Result.match(readCode(code), {
    onFailure: (issue) => {
      const { message, path } = firstOf(issue)
      return mismatched(make({ name, language }), { path: ["code", ...path], issue: message })
    },
    onSuccess: (code) => make({ name, language, body: [code], buttons: [url(0, code)] })
  })
