import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import * as Deliveries from "../wire/deliveries.ts"
import { brokenAt, json, status, tagged } from "./delivered.ts"

const update = (item: Schema.Json, contacts?: ReadonlyArray<Schema.Json>) =>
  tagged("StatusUpdate", status(item, contacts))
const recipient = (item: Deliveries.JsonObject, contacts?: ReadonlyArray<Schema.Json>) =>
  json(update({ id: "wamid.1", status: "read", timestamp: "1786500010", ...item }, contacts)).recipient

const minimal = { id: "wamid.1", status: "sent", timestamp: "1786500010" } as const
const everything = {
  id: "wamid.HBg/+=",
  status: "delivered",
  timestamp: "1786500010",
  recipient_id: "16505550177",
  recipient_user_id: "US.1",
  recipient_parent_user_id: "US.ENT.1",
  biz_opaque_callback_data: "order-55",
  conversation: { id: "conv7f", expiration_timestamp: "1786586441", origin: { type: "referral_conversion" } },
  pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "utility" },
  errors: [
    { code: 131026, title: "Undeliverable", message: "Undeliverable", error_data: { details: "Cannot receive." } }
  ]
}
const ida = { profile: { name: "Ida Voss", username: "ida.voss" }, wa_id: "16505550177", user_id: "US.1" }

describe("a status", () => {
  it("becomes a StatusUpdate with all that Meta tells", () => {
    const event = update(everything, [ida])
    assert.deepStrictEqual(json(event), {
      _tag: "StatusUpdate",
      wamid: "wamid.HBg/+=",
      phoneNumberId: Delivery.defaults.phoneNumberId,
      businessAccountId: Delivery.defaults.businessAccountId,
      status: "Delivered",
      timestamp: "2026-08-12T02:00:10.000Z",
      recipient: {
        waId: "16505550177",
        userId: "US.1",
        parentUserId: "US.ENT.1",
        username: "ida.voss",
        profileName: "Ida Voss"
      },
      errors: [{ code: 131026, title: "Undeliverable", message: "Undeliverable", details: "Cannot receive." }],
      stale: false,
      pricing: { model: "PMP", billable: true, type: "regular", category: "utility" },
      conversation: { id: "conv7f", expiresAt: "2026-08-13T02:00:41.000Z", origin: "referral_conversion" },
      callbackData: "order-55"
    })
    assert.deepStrictEqual(event.raw, everything)
  })

  it("needs no more than id, status and timestamp", () => {
    assert.deepStrictEqual(json(update(minimal)), {
      _tag: "StatusUpdate",
      wamid: "wamid.1",
      phoneNumberId: Delivery.defaults.phoneNumberId,
      businessAccountId: Delivery.defaults.businessAccountId,
      status: "Sent",
      timestamp: "2026-08-12T02:00:10.000Z",
      recipient: {},
      errors: [],
      stale: false
    })
  })

  it.each([
    ["sent", "Sent"],
    ["delivered", "Delivered"],
    ["read", "Read"],
    ["played", "Played"],
    ["failed", "Failed"],
    ["READ", "Read"],
    ["deleted", "Unknown"],
    ["", "Unknown"],
    ["constructor", "Unknown"],
    ["__proto__", "Unknown"],
    [7, "Unknown"]
  ])("of %j is %s, and stays readable in raw", (value, expected) => {
    const event = update({ ...minimal, status: value })
    assert.strictEqual(event.status, expected)
    assert.deepStrictEqual(event.raw, { ...minimal, status: value })
  })

  it("lacks what Meta sends as null or empty", () => {
    for (const nothing of [null, ""]) {
      const item = {
        ...minimal,
        type: nothing,
        recipient_id: nothing,
        recipient_type: nothing,
        group_id: nothing,
        recipient_user_id: nothing,
        biz_opaque_callback_data: nothing
      }
      assert.deepStrictEqual(json(update(item)), json(update(minimal)))
    }
    const nulls = { ...minimal, conversation: null, pricing: null, errors: null }
    assert.deepStrictEqual(json(update(nulls)), json(update(minimal)))
  })

  it.prop(
    "is read the same with any other properties beside those we know",
    { extra: Deliveries.jsonObject },
    ({ extra }) => {
      const item = {
        ...extra,
        group_id: null,
        type: null,
        recipient_type: null,
        parent_user_id: null,
        ...everything,
        pricing: { ...extra, ...everything.pricing }
      }
      assert.deepStrictEqual(json(update(item, [{ ...extra, ...ida }])), json(update(everything, [ida])))
    }
  )

  it.each([
    [{ errors: {} }, {}],
    [{ errors: [7, { title: "Failed" }] }, { errors: [{ code: 0, title: "Failed" }] }],
    [{ pricing: "x" }, {}],
    [{ pricing: { billable: "maybe", category: "utility" } }, { pricing: { category: "utility" } }],
    [{ conversation: [] }, {}],
    [{ conversation: { id: "c", origin: "x" } }, { conversation: { id: "c" } }],
    [{ conversation: { id: "c", expiration_timestamp: "soon" } }, { conversation: { id: "c" } }],
    [{ biz_opaque_callback_data: {} }, {}]
  ] as const)("loses no more than an odd ornament, which stays in raw: %j", (ornament, rest) => {
    const event = update({ ...minimal, ...ornament })
    assert.deepStrictEqual(json(event), { ...json(update(minimal)), ...rest })
    assert.deepStrictEqual(event.raw, { ...minimal, ...ornament })
  })

  it.each([
    ["no id", { status: "sent", timestamp: "1" }, ".id", "missing"],
    ["an empty id", { ...minimal, id: "" }, ".id", "expected an id"],
    ["no status", { id: "1", timestamp: "1" }, ".status", "missing"],
    ["a status of another kind", { ...minimal, status: {} }, ".status", "expected string | number"],
    ["no timestamp", { id: "1", status: "sent" }, ".timestamp", "missing"],
    ["a type of another kind", { ...minimal, type: {} }, ".type", "expected string | number | null"],
    [
      "a recipient of another kind",
      { ...minimal, recipient_id: {} },
      ".recipient_id",
      "expected string | number | null"
    ]
  ] as const)("with %s is Undecodable", (_, item, path, reason) => {
    assert.deepStrictEqual(brokenAt(status(item), "statuses[0]"), [path, reason])
    assert.deepStrictEqual(tagged("Undecodable", status(item)).raw, item)
  })
})

describe("the recipient of a status", () => {
  it("may be a BSUID alone", () => {
    assert.deepStrictEqual(recipient({ recipient_user_id: "US.1" }), { userId: "US.1" })
  })

  it.each(["recipient_parent_user_id", "parent_recipient_user_id", "parent_user_id"])(
    "has its parent id under %s, also beside an empty spelling",
    (spelling) => {
      const empty = { recipient_parent_user_id: "", parent_recipient_user_id: null }
      for (const item of [{ [spelling]: "US.ENT.1" }, { ...empty, [spelling]: "US.ENT.1" }]) {
        assert.deepStrictEqual(recipient({ recipient_id: "1", ...item }), { waId: "1", parentUserId: "US.ENT.1" })
      }
    }
  )

  it("of a group is the participant, in both spellings, together with the group", () => {
    const expected = { waId: "16505550177", groupId: "group" }
    const group = { recipient_type: "group", recipient_id: "group" }
    const phone = "16505550177"
    for (const item of [
      { ...group, recipient_participant_id: phone },
      { ...group, participant_recipient_id: phone },
      { ...group, recipient_participant_id: "", participant_recipient_id: phone },
      { ...group, group_id: "", recipient_participant_id: phone },
      { group_id: "group", recipient_id: "group", recipient_participant_id: phone },
      { group_id: "group", recipient_participant_id: phone },
      { recipient_type: "GROUP", recipient_id: "group", recipient_participant_id: phone }
    ]) {
      assert.deepStrictEqual(recipient(item), expected)
    }
  })

  it("of a group may be a BSUID, joined to its contact", () => {
    const item = {
      recipient_type: "group",
      recipient_id: "group",
      recipient_participant_user_id: "US.1",
      recipient_participant_parent_user_id: "US.ENT.1"
    }
    assert.deepStrictEqual(recipient(item, [ida]), {
      waId: "16505550177",
      userId: "US.1",
      parentUserId: "US.ENT.1",
      username: "ida.voss",
      profileName: "Ida Voss",
      groupId: "group"
    })
  })
})

describe("the pricing of a status", () => {
  const pricing = (item: Deliveries.JsonObject) => json(update({ ...minimal, ...item })).pricing

  it("is read in the old form and in the new", () => {
    assert.deepStrictEqual(pricing({ pricing: { pricing_model: "CBP", billable: false, category: "service" } }), {
      model: "CBP",
      billable: false,
      category: "service"
    })
    assert.deepStrictEqual(
      pricing({ pricing: { pricing_model: "PMP", type: "regular", category: "marketing_lite" } }),
      {
        model: "PMP",
        type: "regular",
        category: "marketing_lite"
      }
    )
  })

  it("has its type in both spellings", () => {
    assert.deepStrictEqual(pricing({ pricing: { pricing_type: "regular" } }), { type: "regular" })
    assert.deepStrictEqual(pricing({ pricing: { type: "", pricing_type: "regular" } }), { type: "regular" })
  })

  it("is found inside the conversation too, and beside it first", () => {
    const inside = { conversation: { id: "c", pricing: { category: "group_service" } } }
    assert.deepStrictEqual(pricing(inside), { category: "group_service" })
    assert.deepStrictEqual(pricing({ ...inside, pricing: null }), { category: "group_service" })
    assert.deepStrictEqual(pricing({ ...inside, pricing: { category: "service" } }), { category: "service" })
  })
})

describe("a recipient with a plus before the phone number", () => {
  it("is the same person", () => {
    assert.deepStrictEqual(recipient({ recipient_id: "+1 650-555-0177" }), { waId: "16505550177" })
    const group = { recipient_id: "group", recipient_type: "group", recipient_participant_id: "+16505550177" }
    assert.deepStrictEqual(recipient(group), { groupId: "group", waId: "16505550177" })
  })
})

describe("the oldest statuses", () => {
  it("have their recipient in an object of its own", () => {
    assert.deepStrictEqual(recipient({ message: { recipient_id: 16505550177 } }), { waId: "16505550177" })
  })
})

describe("a status of another kind", () => {
  it("is kept whole, whatever its type is called later", () => {
    const item = { ...minimal, type: "later" }
    const event = tagged("UnknownFieldReceived", status(item))
    assert.deepStrictEqual([event.field, event.list], ["messages", "statuses"])
    assert.deepStrictEqual(event.raw, item)
    tagged("StatusUpdate", status({ ...minimal, type: "message" }))
  })
})
