import { assert, describe, it } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Schema } from "effect"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as CommandLine from "./commandLine.ts"
import * as World from "./templatesWorld.ts"

const body = (text: string) => ({ type: "BODY", text, example: { body_text: [["Ana"]] } })
const orderUpdate = {
  name: "order_update",
  language: "en_US",
  category: "UTILITY",
  components: [body("Hi {{1}}, it ships today.")]
}
const photo = (sample: string) => ({
  name: "photo",
  language: "en_US",
  category: "MARKETING",
  components: [
    { type: "HEADER", format: "IMAGE", example: { header_handle: [sample] } },
    body("Hi {{1}}, this is what we have made today.")
  ]
})
const nodes = Effect.flatMap(CloudApiEmulator.CloudApiEmulator, ({ templates }) => templates)

const decodeObject = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.JsonObject))

const push = (json: unknown, args: ReadonlyArray<string> = [], env: { readonly [name: string]: string } = {}) =>
  World.templates(["push", "-", ...args], { stdin: JSON.stringify(json), env })

describe("templates push", () => {
  it.live(
    "creates one or several, and tells id, status and category",
    () =>
      Effect.gen(function* () {
        const one = yield* push(orderUpdate)
        assert.strictEqual(one.code, 0, one.stderr)
        assert.match(one.stdout, /^created order_update en_US: \d+ PENDING UTILITY\n$/)
        const several = yield* push(
          [
            { ...orderUpdate, language: "it" },
            { ...orderUpdate, language: "de" }
          ],
          ["--json"]
        )
        const [first] = several.stdout.split("\n")
        const { id, ...rest } = decodeObject(first ?? "")
        assert.match(JSON.stringify(id), /^"\d+"$/)
        assert.deepStrictEqual(rest, {
          action: "created",
          name: "order_update",
          language: "it",
          status: "PENDING",
          category: "UTILITY"
        })
        assert.deepStrictEqual(
          (yield* nodes).map(({ language }) => language),
          ["en_US", "it", "de"]
        )
      }).pipe(Effect.provide(World.meta([]))),
    60_000
  )

  it.live(
    "sends nothing that Meta would refuse, and says all that is wrong",
    () =>
      Effect.gen(function* () {
        const wrong = yield* push([
          orderUpdate,
          { ...orderUpdate, name: "Order", components: [{ type: "BODY", text: "Hi {{1}}" }] }
        ])
        CommandLine.assertReadable(wrong, 2)
        assert.strictEqual(
          wrong.stderr,
          [
            "Order en_US: name: expected lower-case letters, digits and underscores",
            "Order en_US: components.0.text: expected words before the first and behind the last variable",
            "Order en_US: components.0.example.body_text: expected 1 example, one for each variable, got 0\n"
          ].join("; ")
        )
        for (const text of ["{", "[]", "{}"]) {
          CommandLine.assertReadable(yield* World.templates(["push", "-"], { stdin: text }), 2)
        }
        CommandLine.assertReadable(yield* World.templates(["push", "nowhere.json"]), 1)
        assert.deepStrictEqual(yield* nodes, [])
      }).pipe(Effect.provide(World.meta([]))),
    60_000
  )

  it.live(
    "takes no template twice and no JSON without end, and says no more than anybody reads",
    () =>
      Effect.gen(function* () {
        const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`
        const nested = JSON.stringify({ ...orderUpdate, more: 0 }).replace(`"more":0`, `"more":${deep}`)
        CommandLine.assertReadable(yield* World.templates(["push", "-"], { stdin: nested }), 2)
        const twice = yield* push([orderUpdate, { ...orderUpdate, language: "it" }, orderUpdate])
        CommandLine.assertReadable(twice, 2)
        assert.strictEqual(twice.stderr, "order_update en_US: comes twice\n")
        const flood = yield* push(Array.from({ length: 3000 }, () => ({ ...orderUpdate, name: "Order" })))
        assert.strictEqual(flood.code, 2)
        assert.match(flood.stderr, /; and 2980 more\n$/)
        assert.deepStrictEqual(yield* nodes, [])
      }).pipe(Effect.provide(World.meta([]))),
    60_000
  )

  it.live(
    "only looks with --dry-run, without an account as well",
    () =>
      Effect.gen(function* () {
        const fine = yield* push(orderUpdate, ["--dry-run"], { WHATSAPP_ACCESS_TOKEN: "" })
        assert.deepStrictEqual([fine.code, fine.stdout], [0, "valid order_update en_US\n"], fine.stderr)
        assert.strictEqual(fine.stderr, "Nothing was sent\n")
        CommandLine.assertReadable(yield* push({ ...orderUpdate, category: "NEWS" }, ["--dry-run"]), 2)
        assert.deepStrictEqual(yield* nodes, [])
      }).pipe(Effect.provide(World.meta([]))),
    60_000
  )

  it.live(
    "edits what exists when it is told to, and creates nothing beside it otherwise",
    () =>
      Effect.gen(function* () {
        const changed = { ...orderUpdate, components: [body("Hi {{1}}, it ships tomorrow.")] }
        const refused = yield* push([{ ...orderUpdate, language: "it" }, changed])
        CommandLine.assertReadable(refused, 1)
        assert.include(refused.stderr, "order_update en_US exists already; --edit changes what exists")
        assert.lengthOf(yield* nodes, 1)
        const edited = yield* push(changed, ["--edit"])
        assert.strictEqual(edited.code, 0, edited.stderr)
        assert.match(edited.stdout, /^edited order_update en_US: \d+ PENDING UTILITY\n$/)
        assert.include(JSON.stringify(yield* nodes), "tomorrow")
        // It is in review now.
        const again = yield* push(changed, ["--edit"])
        CommandLine.assertReadable(again, 1)
        assert.include(again.stderr, "order_update en_US was not edited: ")
        assert.include(again.stderr, "2388039")
      }).pipe(Effect.provide(World.meta([orderUpdate]))),
    60_000
  )

  it.live(
    "uploads a sample once, from beside the file that names it",
    () =>
      Effect.gen(function* () {
        const { uploaded } = yield* CloudApiEmulator.CloudApiEmulator
        const folder = yield* World.project
        mkdirSync(join(folder, "templates"))
        const file = join(folder, "templates/photos.json")
        const several = ["en_US", "it"].map((language) => ({ ...photo("file:a.png"), language }))
        writeFileSync(file, JSON.stringify(several))
        const unreadable = yield* World.templates(["push", file], { env: { WHATSAPP_APP_ID: World.appId } })
        CommandLine.assertReadable(unreadable, 1)
        assert.include(unreadable.stderr, "The sample a.png could not be read")
        writeFileSync(file, JSON.stringify(photo("file:.")))
        const aFolder = yield* World.templates(["push", file, "--dry-run"])
        CommandLine.assertReadable(aFolder, 1)
        assert.include(aFolder.stderr, "The sample . is no file")
        writeFileSync(file, JSON.stringify(several))

        writeFileSync(join(folder, "templates/a.png"), new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4]))
        const noApp = yield* World.templates(["push", file])
        CommandLine.assertReadable(noApp, 1)
        assert.include(noApp.stderr, "WHATSAPP_APP_ID")
        assert.deepStrictEqual(yield* nodes, [])

        const pushed = yield* World.templates(["push", file], { env: { WHATSAPP_APP_ID: World.appId } })
        assert.strictEqual(pushed.code, 0, pushed.stderr)
        assert.strictEqual(pushed.stderr, "")
        assert.lengthOf(yield* uploaded, 1)
        assert.lengthOf(yield* nodes, 2)
      }).pipe(Effect.provide(World.meta([]))),
    60_000
  )

  it.live(
    "says what Meta refuses, by its words, and what was done before",
    () =>
      Effect.gen(function* () {
        const outcome = yield* push(
          ["it", "de"].map((language) => ({ ...orderUpdate, language })),
          ["--json"]
        )
        assert.strictEqual(outcome.code, 1)
        assert.include(outcome.stdout, `"language":"it"`)
        assert.match(outcome.stderr, /^order_update de was not created: \w+, .*2388019.*\n$/)
      }).pipe(Effect.provide(World.meta([], { account: { templateLimit: 1 } }))),
    60_000
  )
})
