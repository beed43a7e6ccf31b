import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, DeliveryDigest, GroupId, WaId } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import type { JsonObject } from "../wire/deliveries.ts"
import { brokenAt, json, only, tagged } from "./delivered.ts"

const { businessAccountId, displayPhoneNumber, phoneNumberId } = Delivery.defaults
const metadata = { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId }
const phone = WaId.make("16505550177")
const bsuid = BusinessScopedUserId.make("US.48210773395516620014")
const parent = BusinessScopedUserId.make("US.ENT.90417735520018846271")

const change = (field: string, value: JsonObject) => only(Delivery.change(field, { metadata, ...value }))
const echo = (item: Schema.Json, contacts: ReadonlyArray<Schema.Json> = []) =>
  change("smb_message_echoes", { contacts, message_echoes: [item] })
const echoed = (item: Schema.Json, contacts?: ReadonlyArray<Schema.Json>) =>
  tagged("MessageEchoed", echo(item, contacts))
const sync = (entry: Schema.Json) => change("smb_app_state_sync", { state_sync: [entry] })
const synced = (entry: Schema.Json) => tagged("ContactSynced", sync(entry))

const header = { id: "wamid.1", timestamp: "1786500060" } as const
const text = { ...header, to: phone, type: "text", text: { body: "Yes, two left." } } as const

describe("what the business writes in the Business app", () => {
  it("is a MessageEchoed with all that Meta tells", () => {
    const item = {
      ...text,
      from: displayPhoneNumber,
      to_user_id: bsuid,
      to_parent_user_id: parent,
      context: { id: "wamid.0", from: phone }
    }
    const event = echoed(item, [{ wa_id: phone, user_id: bsuid, profile: { username: "ida.voss", name: "Ida Voss" } }])
    assert.deepStrictEqual(json(event), {
      _tag: "MessageEchoed",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${bsuid}`,
      recipient: {
        waId: phone,
        userId: bsuid,
        parentUserId: parent,
        username: "ida.voss",
        profileName: "Ida Voss"
      },
      from: displayPhoneNumber,
      timestamp: "2026-08-12T02:01:00.000Z",
      context: { wamid: "wamid.0", from: phone },
      content: { _tag: "Text", text: "Yes, two left." }
    })
    assert.deepStrictEqual(event.raw, item)
  })

  it("needs no more than id and timestamp", () => {
    assert.deepStrictEqual(json(echoed(header)), {
      _tag: "MessageEchoed",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/wamid.1`,
      recipient: {},
      timestamp: "2026-08-12T02:01:00.000Z",
      content: { _tag: "Unsupported", type: "unknown", errors: [] }
    })
  })

  it("was written to whoever is known, also by the contact alone", () => {
    assert.deepStrictEqual(echoed({ ...header, to_user_id: bsuid }, [{ user_id: bsuid, wa_id: phone }]).recipient, {
      waId: phone,
      userId: bsuid
    })
    assert.deepStrictEqual(echoed(header, [{ user_id: bsuid }]).recipient, { userId: bsuid })
    assert.deepStrictEqual(echoed({ ...header, to: phone }, [{ wa_id: "1" }, { wa_id: "2" }]).recipient, {
      waId: phone
    })
  })

  it("may be written in a group, which is the conversation then", () => {
    const groupId = GroupId.make("group")
    const incoming = echo({ ...text, group_id: groupId })
    const event = tagged("MessageEchoed", incoming)
    assert.deepStrictEqual([event.groupId, event.conversationId], [groupId, `${phoneNumberId}/group`])
    assert.deepStrictEqual(incoming.person, { user: { waId: phone }, groupId, otherwise: "wamid.1" })
  })

  it.each([
    [{ text: { body: "Yes, two left." } }, { _tag: "Text", text: "Yes, two left." }],
    [
      { type: "image", image: { id: "m1", mime_type: "image/jpeg" } },
      { _tag: "Image", media: { id: "m1", mimeType: "image/jpeg" } }
    ],
    [
      { type: "revoke", revoke: { original_message_id: "wamid.0" } },
      { _tag: "Revoke", originalWamid: "wamid.0" }
    ],
    [
      {
        type: "edit",
        edit: { original_message_id: "wamid.0", message: { type: "text", text: { body: "three" }, context: {} } }
      },
      { _tag: "Edit", originalWamid: "wamid.0", content: { _tag: "Text", text: "three" } }
    ],
    [
      { type: "poll", poll: {} },
      { _tag: "Unknown", type: "poll" }
    ],
    [
      { type: "unsupported", errors: [{ code: 131060 }] },
      { _tag: "Unsupported", type: "unsupported", errors: [{ code: 131060 }] }
    ]
  ])("says %j as its content", (payload, content) => {
    assert.deepStrictEqual(
      json(echoed({ ...header, to: phone, from: displayPhoneNumber, ...payload })).content,
      content
    )
  })

  it.each([
    ["no id", { timestamp: "1" }, ".id", "missing"],
    ["no timestamp", { id: "wamid.1" }, ".timestamp", "missing"],
    ["no body", { ...text, text: {} }, ".text.body", "missing"],
    ["a recipient of another kind", { ...text, to: {} }, ".to", "expected string | number | null"]
  ])("with %s is Undecodable", (_, item, path, reason) => {
    assert.deepStrictEqual(brokenAt(echo(item), "message_echoes[0]"), [path, reason])
  })

  it("is Undecodable where nobody tells the number", () => {
    const incoming = only(Delivery.change("smb_message_echoes", { message_echoes: [text] }))
    assert.deepStrictEqual(brokenAt(incoming, "message_echoes[0]"), [
      "",
      "expected metadata.phone_number_id beside the echo"
    ])
  })

  it("is admitted once under its id, in the conversation of whom it was written to", () => {
    const { key, lane, person } = echo(text)
    const [, again] = fromDelivery(
      DeliveryDigest.make("later"),
      Delivery.change("smb_message_echoes", { metadata, message_echoes: [{ ...text, id: "wamid.2" }, text] })
    )
    assert.strictEqual(key, `smb_message_echoes/${phoneNumberId}/echo/wamid.1`)
    assert.strictEqual(again?.key, key)
    assert.notStrictEqual(echo({ ...text, id: "wamid.2" }).key, key)
    assert.strictEqual(lane, only(Delivery.text("wamid.3", { from: phone })).lane)
    assert.deepStrictEqual(person, { user: { waId: phone }, otherwise: "wamid.1" })
  })
})

describe("an echo of the field that nobody has described", () => {
  const item = (fields: JsonObject) => change("message_echoes", { message_echoes: [fields] })

  it("is kept whole, and admitted once under its id", () => {
    const event = tagged("UnknownFieldReceived", item(text))
    assert.deepStrictEqual([event.field, event.list], ["message_echoes", "message_echoes"])
    assert.deepStrictEqual(event.raw, text)
    assert.strictEqual(item(text).key, `message_echoes/${phoneNumberId}/echo/wamid.1`)
    assert.strictEqual(item({ id: 7 }).key, `message_echoes/${phoneNumberId}/echo/7`)
  })

  it.each([{}, { id: "" }, { id: null }, { id: {} }])("is known by its place without a readable id: %j", (fields) => {
    assert.strictEqual(item(fields).key, "digest/entry[0].changes[0].value.message_echoes[0]")
  })
})

describe("a contact of the business", () => {
  it("is a ContactSynced with all that Meta tells", () => {
    const entry = {
      type: "contact",
      action: "add",
      contact: {
        full_name: "Ida Voss",
        first_name: "Ida",
        phone_number: phone,
        user_id: bsuid,
        parent_user_id: parent,
        username: "@ida.voss"
      },
      metadata: { timestamp: "1786500060" }
    }
    const event = synced(entry)
    assert.deepStrictEqual(json(event), {
      _tag: "ContactSynced",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${bsuid}`,
      user: { waId: phone, userId: bsuid, parentUserId: parent, username: "ida.voss" },
      action: "add",
      type: "contact",
      fullName: "Ida Voss",
      firstName: "Ida",
      timestamp: "2026-08-12T02:01:00.000Z"
    })
    assert.deepStrictEqual(event.raw, entry)
  })

  it.each([{}, { contact: null }, { contact: {} }])("needs no more than an action: %j", (rest) => {
    assert.deepStrictEqual(json(synced({ action: "remove", ...rest })), {
      _tag: "ContactSynced",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/smb_app_state_sync`,
      user: {},
      action: "remove"
    })
  })

  it("may have its instant as a number, and loses no more than an odd ornament", () => {
    const entry = { action: "add", contact: { phone_number: 16505550177, full_name: [] } }
    const event = synced({ ...entry, metadata: { timestamp: 1786500060 } })
    assert.strictEqual(json(event).timestamp, "2026-08-12T02:01:00.000Z")
    assert.deepStrictEqual([event.user, event.fullName], [{ waId: phone }, undefined])
    assert.strictEqual(synced({ ...entry, metadata: { timestamp: "soon" } }).timestamp, undefined)
  })

  it("has its phone as WhatsApp spells it, however the business typed it", () => {
    const event = synced({ action: "add", contact: { phone_number: "+1 (650) 555-0177" } })
    assert.deepStrictEqual(event.user, { waId: phone })
    assert.strictEqual(event.conversationId, `${phoneNumberId}/${phone}`)
  })

  it("is no contact where Meta says that it is something else, and shows none", () => {
    tagged("UnknownFieldReceived", sync({ type: "label", action: "add", label: {} }))
    tagged("ContactSynced", sync({ type: "person", action: "add", contact: { phone_number: phone } }))
  })

  it.each([
    ["no action", { type: "contact" }, ".action", "missing"],
    ["an action of another kind", { action: {} }, ".action", "expected string | number"],
    ["a contact of another kind", { action: "add", contact: "Ida" }, ".contact", "expected object | null"],
    [
      "a phone of another kind",
      { action: "add", contact: { phone_number: {} } },
      ".contact.phone_number",
      "expected string | number | null"
    ],
    ["another kind", "Ida", "", "expected object"]
  ])("with %s is Undecodable", (_, entry, path, reason) => {
    assert.deepStrictEqual(brokenAt(sync(entry), "state_sync[0]"), [path, reason])
  })

  it("is known by its place, and stays in order with the conversation of the person", () => {
    const { key, lane, person } = sync({ action: "add", contact: { user_id: bsuid } })
    assert.strictEqual(key, "digest/entry[0].changes[0].value.state_sync[0]")
    assert.strictEqual(lane, `${phoneNumberId}/${bsuid}`)
    assert.deepStrictEqual(person, { user: { userId: bsuid }, otherwise: "smb_app_state_sync" })
  })
})
