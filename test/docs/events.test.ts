import { assert, describe, it } from "@effect/vitest"
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Schema } from "effect"
import { read } from "./files.ts"

const codec = Schema.toCodecJson(WhatsAppEvent)
const decode = Schema.decodeUnknownSync(codec)
const encode = Schema.encodeSync(codec)

const page = read("docs/25_events.md")
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((section) => section.split(/^## /m)[0] ?? "")

describe("the page of all events", () => {
  it("has each of them once", () => {
    const shown = sections.map((section) => section.split("\n")[0] ?? "")
    assert.deepStrictEqual(shown.toSorted(), Object.keys(WhatsAppEvent.cases).toSorted())
  })

  for (const section of sections) {
    const [tag = ""] = section.split("\n")
    it(`shows a ${tag} that is one`, () => {
      const [, text = ""] = /```json\n([\s\S]+?)\n```/.exec(section) ?? []
      const json: unknown = JSON.parse(text)
      const event = decode(json)
      assert.strictEqual(event._tag, tag)
      assert.deepStrictEqual<unknown>(encode(event), json)
    })
  }
})
