import { assert, describe, it } from "@effect/vitest"
import { PhoneNumber } from "@effect-whatsapp/core/domain"
import { Arbitrary, Schema } from "effect"
import { literals, oneOf } from "../wire/deliveries.ts"

const phone = oneOf(
  Arbitrary.map(
    Arbitrary.all([
      literals("55", "551199", "5511", "521", "52", "549", "54", "1", "39", "+", "(0)"),
      Arbitrary.array(literals("0", "1", "5", "6", "9", " ", "-"), { maxLength: 14 })
    ]),
    ([prefix, rest]) => prefix + rest.join("")
  ),
  Arbitrary.schema(Schema.String)
)

describe("the normal form of a phone number", () => {
  it.prop(
    "is its own normal form, and only digits where there are any",
    { phone },
    ({ phone }) => {
      const normal = PhoneNumber.normalForm(phone)
      assert.strictEqual(PhoneNumber.normalForm(normal), normal)
      if (/\d/.test(phone)) assert.match(normal, /^\d+$/)
      else assert.strictEqual(normal, phone)
    },
    { arbitrary: { runs: 1000 } }
  )

  it.each([
    ["a Brazilian mobile", "+55 11 98765-4321", "551187654321"],
    ["a Mexican phone", "+52 1 55 1234 5678", "525512345678"],
    ["an Argentine mobile", "+54 9 11 2345-6789", "541123456789"]
  ])("of %s is the same with the digit that marks mobiles and without", (_, long, short) => {
    assert.strictEqual(PhoneNumber.normalForm(long), PhoneNumber.normalForm(short))
    assert.notStrictEqual(PhoneNumber.digits(long), PhoneNumber.digits(short))
  })

  it.each([
    ["a Brazilian landline, whose digits begin lower", "5511932654321", "551132654321"],
    ["a Mexican phone of another length", "52155123456789", "5255123456789"],
    ["Argentine numbers of other lengths", "54911234567", "5411234567"],
    ["a country that merely starts alike", "15519987654321", "1551987654321"]
  ])("keeps apart %s", (_, one, other) => {
    assert.notStrictEqual(PhoneNumber.normalForm(one), PhoneNumber.normalForm(other))
  })

  it("ignores plus sign, spaces and punctuation", () => {
    assert.strictEqual(PhoneNumber.normalForm("+39 (340) 123-45.67"), "393401234567")
  })
})
