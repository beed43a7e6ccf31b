import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, WaId } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import type { JsonObject } from "../wire/deliveries.ts"
import { brokenAt, digest, json, message, minimal, only, tagged } from "./delivered.ts"

const { businessAccountId, phoneNumberId } = Delivery.defaults
const metadata = { phone_number_id: phoneNumberId }
const phone = WaId.make("16505550177")
const bsuid = BusinessScopedUserId.make("US.48210773395516620014")
const later = "US.59300018820041177623"
const parent = BusinessScopedUserId.make("US.ENT.90417735520018846271")

const change = (field: string, value: JsonObject) => only(Delivery.change(field, { metadata, ...value }))

describe("a preference of a customer", () => {
  const stop = { user_id: bsuid, value: "stop", timestamp: 1786500400 } as const
  const preference = (item: Schema.Json, contacts: ReadonlyArray<Schema.Json> = []) =>
    change("user_preferences", { contacts, user_preferences: [item] })

  it("is a UserPreferenceChanged with all that Meta tells", () => {
    const item = {
      ...stop,
      wa_id: phone,
      parent_user_id: parent,
      category: "marketing_messages",
      value: "signup",
      signup_id: "s1",
      detail: "asked for it"
    }
    const contacts = [{ user_id: bsuid, profile: { name: "Ida Voss", username: "ida.voss" } }]
    const event = tagged("UserPreferenceChanged", preference(item, contacts))
    assert.deepStrictEqual(json(event), {
      _tag: "UserPreferenceChanged",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${bsuid}`,
      user: { waId: phone, userId: bsuid, parentUserId: parent, username: "ida.voss", profileName: "Ida Voss" },
      category: "marketing_messages",
      value: "signup",
      signupId: "s1",
      detail: "asked for it",
      timestamp: "2026-08-12T02:06:40.000Z"
    })
    assert.deepStrictEqual(event.raw, item)
  })

  it("needs no more than a value and an instant", () => {
    assert.deepStrictEqual(json(preference({ value: "resume", timestamp: "1786500400", detail: {} }).event), {
      _tag: "UserPreferenceChanged",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/user_preferences`,
      user: {},
      value: "resume",
      timestamp: "2026-08-12T02:06:40.000Z"
    })
  })

  it.each<[what: string, item: Schema.Json, path: string, reason: string]>([
    ["no value", { timestamp: 1 }, ".value", "missing"],
    ["no instant", { value: "stop" }, ".timestamp", "missing"],
    ["an id of another kind", { ...stop, user_id: {} }, ".user_id", "expected string | number | null"],
    ["another kind", "stop", "", "expected object"]
  ])("with %s is Undecodable", (_, item, path, reason) => {
    assert.deepStrictEqual(brokenAt(preference(item), "user_preferences[0]"), [path, reason])
  })

  it("stays in order with the conversation of the person", () => {
    const { key, lane, person } = preference(stop)
    assert.strictEqual(key, "digest/entry[0].changes[0].value.user_preferences[0]")
    assert.strictEqual(lane, message({ ...minimal, from_user_id: bsuid }).lane)
    assert.deepStrictEqual(person, { user: { userId: bsuid }, otherwise: "user_preferences" })
  })
})

describe("new ids of people", () => {
  const update = (list: Schema.Json) => change("user_id_update", { user_id_update: list })

  it("are one UserIdsChanged with who each of them was and is", () => {
    const list = [
      {
        wa_id: phone,
        detail: "id changed",
        user_id: { previous: bsuid, current: later },
        parent_user_id: { previous: parent, current: "US.ENT.2" },
        timestamp: "1786500410"
      },
      { user_id: { current: later }, parent_user_id: 7 }
    ]
    const incoming = update(list)
    const event = tagged("UserIdsChanged", incoming)
    assert.deepStrictEqual(json(event), {
      _tag: "UserIdsChanged",
      businessAccountId,
      phoneNumberId,
      changes: [
        {
          previous: { waId: phone, userId: bsuid, parentUserId: parent },
          current: { waId: phone, userId: later, parentUserId: "US.ENT.2" },
          timestamp: "2026-08-12T02:06:50.000Z",
          detail: "id changed"
        },
        { previous: {}, current: { userId: later } }
      ]
    })
    assert.deepStrictEqual(event.raw, { field: "user_id_update", value: { metadata, user_id_update: list } })
    assert.strictEqual(incoming.key, "digest/entry[0].changes[0]")
    assert.strictEqual(incoming.lane, `user_id_update/${businessAccountId}/${phoneNumberId}`)
    assert.strictEqual(incoming.person, undefined)
  })

  it("need no number", () => {
    const event = tagged("UserIdsChanged", only(Delivery.change("user_id_update", { user_id_update: [] })))
    assert.deepStrictEqual(json(event), { _tag: "UserIdsChanged", businessAccountId, changes: [] })
  })

  it("are Undecodable where one of them is, with its path", () => {
    const good = { user_id: { previous: bsuid, current: later } }
    assert.deepStrictEqual(brokenAt(update([good, { user_id: { previous: bsuid } }])), [
      ".value.user_id_update[1].user_id.current",
      "missing"
    ])
    assert.deepStrictEqual(brokenAt(update([{ user_id: later }])), [
      ".value.user_id_update[0].user_id",
      "expected object"
    ])
    assert.deepStrictEqual(brokenAt(change("user_id_update", {})), [".value.user_id_update", "missing"])
  })
})

describe("a tap on a link", () => {
  const action = (item: Schema.Json) => change("messages", { user_actions: [item] })
  const tap = { action_type: "marketing_messages_link_click", timestamp: "1786500050" } as const

  it("is a UserActionReported with all that Meta tells", () => {
    const item = {
      ...tap,
      marketing_messages_link_click_data: {
        click_component: "cta",
        click_id: "clk-1",
        tracking_token: "tok",
        product_id: 7,
        client_user_agent: "Mozilla/5.0"
      }
    }
    const incoming = action(item)
    const event = tagged("UserActionReported", incoming)
    assert.deepStrictEqual(json(event), {
      _tag: "UserActionReported",
      phoneNumberId,
      businessAccountId,
      actionType: "marketing_messages_link_click",
      timestamp: "2026-08-12T02:00:50.000Z",
      click: {
        component: "cta",
        clickId: "clk-1",
        trackingToken: "tok",
        productId: "7",
        userAgent: "Mozilla/5.0"
      }
    })
    assert.deepStrictEqual(event.raw, item)
    assert.strictEqual(incoming.key, "digest/entry[0].changes[0].value.user_actions[0]")
    assert.strictEqual(incoming.lane, `messages/${businessAccountId}/${phoneNumberId}`)
  })

  it.each([{}, { marketing_messages_link_click_data: null }, { marketing_messages_link_click_data: "x" }])(
    "needs no more than its type and an instant: %j",
    (rest) => {
      const event = tagged("UserActionReported", action({ action_type: "later", timestamp: 1786500050, ...rest }))
      assert.deepStrictEqual([event.actionType, event.click], ["later", undefined])
    }
  )

  it("is Undecodable without one of the two", () => {
    assert.deepStrictEqual(brokenAt(action({ timestamp: "1" }), "user_actions[0]"), [".action_type", "missing"])
    assert.deepStrictEqual(brokenAt(action({ action_type: "x" }), "user_actions[0]"), [".timestamp", "missing"])
  })
})

describe("an error beside all messages", () => {
  const error = {
    code: 130429,
    title: "Too fast",
    message: "Too fast",
    error_data: { details: "Throughput of the number exceeded." },
    href: "/docs/errors"
  }

  it.each(["messages", "calls", "history"])("of the field %s is an ErrorReported", (field) => {
    const incoming = change(field, { errors: [error] })
    const event = tagged("ErrorReported", incoming)
    assert.deepStrictEqual(json(event), {
      _tag: "ErrorReported",
      businessAccountId,
      phoneNumberId,
      field,
      error: {
        code: 130429,
        title: "Too fast",
        message: "Too fast",
        details: "Throughput of the number exceeded.",
        href: "/docs/errors"
      }
    })
    assert.deepStrictEqual(event.raw, error)
    assert.strictEqual(incoming.key, "digest/entry[0].changes[0].value.errors[0]")
    assert.strictEqual(incoming.lane, `${field}/${businessAccountId}/${phoneNumberId}`)
  })

  it("needs no number and no member that can be read", () => {
    const { event } = only(Delivery.change("messages", { errors: [{ code: {}, title: null }] }))
    assert.deepStrictEqual(json(event), {
      _tag: "ErrorReported",
      businessAccountId,
      field: "messages",
      error: { code: 0 }
    })
  })

  it("tells when Meta noticed, where the envelope does", () => {
    const changes = [{ field: "messages", value: { errors: [error] } }]
    const { event } = only(Delivery.encode({ entry: [{ id: "1", time: "1786500050", changes }] }))
    assert.strictEqual(json(event).timestamp, "2026-08-12T02:00:50.000Z")
  })

  it.each(["Too fast", 7, null, [error]])("is Undecodable where it is no object: %j", (broken) => {
    assert.deepStrictEqual(brokenAt(change("messages", { errors: [broken] }), "errors[0]"), ["", "expected object"])
  })

  it("is an event of its own, also beside a message", () => {
    const bytes = Delivery.messages({ messages: [minimal], errors: [error, "x", error] })
    const tags = fromDelivery(digest, bytes).map(({ event }) => event._tag)
    assert.deepStrictEqual(tags, ["TextReceived", "ErrorReported", "Undecodable", "ErrorReported"])
  })
})
