import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, Customer, GroupId, WaId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { Recipient } from "@effect-whatsapp/core/message"
import { Option, Result, Schema } from "effect"

const decode = Schema.decodeUnknownResult(Recipient.Recipient)
const encode = Schema.encodeSync(Recipient.Recipient)

describe("a phone number", () => {
  it.each([
    ["+39 340 123 4567", "393401234567"],
    ["39 340 123 4567", "393401234567"],
    ["+1 (555) 123-4567", "15551234567"],
    ["(+49) 151.1234.5678", "4915112345678"],
    ["+39\u00a0340\u202f1234567", "393401234567"],
    ["1234567", "1234567"],
    ["123456789012345", "123456789012345"],
    // Both spellings of a Brazilian and a Mexican mobile stay what they are.
    ["+55 11 98765-4321", "5511987654321"],
    ["551187654321", "551187654321"],
    ["5215512345678", "5215512345678"]
  ])("%s is sent as the digits %s", (given, digits) => {
    assert.deepStrictEqual(Result.getOrThrow(decode(given)), { _tag: "Phone", digits })
  })

  it.each([
    "",
    " ",
    "+",
    "hello",
    "123456",
    "1234567890123456",
    "+39+340 123 4567",
    "39 340 123 4567 ext 5",
    "3934012345a67",
    "tel:+393401234567",
    "\u0663\u0664\u0660\u0661\u0662\u0663\u0664",
    "+39\n3401234567",
    "39340123456\u20117",
    "0039 340 123 4567",
    "+0 340 123 4567"
  ])("%j is refused, with what was expected and not what was given", (given) => {
    const error = Result.getOrThrow(Result.flip(decode(given)))
    assert.include(String(error), "with country code, without leading zeros (7 to 15 digits")
    if (given.trim().length > 1) assert.notInclude(String(error), given)
  })
})

describe("a person without a number", () => {
  it.each(["US.13491208655302741918", "IT.ENT.abc123", `DE.${"9".repeat(128)}`])("%s is a BSUID", (userId) => {
    assert.deepStrictEqual(Result.getOrThrow(decode(userId)), {
      _tag: "User",
      userId: BusinessScopedUserId.make(userId)
    })
  })
  it.each(["us.123", "US.", "USA.123", "US.1_2", `DE.${"9".repeat(129)}`, "US.ENT.", "US.FOO.123"])(
    "%s is not",
    (text) => {
      assert.isTrue(Result.isFailure(decode(text)))
    }
  )
})

describe("a group", () => {
  it.each(["Y2FwaV9ncm91cDox", "Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjMzOTQzMjAdOTY0MTUZD", "Y2FwaV9ncm91cDo="])(
    "%s is a group id",
    (groupId) => {
      assert.deepStrictEqual(Result.getOrThrow(decode(groupId)), { _tag: "Group", groupId: GroupId.make(groupId) })
    }
  )
  it.each(["Y2FwaV9 ncm91cDox", "y2fwav9ncm91cDox", "Y2FwaV9ncm91=cDox"])("%s is none", (text) => {
    assert.isTrue(Result.isFailure(decode(text)))
  })
})

it("a recipient encodes to the string it came from", () => {
  for (const text of ["393401234567", "US.13491208655302741918", "Y2FwaV9ncm91cDox"]) {
    assert.strictEqual(encode(Result.getOrThrow(decode(text))), text)
  }
})

describe("the recipient of an answer", () => {
  const of = (user: WhatsAppUser, groupId?: string) =>
    Option.getOrUndefined(
      Recipient.of({
        sender: Customer.make({ user }),
        ...(groupId === undefined ? {} : { groupId: GroupId.make(groupId) })
      })
    )
  const waId = WaId.make("5511987654321")
  const userId = BusinessScopedUserId.make("BR.1")

  it("is the group, whoever wrote in it", () => {
    assert.deepStrictEqual(of({ waId, userId }, "Y2FwaV9x"), { _tag: "Group", groupId: GroupId.make("Y2FwaV9x") })
  })
  it("is the phone number where it is known, in the spelling that came", () => {
    assert.deepStrictEqual(of({ waId, userId }), { _tag: "Phone", digits: "5511987654321" })
  })
  it("is the BSUID of a person who hides the number", () => {
    assert.deepStrictEqual(of({ userId }), { _tag: "User", userId })
  })
  it("is a BSUID of a form that we have never seen, as Meta gave it", () => {
    const odd = BusinessScopedUserId.make("user.8f3a")
    assert.deepStrictEqual(of({ userId: odd }), { _tag: "User", userId: odd })
  })
  it("is the parent BSUID when there is no other", () => {
    assert.deepStrictEqual(of({ parentUserId: BusinessScopedUserId.make("BR.ENT.2") }), {
      _tag: "User",
      userId: BusinessScopedUserId.make("BR.ENT.2")
    })
  })
  it("is nobody when Meta named the sender in no way", () => {
    assert.isUndefined(of({ profileName: "Ana" }))
  })
})
