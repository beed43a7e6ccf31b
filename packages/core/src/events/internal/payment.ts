/** A status of a payment as an event. */
import * as Result from "effect/Result"
import { first, present } from "../../internal/present.ts"
import * as Wire from "../../wire/Payment.ts"
import { itemKey } from "../itemKeys.ts"
import type { Amount, PaymentUpdate, Transaction } from "../PaymentUpdate.ts"
import { personOf } from "./contacts.ts"
import { decode, type Decoder, numberOf, readable } from "./decoder.ts"

const decodePayment = decode(Wire.PaymentStatus)

export const decodePaymentStatus: Decoder = (json, around) =>
  Result.gen(function* () {
    const { id, payment, status, timestamp, ...to } = yield* decodePayment(json)
    const phoneNumberId = yield* numberOf(around, "payment")
    const event: PaymentUpdate = {
      _tag: "PaymentUpdate",
      id,
      phoneNumberId,
      status,
      timestamp,
      recipient: personOf(
        present({ waId: to.recipient_id, userId: to.recipient_user_id, parentUserId: to.recipient_parent_user_id }),
        around.contacts
      ),
      referenceId: payment.reference_id,
      refunds: readable(payment.refunds).map((refund) =>
        present({
          id: refund.id,
          amount: amountOf(refund.amount),
          speed: refund.speed_processed,
          status: refund.status,
          createdAt: refund.created_timestamp,
          updatedAt: refund.updated_timestamp
        })
      ),
      raw: around.raw,
      ...present({
        businessAccountId: around.businessAccountId,
        amount: amountOf(payment.amount),
        transaction: payment.transaction && transactionOf(payment.transaction),
        currency: payment.currency,
        receipt: payment.receipt,
        notes: payment.notes
      })
    }
    const { transaction } = payment
    const of = first(transaction?.id) ?? id
    return {
      event,
      // A gateway's order may be tried to be paid several times, and what was paid may be refunded in steps.
      key: itemKey(
        "payment",
        of,
        first(transaction?.status) ?? status,
        status,
        transaction?.pg_transaction_id ?? "",
        ...event.refunds.map((refund) => `${refund.id ?? ""} ${refund.status ?? ""}`)
      ),
      lane: `${phoneNumberId}/payment/${of}`
    }
  })

const amountOf = (amount: { readonly value: number; readonly offset?: number } | undefined): Amount | undefined =>
  amount && { value: amount.value, ...present({ offset: amount.offset }) }

const transactionOf = (it: typeof Wire.Transaction.Type): Transaction =>
  present({
    id: it.id,
    gatewayPaymentId: it.pg_transaction_id,
    type: it.type,
    status: it.status,
    createdAt: it.created_timestamp,
    updatedAt: it.updated_timestamp,
    method: it.method?.type,
    errorCode: it.error?.code,
    errorReason: it.error?.reason
  })
