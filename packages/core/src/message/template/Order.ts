/** Orders in templates, which only India and Brazil have. Meta pages: "Order details", "Order status". */
import * as Schema from "effect/Schema"
import { OrderParameters, OrderStatusParameters } from "../interactive/Order.ts"
import { isRecord } from "../internal/untyped.ts"
import { either } from "./internal/words.ts"

/** Schema for an order to pay, as in an interactive message. */
export const OrderDetails = OrderParameters
export type OrderDetails = typeof OrderDetails.Type

/** Schema for what has become of an order. */
export const OrderStatus = Schema.Struct({
  type: either("order_status"),
  parameters: Schema.Tuple([Schema.Struct({ type: either("order_status"), order_status: OrderStatusParameters })])
})
export type OrderStatus = typeof OrderStatus.Type

/** Schema for what `orderStatus` takes. */
export const OrderStatusOptions = Schema.Struct({
  /** The id that the order was sent under, at most 35 characters. */
  referenceId: Schema.String,
  status: OrderStatusParameters.fields.order.fields.status,
  /** At most 120 characters. */
  description: Schema.optional(Schema.String)
})
export type OrderStatusOptions = typeof OrderStatusOptions.Type

/** What has become of an order: `orderStatus({ referenceId: "ORD-12", status: "shipped" })`. */
export const orderStatus = (order: OrderStatusOptions): OrderStatus => ({
  type: "order_status",
  parameters: [{ type: "order_status", order_status: isRecord(order) ? statusOf(order) : order }]
})

const statusOf = ({ description, referenceId, status }: OrderStatusOptions) => ({
  reference_id: referenceId,
  order: { status, ...(description === undefined ? {} : { description }) }
})
