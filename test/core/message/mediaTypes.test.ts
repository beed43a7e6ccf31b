import { assert, describe, it } from "@effect/vitest"
import { Message, mediaTypes, type MediaTypes } from "@effect-whatsapp/core/message"

const rows: ReadonlyArray<readonly [string, MediaTypes]> = Object.entries(mediaTypes)

describe("the table of media", () => {
  it("has every kind of message that holds media, and no other", () => {
    const media = { id: "1" }
    const kinds = [
      Message.image(media),
      Message.video(media),
      Message.audio(media),
      Message.document(media),
      Message.sticker(media)
    ]
    assert.deepStrictEqual(
      rows.map(([kind]) => kind),
      kinds.map(({ type }) => type)
    )
  })
  it("has each MIME type once, so that it tells the kind", () => {
    const types = rows.flatMap(([, { types }]) => Object.keys(types))
    assert.strictEqual(new Set(types).size, types.length)
    for (const type of types) assert.match(type, /^(image|video|audio|text|application)\/[a-z0-9.-]+$/)
  })
  it("has extensions without dots, in lower case", () => {
    for (const [, { types }] of rows) {
      for (const extension of Object.values(types).flat()) assert.match(extension, /^[a-z0-9]+$/)
    }
  })
  it("has sizes as Meta writes them", () => {
    assert.deepStrictEqual(
      rows.map(([kind, { maxBytes }]) => [kind, maxBytes]),
      [
        ["image", 5_242_880],
        ["video", 16_777_216],
        ["audio", 16_777_216],
        ["document", 104_857_600],
        ["sticker", 512_000]
      ]
    )
    assert.strictEqual(mediaTypes.sticker.maxStillBytes, 102_400)
  })
})
