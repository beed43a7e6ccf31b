import { assert, describe, it } from "@effect/vitest"
import { Json } from "@effect-whatsapp/core/wire"
import { Arbitrary, Result, Schema } from "effect"
import { json, literals } from "./deliveries.ts"

const utf8 = new TextEncoder()
const parse = (text: string) => Json.parseObject(utf8.encode(text))
const value = (text: string): Schema.Json | undefined => Result.getOrThrow(parse(`{"value":${text}}`)).value
const reason = (bytes: Uint8Array) =>
  Result.match(Json.parseObject(bytes), { onFailure: (it) => it.reason, onSuccess: () => "read" })
const nested = (levels: number, core: string) => `${"[".repeat(levels - 1)}${core}${"]".repeat(levels - 1)}`

const integer = Arbitrary.map(
  Arbitrary.all([
    literals("", "-"),
    literals("1", "2", "9"),
    Arbitrary.array(literals("0", "1", "5", "9"), { maxLength: 40 })
  ]),
  ([sign, first, rest]) => sign + first + rest.join("")
)

describe("JSON of a delivery", () => {
  it.prop("comes back as it was sent", { sent: json }, ({ sent }) => {
    const text = JSON.stringify({ sent })
    assert.strictEqual(JSON.stringify(Result.getOrThrow(parse(text))), text)
  })

  it.prop("keeps every digit of every integer", { integer }, ({ integer }) => {
    const read = value(integer)
    assert.strictEqual(JSON.stringify(read).replaceAll(`"`, ""), integer)
    assert.strictEqual(typeof read, Number.isSafeInteger(Number(integer)) ? "number" : "string")
  })

  it.prop("of any bytes is read or refused, and nothing throws", [Schema.Uint8Array], ([bytes]) => {
    assert.include(["not UTF-8", "not JSON", "not a JSON object", "read"], reason(bytes))
  })

  it("keeps an integer beyond 2^53 as the string of its digits, wherever it stands", () => {
    assert.deepStrictEqual(Result.getOrThrow(parse(`{"a":[9007199254740993,{"b": -9007199254740993}],"c":1}`)), {
      a: ["9007199254740993", { b: "-9007199254740993" }],
      c: 1
    })
  })

  it.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", "9007199254740992"],
    ["1e400", "1e400"],
    ["-1e400", "-1e400"],
    ["1.5E+400", "1.5E+400"],
    ["1e2", 100],
    ["0.1", 0.1],
    ["-12.5", -12.5],
    ["1e-400", 0],
    [`"9007199254740993"`, "9007199254740993"],
    [`"a:9007199254740993"`, "a:9007199254740993"]
  ])("reads %s as %j", (text, expected) => {
    assert.strictEqual(value(text), expected)
  })

  it("knows one zero, so that what is read can be written", () => {
    for (const text of ["-0", "-0.0", "-0e1", "[-0]"]) {
      const read = value(text)
      assert.isTrue(Object.is(Array.isArray(read) ? read[0] : read, 0), text)
    }
  })

  it("has keys like __proto__ as keys like any other", () => {
    for (const beside of ["1", "9007199254740993"]) {
      const read = Result.getOrThrow(parse(`{"__proto__":{"entry":[]},"constructor":${beside}}`))
      assert.deepStrictEqual(Object.keys(read), ["__proto__", "constructor"])
      assert.isFalse(Array.isArray(read.entry))
    }
  })

  it("may start with a byte order mark, every time", () => {
    for (const _ of [1, 2]) assert.strictEqual(reason(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)), "read")
  })

  it("keeps lone surrogates, which Meta can escape and UTF-8 cannot hold", () => {
    assert.strictEqual(value(`"\\ud83d"`), "\ud83d")
    assert.strictEqual(reason(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0xbd, 0x22, 0x7d)), "not UTF-8")
  })

  it("is read after bytes that were refused", () => {
    assert.strictEqual(reason(Uint8Array.of(0x7b, 0xe2, 0x82)), "not UTF-8")
    assert.strictEqual(reason(utf8.encode("{}")), "read")
  })

  it.each(["1", "9007199254740993"])("is read to a depth of 256 levels and refused beyond it, around %s", (core) => {
    const deeper = "nested deeper than 256 levels"
    assert.strictEqual(reason(utf8.encode(`{"a":${nested(256, core)}}`)), "read")
    assert.strictEqual(reason(utf8.encode(`{"a":${nested(257, core)}}`)), deeper)
    assert.strictEqual(reason(utf8.encode(`{"a":${nested(257, `{"b":${core}}`)}}`)), deeper)
    assert.strictEqual(reason(utf8.encode(`{"a":${nested(1_000_000, core)}}`)), deeper)
  })
})
