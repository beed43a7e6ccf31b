import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { addTo, type Stub } from "../../../packages/node/src/scaffold/listener.ts"

const thank: Stub = { name: "thank", events: ["ImageReceived"] }
const added = (text: string, stub: Stub = thank) => Effect.map(addTo("listeners.ts", text, stub), (it) => it.text)
const reason = (text: string) => Effect.map(Effect.flip(addTo("listeners.ts", text, thank)), (error) => error.reason)

const imports = `import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Effect } from "effect"
`
const stub = `/** Called for ImageReceived. */
const thank = Listener.make(
  "thank",
  "ImageReceived",
  Effect.fn("thank")(function* (event) {
    yield* Effect.logInfo(event._tag)
  })
)

`
const registered = (list: string) => `${imports}\n${stub}export const Bot = Listeners.layer(${list})\n`

describe("a listener that is added", () => {
  for (const [given, expected] of [
    ["", "thank"],
    ["/* none */", "/* none */thank"],
    ["a", "a, thank"],
    ["a, ", "a, thank "],
    ["...all", "...all, thank"],
    ["\n  a,\n  b\n", "\n  a,\n  b,\n  thank\n"],
    ["\n  a,\n  b,\n", "\n  a,\n  b,\n  thank,\n"],
    ["\n  a, // first\n  b // second, and last\n", "\n  a, // first\n  b, // second, and last\n  thank\n"],
    ["\n  a, // first\n  b, /* second\n  and last */\n", "\n  a, // first\n  b, /* second\n  and last */\n  thank,\n"],
    ["\n\ta\n", "\n\ta,\n\tthank\n"]
  ] as const) {
    it.effect(`is registered behind ${JSON.stringify(given)}`, () =>
      Effect.gen(function* () {
        const text = yield* added(`${imports}\nexport const Bot = Listeners.layer(${given})\n`)
        assert.strictEqual(text.replaceAll("\t", "  "), registered(expected).replaceAll("\t", "  "))
      })
    )
  }

  it.effect("stands before the comment of what registers it, and nothing else of the file changes", () =>
    Effect.gen(function* () {
      const before = `${imports}
const a = Listener.make("a", "TextReceived", ()   =>   Effect.void) // odd, and left so

// not about it

/** The bot. */
// Really.
export const Bot = Listeners.layer( a )
const other = 1
`
      const text = yield* added(before)
      assert.strictEqual(
        text,
        before
          .replace("/** The bot. */", () => `${stub}/** The bot. */`)
          .replace("Listeners.layer( a )", "Listeners.layer( a, thank )")
      )
      assert.strictEqual((yield* addTo("listeners.ts", before, thank)).line, 9)
    })
  )

  it.effect("looks like the file: line ends, indentation, quotes and semicolons", () =>
    Effect.gen(function* () {
      const text = yield* added(
        [
          `\uFEFFimport { Listener, Listeners } from '@effect-whatsapp/node/events';`,
          `import { Effect } from 'effect';`,
          `function f() {`,
          `    return 1;`,
          `}`,
          `export const Bot = Listeners.layer();`,
          ``
        ].join("\r\n")
      )
      assert.isTrue(text.startsWith("\uFEFFimport"))
      assert.notMatch(text, /[^\r]\n/)
      assert.include(text, `const thank = Listener.make(\r\n    'thank',\r\n    'ImageReceived',\r\n`)
      assert.include(text, `        yield* Effect.logInfo(event._tag);\r\n    })\r\n);\r\n\r\nexport const Bot`)
    })
  )

  for (const [what, head, call, expected] of [
    [
      "by other names",
      `import { Listener as L, Listeners as All } from "@effect-whatsapp/node/events"\nimport * as Fx from "effect/Effect"`,
      "All.layer()",
      ["L.make(", "Fx.fn("]
    ],
    [
      "by the name of the package",
      `import * as W from "@effect-whatsapp/node"\nimport * as E from "effect"`,
      "W.Listeners.layer()",
      ["W.Listener.make(", "E.Effect.fn("]
    ],
    [
      "not at all",
      `import { Listeners } from "@effect-whatsapp/node/events"\nimport { a } from "./a.ts"`,
      "Listeners.layer(a)",
      [`import { Listener, Listeners } from`, `"./a.ts"\nimport { Effect } from "effect"\n`]
    ]
  ] as const) {
    it.effect(`uses what the file imports ${what}`, () =>
      Effect.gen(function* () {
        const text = yield* added(`${head}\nexport const Bot = ${call}\n`)
        for (const part of expected) assert.include(text, part)
      })
    )
  }

  for (const [name, identifier] of [
    ["follow the money", "followTheMoney"],
    ["2nd-answer", "_2ndAnswer"],
    ["delete", "deleteListener"],
    ["a", "aListener"],
    ["Answer", "answer"],
    ["日本", "日本"]
  ] as const) {
    it.effect(`named ${name} is the constant ${identifier}, which nothing else is`, () =>
      Effect.gen(function* () {
        const text = yield* added(`${imports}const a = 1\nexport const Bot = Listeners.layer()\n`, { ...thank, name })
        assert.include(text, `const ${identifier} = Listener.make(\n  "${name}",`)
        assert.include(text, `Listeners.layer(${identifier})`)
      })
    )
  }

  it.effect("wants one event, several or all", () =>
    Effect.gen(function* () {
      const text = `${imports}export const Bot = Listeners.layer()\n`
      assert.include(
        yield* added(text, { name: "x", events: ["TextReceived", "ImageReceived"] }),
        `/** Called for TextReceived and ImageReceived. */\nconst x = Listener.make(\n  "x",\n  ["TextReceived", "ImageReceived"],\n`
      )
      assert.include(yield* added(text, { name: "x", events: ["*"] }), `/** Called for every event. */\n`)
    })
  )

  for (const [what, text, said] of [
    ["does not parse", `${imports}export const Bot = Listeners.layer(`, "repair it first"],
    ["registers nothing", `${imports}const layer = 1\n`, "no `Listeners.layer(…)`: register it by hand"],
    [
      "has a Listeners of its own",
      `const Listeners = { layer: () => 1 }\nListeners.layer()\n`,
      "no `Listeners.layer(…)`"
    ],
    [
      "only speaks of it",
      `${imports}// Listeners.layer()\nconst text = "Listeners.layer()"\n`,
      "no `Listeners.layer(…)`"
    ],
    ["registers twice", `${imports}Listeners.layer()\nListeners.layer()\n`, "more than one `Listeners.layer(…)`"],
    ["puts its last listener in brackets", `${imports}Listeners.layer((a))\n`, "brackets"],
    [
      "has another thing named Effect",
      `${imports.split("\n")[0]}\nconst Effect = 1\nListeners.layer()\n`,
      'not the one of "effect"'
    ]
  ] as const) {
    it.effect(`is refused by a file that ${what}, with what to do`, () =>
      Effect.map(reason(text), (found) => assert.include(found, said))
    )
  }
})
