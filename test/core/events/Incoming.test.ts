import { assert, describe, it } from "@effect/vitest"
import { ConversationId, DeliveryDigest } from "@effect-whatsapp/core/domain"
import { decide, fromDelivery, isMessageEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { DateTime, type Schema } from "effect"
import * as Deliveries from "../wire/deliveries.ts"
import { digest, message, minimal, only, status, tagged } from "./delivered.ts"

const number = Delivery.defaults.phoneNumberId
const later = DeliveryDigest.make("later")
const group = { recipient_type: "group", recipient_id: "group" }
const read = (participant: Deliveries.JsonObject) =>
  status({ id: "wamid.1", status: "read", timestamp: "1786500010", ...participant })

describe("the key under which an item is admitted", () => {
  it("is the same for a message that comes again in another delivery, at another place", () => {
    const [, again] = fromDelivery(
      later,
      Delivery.messages({ messages: [Delivery.textItem("wamid.0"), Delivery.textItem("wamid.1")] })
    )
    assert.strictEqual(again?.key, only(Delivery.text("wamid.1")).key)
    assert.strictEqual(again?.key, `messages/${number}/message/wamid.1`)
  })

  it("is the same for a status that comes again with what Meta adds", () => {
    const once = status({ id: "wamid.1", status: "read", timestamp: "1" })
    const again = status({ id: "wamid.1", status: "READ", timestamp: "2", recipient_id: "16505550177" })
    assert.strictEqual(once.key, again.key)
  })

  it("differs by message, by number and by whether it is a message or its status", () => {
    const keys = [
      only(Delivery.text("wamid.1")),
      only(Delivery.text("wamid.2")),
      only(Delivery.text("wamid.1", { phoneNumberId: "2" })),
      only(Delivery.status("wamid.1", "sent")),
      only(Delivery.status("wamid.1", "sent", { phoneNumberId: "2" }))
    ].map(({ key }) => key)
    assert.strictEqual(new Set(keys).size, keys.length)
  })

  it("differs by status, also among those that we do not know", () => {
    const keys = ["sent", "delivered", "read", "failed", "deleted", "warning"].map(
      (value) => only(Delivery.status("wamid.1", value)).key
    )
    assert.strictEqual(new Set(keys).size, keys.length)
  })

  it("differs by participant of a group, and not by the person of a status that needs none", () => {
    const keys = [
      { ...group, recipient_participant_id: "16505550177" },
      { ...group, recipient_participant_id: "16505550188" },
      { ...group, recipient_participant_user_id: "US.1" },
      { ...group, recipient_participant_parent_user_id: "US.ENT.1" },
      {}
    ].map((participant) => read(participant).key)
    assert.strictEqual(new Set(keys).size, keys.length)
    assert.strictEqual(read({ recipient_id: "16505550188" }).key, read({}).key)
  })

  it("is delivery and position where an item has no name of its own", () => {
    const bytes = Delivery.messages({ user_actions: [{}, {}], messages: [{ ...minimal, text: 7 }] })
    const keys = fromDelivery(digest, bytes).map(({ key }) => key)
    assert.deepStrictEqual(
      keys,
      ["messages[0]", "user_actions[0]", "user_actions[1]"].map((place) => `digest/entry[0].changes[0].value.${place}`)
    )
    const others = fromDelivery(later, bytes).map(({ key }) => key)
    assert.strictEqual(new Set([...keys, ...others]).size, 6)
  })

  it("is never shared by payments, whose ids are no messages", () => {
    const payment = { id: "1", type: "payment", status: "pending", timestamp: "1" }
    assert.notStrictEqual(status(payment).key, status({ ...payment, type: "message" }).key)
  })
})

describe("the lane of an item", () => {
  it("is the conversation of a message", () => {
    const { event, lane } = message({ ...minimal, from_user_id: "US.1" })
    assert.strictEqual(lane, tagged("TextReceived", { ...message(minimal), event }).conversationId)
    assert.strictEqual(message({ ...minimal, id: "wamid.2", from_user_id: "US.1" }).lane, lane)
  })

  it("is one for all statuses of a message to a person, and none that a message waits in", () => {
    const sent = only(Delivery.status("wamid.1", "sent"))
    assert.strictEqual(only(Delivery.status("wamid.1", "read")).lane, sent.lane)
    const lanes = [
      sent.lane,
      only(Delivery.status("wamid.2", "sent")).lane,
      only(Delivery.status("wamid.1", "sent", { phoneNumberId: "2" })).lane,
      only(Delivery.text("wamid.1")).lane,
      read({ ...group, recipient_participant_id: "1" }).lane,
      read({ ...group, recipient_participant_id: "2" }).lane
    ]
    assert.strictEqual(new Set(lanes).size, lanes.length)
  })

  it("is its own for what is broken, so that it holds nobody up", () => {
    const [one, other] = fromDelivery(digest, Delivery.messages({ messages: ["x", "y"] }))
    assert.notStrictEqual(one?.lane, other?.lane)
  })

  it("is one for a field of a number that we do not know, so that its changes stay in order", () => {
    const one = only(Delivery.change("account_update", { event: "A" }))
    assert.strictEqual(one.lane, only(Delivery.change("account_update", { event: "B" })).lane)
    assert.notStrictEqual(one.lane, only(Delivery.change("security", { event: "A" })).lane)
  })
})

describe("what admission decides", () => {
  it("is put into the event and changes nothing else", () => {
    const { event } = only(Delivery.text("wamid.1"))
    assert(isMessageEvent(event))
    const { user } = event.sender
    assert.deepStrictEqual(decide(event, { owner: true }), { ...event, sender: { _tag: "Owner", user } })
    assert.deepStrictEqual(decide(event, { owner: false }), { ...event, sender: { _tag: "Customer", user } })
    assert.deepStrictEqual(decide(decide(event, { owner: true }), {}), event)
    const { event: update } = only(Delivery.status("wamid.1", "read"))
    assert(update._tag === "StatusUpdate")
    assert.deepStrictEqual(decide(update, { stale: true }), { ...update, stale: true })
    assert.deepStrictEqual(decide(update, {}), update)
  })

  it("leaves the event as it is, when nothing was found out", () => {
    for (const bytes of [Delivery.text("wamid.1"), Delivery.status("wamid.1", "read")]) {
      const { event } = only(bytes)
      assert.strictEqual(decide(event, {}), event)
      assert.strictEqual(decide(event, { owner: false, stale: false }), event)
    }
    const { event } = only(Delivery.text("wamid.1"))
    assert(isMessageEvent(event))
    assert.strictEqual(decide(event, { conversationId: event.conversationId }), event)
    const conversationId = ConversationId.make("another")
    assert.deepStrictEqual(decide(event, { conversationId }), { ...event, conversationId })
  })

  it.prop("concerns messages and statuses only", { envelope: Deliveries.envelope }, ({ envelope }) => {
    for (const { event } of fromDelivery(digest, Delivery.encode(envelope))) {
      const decided = decide(event, { owner: true, stale: true })
      assert.strictEqual(decided._tag, event._tag)
      if (!isMessageEvent(event) && event._tag !== "StatusUpdate") assert.deepStrictEqual(decided, event)
    }
  })
})

describe("what an item says", () => {
  it("is of its own time, whatever came before it", () => {
    const times = ["1786500010", "1786500010", "1786500011", "1786500010", "0"]
    const messages = times.map((timestamp, i) => ({ ...minimal, id: `wamid.${i}`, timestamp }))
    const found = fromDelivery(digest, Delivery.messages({ messages }))
    assert.deepStrictEqual(
      found.map((incoming) => DateTime.toEpochMillis(tagged("TextReceived", incoming).timestamp)),
      times.map((seconds) => Number(seconds) * 1000)
    )
  })

  it.prop(
    "is kept in raw as Meta sent it, whatever becomes of it",
    { item: Deliveries.oneOf<Schema.Json>(Deliveries.message, Deliveries.status, Deliveries.json) },
    ({ item }) => {
      for (const { event } of [message(item), status(item)]) {
        assert(event._tag !== "DeliveryUnreadable")
        assert.strictEqual(JSON.stringify(event.raw), JSON.stringify(item))
      }
    },
    { arbitrary: { runs: 500 } }
  )
})
