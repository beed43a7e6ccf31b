/** Orders in templates, which only India and Brazil have. Meta pages: "Order details", "Order status". */
import * as Schema from "effect/Schema"
import { limits, text as within } from "../limits.ts"
import { either } from "./internal/words.ts"

/** The shop's own id of an order, in the letters that Meta takes. */
const Reference = within(limits["template.order.reference"]).check(
  Schema.isPattern(/^[A-Za-z0-9_.-]*$/, { expected: "letters, digits, underscores, dots and hyphens" })
)

const Amount = Schema.Struct({
  /** In the smallest unit, as in 11000 for 110.00. */
  value: Schema.Int,
  offset: Schema.Int
})

/** Schema for an order to pay. Open: what a country asks for beside is taken as it is. */
export const OrderDetails = Schema.StructWithRest(
  Schema.Struct({
    reference_id: Schema.optionalKey(Reference),
    type: Schema.optionalKey(Schema.Literals(["digital-goods", "physical-goods"])),
    currency: Schema.optionalKey(Schema.String),
    total_amount: Schema.optionalKey(Amount)
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type OrderDetails = typeof OrderDetails.Type

const Status = Schema.Literals(["pending", "processing", "partially_shipped", "shipped", "completed", "canceled"])
const Description = within(limits["template.order.description"])

/** Schema for what has become of an order. */
export const OrderStatus = Schema.Struct({
  type: either("order_status"),
  parameters: Schema.Tuple([
    Schema.Struct({
      type: either("order_status"),
      order_status: Schema.Struct({
        reference_id: Reference,
        order: Schema.Struct({ status: Status, description: Schema.optionalKey(Description) })
      })
    })
  ])
})
export type OrderStatus = typeof OrderStatus.Type

/** Schema for what `orderStatus` takes. */
export const OrderStatusOptions = Schema.Struct({
  /** The id that the order was sent under, at most 35 characters. */
  referenceId: Schema.String,
  status: Status,
  /** At most 120 characters. */
  description: Schema.optional(Schema.String)
})
export type OrderStatusOptions = typeof OrderStatusOptions.Type

/** What has become of an order: `orderStatus({ referenceId: "ORD-12", status: "shipped" })`. */
export const orderStatus = ({ description, referenceId, status }: OrderStatusOptions): OrderStatus => ({
  type: "order_status",
  parameters: [
    {
      type: "order_status",
      order_status: {
        reference_id: referenceId,
        order: { status, ...(description === undefined ? {} : { description }) }
      }
    }
  ]
})
