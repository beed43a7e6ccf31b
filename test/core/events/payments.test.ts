import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { brokenAt, json, status, tagged } from "./delivered.ts"

const transaction = {
  id: "pgord1",
  pg_transaction_id: "pgpay1",
  type: "razorpay",
  status: "success",
  created_timestamp: 1786500001,
  updated_timestamp: "1786500044",
  method: { type: "upi" },
  error: { code: "E1", reason: "no funds" }
}
const item = {
  id: "gBSELFPAY",
  type: "payment",
  status: "captured",
  recipient_id: "919900112233",
  timestamp: "1786500044",
  payment: {
    reference_id: "ord-918",
    amount: { value: 129900, offset: "100" },
    currency: "INR",
    transaction,
    receipt: "r",
    notes: { a: "b" },
    refunds: [
      { id: "rf1", amount: { value: 100 }, speed_processed: "instant", status: "done", created_timestamp: 1786500001 },
      7
    ],
    udf1: "x"
  }
}

describe("a payment", () => {
  it("has everything that Meta tells about it, and is no status of a message", () => {
    const it = status(item, [{ wa_id: "919900112233", user_id: "IN.1", profile: { name: "Asha" } }])
    assert.deepStrictEqual(json(it.event), {
      _tag: "PaymentUpdate",
      id: "gBSELFPAY",
      phoneNumberId: Delivery.defaults.phoneNumberId,
      businessAccountId: Delivery.defaults.businessAccountId,
      status: "captured",
      timestamp: "2026-08-12T02:00:44.000Z",
      recipient: { waId: "919900112233", userId: "IN.1", profileName: "Asha" },
      referenceId: "ord-918",
      amount: { value: 129900, offset: 100 },
      currency: "INR",
      transaction: {
        id: "pgord1",
        gatewayPaymentId: "pgpay1",
        type: "razorpay",
        status: "success",
        createdAt: "2026-08-12T02:00:01.000Z",
        updatedAt: "2026-08-12T02:00:44.000Z",
        method: "upi",
        errorCode: "E1",
        errorReason: "no funds"
      },
      receipt: "r",
      notes: { a: "b" },
      refunds: [
        { id: "rf1", amount: { value: 100 }, speed: "instant", status: "done", createdAt: "2026-08-12T02:00:01.000Z" }
      ]
    })
    assert.deepStrictEqual(tagged("PaymentUpdate", it).raw, item)
  })

  it("is known by its transaction and how far that is", () => {
    const number = `messages/${Delivery.defaults.phoneNumberId}`
    const { key, lane } = status(item)
    assert.strictEqual(key, `${number}/payment/pgord1/success/captured/pgpay1/rf1 done`)
    assert.strictEqual(status({ ...item, id: "another webhook", timestamp: 1 }).key, key)
    const pending = { ...item.payment, transaction: { ...transaction, status: "pending" } }
    const other = status({ ...item, payment: pending })
    assert.notStrictEqual(other.key, key)
    assert.strictEqual(other.lane, lane)
  })

  it("that failed twice, or is refunded in steps, is as many events", () => {
    const paid = (status_: string, of: Partial<typeof transaction>, refunds: ReadonlyArray<Schema.Json> = []) =>
      status({
        ...item,
        status: status_,
        payment: { ...item.payment, transaction: { ...transaction, ...of }, refunds }
      })
    const refund = { id: "rf1", status: "pending" }
    const updates = [
      paid("pending", { status: "failed" }),
      paid("pending", { status: "failed", pg_transaction_id: "pgpay2" }),
      paid("pending", {}),
      paid("captured", {}),
      paid("captured", {}, [refund]),
      paid("captured", {}, [{ ...refund, status: "success" }]),
      paid("captured", {}, [refund, { ...refund, id: "rf2" }])
    ]
    assert.strictEqual(new Set(updates.map(({ key }) => key)).size, updates.length)
    assert.deepStrictEqual(Array.from(new Set(updates.map(({ lane }) => lane))), [status(item).lane])
  })

  it("names whom it is from by all ids that Meta tells", () => {
    const to = { recipient_id: null, recipient_user_id: "IN.1", recipient_parent_user_id: "IN.ENT.1" }
    const { recipient } = json(status({ ...item, ...to }).event)
    assert.deepStrictEqual(recipient, { userId: "IN.1", parentUserId: "IN.ENT.1" })
  })

  it("needs no more than its id, its status and the order", () => {
    const least = { ...item, payment: { reference_id: "ord-918" } }
    const event = tagged("PaymentUpdate", status(least))
    assert.deepStrictEqual([event.transaction, event.amount, event.refunds], [undefined, undefined, []])
    assert.strictEqual(status(least).key.split("payment/")[1], "gBSELFPAY/captured/captured/")
    const broken = status({ ...item, payment: {} })
    assert.deepStrictEqual(brokenAt(broken, "statuses[0]"), [".payment.reference_id", "missing"])
    assert.match(tagged("Undecodable", status({ ...item, id: "" })).path, /statuses\[0\]\.id$/)
  })
})
