import { assert, describe, it } from "@effect/vitest"
import { WhatsAppClient, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Layer, Redacted, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { shapes, skipped } from "../../fixtures/templates/account.ts"
import * as CommandLine from "./commandLine.ts"
import * as Graph from "./graph.ts"
import * as World from "./templatesWorld.ts"

const Definition = Schema.Struct({
  name: Schema.String,
  language: Schema.String,
  category: Schema.String,
  status: Schema.String,
  parameter_format: Schema.String,
  sub_category: Schema.optionalKey(Schema.String),
  components: Schema.Array(Schema.JsonObject)
})
const definitionOf = Schema.decodeUnknownSync(Definition)
const everything = [...Object.values(shapes), ...Object.values(skipped)].map(({ node }) => definitionOf(node))

const template = (name: string, rest: Partial<CloudApiEmulator.TemplateDefinition> = {}) => ({
  name,
  language: "en_US",
  components: [{ type: "BODY", text: `${name} for {{1}} today` }],
  ...rest
})

/** A program that calls every function, and the same with what does not fit, each of which must not compile. */
const programs = {
  "messages.ts": [
    `import * as t from "./templates.ts"`,
    "const messages: ReadonlyArray<unknown> = [",
    Object.values(shapes)
      .map(({ call }) => call)
      .join(",\n"),
    "]",
    "process.stdout.write(JSON.stringify(messages))",
    "declare const process: { readonly stdout: { readonly write: (text: string) => void } }"
  ].join("\n"),
  "wrong.ts": [
    `import * as t from "./templates.ts"`,
    ...Object.values(shapes).flatMap(({ wrong }) =>
      wrong.map((one) => `// @ts-expect-error it does not fit\nvoid (() => ${one.replace(/\n\s*/g, " ")})`)
    )
  ].join("\n")
}

const decodeBody = Schema.decodeUnknownEffect(SendMessage.MessageBody)
const Messages = Schema.fromJsonString(Schema.Array(Schema.JsonObject))

const client = Effect.fnUntraced(function* () {
  const { url } = yield* CloudApiEmulator.CloudApiEmulator
  return WhatsAppClient.layer.pipe(
    Layer.provide([
      WhatsAppConfig.layer({
        numbers: [{ phoneNumberId: "207311904455012", accessToken: Redacted.make(World.token) }],
        apiUrl: url
      }),
      FetchHttpClient.layer
    ])
  )
})

describe("templates pull", () => {
  it.live(
    "writes a function for every shape: it compiles, takes these values alone, and Meta takes what it makes",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "src/templates.ts")
        const outcome = yield* World.templates(["pull", "--out", file])
        assert.strictEqual(outcome.code, 0, outcome.stderr)
        for (const { says } of Object.values(skipped)) {
          assert.include(outcome.stderr, says)
          assert.include(readFileSync(file, "utf8"), says)
        }
        assert.include(outcome.stdout, `wrote ${Object.keys(shapes).length} of ${everything.length} templates`)
        CommandLine.assertNoStack(outcome.stderr.replaceAll("\\u", ""))

        for (const [name, source] of Object.entries(programs)) writeFileSync(join(folder, "src", name), source)
        writeFileSync(join(folder, "tsconfig.json"), World.strictest)
        const compiled = yield* World.program("tsc", ["-p", "."], folder)
        assert.strictEqual(compiled.printed, "")
        assert.strictEqual(compiled.code, 0)

        const run = yield* World.program("node", ["--conditions=effect-whatsapp-source", "src/messages.ts"], folder)
        assert.strictEqual(run.code, 0, run.printed)
        const messages = yield* Schema.decodeUnknownEffect(Messages)(run.stdout)
        assert.lengthOf(messages, Object.keys(shapes).length)
        const Client = yield* client()
        for (const [at, what] of Object.keys(shapes).entries()) {
          const { message } = yield* decodeBody(messages[at])
          const sent = WhatsAppClient.WhatsAppClient.use((whatsapp) => whatsapp.send("393401234567", message))
          const { wamid } = yield* sent.pipe(
            Effect.provide(Client),
            Effect.catch((error) => Effect.die(`The template ${what}: ${error.message}`))
          )
          assert.match(wamid, /^wamid\./)
        }
      }).pipe(Effect.provide(World.meta(everything))),
    60_000
  )

  it.live(
    "writes the same bytes again, in whatever order Meta lists, and leaves the file alone then",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const [one, other] = [join(folder, "one.ts"), join(folder, "other.ts")]
        yield* Effect.provide(World.templates(["pull", "--out", one]), World.meta(everything))
        const before = statSync(one, { bigint: true })
        const again = yield* Effect.provide(
          Effect.andThen(World.templates(["pull", "--out", other]), World.templates(["pull", "--out", one])),
          World.meta(everything.toReversed(), { templateStanding: { pages: "withEmpty" } })
        )
        assert.strictEqual(readFileSync(other, "utf8"), readFileSync(one, "utf8"))
        assert.include(again.stdout, "already had")
        assert.strictEqual(statSync(one, { bigint: true }).mtimeNs, before.mtimeNs)
        assert.deepStrictEqual(readdirSync(folder).toSorted(), ["node_modules", "one.ts", "other.ts", "package.json"])
      }),
    60_000
  )

  it.live(
    "takes what is approved, or all, or some names, and remembers which",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "t.ts")
        const functions = () =>
          Array.from(readFileSync(file, "utf8").matchAll(/^export const (\w+)/gm), ([, name]) => name)
        yield* World.templates(["pull", "--out", file])
        assert.deepStrictEqual(functions(), ["orderPaid", "tea"])
        yield* World.templates(["pull", "--out", file, "--status", "all", "--name", "order_*", "--by-language"])
        assert.deepStrictEqual(functions(), ["orderPaid", "orderSent"])
        assert.include(readFileSync(file, "utf8"), "readonly en_US: Template.Definition<typeof orderPaid$en_US>")
        assert.include(readFileSync(file, "utf8"), "`order_sent` in en_US: utility, pending")
        const { stdout } = yield* World.templates(["pull", "--out", file, "--json"])
        assert.deepStrictEqual(JSON.parse(stdout), { file, changed: false, functions: 2, skipped: [] })
        yield* World.templates(["pull", "--out", file, "--status", "approved", "--name", "*", "--no-by-language"])
        assert.deepStrictEqual(functions(), ["orderPaid", "tea"])
      }).pipe(
        Effect.provide(
          World.meta([template("order_paid"), template("order_sent", { status: "PENDING" }), template("tea")])
        )
      ),
    60_000
  )

  it.live(
    "overwrites nothing that somebody wrote, unless it is told to",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "t.ts")
        const pull = (...args: ReadonlyArray<string>) => World.templates(["pull", "--out", file, ...args])
        writeFileSync(file, "export const mine = 1\n")
        const foreign = yield* pull()
        CommandLine.assertReadable(foreign, 1)
        assert.include(foreign.stderr, "was not made by this command")
        assert.strictEqual(readFileSync(file, "utf8"), "export const mine = 1\n")
        assert.strictEqual((yield* pull("--force")).code, 0)

        const pulled = readFileSync(file, "utf8")
        writeFileSync(file, pulled.replace("today", "now"))
        const edited = yield* pull()
        CommandLine.assertReadable(edited, 1)
        assert.include(edited.stderr, "was edited since it was pulled")
        assert.notStrictEqual(readFileSync(file, "utf8"), pulled)
        assert.strictEqual((yield* pull("--force")).code, 0)
        assert.strictEqual(readFileSync(file, "utf8"), pulled)

        // Some version control systems write it in this way.
        writeFileSync(file, pulled.replaceAll("\n", "\r\n"))
        assert.strictEqual((yield* pull()).code, 0)
        assert.strictEqual(readFileSync(file, "utf8"), pulled)
      }).pipe(Effect.provide(World.meta([template("tea")]))),
    60_000
  )

  it.live(
    "overwrites nothing that somebody wrote while Meta was asked",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "t.ts")
        const { url } = yield* Graph.serve((response) => {
          writeFileSync(file, "export const mine = 1\n")
          response.writeHead(200, { "content-type": "application/json" }).end(`{"data":[]}`)
        })
        const pull = (...args: ReadonlyArray<string>) =>
          CommandLine.run(["templates", "pull", "--out", file, ...args], { env: World.environment(url) })
        const meanwhile = yield* pull()
        CommandLine.assertReadable(meanwhile, 1)
        assert.include(meanwhile.stderr, "has changed meanwhile")
        assert.strictEqual(readFileSync(file, "utf8"), "export const mine = 1\n")
        assert.strictEqual((yield* pull("--force")).code, 0)
      }),
    60_000
  )

  it.live(
    "keeps a link, and says what it cannot read or write",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        mkdirSync(join(folder, "real"))
        mkdirSync(join(folder, "folder.ts"))
        writeFileSync(join(folder, "real/t.ts"), "")
        symlinkSync(join(folder, "real/t.ts"), join(folder, "link.ts"))
        assert.strictEqual((yield* World.templates(["pull", "--out", join(folder, "link.ts"), "--force"])).code, 0)
        assert.include(readFileSync(join(folder, "real/t.ts"), "utf8"), "export const tea")
        CommandLine.assertReadable(yield* World.templates(["pull", "--out", join(folder, "folder.ts")]), 1)
        CommandLine.assertReadable(yield* World.templates(["pull", "--out", join(folder, "package.json", "t.ts")]), 1)
        symlinkSync("real/later.ts", join(folder, "early.ts"))
        assert.strictEqual((yield* World.templates(["pull", "--out", join(folder, "early.ts")])).code, 0)
        assert.include(readFileSync(join(folder, "real/later.ts"), "utf8"), "export const tea")
      }).pipe(Effect.provide(World.meta([template("tea")]))),
    60_000
  )

  it.live(
    "writes nothing when no template has the name that is asked for",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const outcome = yield* World.templates(["pull", "--out", "t.ts", "--name", "oder_*"], { cwd: folder })
        CommandLine.assertReadable(outcome, 1)
        assert.include(outcome.stderr, '"oder_*"')
        assert.notInclude(readdirSync(folder), "t.ts")
      }).pipe(Effect.provide(World.meta([template("order_ready")])), Effect.scoped),
    60_000
  )

  it.live(
    "writes nothing when Meta refuses, and names every variable that is missing",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "t.ts")
        const refused = yield* World.templates(["pull", "--out", file], {
          env: { WHATSAPP_ACCESS_TOKEN: "EAAG-another" }
        })
        CommandLine.assertReadable(refused, 1)
        assert.notInclude(refused.stderr, "EAAG-another")
        const unset = yield* World.templates(["pull", "--out", file], {
          env: { WHATSAPP_ACCESS_TOKEN: "", WHATSAPP_BUSINESS_ACCOUNT_ID: "" }
        })
        CommandLine.assertReadable(unset, 1)
        assert.include(unset.stderr, "WHATSAPP_ACCESS_TOKEN, WHATSAPP_BUSINESS_ACCOUNT_ID")
        assert.notInclude(readdirSync(folder), "t.ts")
      }).pipe(Effect.provide(World.meta([template("tea")]))),
    60_000
  )
})

describe("templates check", () => {
  const before = [template("tea"), template("cake"), template("milk"), template("old", { status: "PAUSED" })]
  const after = [
    template("tea"),
    template("cake", { components: [{ type: "BODY", text: "Other words for {{1}} today" }] }),
    template("old"),
    template("cake", { language: "it" })
  ]

  it.live(
    "says what has changed at Meta, and passes when nothing has",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "t.ts")
        const check = (...args: ReadonlyArray<string>) => World.templates(["check", "--out", file, ...args])
        const same = yield* Effect.andThen(World.templates(["pull", "--out", file]), check()).pipe(
          Effect.provide(World.meta(before))
        )
        assert.deepStrictEqual([same.code, same.stderr], [0, ""])
        const [text, json] = yield* Effect.all([check(), check("--json")]).pipe(Effect.provide(World.meta(after)))
        assert.strictEqual(text.code, 1)
        assert.strictEqual(text.stdout, "changed cake en_US\nadded cake it\nadded old en_US\nremoved milk en_US\n")
        assert.match(text.stderr, /4 templates differ from the account; run effect-whatsapp templates pull\n$/)
        assert.deepStrictEqual(JSON.parse(json.stdout.split("\n")[0] ?? ""), {
          change: "changed",
          name: "cake",
          language: "en_US"
        })
      }),
    60_000
  )

  it.live(
    "fails where the file was edited, is another's, or is not there",
    () =>
      Effect.gen(function* () {
        const folder = yield* World.project
        const file = join(folder, "t.ts")
        const check = () => World.templates(["check", "--out", file])
        const absent = yield* check()
        CommandLine.assertReadable(absent, 1)
        assert.include(absent.stderr, "templates pull")
        writeFileSync(file, "export const mine = 1\n")
        CommandLine.assertReadable(yield* check(), 1)
        yield* World.templates(["pull", "--out", file, "--force"])
        writeFileSync(file, readFileSync(file, "utf8").replace("today", "now"))
        const edited = yield* check()
        CommandLine.assertReadable(edited, 1)
        assert.include(edited.stderr, "edited since it was pulled")
      }).pipe(Effect.provide(World.meta(before))),
    60_000
  )
})
