import { assert, describe, it } from "@effect/vitest"
import { PhoneNumberId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { decide, type UserIdChanged, type UserNumberChanged } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import { json, message, tagged } from "./delivered.ts"

const number = PhoneNumberId.make(Delivery.defaults.phoneNumberId)
const header = { id: "wamid.1", timestamp: "1786500010", type: "system" } as const
const old = { waId: "16505550177", userId: "US.1", parentUserId: "US.ENT.1" }
const now = { waId: "16505550188", userId: "US.2", parentUserId: "US.ENT.2" }
const item = {
  ...header,
  from: old.waId,
  system: {
    type: "user_changed_number",
    body: "User Ida changed from 16505550177 to 16505550188",
    wa_id: now.waId,
    user_id: now.userId,
    parent_user_id: now.parentUserId,
    previous_user_id: old.userId,
    previous_parent_user_id: old.parentUserId
  }
}

const incoming = (system: Schema.JsonObject, more: { readonly [key: string]: Schema.Json } = {}) =>
  message({ ...header, ...more, system })

/** Who the customer was and who they are now, as plain JSON. */
const change = ({ current, previous }: UserNumberChanged | UserIdChanged): ReadonlyArray<unknown> => [previous, current]
const user = (of: WhatsAppUser): unknown => of

describe("a new phone number", () => {
  it("says who the customer was and who they are now", () => {
    const it = message(item)
    const event = tagged("UserNumberChanged", it)
    assert.deepStrictEqual(json(event), {
      _tag: "UserNumberChanged",
      wamid: "wamid.1",
      phoneNumberId: number,
      businessAccountId: Delivery.defaults.businessAccountId,
      conversationId: `${number}/US.2`,
      previousConversationId: `${number}/US.1`,
      timestamp: "2026-08-12T02:00:10.000Z",
      sender: { _tag: "Customer", user: now },
      previous: old,
      current: now,
      body: "User Ida changed from 16505550177 to 16505550188"
    })
    assert.deepStrictEqual(event.raw, item)
    assert.deepStrictEqual<unknown>(it.person, { user: now, previous: old, otherwise: "wamid.1" })
    assert.strictEqual(it.lane, event.conversationId)
  })

  it("is read from older payloads too", () => {
    for (const system of [
      { type: "user_changed_number", new_wa_id: 16505550188 },
      { type: "customer_changed_number", wa_id: "16505550188", customer: "16505550177" },
      { wa_id: "16505550188" }
    ]) {
      const event = tagged("UserNumberChanged", incoming(system, { from: "16505550177" }))
      assert.deepStrictEqual(change(event), [{ waId: old.waId }, { waId: now.waId }])
    }
    const { previous } = tagged("UserNumberChanged", incoming({ new_wa_id: "1", customer: "16505550177" }))
    assert.deepStrictEqual(user(previous), { waId: old.waId })
  })

  it("says who the customer was also where they write from the new number already", () => {
    const system = { type: "customer_changed_number", wa_id: "16505550188", customer: "16505550177" }
    const event = tagged("UserNumberChanged", incoming(system, { from: "16505550188" }))
    assert.deepStrictEqual(change(event), [{ waId: old.waId }, { waId: now.waId }])
    assert.strictEqual(event.previousConversationId, `${number}/16505550177`)
  })

  it("takes the place of the old conversation only where the pipeline has said so", () => {
    const { event } = message(item)
    const other = tagged("UserNumberChanged", message({ ...item, system: { ...item.system, user_id: "US.9" } }))
    const decided = decide(event, {
      owner: true,
      conversationId: other.conversationId,
      previousConversationId: other.previousConversationId
    })
    assert(decided._tag === "UserNumberChanged")
    assert.strictEqual(decided.conversationId, `${number}/US.9`)
    assert.strictEqual(decided.sender._tag, "Owner")
    assert.deepStrictEqual(decide(event, {}), event)
  })
})

describe("a new BSUID", () => {
  const system = { type: "user_changed_user_id", body: "changed", previous_user_id: "US.1", user_id: "US.2" }

  it("says which it was and which it is now", () => {
    const event = tagged("UserIdChanged", incoming(system))
    assert.deepStrictEqual(change(event), [{ userId: "US.1" }, { userId: "US.2" }])
    assert.strictEqual(event.previousConversationId, `${number}/US.1`)
    assert.strictEqual(event.conversationId, `${number}/US.2`)
    tagged("UserIdChanged", incoming({ user_id: "US.2" }))
  })

  it("takes the old one from the sender where the message does not say it", () => {
    const event = tagged(
      "UserIdChanged",
      incoming({ type: "user_changed_user_id", user_id: "US.2" }, { from: "16505550177", from_user_id: "US.1" })
    )
    assert.deepStrictEqual(change(event), [{ waId: "16505550177", userId: "US.1" }, { userId: "US.2" }])
    const same = tagged("UserIdChanged", incoming({ user_id: "US.2" }, { from: "1", from_user_id: "US.2" }))
    assert.deepStrictEqual(user(same.previous), { waId: "1" })
  })

  it("is never read from the sentence, in which a customer chooses the name", () => {
    const body = "User x changed from US.VICTIM to US.2 changed from US.1 to US.2"
    const { previous } = tagged("UserIdChanged", incoming({ type: "user_changed_user_id", body, user_id: "US.2" }))
    assert.deepStrictEqual(user(previous), {})
  })

  it("that is missing leaves the customer who they were", () => {
    const event = tagged("UserIdChanged", incoming({ type: "user_changed_user_id" }, { from: "16505550177" }))
    assert.deepStrictEqual([user(event.current), user(event.sender.user)], [{}, { waId: "16505550177" }])
    assert.strictEqual(event.conversationId, event.previousConversationId)
  })
})

describe("a new identity key", () => {
  it("has its hash, wherever Meta wrote it", () => {
    const system = { type: "customer_identity_changed", body: "b", identity: "x1", wa_id: "1" }
    const event = tagged("UserIdentityChanged", incoming(system, { from: "1" }))
    assert.deepStrictEqual([event.identityKeyHash, event.body, event.acknowledged], ["x1", "b", undefined])
    const identity = { acknowledged: true, created_timestamp: "1786500000", hash: "x2" }
    const older = tagged("UserIdentityChanged", incoming({ body: "b" }, { from: "1", identity }))
    assert.deepStrictEqual([older.identityKeyHash, older.acknowledged], ["x2", true])
    for (const item of [
      { ...header, identity },
      { id: "wamid.1", timestamp: "1", identity }
    ]) {
      assert.strictEqual(tagged("UserIdentityChanged", message(item)).identityKeyHash, "x2")
    }
  })
})

describe("another system message", () => {
  it("keeps its type", () => {
    const { subtype, type } = tagged("UnknownMessageReceived", incoming({ type: "later", body: "b" }, { from: "1" }))
    assert.deepStrictEqual([type, subtype], ["system", "later"])
    assert.isUndefined(tagged("UnknownMessageReceived", incoming({})).subtype)
  })

  it("may be broken or empty", () => {
    assert.strictEqual(
      tagged("Undecodable", message({ ...header, system: 7 }))
        .path.split(".")
        .at(-1),
      "system"
    )
    tagged("UnsupportedReceived", message(header))
  })
})
