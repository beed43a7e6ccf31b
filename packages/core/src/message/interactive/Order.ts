/**
 * Orders that are paid in WhatsApp, in India and Brazil: what is to be paid, and how the order goes on. What differs
 * from country to country is taken as it is given. Meta pages: "Payments API - India", "Payments API - Brazil".
 */
import * as Schema from "effect/Schema"
import { CurrencyCode } from "../internal/currencyCode.ts"
import { generatedFrom } from "../internal/generation.ts"
import { limits, text as within } from "../limits.ts"
import { Id } from "./Parts.ts"

/** Schema for an amount of money in hundredths: 110.00 is `{ value: 11000, offset: 100 }`. */
export const Amount = Schema.Struct({
  value: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0, { expected: "an amount in hundredths, not below 0" })),
  offset: Schema.Literal(100)
})
export type Amount = typeof Amount.Type

const description = { description: Schema.optionalKey(within(limits["order_details.description"])) }

/** Schema for an amount that says what it is for, in at most 60 characters. */
const Described = Schema.Struct({ ...Amount.fields, ...description })

const Item = Schema.Struct({
  /** In the catalogue or of one's own: `product_retailer_id`. */
  retailer_id: Schema.optionalKey(Id),
  name: Schema.NonEmptyString,
  /** Of one piece. */
  amount: Amount,
  quantity: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, { expected: "a whole number from 1" })),
  /** Of one piece, when it is sold for less. */
  sale_amount: Schema.optionalKey(Amount),
  image: Schema.optionalKey(Schema.JsonObject),
  // India, for what is in no catalogue.
  country_of_origin: Schema.optionalKey(Schema.NonEmptyString),
  importer_name: Schema.optionalKey(Schema.NonEmptyString),
  importer_address: Schema.optionalKey(Schema.JsonObject)
})

const seconds = "Unix time in seconds, as in 1790000000"

/** Schema for an instant of this age, from 2001 to 2286: what has fewer digits is no time, and more are milliseconds. */
const Seconds = Schema.Union([
  Schema.String.check(Schema.isPattern(/^[1-9][0-9]{9}$/, { expected: seconds })),
  Schema.Int.check(Schema.isBetween({ minimum: 1_000_000_000, maximum: 9_999_999_999 }, { expected: seconds }))
]).annotate({ message: `Expected ${seconds}` })

const Order = Schema.Struct({
  status: Schema.optionalKey(Schema.Literal("pending")),
  type: Schema.optionalKey(Schema.NonEmptyString),
  /** India. */
  catalog_id: Schema.optionalKey(Id),
  items: Schema.optionalKey(Schema.Array(Item)),
  subtotal: Schema.optionalKey(Amount),
  tax: Schema.optionalKey(Described),
  shipping: Schema.optionalKey(Described),
  discount: Schema.optionalKey(
    Schema.Struct({ ...Described.fields, discount_program_name: Schema.optionalKey(Schema.NonEmptyString) })
  ),
  expiration: Schema.optionalKey(
    Schema.Struct({
      /** Seconds since 1970, at least five minutes ahead; Meta writes a string. */
      timestamp: Seconds,
      description: Schema.optionalKey(within(limits["order_details.expiration.description"]))
    })
  )
})

/** Schema for the reference of an order, which is of one order alone, and case-sensitive. */
const reference_id = within(limits["order_details.reference_id"]).check(
  Schema.isPattern(/^[A-Za-z0-9_.-]*$/, { expected: "letters, digits, underscores, dots and hyphens" })
)

/** Schema for a way to pay: what belongs to its type is Meta's affair. */
const PaymentSetting = Schema.StructWithRest(Schema.Struct({ type: Schema.NonEmptyString }), [
  Schema.Record(Schema.String, Schema.Json)
])

const Fields = Schema.Struct({
  /** At most 35 letters, digits, `_`, `.` and `-`. */
  reference_id,
  type: Schema.optionalKey(Schema.Literals(["digital-goods", "physical-goods"])),
  /** ISO 4217: `INR` or `BRL`. */
  currency: CurrencyCode,
  // Before the total, so that an amount that is wrong is told where it stands.
  order: Schema.optionalKey(Order),
  total_amount: Amount,
  /** `payment_gateway`, `upi_intent_link`, `payment_link` in India; `pix_dynamic_code`, `boleto` and more in Brazil. */
  payment_settings: Schema.optionalKey(Schema.Array(PaymentSetting)),
  /** `br` in Brazil; with `payment_configuration` the older way in India. */
  payment_type: Schema.optionalKey(Schema.NonEmptyString),
  payment_configuration: Schema.optionalKey(Schema.NonEmptyString),
  /** To whom things are shipped: India. */
  beneficiaries: Schema.optionalKey(Schema.Array(Schema.JsonObject)),
  /** The addresses to choose from, in a checkout button: India. */
  shipping_info: Schema.optionalKey(Schema.JsonObject)
})
type Fields = typeof Fields.Type

/** What the parts make together, where they are told; parts that are absent cost nothing. */
const totalOf = ({ order }: Fields): number | undefined =>
  order?.subtotal === undefined
    ? undefined
    : order.subtotal.value + (order.tax?.value ?? 0) + (order.shipping?.value ?? 0) - (order.discount?.value ?? 0)

const addsUp = Schema.makeFilter(
  (details: Fields) => {
    const total = totalOf(details)
    return total === undefined || total === details.total_amount.value
      ? undefined
      : { path: ["total_amount", "value"], issue: "Expected subtotal + tax + shipping - discount" }
  },
  { expected: "a total that adds up" }
)

/** As generated, an order may cost anything. */
const addUp = (details: Fields): Fields => {
  const value = totalOf(details)
  if (value !== undefined && value >= 0 && Number.isSafeInteger(value)) {
    return { ...details, total_amount: { value, offset: 100 } }
  }
  const { order: _, ...rest } = details
  return rest
}

/** Schema for what is to be paid, as an interactive message and a button of a template carry it. */
export const OrderParameters = generatedFrom(Fields.check(addsUp), Fields, addUp)
export type OrderParameters = typeof OrderParameters.Type

/** Schema for how an order goes on. */
export const OrderStatusParameters = Schema.Struct({
  reference_id,
  order: Schema.Struct({
    status: Schema.Literals(["processing", "partially_shipped", "shipped", "completed", "canceled"]),
    description: Schema.optionalKey(within(limits["order_status.description"]))
  }),
  /** Brazil: that it was paid, and when. */
  payment: Schema.optionalKey(Schema.JsonObject)
})
export type OrderStatusParameters = typeof OrderStatusParameters.Type
