/** How far a payment came (India). */
import * as Schema from "effect/Schema"
import { BusinessAccountId, PhoneNumberId } from "../domain/Ids.ts"
import { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import { raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)
const instant = Schema.optionalKey(Schema.DateTimeUtcFromString)

/** An amount in the smallest unit: `value` 129900 with `offset` 100 is 1299.00. */
export const Amount = Schema.Struct({ value: Schema.Finite, offset: Schema.optionalKey(Schema.Finite) })
export type Amount = typeof Amount.Type

/** What the payment gateway did. */
export const Transaction = Schema.Struct({
  /** The gateway's order id. */
  id: text,
  /** The gateway's payment id. */
  gatewayPaymentId: text,
  /** `razorpay`, `payu`, `billdesk`, `zaakpay`, … */
  type: text,
  /** `pending`, `success`, `failed`. */
  status: text,
  createdAt: instant,
  updatedAt: instant,
  /** `upi`, `card`, `wallet`, `netbanking`. */
  method: text,
  errorCode: text,
  errorReason: text
})
export type Transaction = typeof Transaction.Type

/** Money that goes back to the customer. */
export const Refund = Schema.Struct({
  id: text,
  amount: Schema.optionalKey(Amount),
  /** `instant` or `normal`. */
  speed: text,
  status: text,
  createdAt: instant,
  updatedAt: instant
})
export type Refund = typeof Refund.Type

/** A payment for an order changed (India). What single gateways add stands in `raw`. */
export const PaymentUpdate = Schema.TaggedStruct("PaymentUpdate", {
  /** Meta's id of this report. */
  id: Schema.String,
  phoneNumberId: PhoneNumberId,
  businessAccountId: Schema.optionalKey(BusinessAccountId),
  /** `captured` or `pending`. */
  status: Schema.String,
  timestamp: Schema.DateTimeUtcFromString,
  recipient: WhatsAppUser,
  /** What the order details were sent with. */
  referenceId: Schema.String,
  amount: Schema.optionalKey(Amount),
  currency: text,
  transaction: Schema.optionalKey(Transaction),
  receipt: text,
  notes: Schema.optionalKey(Schema.JsonObject),
  refunds: Schema.Array(Refund),
  ...raw
})
export type PaymentUpdate = typeof PaymentUpdate.Type
