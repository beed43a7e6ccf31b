import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, WaId } from "@effect-whatsapp/core/domain"
import { isMessageEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import type { JsonObject } from "../wire/deliveries.ts"
import { brokenAt, json, message, only, status, tagged } from "./delivered.ts"

const { businessAccountId, displayPhoneNumber, phoneNumberId } = Delivery.defaults
const metadata = { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId }
const phone = WaId.make("16505550177")
const bsuid = BusinessScopedUserId.make("US.48210773395516620014")
const parent = BusinessScopedUserId.make("US.ENT.90417735520018846271")

const handover = (value: Schema.Json) => only(Delivery.change("messaging_handovers", value))
const changed = (value: JsonObject) => tagged("ConversationControlChanged", handover(value))
const standby = (lists: JsonObject) => only(Delivery.change("standby", { metadata, standby: lists }))

describe("who answers a conversation", () => {
  const recipient = { phone_number_id: phoneNumberId, display_phone_number: displayPhoneNumber }
  const minimal = {
    recipient: { phone_number_id: phoneNumberId },
    timestamp: "1786500500",
    type: "control_taken"
  } as const
  const summary = (text: string) => ({ conversation_context: { type: "summary", summary: { text } } })

  it("is a ConversationControlChanged with all that Meta tells", () => {
    const value = {
      messaging_product: "whatsapp",
      sender: { phone_number: phone },
      recipient,
      type: "control_passed",
      timestamp: "1786500500",
      control_passed: {
        previous_owner_app_id: 1,
        previous_owner_role: "ai_agent",
        previous_owner_app_role: "meta_business_agent",
        new_owner_app_id: "2",
        new_owner_role: "escalation",
        metadata: "wants a person",
        ...summary("Asked about a refund.")
      }
    }
    const event = changed(value)
    assert.deepStrictEqual(json(event), {
      _tag: "ConversationControlChanged",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${phone}`,
      user: { waId: phone },
      change: "control_passed",
      timestamp: "2026-08-12T02:08:20.000Z",
      previousOwnerAppId: "1",
      previousOwnerRole: "ai_agent",
      newOwnerAppId: "2",
      newOwnerRole: "escalation",
      metadata: "wants a person",
      summary: "Asked about a refund."
    })
    assert.deepStrictEqual(event.raw, { field: "messaging_handovers", value })
  })

  it("needs no more than a number, an instant and what happened", () => {
    assert.deepStrictEqual(json(changed(minimal)), {
      _tag: "ConversationControlChanged",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/messaging_handovers`,
      user: {},
      change: "control_taken",
      timestamp: "2026-08-12T02:08:20.000Z"
    })
  })

  it("is read in older forms: without a type, with the role of the app, with the number in the metadata", () => {
    const { type: _, ...untyped } = minimal
    const details = { previous_owner_app_role: "meta_business_agent" }
    const event = changed({ ...untyped, sender: {}, metadata: {}, control_taken: details })
    assert.deepStrictEqual([event.change, event.previousOwnerRole], ["control_taken", "meta_business_agent"])
    assert.strictEqual(changed({ ...untyped, pass_thread_control: { new_owner_app_id: "2" } }).newOwnerAppId, "2")
    const { recipient: __, ...nameless } = minimal
    assert.deepInclude(json(changed({ ...nameless, metadata })), { phoneNumberId })
  })

  it("may change in a way that Meta adds later, whatever its details are called", () => {
    const named = changed({ ...minimal, type: "control_lent", control_lent: { metadata: "an hour" } })
    assert.deepStrictEqual([named.change, named.metadata], ["control_lent", "an hour"])
    const other = changed({ ...minimal, type: "constructor", control_passed: { metadata: "an hour" } })
    assert.deepStrictEqual([other.change, other.metadata], ["constructor", "an hour"])
  })

  it("knows the customer by whatever names them", () => {
    const user = (sender: JsonObject) => changed({ ...minimal, sender }).user
    assert.deepStrictEqual(user({ phone_number: "+1 650 555 0177" }), { waId: phone })
    assert.deepStrictEqual(user({ phone_number: "", wa_id: 16505550177 }), { waId: phone })
    const ids = { user_id: bsuid, parent_user_id: parent }
    assert.deepStrictEqual(user(ids), { userId: bsuid, parentUserId: parent })
  })

  it("has its summary beside the details too", () => {
    const details = { control_taken: summary("inside") }
    assert.strictEqual(changed({ ...minimal, ...summary("beside") }).summary, "beside")
    assert.strictEqual(changed({ ...minimal, ...summary("beside"), ...details }).summary, "inside")
  })

  it("loses no more than an odd ornament", () => {
    const odd = changed({
      ...minimal,
      control_taken: { metadata: {}, new_owner_role: "utility", conversation_context: 7 }
    })
    assert.deepStrictEqual([odd.metadata, odd.newOwnerRole, odd.summary], [undefined, "utility", undefined])
    assert.strictEqual(changed({ ...minimal, control_taken: null, control_reason: 7 }).change, "control_taken")
  })

  it.each<[what: string, value: Schema.Json, path: string, reason: string]>([
    ["no instant", { ...minimal, timestamp: null }, ".timestamp", "expected string | number"],
    ["no number", { ...minimal, recipient: {} }, ".recipient.phone_number_id", "expected the id of the number"],
    ["details of another kind", { ...minimal, control_taken: "x" }, ".control_taken", "expected object"],
    [
      "details of another kind, and no type",
      { ...minimal, type: null, control_taken: [] },
      ".control_taken",
      "expected object"
    ],
    ["nothing that happened", { ...minimal, type: "" }, ".type", "expected what happened"],
    ["a sender of another kind", { ...minimal, sender: phone }, ".sender", "expected object | null"],
    [
      "a phone of another kind",
      { ...minimal, sender: { phone_number: [] } },
      ".sender.phone_number",
      "expected string | number | null"
    ],
    ["another kind", [], "", "expected object"]
  ])("with %s is Undecodable", (_, value, path, reason) => {
    assert.deepStrictEqual(brokenAt(handover(value)), [`.value${path}`, reason])
  })

  it("changes in order with the conversation of the person", () => {
    const { key, lane, person } = handover({ ...minimal, sender: { phone_number: phone } })
    assert.strictEqual(key, "digest/entry[0].changes[0]")
    assert.strictEqual(lane, only(Delivery.text("wamid.1", { from: phone })).lane)
    assert.deepStrictEqual(person, { user: { waId: phone }, otherwise: "messaging_handovers" })
  })
})

describe("a message in a conversation that another responder answers", () => {
  const minimal = { id: "wamid.1", timestamp: "1786500510", type: "text", text: { body: "hi" } } as const
  const ida = { wa_id: phone, user_id: bsuid, profile: { name: "Ida Voss", username: "ida.voss" } }

  it("is a StandbyMessageReceived with all that Meta tells, and no message event", () => {
    const item = {
      ...minimal,
      from: phone,
      from_user_id: bsuid,
      from_parent_user_id: parent,
      group_id: "group",
      context: { id: "wamid.0" },
      referral: { source_url: "https://example.com/ad" }
    }
    const event = tagged("StandbyMessageReceived", standby({ contacts: [ida], messages: [item] }))
    assert.deepStrictEqual(json(event), {
      _tag: "StandbyMessageReceived",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/group`,
      user: { waId: phone, userId: bsuid, parentUserId: parent, username: "ida.voss", profileName: "Ida Voss" },
      groupId: "group",
      timestamp: "2026-08-12T02:08:30.000Z",
      context: { wamid: "wamid.0" },
      referral: { sourceUrl: "https://example.com/ad" },
      content: { _tag: "Text", text: "hi" }
    })
    assert.deepStrictEqual(event.raw, item)
    assert.isFalse(isMessageEvent(event))
  })

  it("needs no more than id and timestamp", () => {
    const event = tagged("StandbyMessageReceived", standby({ messages: [{ id: "wamid.1", timestamp: 1786500510 }] }))
    assert.deepStrictEqual(json(event), {
      _tag: "StandbyMessageReceived",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/wamid.1`,
      user: {},
      timestamp: "2026-08-12T02:08:30.000Z",
      content: { _tag: "Unsupported", type: "unknown", errors: [] }
    })
  })

  it("never stands in for the message itself, and shares the conversation with it", () => {
    const copy = standby({ messages: [{ ...minimal, from: phone }] })
    const itself = message({ ...minimal, from: phone })
    assert.strictEqual(copy.key, `standby/${phoneNumberId}/message/wamid.1`)
    assert.notStrictEqual(copy.key, itself.key)
    assert.strictEqual(copy.lane, itself.lane)
    assert.deepStrictEqual(copy.person, itself.person)
  })

  it("is Undecodable without an id or with a payload of another kind", () => {
    assert.deepStrictEqual(brokenAt(standby({ messages: [{ timestamp: "1" }] }), "standby.messages[0]"), [
      ".id",
      "missing"
    ])
    assert.deepStrictEqual(brokenAt(standby({ messages: [{ ...minimal, text: 7 }] }), "standby.messages[0]"), [
      ".text",
      "expected object"
    ])
  })
})

describe("a status in a conversation that another responder answers", () => {
  const item = {
    id: "wamid.1",
    status: "failed",
    timestamp: "1786500510",
    recipient_id: phone,
    errors: [{ code: 131026 }]
  }

  it("is a StandbyStatusUpdate: what a StatusUpdate says, without being held against others", () => {
    const incoming = standby({ statuses: [item], contacts: [{ wa_id: phone, user_id: bsuid }] })
    const event = tagged("StandbyStatusUpdate", incoming)
    const { stale: _, ...said } = json(status(item, [{ wa_id: phone, user_id: bsuid }]).event)
    assert.deepStrictEqual(json(event), { ...said, _tag: "StandbyStatusUpdate" })
    assert.notProperty(event, "stale")
    assert.deepStrictEqual(event.raw, item)
    assert.strictEqual(incoming.key, `standby/${phoneNumberId}/status/wamid.1//failed`)
    assert.strictEqual(incoming.lane, status(item).lane)
  })

  it("is what it is everywhere when it is about no message", () => {
    const call = { id: "wacid.1", type: "call", status: "RINGING", timestamp: "1786500510", recipient_id: phone }
    tagged("CallStatusUpdate", standby({ statuses: [call] }))
    tagged("UnknownFieldReceived", standby({ statuses: [{ ...item, type: "later" }] }))
  })

  it("is Undecodable without a status", () => {
    const broken = standby({ statuses: [{ id: "wamid.1", timestamp: "1" }] })
    assert.deepStrictEqual(brokenAt(broken, "standby.statuses[0]"), [".status", "missing"])
  })
})

describe("what another responder sent", () => {
  const minimal = { id: "wamid.1", timestamp: "1786500510", message: {} } as const
  const text = { messaging_product: "whatsapp", recipient: bsuid, type: "text", text: { body: "It left today." } }
  const echo = (item: Schema.Json, contacts: ReadonlyArray<Schema.Json> = []) =>
    standby({ contacts, message_echoes: [item] })
  const echoed = (item: JsonObject, contacts?: ReadonlyArray<Schema.Json>) =>
    tagged("StandbyEchoed", echo({ ...minimal, ...item }, contacts))

  it("is a StandbyEchoed with all that Meta tells", () => {
    const item = { ...minimal, message: text, template: { name: "shipped" }, flow: { id: "7" } }
    const event = echoed(item, [{ wa_id: phone, user_id: bsuid }])
    assert.deepStrictEqual(json(event), {
      _tag: "StandbyEchoed",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${bsuid}`,
      recipient: { waId: phone, userId: bsuid },
      timestamp: "2026-08-12T02:08:30.000Z",
      message: text,
      template: { name: "shipped" },
      flow: { id: "7" }
    })
    assert.deepStrictEqual(event.raw, item)
  })

  it("needs no more than id, timestamp and body", () => {
    assert.deepStrictEqual(json(echoed({ template: null, flow: [] })), {
      _tag: "StandbyEchoed",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/wamid.1`,
      recipient: {},
      timestamp: "2026-08-12T02:08:30.000Z",
      message: {}
    })
  })

  it.each<[item: JsonObject, recipient: JsonObject]>([
    [{ message: { to: "+1 650 555 0177" } }, { waId: phone }],
    [{ message: { to: phone, recipient: bsuid } }, { waId: phone, userId: bsuid }],
    [{ message: { to: bsuid } }, { userId: bsuid }],
    [{ message: { recipient: parent } }, { parentUserId: parent }],
    [
      { to_user_id: bsuid, to_parent_user_id: parent },
      { userId: bsuid, parentUserId: parent }
    ],
    [{ message: { to: null, recipient: "" } }, {}]
  ])("went to whoever is named: %j", (item, recipient) => {
    assert.deepStrictEqual(json(echoed(item)).recipient, recipient)
  })

  it("may have gone to a group, which is no person", () => {
    const event = echoed({ message: { to: "Y2FwaV9ncm91cDo", recipient_type: "group" } }, [{ wa_id: phone }])
    assert.deepStrictEqual([event.groupId, event.recipient], ["Y2FwaV9ncm91cDo", {}])
    assert.strictEqual(event.conversationId, `${phoneNumberId}/Y2FwaV9ncm91cDo`)
  })

  it.each<[what: string, item: Schema.Json, path: string, reason: string]>([
    ["no id", { ...minimal, id: "" }, ".id", "expected an id"],
    ["no instant", { id: "1", message: {} }, ".timestamp", "missing"],
    ["no body", { id: "1", timestamp: "1" }, ".message", "missing"],
    [
      "a recipient of another kind",
      { ...minimal, message: { to: {} } },
      ".message.to",
      "expected string | number | null"
    ]
  ])("with %s is Undecodable", (_, item, path, reason) => {
    assert.deepStrictEqual(brokenAt(echo(item), "standby.message_echoes[0]"), [path, reason])
  })

  it("is admitted once under its id, in the conversation of whom it went to", () => {
    const { key, lane, person } = echo({ ...minimal, message: text })
    assert.strictEqual(key, `standby/${phoneNumberId}/echo/wamid.1`)
    assert.strictEqual(lane, `${phoneNumberId}/${bsuid}`)
    assert.deepStrictEqual(person, { user: { userId: bsuid }, otherwise: "wamid.1" })
  })
})

describe("a standby that holds nothing", () => {
  it.each([{}, { later: [] }])("is unknown, and kept whole: %j", (lists) => {
    const value = { metadata, standby: lists }
    assert.deepStrictEqual(tagged("UnknownFieldReceived", standby(lists)).raw, { field: "standby", value })
  })
})
