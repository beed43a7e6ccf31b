import { NodeCrypto } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import * as Comparison from "../../../packages/node/src/templates/Comparison.ts"
import * as Entry from "../../../packages/node/src/templates/Entry.ts"
import * as Module from "../../../packages/node/src/templates/Module.ts"
import * as Stamp from "../../../packages/node/src/templates/Stamp.ts"

const body = { type: "BODY", text: "Hi {{1}}, hello.", example: { body_text: [["Ana"]] } }
const picture = (oe: string) => ({
  type: "HEADER",
  format: "IMAGE",
  example: { header_handle: [`https://scontent.whatsapp.example/a.png?oe=${oe}`] }
})

const source = (rest: Readonly<Record<string, Schema.Json>> = {}, oe = "1"): Entry.Source => {
  const facts = { name: "tea", language: "en", category: "UTILITY", status: "APPROVED" }
  const raw = { id: "1", ...facts, components: [picture(oe), body], ...rest }
  const text = (key: keyof typeof facts) => {
    const value = rest[key]
    return typeof value === "string" ? value : facts[key]
  }
  return {
    name: text("name"),
    language: text("language"),
    category: text("category"),
    status: text("status"),
    raw
  }
}

const read = (...sources: ReadonlyArray<Entry.Source>) => Effect.provide(Entry.read(sources), NodeCrypto.layerDigest)
const digests = (...sources: ReadonlyArray<Entry.Source>) =>
  Effect.forEach(sources, (one) => Effect.map(read(one), ([entry]) => entry?.digest))

describe("the digest of a template", () => {
  it.effect("is the same while nothing changes that a program has to know", () =>
    Effect.gen(function* () {
      const all = yield* digests(
        source(),
        source({ id: "2", quality_score: { score: "RED", date: 1 } }, "2"),
        source({ status: "approved", category: "utility" }),
        source({ components: [body, picture("3")] }),
        source({ components: [{ text: body.text, type: "body" }, picture("4")] })
      )
      assert.strictEqual(new Set(all).size, 1)
    })
  )
  it.effect("is another where something has", () =>
    Effect.gen(function* () {
      const all = yield* digests(
        source(),
        source({ name: "cake" }),
        source({ language: "it" }),
        source({ status: "PAUSED" }),
        source({ category: "MARKETING" }),
        source({ components: [picture("1"), { ...body, text: "Hello {{1}}, hi." }] }),
        source({ components: [body] }),
        source({ components: [{ type: "HOLOGRAM" }] })
      )
      assert.strictEqual(new Set(all).size, all.length)
    })
  )
})

it.effect("is that of other machines and versions, or every build would see a change", () =>
  Effect.gen(function* () {
    const [digest] = yield* digests(source())
    assert.strictEqual(digest, "1d642e3d0aa4f0c9debf535879ac54187d728d8adf365c59eb8e87ddaec773e1")
  })
)

describe("templates that are read", () => {
  it.effect("come by their names and languages, each once", () =>
    Effect.gen(function* () {
      const entries = yield* read(
        source({ language: "it" }),
        source(),
        source({ name: "Zoo" }),
        source({ name: "cake" }),
        source()
      )
      assert.deepStrictEqual(
        entries.map(({ language, name }) => `${name} ${language}`),
        ["Zoo en", "cake en", "tea en", "tea it"]
      )
    })
  )
})

const pulled = (...sources: ReadonlyArray<Entry.Source>) =>
  Effect.gen(function* () {
    const entries = yield* Entry.read(sources)
    return { entries, text: yield* Module.make(entries, { status: "approved", name: "te*" }) }
  }).pipe(Effect.provide(NodeCrypto.layerDigest))

const readStamp = (text: string) => Effect.provide(Stamp.read(text), NodeCrypto.layerDigest)

describe("a file", () => {
  it.effect("tells by what it was pulled, and from what", () =>
    Effect.gen(function* () {
      const { entries, text } = yield* pulled(source(), source({ name: '\u2028 */ "hostile"' }))
      const file = yield* readStamp(text)
      assert(file._tag === "Pulled")
      assert.deepStrictEqual(file.stamp.options, { status: "approved", name: "te*" })
      assert.deepStrictEqual(Comparison.differences(file.stamp.pulled, entries), [])
    })
  )
  it.effect("of no template is a module all the same", () =>
    Effect.gen(function* () {
      const { text } = yield* pulled()
      assert.include(text, "\nexport {}\n")
      assert.strictEqual((yield* readStamp(text))._tag, "Pulled")
    })
  )
  it.effect("is edited when any of its characters is another", () =>
    Effect.gen(function* () {
      const { text } = yield* pulled(source())
      const lines = text.split("\n")
      for (const [at, line] of lines.entries()) {
        if (at === 0) continue
        const file = yield* readStamp(lines.with(at, `${line} `).join("\n"))
        assert.strictEqual(file._tag, "Edited", line)
      }
      assert.strictEqual((yield* readStamp(text.replaceAll("\n", "\r\n")))._tag, "Pulled")
      assert.strictEqual((yield* readStamp(`\n${text}`))._tag, "Foreign")
      assert.strictEqual((yield* readStamp(""))._tag, "Foreign")
    })
  )
})
