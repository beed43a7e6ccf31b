import { assert, describe, it } from "@effect/vitest"
import { Message } from "@effect-whatsapp/core/message"
import { Effect, Schema } from "effect"

const split = (text: string, limit: number) => Message.splitText(text, { limit })

describe("a text that is short enough", () => {
  it("is one part, as it is", () => {
    for (const text of ["hi", "  hi \n\n", "x".repeat(4096), "😀".repeat(4096)]) {
      assert.deepStrictEqual(Message.splitText(text), [text])
    }
  })
  it("of nothing but white space is none", () => {
    for (const text of ["", " ", "\n\n", " ".repeat(10_000)]) assert.deepStrictEqual(Message.splitText(text), [])
  })
})

describe("a text that is too long is cut", () => {
  it("at 4096 characters, which are code points", () => {
    assert.deepStrictEqual(Message.splitText("😀".repeat(4097)), ["😀".repeat(4096), "😀"])
    assert.deepStrictEqual(Message.splitText(`${"x".repeat(4096)} y`), ["x".repeat(4096), "y"])
  })
  it("between paragraphs rather than lines", () => {
    assert.deepStrictEqual(split("One two.\n\nThree\nfour five", 16), ["One two.", "Three\nfour five"])
    assert.deepStrictEqual(
      split("One two.\r\n \r\nThree\r\nfour five", 16),
      ["One two.", "Three\r\nfour five"].map(String)
    )
  })
  it("between lines rather than sentences", () => {
    assert.deepStrictEqual(split("One two\nThree. Four five", 14), ["One two", "Three. Four", "five"])
  })
  it("between sentences rather than words", () => {
    assert.deepStrictEqual(split("One two. Three four", 15), ["One two.", "Three four"])
    assert.deepStrictEqual(split("“One two?” Three four", 17), ["“One two?”", "Three four"])
    assert.deepStrictEqual(split("一二三。四五六", 5), ["一二三。", "四五六"])
    assert.deepStrictEqual(split("「一二。」四五六", 6), ["「一二。」", "四五六"])
  })
  it("between words rather than inside them, and keeps together what must not be parted", () => {
    assert.deepStrictEqual(split("one two three", 9), ["one two", "three"])
    assert.deepStrictEqual(split("it costs 10\u00a0€ now", 11), ["it costs", "10\u00a0€ now"])
    assert.deepStrictEqual(split("  abcd", 4), ["abcd"])
  })
  it("not where a part would be less than half full, if it can be cut between words", () => {
    assert.deepStrictEqual(split("Hi.\n\none two three four", 18), ["Hi.\n\none two three", "four"])
  })
  it("inside a word that is longer than a part, and only there", () => {
    assert.deepStrictEqual(split("ab abcdefgh cd", 4), ["ab", "abcd", "efgh", "cd"])
  })
  it("inside a grapheme only when it is longer than a part", () => {
    assert.deepStrictEqual(split("👩🏽‍🚀👩🏽‍🚀", 5), ["👩🏽‍🚀", "👩🏽‍🚀"])
    assert.deepStrictEqual(split("e\u0301e\u0301", 3), ["e\u0301", "e\u0301"])
    assert.deepStrictEqual(split("🇮🇹🇪🇸", 3), ["🇮🇹", "🇪🇸"])
    assert.deepStrictEqual(split("a \u0301b", 2), ["a", " \u0301", "b"])
    assert.deepStrictEqual(split(`a${"\u0301".repeat(3)}`, 2), ["a\u0301", "\u0301\u0301"])
  })
  it("never between the halves of a character", () => {
    assert.deepStrictEqual(split("😀😀", 1), ["😀", "😀"])
    assert.deepStrictEqual(split("😀😀", 0), ["😀", "😀"])
  })
})

it("a long book takes no quadratic time", () => {
  assert.isAbove(Message.splitText("one two three. ".repeat(20_000)).length, 70)
})

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text), ({ segment }) => segment)
const points = (text: string) => Array.from(text).length

const Piece = Schema.Literals([
  "a",
  "b",
  ".",
  "!",
  "。",
  "」",
  '"',
  "é",
  " ",
  " ",
  "\n",
  "\r\n",
  "\n\n",
  "\t",
  "\u00a0",
  "\u0301",
  "\u200d",
  "\ud83d",
  "😀",
  "👩🏽‍🚀",
  "🇮",
  "가",
  "\u1100"
])

it.effect.prop(
  "parts are within the limit, and nothing but white space is lost, at the cuts",
  [Schema.Array(Piece), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))],
  ([pieces, limit]) =>
    Effect.sync(() => {
      const text = pieces.join("")
      const parts = split(text, limit)
      let at = 0
      for (const part of parts) {
        assert.isAtMost(points(part), limit)
        const found = text.indexOf(part, at)
        assert.match(text.slice(at, found), /^\s*$/)
        at = found + part.length
      }
      assert.match(text.slice(at), /^\s*$/)
      // No cut is inside a grapheme that would have fitted.
      if (graphemes(text).every((it) => points(it) <= limit)) {
        assert.strictEqual(parts.join("").replace(/\s/g, "").length, text.replace(/\s/g, "").length)
        const whole = new Set(graphemes(text))
        for (const part of parts) assert.notMatch(part, /^[ \t\r\n]*$/)
        for (const grapheme of parts.flatMap(graphemes)) assert.isTrue(whole.has(grapheme), JSON.stringify(grapheme))
      }
    }),
  { arbitrary: { runs: 800, size: 40 } }
)

it.effect.prop(
  "words that fit stay whole",
  [
    Schema.Array(Schema.Literals(["a", "bb", "ccc.", "dddd", "ñ", "é!"])),
    Schema.Literals([" ", "\n", "\n\n", "  "]),
    Schema.Int.check(Schema.isBetween({ minimum: 4, maximum: 30 }))
  ],
  ([words, space, limit]) =>
    Effect.sync(() => {
      const parts = split(words.join(space), limit)
      assert.deepStrictEqual(
        parts.flatMap((part) => part.split(/\s+/)),
        Array.from(words)
      )
      // No part could have taken the word that follows.
      for (const [at, part] of parts.entries()) {
        const next = parts[at + 1]?.split(/\s/)[0]
        if (next !== undefined) assert.isAbove(points(part) * 2 + points(space + next), limit)
      }
    }),
  { arbitrary: { runs: 500, size: 60 } }
)
