/**
 * An approved template as a function of its parameters: the compiler knows which values it takes, and untyped callers
 * are told by name which one is wrong.
 */
import * as Result from "effect/Result"
import * as SchemaParser from "effect/SchemaParser"
import { firstOf } from "../internal/invalid.ts"
import { strict } from "../internal/strict.ts"
import type { Place } from "../Location.ts"
import type { DocumentMedia, Media } from "../Media.ts"
import { type Options, quote } from "../Quote.ts"
import type { FlowOptions, VoiceCallOptions } from "./Button.ts"
import { type ButtonDescription, type CardDescription, Description, type HeaderDescription } from "./Description.ts"
import { flawOf } from "./internal/approvable.ts"
import { fill } from "./internal/fill.ts"
import { type Mismatch, mismatched } from "./Mismatch.ts"
import { type Instant, tapTarget, type TapTargetOptions } from "./Offer.ts"
import type { OrderDetails, OrderStatusOptions } from "./Order.ts"
import type { BodyParameter, ProductOptions } from "./Parameter.ts"
import type { CatalogOptions, MultiProductOptions } from "./ShopButton.ts"
import type { TemplateMessage } from "./Template.ts"

// What a description takes, for the compiler

type Trim<S extends string> = S extends ` ${infer T}` ? Trim<T> : S extends `${infer T} ` ? Trim<T> : S

type Variables<Text extends string, Names = never> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Variables<Rest, Names | Trim<Name>>
  : Names

type Simplify<T> = { readonly [K in keyof T]: T[K] } & {}

/** What stands under a key, which may be optional. */
type Get<D, Key extends string> = Key extends keyof D ? Exclude<D[Key], undefined> : undefined

/** Whether nothing is known but the general type. */
type IsWide<General, T> = [General] extends [T] ? true : false

/** A part under its name: required when anything in it is, absent when it takes nothing. */
type Part<Name extends string, T> = [keyof T] extends [never]
  ? {}
  : {} extends T
    ? { readonly [K in Name]?: T }
    : { readonly [K in Name]: T }

type BodyValue = string | BodyParameter

/** One value for each of `{{1}}`, `{{2}}`, …; nothing fits where one of them is missing. */
type Positional<Names, Taken extends ReadonlyArray<BodyValue> = readonly []> = [Names] extends [never]
  ? Taken
  : `${[...Taken, 0]["length"]}` extends Names
    ? Positional<Exclude<Names, `${[...Taken, 0]["length"]}`>, readonly [...Taken, BodyValue]>
    : never

/** A value under its name; nothing fits where Meta knows no such name. */
type Named<Names, Value> = {
  readonly [Name in Names & string]: Name extends `${number}` ? never : Lowercase<Name> extends Name ? Value : never
}

/** A text that the compiler does not know is of any variables. */
type BodyOf<Body> =
  IsWide<string, Body> extends true ? { readonly body?: unknown } : BodyOfNames<Variables<Body & string>>

type BodyOfNames<Names> = [Names] extends [never]
  ? {}
  : [Names] extends [`${number}`]
    ? { readonly body: Positional<Names> }
    : { readonly body: Named<Names, BodyValue> }

interface HeaderValues {
  readonly image: Media
  readonly video: Media
  readonly gif: Media
  readonly document: DocumentMedia
  readonly location: Place
  readonly product: ProductOptions
}

type HeaderOf<Header> =
  IsWide<HeaderDescription, Header> extends true ? { readonly header?: unknown } : HeaderOfType<Header>

type HeaderOfType<Header> = Header extends { readonly type: "text"; readonly text: infer Text extends string }
  ? string extends Text
    ? { readonly header?: unknown }
    : HeaderTextOf<Variables<Text>>
  : Header extends { readonly type: infer Type extends keyof HeaderValues }
    ? { readonly header: HeaderValues[Type] }
    : {}

type HeaderTextOf<Names> = [Names] extends [never]
  ? {}
  : [Names] extends [`${number}`]
    ? { readonly header: string }
    : { readonly header: Named<Names, string> }

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

type PartsOf<D> = HeaderOf<Get<D, "header">> & BodyOf<Get<D, "body">> & ButtonPart<Get<D, "buttons">>

/** A list whose length the compiler does not know is of any buttons. */
type ButtonPart<Buttons> =
  Buttons extends ReadonlyArray<infer Button>
    ? number extends Buttons["length"]
      ? { readonly buttons?: unknown }
      : Part<"buttons", ButtonsOf<Button>>
    : {}

type CardsOf<Cards> = Cards extends readonly [{ readonly header: { readonly type: "product" } }, ...infer _]
  ? { readonly carousel: AtLeastTwo<Simplify<PartsOf<Cards[0]>>> }
  : Cards extends ReadonlyArray<CardDescription>
    ? number extends Cards["length"]
      ? { readonly carousel?: unknown }
      : { readonly carousel: { readonly [I in keyof Cards]: Simplify<PartsOf<Cards[I]>> } }
    : {}

type AtLeastTwo<Card> = readonly [Card, Card, ...ReadonlyArray<Card>]

type OfferOf<HasExpiration> =
  IsWide<boolean, HasExpiration> extends true
    ? { readonly limitedTimeOffer?: unknown }
    : HasExpiration extends true
      ? { readonly limitedTimeOffer: Instant }
      : {}

type Buttons<D> = D extends { readonly buttons: ReadonlyArray<infer Button extends ButtonDescription> } ? Button : never

/** Exactly the values that a template takes. */
export type Values<D extends Description> = IsAnyButton<Get<D, "buttons">> extends true ? unknown : KnownValues<D>

/** Whether one of the buttons may be that of a one-time password, so that nothing is known of the values. */
type IsAnyButton<Buttons> =
  Buttons extends ReadonlyArray<{ readonly type: infer Type }>
    ? number extends Buttons["length"]
      ? "otp" extends Type
        ? true
        : false
      : false
    : false

type KnownValues<D extends Description> = Simplify<
  "otp" extends Buttons<D>["type"]
    ? { readonly code: string }
    : PartsOf<D> &
        CardsOf<Get<D, "carousel">> &
        OfferOf<Get<Get<D, "limitedTimeOffer">, "hasExpiration">> &
        (D extends { readonly orderStatus: true } ? { readonly orderStatus: OrderStatusOptions } : {})
>

export interface DefinedOptions extends Options {
  /** Where a tap on the header leads; for verified accounts of high quality. @default none */
  readonly tapTarget?: TapTargetOptions | undefined
}

type Arguments<D extends Description> =
  unknown extends Values<D>
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
 * none. What the compiler does not know, as a text that is loaded, takes any values or none. Values of a body are
 * strings, `Template.currency(…)` or `Template.dateTime(…)`; of a header, media by `{ id }` or `{ link }`. A button of
 * a one-time password makes `code` the only value.
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
    onFailure: () => unknown,
    onSuccess: ({ language, name }) => ({ name, language: { code: language } })
  })
  const make = (values?: unknown, options?: DefinedOptions): TemplateMessage => ({
    type: "template",
    template: Result.match(
      Result.flatMap(checked, (known) => fill(known, values)),
      {
        onFailure: (mismatch) => mismatched(chosen, mismatch),
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
  parse(description).pipe(
    Result.mapError(firstOf),
    Result.flatMap((description) => {
      const flaw = flawOf(description)
      return flaw === undefined ? Result.succeed(description) : Result.fail(flaw)
    }),
    Result.mapError(({ message, path }) => ({ path: ["description", ...path], issue: message }))
  )

/** Stands where there is no name, in a message that is never sent. */
const unknown = { name: "unknown", language: { code: "unknown" } }
