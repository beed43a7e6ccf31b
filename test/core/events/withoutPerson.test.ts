import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, DeliveryDigest, WaId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { fromDelivery, withoutPerson } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { fixtures } from "../../fixtures/fixtures.ts"

const digest = DeliveryDigest.make("digest")
const read = (bytes: Uint8Array) => fromDelivery(digest, bytes)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const phone = (waId: string): WhatsAppUser => ({ waId: WaId.make(waId) })
const bsuid = (userId: string): WhatsAppUser => ({ userId: BusinessScopedUserId.make(userId) })

/** All that stands in the place of a person somewhere in an event. */
const named = (value: unknown, found: Array<WhatsAppUser> = []): ReadonlyArray<WhatsAppUser> => {
  if (typeof value !== "object" || value === null) return found
  for (const [key, child] of Object.entries(value)) {
    if (key === "raw" || key === "context") continue
    if (key === "waId" && typeof child === "string") found.push(phone(child))
    if ((key === "userId" || key === "parentUserId") && typeof child === "string") found.push(bsuid(child))
    named(child, found)
  }
  return found
}

describe("withoutPerson", () => {
  for (const { bytes, file } of fixtures) {
    const items = read(bytes)
    const people = items.flatMap(({ event }) =>
      event._tag === "ContactsReceived" ? named(event.sender) : named(event)
    )
    if (people.length === 0) continue
    it(`erases each person of ${file}, and leaves all others as they were`, () => {
      for (const person of people) {
        const remains = withoutPerson(digest, bytes, person)
        assert.isDefined(remains)
        const id = person.waId ?? person.userId ?? ""
        const left = read(remains.body)
        const expected = items.filter(({ position }) => !remains.positions.has(position))
        assert.deepStrictEqual(
          left.map(({ position }) => position),
          expected.map(({ position }) => position)
        )
        assert.notInclude(text(remains.body), `"${id}"`)
        assert.isUndefined(withoutPerson(digest, remains.body, person))
      }
    })
  }

  it("leaves the items of others in their places, and what they say as it was", () => {
    const messages = [
      Delivery.textItem("wamid.1"),
      Delivery.textItem("wamid.2", { from: "16505550178", text: "mine" }),
      Delivery.textItem("wamid.3")
    ]
    const contacts = ["16505550177", "16505550178"].map((wa_id) => ({ wa_id, profile: { name: `name of ${wa_id}` } }))
    const body = Delivery.messages({ messages, contacts })
    const remains = withoutPerson(digest, body, phone("+1 650 555-0177"))
    assert.isDefined(remains)
    const at = "entry[0].changes[0].value.messages"
    assert.deepStrictEqual([...remains.positions], [`${at}[0]`, `${at}[2]`])
    assert.deepStrictEqual(read(remains.body), read(body).slice(1, 2))
    assert.notInclude(text(remains.body), "0177")
    assert.notInclude(text(remains.body), "hello")
  })

  for (const [given, written] of [
    ["5511987654321", "551187654321"],
    ["525512345678", "5215512345678"],
    ["541112345678", "+54 9 11 1234-5678"]
  ] as const) {
    it(`knows ${written} as ${given}`, () => {
      const remains = withoutPerson(digest, Delivery.text("wamid.1", { from: written }), phone(given))
      assert.strictEqual(remains?.positions.size, 1)
    })
  }

  it("finds a phone with anything between its digits", () => {
    const typed = "+1 (650)\u00a0555-0177"
    const body = Delivery.change("moon_phase", { seen_by: typed })
    assert.include(text(body), "\\u00a0")
    assert.strictEqual(withoutPerson(digest, body, phone("16505550177"))?.positions.size, 1)
  })

  it("does not take one person for another", () => {
    const body = Delivery.text("wamid.1", { userId: "US.1" })
    for (const other of [phone("16505550178"), bsuid("US.2"), bsuid(""), phone(""), {}]) {
      assert.isUndefined(withoutPerson(digest, body, other))
    }
  })

  it("does not make an only contact of one of two, who would be taken for the sender", () => {
    const contacts = ["US.1", "US.2"].map((user_id) => ({ user_id, profile: { name: user_id } }))
    const messages = [Delivery.textItem("wamid.1", { from: null, userId: "US.1" }), nameless("wamid.2")]
    const body = Delivery.messages({ contacts, messages })
    const remains = withoutPerson(digest, body, bsuid("US.1"))
    assert.deepStrictEqual(remains && read(remains.body), read(body).slice(1))
  })

  it("erases what cannot be read when the person stands in it, and nothing else of the kind", () => {
    const strange = (from: string) => ({ id: 7, timestamp: "never", from })
    const body = Delivery.messages({ messages: [strange("16505550177"), strange("16505550178")] })
    const remains = withoutPerson(digest, body, phone("16505550177"))
    assert.deepStrictEqual(remains && read(remains.body), read(body).slice(1))

    const field = Delivery.change("moon_phase", { seen_by: [{ phone: "+1 (650) 555-0177" }] })
    const without = withoutPerson(digest, field, phone("16505550177"))
    assert.deepStrictEqual(without && read(without.body), [])

    const broken = new TextEncoder().encode(`{"from":"16505550177`)
    assert.deepStrictEqual(withoutPerson(digest, broken, phone("16505550177")), {
      positions: new Set([""]),
      body: new Uint8Array()
    })
    assert.isUndefined(withoutPerson(digest, broken, phone("16505550178")))
  })

  it("takes one of several people out of an item, and leaves the others in it", () => {
    const group = {
      group_id: "Y2FwaV9ncm91cDox",
      type: "group_participants_add",
      timestamp: "1786536000",
      added_participants: [{ wa_id: "16505550177" }, { wa_id: "16505550178" }]
    }
    const body = Delivery.change("group_participants_update", {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
      groups: [group]
    })
    const remains = withoutPerson(digest, body, phone("16505550177"))
    assert.isDefined(remains)
    assert.deepStrictEqual([...remains.positions], [])
    const [left] = read(remains.body)
    assert(left?.event._tag === "GroupParticipantsChanged")
    assert.deepStrictEqual(
      left.event.added.map(({ waId }) => waId),
      [WaId.make("16505550178")]
    )
  })

  it("keeps the digits of integers beyond 2^53", () => {
    const body = text(
      Delivery.messages({ messages: [Delivery.textItem("wamid.1"), Delivery.textItem("wamid.2", { from: "2" })] })
    ).replace(/"wamid.2"/, "9007199254740993123")
    const original = new TextEncoder().encode(body)
    const remains = withoutPerson(digest, original, phone("16505550177"))
    assert.deepStrictEqual(remains && read(remains.body), read(original).slice(1))
    assert.include(remains && text(remains.body), "9007199254740993123")
  })
})

/** A message that does not say who wrote it. */
const nameless = (wamid: string) => {
  const { from: _, ...message } = Delivery.textItem(wamid)
  return message
}
