import { assert, describe, it } from "@effect/vitest"
import { MessageId } from "@effect-whatsapp/core/domain"
import { Message } from "@effect-whatsapp/core/message"
import { Effect, Exit } from "effect"

const accepts = (emoji: string) =>
  Exit.isSuccess(Effect.runSyncExit(Message.validate(Message.reaction(MessageId.make("wamid.A"), emoji))))

/** Every code point there is, as far as this Unicode gives them names. */
const all = Array.from({ length: 0x11_00_00 }, (_, point) => point)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point))
const emoji = all.filter((text) => /^\p{RGI_Emoji}$/v.test(text))
const bases = all.filter((text) => /^\p{Emoji_Modifier_Base}$/u.test(text))
const textual = all.filter((text) => /^\p{Extended_Pictographic}$/u.test(text))
const tones = ["🏻", "🏼", "🏽", "🏾", "🏿"]
const letters = Array.from({ length: 26 }, (_, at) => String.fromCodePoint(0x1f1e6 + at))
const flags = letters.flatMap((one) => letters.map((other) => one + other)).filter((it) => /^\p{RGI_Emoji}$/v.test(it))

describe("a reaction is any one emoji", () => {
  it.each([
    ["of one code point", emoji, 1000],
    ["with a skin tone", bases.flatMap((base) => tones.map((tone) => base + tone)), 500],
    ["of those that are text without a sign, with and without it", textual.flatMap((it) => [it, `${it}\ufe0f`]), 5000],
    ["that is a flag", flags, 250],
    ["that is a keycap", Array.from("0123456789*#", (key) => `${key}\ufe0f\u20e3`), 12],
    [
      "that is composed",
      [
        "👨‍👩‍👧‍👦",
        "👩🏽‍🚀",
        "👩‍❤️‍💋‍👨",
        "👩🏻‍❤️‍💋‍👩🏿",
        "👩🏽‍🤝‍👨🏿",
        "🏳️‍🌈",
        "🏳️‍⚧️",
        "🏴‍☠️",
        "🏴‍☠",
        "❤️‍🔥",
        "🧑🏿‍🦽‍➡️",
        "🐦‍🔥",
        "🙂‍↕️",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "🫱🏻‍🫲🏿",
        "👁️‍🗨️"
      ],
      16
    ],
    ["that Unicode keeps a place for", ["\u{1faff}", "\u{1f8ff}"].filter((it) => textual.includes(it)), 1]
  ] as const)("%s", (_, list, atLeast) => {
    assert.isAtLeast(list.length, atLeast)
    assert.deepStrictEqual(
      list.filter((it) => !accepts(it)),
      []
    )
  })
})

it("two of them, or words, are none", () => {
  const wrong = ["👍👍", "🇮🇹🇮", "👍a", "a👍", "👍 ", "A", "é", "1", "#", "好", "\u200d", "\ufe0f", "\u0301", "\n", "<3"]
  assert.deepStrictEqual(wrong.filter(accepts), [])
  assert.deepStrictEqual(
    all.slice(0, 0x250).filter((it) => accepts(it)),
    ["©", "®"]
  )
})

it("an endless one is refused at once", () => {
  assert.isFalse(accepts("👍".repeat(1_000_000)))
})
