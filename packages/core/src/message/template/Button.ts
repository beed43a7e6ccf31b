/**
 * The buttons of a template that take a value, one component each, by `sub_type`. Those that take none (calls, fixed
 * links) are left out of a send. Meta page: "Template components".
 */
import * as Schema from "effect/Schema"
import { describe, integer, items, limits, text as within } from "../limits.ts"
import { either, modelled } from "./internal/words.ts"
import { isOneLine } from "./Parameter.ts"
import { OrderDetails } from "./Order.ts"

/** Position, from 0; as a number or as a string, which is how Meta writes it. */
export const Index = Schema.Union([
  integer(limits["template.button.index"]),
  Schema.String.check(Schema.isPattern(/^[0-9]$/, { expected: describe(limits["template.button.index"]) }))
])

const kind = <const T extends string>(sub_type: T) => ({ type: either("button"), sub_type: either(sub_type) })

const button = <const T extends string>(sub_type: T) => ({
  ...kind(sub_type),
  /** Position among all buttons of the template, from 0. */
  index: Index
})

const Payload = Schema.Struct({ type: either("payload"), payload: within(limits["template.button.payload"]) })

/** Schema for a quick reply: `payload` comes back when it is pressed. */
export const QuickReply = Schema.Struct({ ...button("quick_reply"), parameters: Schema.Tuple([Payload]) })
export type QuickReply = typeof QuickReply.Type

/** What a link may be completed with. */
export const Suffix = within(limits["template.button.url"]).check(isOneLine)

/**
 * Schema for a link: the text is appended to the URL of the template. Also the button of a one-time password. Meta's
 * older carousels call the text a payload.
 */
export const Url = Schema.Struct({
  ...button("url"),
  parameters: Schema.Tuple([
    Schema.Union([
      Schema.Struct({ type: either("text"), text: Suffix }),
      Schema.Struct({ type: either("payload"), payload: Suffix })
    ]).annotate(modelled("a type of parameter for a link", ["text", "payload"]))
  ])
})
export type Url = typeof Url.Type

/** A code that a tap copies. */
export const Code = within(limits["template.button.code"]).check(
  Schema.isPattern(/^[A-Za-z0-9]*$/, { expected: "letters and digits" })
)

/** Schema for a code that a tap copies: letters and digits. */
export const CopyCode = Schema.Struct({
  ...button("copy_code"),
  parameters: Schema.Tuple([Schema.Struct({ type: either("coupon_code"), coupon_code: Code })])
})
export type CopyCode = typeof CopyCode.Type

const action = <const F extends Schema.Struct.Fields>(fields: F) =>
  Schema.Struct({ type: either("action"), action: Schema.Struct(fields) })

const atMostOne = items({ min: 0, max: 1, unit: "items" })

/** Schema for a button that opens a flow. */
export const Flow = Schema.Struct({
  ...button("flow"),
  parameters: Schema.Tuple([
    action({
      /** Comes back with what the person entered. @default Meta's: "unused" */
      flow_token: Schema.optionalKey(Schema.NonEmptyString),
      /** What the first screen is given. */
      flow_action_data: Schema.optionalKey(Schema.JsonObject)
    })
  ])
})
export type Flow = typeof Flow.Type

/** Schema for a button that opens the catalog; it may take nothing. */
export const Catalog = Schema.Struct({
  ...button("catalog"),
  parameters: Schema.optionalKey(
    Schema.Array(
      action({
        /** The product whose picture is shown. @default the first of the catalog */
        thumbnail_product_retailer_id: Schema.optionalKey(Schema.NonEmptyString)
      })
    ).check(atMostOne)
  )
})
export type Catalog = typeof Catalog.Type

const Section = Schema.Struct({
  title: Schema.optionalKey(within(limits["template.button.section.title"])),
  product_items: Schema.NonEmptyArray(Schema.Struct({ product_retailer_id: Schema.NonEmptyString }))
})

/** All sections together hold so many products. */
const isOfferable = Schema.makeFilter((sections: ReadonlyArray<typeof Section.Type>) => {
  const limit = limits["template.button.products"]
  const products = sections.reduce((sum, { product_items }) => sum + product_items.length, 0)
  return products > limit.max ? `Expected ${describe(limit)} in all sections together, got ${products}` : undefined
})

/** Schema for a button that opens a choice of products (multi-product message). */
export const MultiProduct = Schema.Struct({
  ...button("mpm"),
  parameters: Schema.Tuple([
    action({
      thumbnail_product_retailer_id: Schema.optionalKey(Schema.NonEmptyString),
      sections: Schema.Array(Section).check(items(limits["template.button.sections"]), isOfferable)
    })
  ])
})
export type MultiProduct = typeof MultiProduct.Type

/** Schema for a button that shows an order and lets the person pay. India and Brazil. */
export const Payment = Schema.Struct({
  ...button("order_details"),
  parameters: Schema.Tuple([action({ order_details: OrderDetails })])
})
export type Payment = typeof Payment.Type

const isOnceEach = Schema.makeFilter(
  (parameters: ReadonlyArray<{ readonly type: string }>) => {
    const types = parameters.map(({ type }) => type.toLowerCase())
    const at = types.findIndex((type, at) => types.indexOf(type) !== at)
    return at === -1 ? undefined : { path: [at], issue: `Expected one ${types[at]}` }
  },
  { arbitraryConstraint: { uniqueBy: ({ type }: { readonly type: string }) => type.toLowerCase() } }
)

/** Schema for a button that calls the business on WhatsApp; `index` may be left out. */
export const VoiceCall = Schema.Struct({
  ...kind("voice_call"),
  index: Schema.optionalKey(Index),
  parameters: Schema.optionalKey(
    Schema.Array(
      Schema.Union([
        Schema.Struct({
          type: either("ttl_minutes"),
          ttl_minutes: integer(limits["template.button.voiceCall.ttlMinutes"])
        }),
        Schema.Struct({ type: either("payload"), payload: within(limits["template.button.voiceCall.payload"]) })
      ]).annotate(modelled("a type of parameter for a call", ["ttl_minutes", "payload"]))
    ).check(isOnceEach)
  )
})
export type VoiceCall = typeof VoiceCall.Type

/** Schema for a button that takes a value; those that take none are left out. */
export const Button = Schema.Union([QuickReply, Url, CopyCode, Flow, Catalog, MultiProduct, Payment, VoiceCall])
export type Button = typeof Button.Type

/** The kinds of buttons, in Meta's words. */
export const subTypes: ReadonlyArray<string> = Button.members.map(({ fields }) => fields.sub_type.literals[0])

const at = <const T extends string>(sub_type: T, index: number) => ({
  type: "button" as const,
  sub_type,
  index: `${index}`
})

/** The payload of a quick reply, at most 256 characters; `index` counts all buttons of the template from 0. */
export const quickReply = (index: number, payload: string): QuickReply => ({
  ...at("quick_reply", index),
  parameters: [{ type: "payload", payload }]
})

/** What is appended to the URL of a link button, or the code of a one-time password; `index` counts from 0. */
export const url = (index: number, suffix: string): Url => ({
  ...at("url", index),
  parameters: [{ type: "text", text: suffix }]
})

/** The code that a button copies, at most 20 letters and digits; `index` counts from 0. */
export const copyCode = (index: number, code: string): CopyCode => ({
  ...at("copy_code", index),
  parameters: [{ type: "coupon_code", coupon_code: code }]
})

/** Schema for what `flow` takes. */
export const FlowOptions = Schema.Struct({
  /** Comes back with what the person entered. @default Meta's: "unused" */
  token: Schema.optional(Schema.NonEmptyString),
  /** What the first screen is given. */
  data: Schema.optional(Schema.JsonObject)
})
export type FlowOptions = typeof FlowOptions.Type

/** A flow: `flow(0, { token: "t-9", data: { shop: "B" } })`. Meta wants the component even when there is nothing in it. */
export const flow = (index: number, options: FlowOptions = {}): Flow => ({
  ...at("flow", index),
  parameters: [
    {
      type: "action",
      action: {
        ...(options.token === undefined ? {} : { flow_token: options.token }),
        ...(options.data === undefined ? {} : { flow_action_data: options.data })
      }
    }
  ]
})

/** Schema for what `catalog` takes. */
export const CatalogOptions = Schema.Struct({
  /** Your id of the product whose picture is shown. @default Meta's: the first of the catalog */
  thumbnail: Schema.optional(Schema.NonEmptyString)
})
export type CatalogOptions = typeof CatalogOptions.Type

const pictured = ({ thumbnail }: CatalogOptions) =>
  thumbnail === undefined ? {} : { thumbnail_product_retailer_id: thumbnail }

/** The catalog: `catalog(0, { thumbnail: "SKU-1" })`. */
export const catalog = (index: number, options: CatalogOptions = {}): Catalog => ({
  ...at("catalog", index),
  ...(options.thumbnail === undefined ? {} : { parameters: [{ type: "action", action: pictured(options) }] })
})

/** Schema for what `multiProduct` takes. */
export const MultiProductOptions = Schema.Struct({
  /** Your id of the product whose picture is shown. */
  thumbnail: Schema.optional(Schema.NonEmptyString),
  /** At most 10 sections with at most 30 products together; titles have at most 24 characters. */
  sections: Schema.Array(
    Schema.Struct({
      title: Schema.optional(Schema.String),
      /** Your ids of the products. */
      products: Schema.NonEmptyArray(Schema.String)
    })
  )
})
export type MultiProductOptions = typeof MultiProductOptions.Type

const asItem = (product_retailer_id: string) => ({ product_retailer_id })

/** A choice of products: `multiProduct(0, { thumbnail: "SKU-1", sections: [{ title: "Pots", products: ["SKU-1"] }] })`. */
export const multiProduct = (index: number, options: MultiProductOptions): MultiProduct => ({
  ...at("mpm", index),
  parameters: [
    {
      type: "action",
      action: {
        ...pictured(options),
        sections: options.sections.map(({ products: [first, ...others], title }) => ({
          ...(title === undefined ? {} : { title }),
          product_items: [asItem(first), ...others.map(asItem)]
        }))
      }
    }
  ]
})

/** An order to pay, in Meta's own words. */
export const orderDetails = (index: number, order: OrderDetails): Payment => ({
  ...at("order_details", index),
  parameters: [{ type: "action", action: { order_details: order } }]
})

/** Schema for what `voiceCall` takes. */
export const VoiceCallOptions = Schema.Struct({
  /** For how many minutes the button works, 1 to 43200. @default Meta's: a week */
  ttlMinutes: Schema.optional(Schema.Number),
  /** Comes back when the person calls, at most 512 characters. */
  payload: Schema.optional(Schema.String)
})
export type VoiceCallOptions = typeof VoiceCallOptions.Type

/** A call on WhatsApp: `voiceCall(0, { ttlMinutes: 120, payload: "ord-12" })`. */
export const voiceCall = (index: number, { payload, ttlMinutes }: VoiceCallOptions = {}): VoiceCall => {
  const parameters = [
    ...(ttlMinutes === undefined ? [] : [{ type: "ttl_minutes" as const, ttl_minutes: ttlMinutes }]),
    ...(payload === undefined ? [] : [{ type: "payload" as const, payload }])
  ]
  return { ...at("voice_call", index), ...(parameters.length === 0 ? {} : { parameters }) }
}
