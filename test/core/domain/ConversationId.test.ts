import { assert, describe, it } from "@effect/vitest"
import {
  BusinessScopedUserId,
  ConversationIds,
  GroupId,
  PhoneNumberId,
  WaId,
  type WhatsAppUser
} from "@effect-whatsapp/core/domain"

const number = PhoneNumberId.make("1")
const of = (user: WhatsAppUser, group?: string) =>
  ConversationIds.of(number, user, group === undefined ? undefined : GroupId.make(group), "wamid.1")
const waId = WaId.make("16505550177")
const userId = BusinessScopedUserId.make("US.1")

describe("a conversation", () => {
  it("is named by the group first, then by the BSUID, then by the phone", () => {
    assert.strictEqual(of({ waId, userId }, "group"), "1/group")
    assert.strictEqual(of({ waId, userId }), "1/US.1")
    assert.strictEqual(of({ waId }), "1/16505550177")
  })

  it("is one for both spellings of a Brazilian, Mexican or Argentine phone", () => {
    for (const [one, other] of [
      ["5511987654321", "551187654321"],
      ["5215512345678", "525512345678"],
      ["5491123456789", "541123456789"]
    ] as const) {
      assert.strictEqual(of({ waId: WaId.make(one) }), of({ waId: WaId.make(other) }))
    }
  })

  it("is another one for each id without digits", () => {
    assert.strictEqual(of({ waId: WaId.make("abc") }), "1/abc")
    assert.notStrictEqual(of({ waId: WaId.make("abc") }), of({ waId: WaId.make("abd") }))
  })

  it("does not change when the person takes another name", () => {
    assert.strictEqual(of({ userId, username: "ida.voss", profileName: "Ida" }), of({ userId }))
  })

  it("is another one for another business number", () => {
    assert.notStrictEqual(ConversationIds.of(PhoneNumberId.make("2"), { waId }, undefined, "wamid.1"), of({ waId }))
  })

  it("belongs to the message alone when nobody knows who wrote it", () => {
    assert.strictEqual(of({ profileName: "Ida" }), "1/wamid.1")
  })
})
