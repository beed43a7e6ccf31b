/**
 * An approved template as a function of its parameters: the compiler knows which values it takes, and untyped callers
 * are told by name which one is wrong.
 */
import * as Result from "effect/Result"
import * as SchemaParser from "effect/SchemaParser"
import { firstOf } from "../internal/invalid.ts"
import { strict } from "../internal/strict.ts"
import type { Media } from "../Media.ts"
import { type Options, quote } from "../Quote.ts"
import type { FlowOptions, VoiceCallOptions } from "./Button.ts"
import { type ButtonDescription, type CardDescription, Description } from "./Description.ts"
import { fill } from "./internal/fill.ts"
import type { Mismatch } from "./Mismatch.ts"
import { type Instant, tapTarget, type TapTargetOptions } from "./Offer.ts"
import type { OrderDetails, OrderStatusOptions } from "./Order.ts"
import type { BodyParameter, DocumentMedia, Place, ProductOptions } from "./Parameter.ts"
import type { CatalogOptions, MultiProductOptions } from "./ShopButton.ts"
import type { TemplateMessage } from "./Template.ts"

// What a description takes, for the compiler

type Trim<S extends string> = S extends ` ${infer T}` ? Trim<T> : S extends `${infer T} ` ? Trim<T> : S

type Variables<Text extends string, Names = never> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Variables<Rest, Names | Trim<Name>>
  : Names

type Simplify<T> = { readonly [K in keyof T]: T[K] } & {}

/** A part under its name: required when anything in it is, absent when it takes nothing. */
type Part<Name extends string, T> = [keyof T] extends [never]
  ? {}
  : {} extends T
    ? { readonly [K in Name]?: T }
    : { readonly [K in Name]: T }

type BodyValue = string | BodyParameter

type Positional<
  Names,
  Taken extends ReadonlyArray<BodyValue> = readonly []
> = `${[...Taken, 0]["length"]}` extends Names ? Positional<Names, readonly [...Taken, BodyValue]> : Taken

type BodyOf<Names> = [Names] extends [never]
  ? {}
  : [Names] extends [`${number}`]
    ? { readonly body: Positional<Names> }
    : { readonly body: { readonly [Name in Names & string]: BodyValue } }

interface HeaderValues {
  readonly image: Media
  readonly video: Media
  readonly gif: Media
  readonly document: DocumentMedia
  readonly location: Place
  readonly product: ProductOptions
}

type HeaderOf<Header> = Header extends { readonly type: "text"; readonly text: infer Text extends string }
  ? HeaderTextOf<Variables<Text>>
  : Header extends { readonly type: infer Type extends keyof HeaderValues }
    ? { readonly header: HeaderValues[Type] }
    : {}

type HeaderTextOf<Names> = [Names] extends [never]
  ? {}
  : [Names] extends [`${number}`]
    ? { readonly header: string }
    : { readonly header: { readonly [Name in Names & string]: string } }

interface ButtonValues {
  readonly quick_reply: string
  readonly url: string
  readonly copy_code: string
  readonly flow: FlowOptions
  readonly mpm: MultiProductOptions
  readonly order_details: OrderDetails
}

interface OptionalButtonValues {
  readonly catalog: CatalogOptions
  readonly voice_call: VoiceCallOptions
}

type KeyOf<Button> = Button extends { readonly name: infer Name extends string }
  ? Name
  : Button extends { readonly text: infer Text extends string }
    ? Text
    : Button extends { readonly type: infer Type extends string }
      ? Type
      : never

/** A button that is in a table, unless it is a link that is always the same. */
type In<Table, Button> = Button extends { readonly type: infer Type extends keyof Table }
  ? Button extends { readonly type: "url"; readonly url: infer Url extends string }
    ? [Variables<Url>] extends [never]
      ? never
      : Type
    : Type
  : never

type Filled<Table, Button> = [In<Table, Button>] extends [never] ? never : KeyOf<Button>

type ButtonsOf<Button> = Simplify<
  { readonly [B in Button as Filled<ButtonValues, B>]: ButtonValues[In<ButtonValues, B>] } & {
    readonly [B in Button as Filled<OptionalButtonValues, B>]?: OptionalButtonValues[In<OptionalButtonValues, B>]
  }
>

type Get<D, Key extends string> = D extends { readonly [K in Key]: infer Value } ? Value : undefined

type PartsOf<D> = HeaderOf<Get<D, "header">> &
  BodyOf<Variables<Get<D, "body"> & string>> &
  Part<"buttons", ButtonsOf<Get<D, "buttons"> extends ReadonlyArray<infer Button> ? Button : never>>

type CardsOf<Cards> = Cards extends readonly [{ readonly header: { readonly type: "product" } }, ...infer _]
  ? { readonly carousel: ReadonlyArray<Simplify<PartsOf<Cards[0]>>> }
  : Cards extends ReadonlyArray<CardDescription>
    ? { readonly carousel: { readonly [I in keyof Cards]: Simplify<PartsOf<Cards[I]>> } }
    : {}

type Buttons<D> = D extends { readonly buttons: ReadonlyArray<infer Button extends ButtonDescription> } ? Button : never

/** Exactly the values that a template takes. */
export type Values<D extends Description> = Simplify<
  "otp" extends Buttons<D>["type"]
    ? { readonly code: string }
    : PartsOf<D> &
        CardsOf<Get<D, "carousel">> &
        (D extends { readonly limitedTimeOffer: { readonly hasExpiration: true } }
          ? { readonly limitedTimeOffer: Instant }
          : {}) &
        (D extends { readonly orderStatus: true } ? { readonly orderStatus: OrderStatusOptions } : {})
>

export interface DefinedOptions extends Options {
  /** Where a tap on the header leads; for verified accounts of high quality. @default none */
  readonly tapTarget?: TapTargetOptions | undefined
}

type Arguments<D extends Description> = Description extends D
  ? readonly [values?: unknown, options?: DefinedOptions]
  : [keyof Values<D>] extends [never]
    ? readonly [values?: { readonly [part: string]: never }, options?: DefinedOptions]
    : {} extends Values<D>
      ? readonly [values?: Values<D>, options?: DefinedOptions]
      : readonly [values: Values<D>, options?: DefinedOptions]

/** A template as a function of its values. */
export interface Definition<D extends Description> {
  (...values: Arguments<D>): TemplateMessage
  /** What it was made of. */
  readonly description: D
}

/**
 * An approved template, described once, as a function of exactly its values.
 *
 * **Details**
 *
 * The description is the template as it was approved, and plain data: texts with their variables, the kind of the
 * header, all buttons in their order. Values of named variables are a record, of `{{1}}`, `{{2}}`, … a list, of buttons
 * a record by what stands on them (or by `name`). What takes no value does not appear; a template without any takes
 * none. Values of a body are strings, `Template.currency(…)` or `Template.dateTime(…)`; of a header, media by `{ id }`
 * or `{ link }`. A button of a one-time password makes `code` the only value.
 *
 * **Gotchas**
 *
 * It never throws. What the compiler could not see (a missing value, one too many, one that is no text) makes a message
 * that fails by `Message.validate` and before it is sent: `InvalidMessage`, whose field names the value, as in
 * `template.body.first_name`.
 *
 * **Example** (Named variables and buttons)
 *
 * ```ts
 * import { Template } from "@effect-whatsapp/core/message"
 *
 * const orderUpdate = Template.define({
 *   name: "order_update",
 *   language: "en_US",
 *   header: { type: "text", text: "Order {{order_no}}" },
 *   body: "Hi {{first_name}}, it ships today.",
 *   buttons: [
 *     { type: "quick_reply", text: "Stop" },
 *     { type: "url", text: "Track", url: "https://shop.example/t/{{1}}" }
 *   ]
 * })
 *
 * const message = orderUpdate({
 *   header: { order_no: "A-31" },
 *   body: { first_name: "Ana" },
 *   buttons: { Stop: "stop:31", Track: "77" }
 * })
 * ```
 */
export function define<const D extends Description>(description: D): Definition<D>
export function define(description: Description) {
  const checked = check(description)
  const chosen = Result.match(checked, {
    onFailure: () => unfilled,
    onSuccess: ({ language, name }) => ({ name, language: { code: language } })
  })
  const make = (values?: unknown, options?: DefinedOptions): TemplateMessage => ({
    type: "template",
    template: Result.match(
      Result.flatMap(checked, (known) => fill(known, values)),
      {
        onFailure: (mismatch) => ({ ...chosen, mismatch }),
        onSuccess: (filled) => {
          const components = [...filled, ...(options?.tapTarget === undefined ? [] : [tapTarget(options.tapTarget)])]
          return { ...chosen, ...(components.length === 0 ? {} : { components }) }
        }
      }
    ),
    ...quote(options)
  })
  return Object.assign(make, { description })
}

const parse = SchemaParser.decodeUnknownResult(Description, strict)

/** A description may come from where there is no compiler, or be written for a newer version of this. */
const check = (description: unknown): Result.Result<Description, Mismatch> =>
  Result.mapError(parse(description), (issue) => {
    const { message, path } = firstOf(issue)
    return { path: ["description", ...path], issue: message }
  })

/** Stands where there is no name, in a message that is never sent. */
const unfilled = { name: "unknown", language: { code: "unknown" } }
