import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { runInNewContext } from "node:vm"
import { doc, literal, quotation, quoted, remark } from "../../../../packages/node/src/templates/internal/source.ts"
import { hostile } from "../../../fixtures/templates/account.ts"

/** Texts of pieces that mean something in source, among any others. */
const Piece = Schema.Union([
  Schema.Literals([
    "*/",
    "/*",
    "//",
    '"',
    "'",
    "`",
    "\\",
    "$",
    "{",
    "}",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\ud800",
    "\udfff"
  ]),
  Schema.Literals([
    "@deprecated ",
    "{@link ",
    "__proto__",
    "</script>",
    "<!--",
    "\u0000",
    "\u202e",
    "\ufeff",
    "*",
    "/"
  ]),
  Schema.String
])
const Text = Schema.Array(Piece)

/** The value that a source is, as the engine reads it. */
const evaluate = (source: string): unknown => runInNewContext(`"use strict"; (${source})`)
/** Without the prototypes of the other context. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const ordinary = /^[\x20-\x7e\n]*$/

describe("a text in source", () => {
  it.prop("is the same text when it is read", [Text], ([pieces]) => {
    const text = pieces.join("")
    assert.strictEqual(evaluate(quoted(text)), text)
    assert.strictEqual(JSON.parse(quoted(text)), text)
  })
  it("shows everything that is in it", () => {
    assert.strictEqual(evaluate(quoted(hostile)), hostile)
    assert.notMatch(quoted(hostile), /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\ufeff]/u)
  })
})

describe("a value in source", () => {
  it.prop("is the same value when it is read", [Schema.Json], ([value]) => {
    assert.deepStrictEqual(json(evaluate(literal(value))), json(value))
  })
  it.prop("has all its members, under whatever name", [Schema.Record(Schema.String, Text)], ([record]) => {
    assert.deepStrictEqual(json(evaluate(literal(record))), json(record))
  })
  it("has __proto__ as a member like any other", () => {
    const value = { ["__proto__"]: { polluted: true } }
    assert.strictEqual(JSON.stringify(evaluate(literal(value))), JSON.stringify(value))
  })
})

describe("a text in a comment", () => {
  it.prop("stays in it", [Text], ([pieces]) => {
    const text = pieces.join("")
    const comment = doc(text.replace(/[\n\r\u2028\u2029]/g, " "), quotation(text))
    assert.strictEqual(evaluate(`${comment}\n"after"`), "after")
    assert.strictEqual(comment.indexOf("*/"), comment.length - 2)
    // A tag stands behind a space or at the start of a line.
    assert.notMatch(comment, /(^|[\s{])@/m)
    assert.strictEqual(evaluate(`${remark(text)}\n"after"`), "after")
    assert.notInclude(remark(text), "\n")
  })
  it("is left as it is when it is ordinary", () => {
    const text = "Hi {{1}},\n\nit ships /today/."
    assert.match(text, ordinary)
    assert.deepStrictEqual(quotation(text), ["> Hi {{1}},", ">", "> it ships /today/."])
  })
})
