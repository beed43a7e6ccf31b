/**
 * Payments in India and Brazil. Meta documents one example of each country, in which different members are missing, so
 * every member of an order may be. How to pay is open: each way has members of its own. That an order expires in 300
 * seconds at the soonest is not checked.
 */
import * as Schema from "effect/Schema"
import { atMost, OneOf, optional, Some, Text } from "./words.ts"

const money = { value: Schema.Int, offset: Schema.Literal(100) }
const Money = Schema.Struct(money)
const Described = Schema.Struct({ ...money, description: optional(atMost(60)) })

const Item = Schema.Struct({
  retailer_id: optional(Text),
  name: optional(Text),
  amount: optional(Money),
  sale_amount: optional(Money),
  quantity: optional(Schema.Int),
  image: optional(Schema.JsonObject),
  country_of_origin: optional(Text),
  importer_name: optional(Text),
  importer_address: optional(Schema.JsonObject)
})

const Order = Schema.Struct({
  status: optional(Schema.Literal("pending")),
  type: optional(Text),
  catalog_id: optional(Text),
  items: optional(Schema.Array(Item)),
  subtotal: optional(Money),
  tax: optional(Described),
  shipping: optional(Described),
  discount: optional(Schema.Struct({ ...Described.fields, discount_program_name: optional(Text) })),
  expiration: optional(
    Schema.Struct({ timestamp: Schema.Union([Text, Schema.Int]), description: optional(atMost(120)) })
  )
})

const Setting = Schema.StructWithRest(Schema.Struct({ type: Some }), [Schema.Record(Schema.String, Schema.Json)])

const ReferenceId = Text.check(
  Schema.makeFilter((text: string) => /^[A-Za-z0-9_.-]{1,35}$/.test(text), {
    expected: "1 to 35 letters, digits, underscores, dots and hyphens"
  })
)

interface Amounts {
  readonly total_amount: { readonly value: number }
  readonly order?: {
    readonly subtotal?: { readonly value: number }
    readonly tax?: { readonly value: number }
    readonly shipping?: { readonly value: number }
    readonly discount?: { readonly value: number }
  }
}

const isSum = ({ order = {}, total_amount }: Amounts): boolean => {
  const { discount, shipping, subtotal, tax } = order
  return (
    subtotal === undefined ||
    total_amount.value === subtotal.value + (tax?.value ?? 0) + (shipping?.value ?? 0) - (discount?.value ?? 0)
  )
}

export const OrderDetails = Schema.Struct({
  reference_id: ReferenceId,
  type: optional(OneOf("digital-goods", "physical-goods")),
  currency: Some,
  payment_settings: optional(Schema.Array(Setting)),
  payment_type: optional(Text),
  payment_configuration: optional(Text),
  beneficiaries: optional(Schema.Array(Schema.JsonObject)),
  shipping_info: optional(Schema.JsonObject),
  total_amount: Money,
  order: optional(Order)
}).check(Schema.makeFilter(isSum, { expected: "an order whose total is subtotal + tax + shipping - discount" }))

export const OrderStatus = Schema.Struct({
  reference_id: ReferenceId,
  order: Schema.Struct({
    status: OneOf("processing", "partially_shipped", "shipped", "completed", "canceled"),
    description: optional(atMost(120))
  }),
  payment: optional(Schema.JsonObject)
})
