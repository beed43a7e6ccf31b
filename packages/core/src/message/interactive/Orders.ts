/** Messages about an order that is paid in WhatsApp: the bill with a button to pay, and what became of it. */
import * as Schema from "effect/Schema"
import { given } from "../../internal/present.ts"
import type { Media } from "../Media.ts"
import type { Options } from "../Quote.ts"
import { type Amount, OrderParameters, OrderStatusParameters } from "./Order.ts"
import { Body, Footer, footed, interactive, type Interactive, TextOrImageHeader, textOrImageHeader } from "./Parts.ts"

/** Schema for a bill with a button to pay. */
export const OrderDetails = Schema.Struct({
  type: Schema.Literal("order_details"),
  header: Schema.optionalKey(TextOrImageHeader),
  body: Body,
  footer: Schema.optionalKey(Footer),
  action: Schema.Struct({ name: Schema.Literal("review_and_pay"), parameters: OrderParameters })
})
export type OrderDetails = typeof OrderDetails.Type

/** Schema for news about an order. */
export const OrderStatus = Schema.Struct({
  type: Schema.Literal("order_status"),
  body: Body,
  footer: Schema.optionalKey(Footer),
  action: Schema.Struct({ name: Schema.Literal("review_order"), parameters: OrderStatusParameters })
})
export type OrderStatus = typeof OrderStatus.Type

/** One line of a bill. Amounts are hundredths: 100.00 is 10000. */
export interface OrderItem {
  readonly name: string
  /** Of one piece, in hundredths. */
  readonly amount: number
  /** Of one piece, when it is sold for less, in hundredths. @default none */
  readonly saleAmount?: number | undefined
  /** @default 1 */
  readonly quantity?: number | undefined
  /** `product_retailer_id` in the catalogue, or an id of your own. @default none */
  readonly productId?: string | undefined
  /** India, for what is in no catalogue. @default none */
  readonly countryOfOrigin?: string | undefined
  readonly importerName?: string | undefined
  readonly importerAddress?: Schema.JsonObject | undefined
}

export interface OrderDetailsInput {
  /** Above the body: a text, or an image. @default Meta's: a picture of the first product */
  readonly header?: string | { readonly image: Media } | undefined
  /** 1 to 1024 characters. */
  readonly body: string
  /** At most 60 characters. @default none */
  readonly footer?: string | undefined
  /** Of this order alone: at most 35 letters, digits, `_`, `.` and `-`. */
  readonly referenceId: string
  readonly goods: "digital-goods" | "physical-goods"
  /** `INR` or `BRL`. */
  readonly currency: string
  /** Ways to pay, in Meta's words: `{ type: "payment_gateway", payment_gateway: { … } }`. @default none */
  readonly paymentSettings?: OrderParameters["payment_settings"]
  /** `br` in Brazil. @default none */
  readonly paymentType?: string | undefined
  /** The older way in India, with `paymentType`. @default none */
  readonly paymentConfiguration?: string | undefined
  /** To whom things are shipped, in Meta's words: India. @default none */
  readonly beneficiaries?: OrderParameters["beneficiaries"]
  readonly items: ReadonlyArray<OrderItem>
  /** In hundredths. @default what the items make together */
  readonly subtotal?: number | undefined
  /** In hundredths. @default 0 */
  readonly tax?: number | undefined
  /** In hundredths. @default none */
  readonly shipping?: number | undefined
  /** In hundredths. @default none */
  readonly discount?: number | undefined
  /** The catalogue that the items are in: India. @default none */
  readonly catalogId?: string | undefined
  /** Until when it can be paid, in seconds since 1970, at least five minutes ahead. @default none */
  readonly expiration?: { readonly timestamp: number; readonly description?: string | undefined } | undefined
}

const amount = (value: number): Amount => ({ value, offset: 100 })
const amountOrNone = (value: number | undefined) => (value === undefined ? undefined : amount(value))

const order = (input: OrderDetailsInput) => {
  const subtotal =
    input.subtotal ??
    input.items.reduce((sum, { amount, quantity = 1, saleAmount = amount }) => sum + saleAmount * quantity, 0)
  const tax = input.tax ?? 0
  const { expiration } = input
  return {
    total_amount: amount(subtotal + tax + (input.shipping ?? 0) - (input.discount ?? 0)),
    order: {
      status: "pending" as const,
      ...given({ catalog_id: input.catalogId }),
      items: input.items.map((item) =>
        given({
          retailer_id: item.productId,
          name: item.name,
          amount: amount(item.amount),
          quantity: item.quantity ?? 1,
          sale_amount: amountOrNone(item.saleAmount),
          country_of_origin: item.countryOfOrigin,
          importer_name: item.importerName,
          importer_address: item.importerAddress
        })
      ),
      subtotal: amount(subtotal),
      tax: amount(tax),
      ...given({
        shipping: amountOrNone(input.shipping),
        discount: amountOrNone(input.discount),
        expiration:
          expiration === undefined
            ? undefined
            : given({ timestamp: `${expiration.timestamp}`, description: expiration.description })
      })
    }
  }
}

/**
 * A bill with a button to pay, in India and Brazil (Meta's `order_details`).
 *
 * **Details**
 *
 * Amounts are hundredths of the currency, and the total is subtotal, tax and shipping less the discount: Meta refuses
 * a bill that does not add up. What has no option here is written as Meta documents it, and sent as it is.
 *
 * **Example** (One fern)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const bill = Message.orderDetails({
 *   body: "Your order",
 *   referenceId: "ORD-12",
 *   goods: "physical-goods",
 *   currency: "INR",
 *   paymentSettings: [
 *     { type: "payment_gateway", payment_gateway: { type: "razorpay", configuration_name: "main" } }
 *   ],
 *   items: [{ productId: "SKU-1", name: "Fern", amount: 10_000 }],
 *   tax: 1000
 * })
 *
 * bill.interactive.action.parameters.total_amount // => { value: 11000, offset: 100 }
 * ```
 */
export const orderDetails = (input: OrderDetailsInput, options?: Options): Interactive<OrderDetails> =>
  interactive(
    {
      type: "order_details",
      ...(input.header === undefined ? {} : { header: textOrImageHeader(input.header) }),
      body: { text: input.body },
      ...footed(input.footer),
      action: {
        name: "review_and_pay",
        parameters: {
          reference_id: input.referenceId,
          type: input.goods,
          currency: input.currency,
          ...given({
            payment_settings: input.paymentSettings,
            payment_type: input.paymentType,
            payment_configuration: input.paymentConfiguration,
            beneficiaries: input.beneficiaries
          }),
          ...order(input)
        }
      }
    },
    options
  )

export interface OrderStatusInput {
  /** 1 to 1024 characters. */
  readonly body: string
  /** At most 60 characters. @default none */
  readonly footer?: string | undefined
  /** That of the bill. */
  readonly referenceId: string
  readonly status: OrderStatusParameters["order"]["status"]
  /** At most 120 characters. @default none */
  readonly description?: string | undefined
}

/**
 * What became of an order that was sent as `orderDetails` (Meta's `order_status`).
 *
 * **Example** (Shipped)
 *
 * ```ts
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const shipped = Message.orderStatus({
 *   body: "On its way",
 *   referenceId: "ORD-12",
 *   status: "shipped",
 *   description: "DHL"
 * })
 * ```
 */
export const orderStatus = (input: OrderStatusInput, options?: Options): Interactive<OrderStatus> =>
  interactive(
    {
      type: "order_status",
      body: { text: input.body },
      ...footed(input.footer),
      action: {
        name: "review_order",
        parameters: {
          reference_id: input.referenceId,
          order: given({ status: input.status, description: input.description })
        }
      }
    },
    options
  )
