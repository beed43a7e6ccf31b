/** Templates: which values a business may give, and where. Types of components are in lower case here; Meta takes any. */
import * as Schema from "effect/Schema"
import * as Media from "./media.ts"
import { OrderDetails, OrderStatus } from "./order.ts"
import { isDistinct, optional, ProductSections, Several, Some, Text, Degrees, upTo, Whole } from "./words.ts"

const parameter = <T extends string, F extends Schema.Struct.Fields>(type: T, fields: F) =>
  Schema.Struct({ type: Schema.Literal(type), ...fields })

const named = {
  parameter_name: optional(
    Text.check(
      Schema.makeFilter((name: string) => /^[a-z0-9_]+$/.test(name), {
        expected: "lower case letters, digits and underscores"
      })
    )
  )
}
const text = parameter("text", { text: Text, ...named })

/** The calendar in Meta's old examples is ignored. */
const calendar = {
  day_of_week: optional(Schema.Json),
  day_of_month: optional(Schema.Json),
  year: optional(Schema.Json),
  month: optional(Schema.Json),
  hour: optional(Schema.Json),
  minute: optional(Schema.Json),
  calendar: optional(Schema.Json),
  timestamp: optional(Schema.Json)
}

const BodyParameter = Schema.Union([
  text,
  parameter("currency", {
    currency: Schema.Struct({ fallback_value: Text, code: Text, amount_1000: Schema.Int }),
    ...named
  }),
  parameter("date_time", { date_time: Schema.Struct({ fallback_value: Text, ...calendar }), ...named }),
  parameter("group_id", { group_id: Some, ...named })
])
export type BodyParameter = typeof BodyParameter.Type

const HeaderParameter = Schema.Union([
  text,
  parameter("image", { image: Media.File, ...named }),
  parameter("video", { video: Media.File, ...named }),
  parameter("gif", { gif: Media.File, ...named }),
  parameter("document", { document: Media.DocumentFile, ...named }),
  parameter("location", {
    location: Schema.Struct({
      latitude: Degrees(90),
      longitude: Degrees(180),
      name: optional(Text),
      address: optional(Text)
    }),
    ...named
  }),
  parameter("product", { product: Schema.Struct({ product_retailer_id: Some, catalog_id: Some }), ...named })
])

const one = <S extends Schema.Top>(item: S) => Several(item, 1, 1, "parameters")

/** Its place among all buttons, as a number or as its digit. */
const Index = Schema.Union([Schema.Int, Text]).check(
  Schema.makeFilter((index: number | string) => /^\d$/.test(String(index)), { expected: "a number from 0 to 9" })
)

const button = <T extends string, F extends Schema.Struct.Fields>(subType: T, fields: F) =>
  Schema.Struct({ type: Schema.Literal("button"), sub_type: Schema.Literal(subType), ...fields })

const action = <F extends Schema.Struct.Fields>(fields: F) => parameter("action", { action: Schema.Struct(fields) })

const thumbnail = { thumbnail_product_retailer_id: optional(Some) }

const CouponCode = upTo(20).check(
  Schema.makeFilter((code: string) => /^[\p{L}\p{N}]+$/u.test(code), { expected: "letters and digits" })
)

const VoiceCallParameter = Schema.Union([
  parameter("ttl_minutes", { ttl_minutes: Whole(1, 43_200) }),
  parameter("payload", { payload: upTo(512) })
])

const placed = { index: Index }

const Button = Schema.Union([
  button("quick_reply", { ...placed, parameters: one(parameter("payload", { payload: upTo(256) })) }),
  // A payload stands there in one of Meta's samples.
  button("url", {
    ...placed,
    parameters: one(Schema.Union([text, parameter("payload", { payload: upTo(256) })]))
  }),
  button("copy_code", { ...placed, parameters: one(parameter("coupon_code", { coupon_code: CouponCode })) }),
  button("flow", {
    ...placed,
    parameters: Several(
      action({ flow_token: optional(Text), flow_action_data: optional(Schema.JsonObject) }),
      0,
      1,
      "parameters"
    ).pipe(optional)
  }),
  button("catalog", { ...placed, parameters: optional(Several(action(thumbnail), 0, 1, "parameters")) }),
  button("mpm", { ...placed, parameters: one(action({ ...thumbnail, sections: ProductSections })) }),
  button("order_details", { ...placed, parameters: one(action({ order_details: OrderDetails })) }),
  button("voice_call", {
    index: optional(Index),
    parameters: optional(Several(VoiceCallParameter, 0, 2, "parameters"))
  })
])

const Header = Schema.Struct({
  type: Schema.Literal("header"),
  parameters: optional(Several(HeaderParameter, 0, 1, "parameters"))
})
const Body = Schema.Struct({ type: Schema.Literal("body"), parameters: optional(Schema.Array(BodyParameter)) })

/** It has no values, and stands in old samples. */
const Footer = Schema.Struct({
  type: Schema.Literal("footer"),
  parameters: optional(Several(BodyParameter, 0, 0, "parameters"))
})

const Card = Schema.Struct({
  card_index: Index,
  components: Schema.Array(Schema.Union([Header, Body, Footer, Button]))
})

const Component = Schema.Union([
  Header,
  Body,
  Footer,
  Button,
  Schema.Struct({
    type: Schema.Literal("carousel"),
    cards: Several(Card, 2, 10, "cards").check(
      Schema.makeFilter(
        (cards: ReadonlyArray<{ readonly card_index: number | string }>) =>
          isDistinct(cards.map((card) => Number(card.card_index))),
        { expected: "cards with different card_index" }
      )
    )
  }),
  Schema.Struct({
    type: Schema.Literal("limited_time_offer"),
    parameters: one(
      parameter("limited_time_offer", { limited_time_offer: Schema.Struct({ expiration_time_ms: Schema.Int }) })
    )
  }),
  Schema.Struct({
    type: Schema.Literal("tap_target_configuration"),
    parameters: one(
      parameter("tap_target_configuration", {
        tap_target_configuration: Schema.Array(Schema.Struct({ url: Some, title: Text }))
      })
    )
  }),
  Schema.Struct({
    type: Schema.Literal("order_status"),
    parameters: one(parameter("order_status", { order_status: OrderStatus }))
  })
])

export const Template = Schema.Struct({
  name: upTo(512),
  language: Schema.Struct({ code: Some, policy: optional(Schema.Literal("deterministic")) }),
  components: optional(Schema.Array(Component))
})
export type Template = typeof Template.Type
export type Component = typeof Component.Type

/** What has values of its own: the components, and those of every card. */
export const allComponents = (template: Template): ReadonlyArray<Exclude<Component, { readonly type: "carousel" }>> =>
  (template.components ?? []).flatMap((component) =>
    component.type === "carousel" ? component.cards.flatMap((card) => card.components) : [component]
  )
