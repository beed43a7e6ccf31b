import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { join } from "node:path"
import { findListeners } from "../../../packages/node/src/project/listeners.ts"
import { folderWith } from "./world.ts"

const find = (files: { readonly [path: string]: string }) =>
  Effect.flatMap(folderWith(files), findListeners).pipe(Effect.provide(NodeServices.layer), Effect.scoped)

/** What is found in one file that imports `Listener`. */
const findIn = (text: string, file = "src/whatsapp/listeners.ts") =>
  find({ [file]: `import { Listener } from "@effect-whatsapp/node/events"\n${text}` })

const summary = ({ listeners }: Effect.Success<ReturnType<typeof find>>) =>
  listeners.map(({ name, tags, wantsAll }) => `${name ?? "?"}: ${wantsAll ? "*" : tags.join(" ")}`)

describe("findListeners", () => {
  it.effect("finds a listener with its name, its events and its place", () =>
    Effect.gen(function* () {
      const found = yield* findIn(`\nexport const echo = Listener.make("echo", "TextReceived", () => Effect.void)\n`)
      assert.deepStrictEqual(found, {
        listeners: [
          {
            name: "echo",
            tags: ["TextReceived"],
            wantsAll: false,
            unresolved: [],
            file: "src/whatsapp/listeners.ts",
            line: 3,
            column: 21
          }
        ],
        hidden: [],
        problems: [],
        files: 1,
        isCutShort: false
      })
    })
  )

  it.effect("reads lists of lists of lists in no more time than they are long", () =>
    Effect.gen(function* () {
      const lists = Array.from({ length: 30 }, (_, n) => `const l${n + 1} = [${`...l${n}, `.repeat(10)}]`)
      const words = Array.from({ length: 501 }, (_, n) => `"Tag${n}"`)
      const found = yield* findIn(`
        const l0 = ["TextReceived", other]
        ${lists.join("\n")}
        export const all = [Listener.make("deep", l30, f), Listener.make("long", [${words.join()}], f)]
      `)
      assert.deepStrictEqual(
        found.listeners.map(({ tags, unresolved }) => [tags, unresolved]),
        [
          [["TextReceived"], ["events: `other` is not declared in this file"]],
          [[], ["events: the list is too long"]]
        ]
      )
    })
  )

  it.effect("reads every way to write the events down", () =>
    Effect.gen(function* () {
      const found = yield* findIn(`
        const one = "ImageReceived"
        const some = ["TextReceived", one, \`VideoReceived\`] as const
        export const all = [
          Listener.make("literal", 'TextReceived', f),
          Listener.make("all", "*", f),
          Listener.make("list", ["TextReceived", "TextReceived", "AudioReceived"], f),
          Listener.make("const", one, f),
          Listener.make("const list", some, f),
          Listener.make("spread", [...some, "StatusUpdate"] satisfies Tags, f),
          (Listener).make<"TextReceived", never, never>("types", (("TextReceived") as const)!, f),
          Listener["make"]("computed", "TextReceived", f)
        ]
      `)
      assert.deepStrictEqual(summary(found), [
        "literal: TextReceived",
        "all: *",
        "list: TextReceived AudioReceived",
        "const: ImageReceived",
        "const list: TextReceived ImageReceived VideoReceived",
        "spread: TextReceived ImageReceived VideoReceived StatusUpdate",
        "types: TextReceived",
        "computed: TextReceived"
      ])
      assert.isTrue(found.listeners.every(({ unresolved }) => unresolved.length === 0))
      assert.deepStrictEqual(found.hidden, [])
    })
  )

  it.effect("says what cannot be known without running, and guesses nothing", () =>
    Effect.gen(function* () {
      const found = yield* findIn(`
        import { imported } from "./tags.ts"
        let variable = "TextReceived"
        const changed = ["TextReceived"]
        changed.push("ImageReceived")
        const itself = itself
        const { inside } = { inside: "TextReceived" }
        const make = (tag, { name }) => Listener.make(name, tag, f)
        Listener.make("imported", imported, f)
        Listener.make("variable", variable, f)
        Listener.make("changed", changed, f)
        Listener.make("itself", itself, f)
        Listener.make("inside", inside, f)
        Listener.make("partly", ["TextReceived", imported], f)
        Listener.make(\`bot-\${x}\`, now ? "TextReceived" : "ImageReceived", f)
        Listener.make(...args)
        Listener.make("nothing")
        Listener.make("nobody", somewhere, f)
      `)
      assert.deepStrictEqual(
        found.listeners.map(({ name, tags, unresolved }) => [name, tags, unresolved]),
        [
          [undefined, [], ["name: `name` is a parameter", "events: `tag` is a parameter"]],
          ["imported", [], ["events: `imported` is imported, and only constants of the same file are read"]],
          ["variable", [], ["events: `variable` is a variable that may change"]],
          ["changed", [], ["events: `changed` is changed after it was made"]],
          ["itself", [], ["events: it is defined by itself"]],
          ["inside", [], ["events: `inside` is taken out of an object"]],
          [
            "partly",
            ["TextReceived"],
            ["events: `imported` is imported, and only constants of the same file are read"]
          ],
          [
            undefined,
            [],
            ["name: a text with parts that are computed", "events: it is computed when the program runs"]
          ],
          [
            undefined,
            [],
            ["name: the arguments are spread from a list", "events: the arguments are spread from a list"]
          ],
          ["nothing", [], ["events: it is missing"]],
          ["nobody", [], ["events: `somewhere` is not declared in this file"]]
        ]
      )
    })
  )

  it.effect("follows the names that an import and a constant give", () =>
    Effect.gen(function* () {
      const found = yield* find({
        "a.ts": `import { Listener as L } from "@effect-whatsapp/node/events"\nL.make("alias", "TextReceived", f)`,
        "b.ts": `import * as Events from "@effect-whatsapp/node/events"\nEvents.Listener.make("namespace", "TextReceived", f)`,
        "c.ts": `import * as Node from "@effect-whatsapp/node"\nconst { Listener: { } , ...x } = y\nNode.Listener.make("root", "TextReceived", f)`,
        "d.ts": `import { Listener } from "@effect-whatsapp/node"\nconst { make: listen } = Listener\nconst also = Listener.make\nconst L = Listener\nlisten("taken out", "TextReceived", f)\nalso("constant", "TextReceived", f)\nL.make("renamed", "TextReceived", f)`,
        "e.mts": `const { Listener } = await import("@effect-whatsapp/node/events")\nListener.make("import()", "TextReceived", f)`,
        "f.cjs": `const { Listener } = require("@effect-whatsapp/node/events")\nListener.make("require", "TextReceived", f)`,
        "g.tsx": `import { Listener as "x" } from "y"; import { "Listener" as Q } from "@effect-whatsapp/node/events"`,
        "h.tsx": `import { "Listener" as Q } from "@effect-whatsapp/node/events"\nconst page = <p>{Q.make("text", "TextReceived", f).name}</p>`
      })
      assert.deepStrictEqual(
        found.listeners.map(({ file, name }) => `${file} ${name}`),
        [
          "a.ts alias",
          "b.ts namespace",
          "c.ts root",
          "d.ts taken out",
          "d.ts constant",
          "d.ts renamed",
          "e.mts import()",
          "f.cjs require",
          "h.tsx text"
        ]
      )
      assert.deepStrictEqual(found.hidden, [])
      assert.deepStrictEqual(
        found.problems.map(({ file }) => file),
        ["g.tsx"]
      )
    })
  )

  it.effect("leaves alone what only looks like ours", () =>
    Effect.gen(function* () {
      const found = yield* find({
        "other.ts": `import { Listener } from "other" // "@effect-whatsapp/node/events"\nListener.make("a", "TextReceived", f)`,
        "type.ts": `import type { Listener } from "@effect-whatsapp/node/events"\nimport { type Listener as M } from "@effect-whatsapp/node/events"\nconst x: Listener.Listener = M.make("a", "TextReceived", f)`,
        "shadow.ts": `
          import { Listener } from "@effect-whatsapp/node/events"
          function a(Listener) { Listener.make("parameter", "TextReceived", f) }
          const b = ({ Listener }) => Listener.make("pattern", "TextReceived", f)
          { const Listener = mine; Listener.make("block", "TextReceived", f) }
          function c() { if (x) { var Listener = mine }; Listener.make("hoisted", "TextReceived", f) }
          function d() { class Listener {}; Listener.make("class", "TextReceived", f) }
          for (const Listener of all) Listener.make("loop", "TextReceived", f)
          for (let Listener = x; ;) Listener.make("for", "TextReceived", f)
          try {} catch (Listener) { Listener.make("catch", "TextReceived", f) }
          (function Listener() { Listener.make("own name", "TextReceived", f) })
          switch (x) { case 1: const Listener = mine; Listener.make("switch", "TextReceived", f) }
          namespace N { const Listener = mine; Listener.make("namespace", "TextReceived", f) }
          class S { static { const Listener = mine; Listener.make("static", "TextReceived", f) } }
          const require = mine
          // Listener.make("comment", "TextReceived", f)
          /* Listener.make("comment", "TextReceived", f) */
          const text = 'Listener.make("text", "TextReceived", f)'
          const template = \`Listener.make("template", "TextReceived", f)\`
          other.Listener.make("member", "TextReceived", f)
          Listener.other("method", "TextReceived", f)
          const o = { Listener: 1, make() {} }
          Listener: for (;;) break Listener
          Listener.make("ours", "TextReceived", f)
        `
      })
      assert.deepStrictEqual(summary(found), ["ours: TextReceived"])
      assert.deepStrictEqual(found.hidden, [])
      assert.deepStrictEqual(found.problems, [])
    })
  )

  it.effect("tells where listeners may hide", () =>
    Effect.gen(function* () {
      const found = yield* find({
        "a.ts": `export { Listener } from "@effect-whatsapp/node/events"`,
        "b.ts": `export * from "@effect-whatsapp/node"\nexport type * from "@effect-whatsapp/node"`,
        "c.ts": `export { Listeners } from "@effect-whatsapp/node/events"`,
        "d.ts": `import { Listener, Listeners } from "@effect-whatsapp/node/events"\nexport { Listener }\nlist.map(Listener.make)\nLet(Listener)\nlet L = Listener\nexport const make = Listener.make\nListeners.layer(a)`,
        "e.ts": `import * as Events from "@effect-whatsapp/node/events"\nEvents[name].make("a", "TextReceived", f)`
      })
      assert.deepStrictEqual(found.listeners, [])
      assert.deepStrictEqual(
        found.hidden.map(({ file, line }) => `${file}:${line}`),
        ["a.ts:1", "b.ts:1", "d.ts:2", "d.ts:3", "d.ts:4", "d.ts:5", "d.ts:6", "e.ts:2"]
      )
    })
  )

  it.effect("reads decorators, TypeScript's own words, and over mistakes", () =>
    Effect.gen(function* () {
      const found = yield* find({
        "decorated.ts": `
          import { Listener } from "@effect-whatsapp/node/events"
          enum Kind { A = 1 }
          declare module "x" {}
          import fs = require("fs")
          @Injectable()
          export class Bot {
            constructor(@Inject() private readonly x: X) {}
            @observed accessor y = 1
            readonly echo = Listener.make("echo", "TextReceived", async () => { using z = open() })
          }
          const narrow = <const T>(t: T) => <Other>t
        `,
        "mistaken.ts": `
          import { Listener } from "@effect-whatsapp/node/events"
          const twice = 1
          const twice = 2
          Listener.make("after", "TextReceived", f)
        `,
        "broken.ts": `import { Listener } from "@effect-whatsapp/node/events"\nListener.make("lost", `,
        "deep.ts": `import { Listener } from "@effect-whatsapp/node/events"\n${"[".repeat(100_000)}`,
        "binary.ts": "\u0000@effect-whatsapp/node\u0001"
      })
      assert.deepStrictEqual(summary(found), ["echo: TextReceived", "after: TextReceived"])
      assert.deepStrictEqual(
        found.problems.map(({ file }) => file),
        ["binary.ts", "broken.ts", "deep.ts", "mistaken.ts"]
      )
      assert.strictEqual(found.problems[1]?.reason, "Unexpected token (2:22)")
    })
  )

  it.effect("looks at sources only, and never outside", () =>
    Effect.gen(function* () {
      const text = `import { Listener } from "@effect-whatsapp/node/events"\nListener.make("x", "TextReceived", f)`
      const system = yield* FileSystem.FileSystem
      const outside = yield* folderWith({ "secret.ts": text, "folder/more.ts": text })
      const folder = yield* folderWith({
        "src/a.ts": text,
        "src/deep/er/b.js": text,
        "node_modules/x/index.ts": text,
        "dist/a.js": text,
        ".hidden/a.ts": text,
        "src/.dot/a.ts": text,
        "src/a.test.ts": text,
        "test/a.ts": text,
        "src/types.d.ts": text,
        "src/page.html": text,
        "src/large.ts": `${text}\n//${"x".repeat(1024 * 1024)}`
      })
      yield* system.symlink(join(outside, "secret.ts"), join(folder, "src/link.ts"))
      yield* system.symlink(join(outside, "folder"), join(folder, "src/linked"))
      yield* system.symlink(folder, join(folder, "src/loop"))
      yield* system.symlink(join(folder, "src/deep"), join(folder, "src/again"))
      yield* system.symlink(join(folder, "nowhere"), join(folder, "src/nowhere.ts"))
      yield* system.makeDirectory(join(folder, "src/folder.ts"))
      const found = yield* findListeners(folder)
      assert.deepStrictEqual(
        found.listeners.map(({ file }) => file),
        ["src/a.ts", "src/again/er/b.js"]
      )
      assert.deepStrictEqual(found.problems, [{ file: "src/large.ts", reason: "It is larger than 1 MiB" }])
    }).pipe(Effect.provide(NodeServices.layer), Effect.scoped)
  )
})
