/** An item of `statuses` with `type: "payment"`: how far a payment in India came. Its `id` is no message that was sent. */
import * as Schema from "effect/Schema"
import { BusinessScopedUserId } from "../domain/Ids.ts"
import { id, lenient, lenientArray, Number, optional, ownId, Phone, Text, UnixSeconds } from "./scalars.ts"

const Amount = Schema.Struct({ value: Number, offset: lenient(Number) })

const Refund = Schema.Struct({
  id: lenient(Text),
  amount: lenient(Amount),
  speed_processed: lenient(Text),
  status: lenient(Text),
  created_timestamp: lenient(UnixSeconds),
  updated_timestamp: lenient(UnixSeconds)
})

export const Transaction = Schema.Struct({
  id: lenient(Text),
  pg_transaction_id: lenient(Text),
  type: lenient(Text),
  status: lenient(Text),
  created_timestamp: lenient(UnixSeconds),
  updated_timestamp: lenient(UnixSeconds),
  method: lenient(Schema.Struct({ type: lenient(Text) })),
  error: lenient(Schema.Struct({ code: lenient(Text), reason: lenient(Text) }))
})

export const PaymentStatus = Schema.Struct({
  id: ownId(Schema.String),
  status: Text,
  timestamp: UnixSeconds,
  recipient_id: optional(Phone),
  recipient_user_id: optional(id(BusinessScopedUserId)),
  recipient_parent_user_id: optional(id(BusinessScopedUserId)),
  payment: Schema.Struct({
    reference_id: Text,
    amount: lenient(Amount),
    currency: lenient(Text),
    transaction: lenient(Transaction),
    receipt: lenient(Text),
    notes: lenient(Schema.JsonObject),
    refunds: lenient(lenientArray(Refund))
  })
})
export type PaymentStatus = typeof PaymentStatus.Type
