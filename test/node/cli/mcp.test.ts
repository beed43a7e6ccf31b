import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Effect, Schema } from "effect"
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { folderWith } from "../project/world.ts"
import * as Agent from "./agent.ts"
import * as CommandLine from "./commandLine.ts"

vi.setConfig({ testTimeout: 60_000 })

const names = [
  "whatsapp_config_status",
  "whatsapp_webhook_events",
  "whatsapp_explain_error",
  "whatsapp_decode_webhook",
  "whatsapp_event_reference",
  "whatsapp_templates",
  "whatsapp_inbox_status",
  "whatsapp_emulator_start",
  "whatsapp_emulator_verify",
  "whatsapp_emulator_message",
  "whatsapp_emulator_answers",
  "whatsapp_emulator_activity",
  "whatsapp_emulator_reset",
  "whatsapp_emulator_stop"
]

const Tools = Schema.Struct({
  tools: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      title: Schema.optionalKey(Schema.String),
      description: Schema.String,
      inputSchema: Schema.Struct({ type: Schema.Literal("object") }),
      annotations: Schema.optionalKey(
        Schema.Struct({
          readOnlyHint: Schema.Boolean,
          destructiveHint: Schema.Boolean,
          openWorldHint: Schema.Boolean
        })
      )
    })
  )
})
const decodeTools = Schema.decodeUnknownEffect(Tools)
const Resources = Schema.Struct({
  resources: Schema.Array(
    Schema.Struct({
      uri: Schema.String,
      title: Schema.String,
      description: Schema.optionalKey(Schema.String),
      mimeType: Schema.String
    })
  )
})
const decodeResources = Schema.decodeUnknownEffect(Resources)

const Variables = Schema.Struct({
  variables: Schema.Array(
    Schema.Struct({ name: Schema.String, state: Schema.String, source: Schema.optionalKey(Schema.String) })
  )
})
const decodeVariables = Schema.decodeUnknownEffect(Variables)
const Unhandled = Schema.Array(
  Schema.Struct({ tag: Schema.String, meaning: Schema.NonEmptyString, fields: Schema.Array(Schema.String) })
)
const decodeUnhandled = Schema.decodeUnknownEffect(Schema.Struct({ unanswered: Unhandled, unneeded: Unhandled }))
const decodeEvents = Schema.decodeUnknownEffect(Schema.Struct({ events: Schema.Array(Schema.JsonObject) }))
const decodeJson = Schema.decodeEffect(Schema.fromJsonString(Schema.JsonObject))

const source = `import { Listener } from "@effect-whatsapp/node/events"
export const echo = Listener.make("echo", "TextReceived", f)
export const other = Listener.make("other", ["ReactionReceived", "NoSuchEvent"], f)
`

const project = {
  "package.json": "{}",
  "src/whatsapp/listeners.ts": source,
  "src/deep/er/file.ts": ""
}

/** A session in a project of its own. */
const session = <A, E, R>(
  use: (
    agent: Effect.Success<ReturnType<typeof Agent.connect>> & { readonly folder: string }
  ) => Effect.Effect<A, E, R>,
  options: Agent.Options = {},
  files: { readonly [path: string]: string } = project
) =>
  Effect.gen(function* () {
    const folder = yield* folderWith(files)
    const agent = yield* Agent.connect({ cwd: folder, ...options })
    yield* use({ ...agent, folder })
    const { code, stderr } = yield* agent.leave
    assert.deepStrictEqual({ code, stderr: withoutWarning(stderr) }, { code: 0, stderr: "" })
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

/** Node says on standard error that its SQLite is experimental. */
const withoutWarning = (stderr: string) =>
  stderr.replace(/^\(node:\d+\) ExperimentalWarning: SQLite.*\n\(Use `.*\n/gm, "")

describe("effect-whatsapp mcp", () => {
  for (const protocolVersion of ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]) {
    it.live(`speaks ${protocolVersion}`, () =>
      session(
        Effect.fnUntraced(function* ({ greeting, request }) {
          assert.strictEqual(greeting["protocolVersion"], protocolVersion)
          assert.deepInclude(greeting["serverInfo"], { name: "effect-whatsapp" })
          const { tools } = yield* decodeTools((yield* request("tools/list")).result)
          assert.deepStrictEqual(
            tools.map(({ name }) => name),
            names
          )
          assert.deepStrictEqual((yield* request("ping")).result, {})
        }),
        { protocolVersion }
      )
    )
  }

  it.live("speaks 2026-07-28, which knows no handshake", () =>
    Effect.gen(function* () {
      const agent = yield* Agent.start()
      const _meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {}
      }
      const { tools } = yield* decodeTools((yield* agent.request("tools/list", { _meta })).result)
      assert.lengthOf(tools, names.length)
      const { result } = yield* agent.request("tools/call", {
        _meta,
        name: "whatsapp_explain_error",
        arguments: { code: 131047 }
      })
      assert.include(JSON.stringify(result), "WindowClosed")
      assert.strictEqual((yield* agent.leave).code, 0)
    }).pipe(Effect.scoped)
  )

  it.live("tells of every tool whether it changes anything, and none of them sends", () =>
    session(
      Effect.fnUntraced(function* ({ request }) {
        const { result } = yield* request("tools/list")
        const { tools } = yield* decodeTools(result)
        for (const { annotations, description, name, title } of tools) {
          assert.isAbove(description.length, 10, name)
          assert.isString(title)
          assert.strictEqual(annotations?.destructiveHint, false, name)
          const plays = /emulator_(start|verify|message|reset|stop)$/.test(name)
          assert.strictEqual(annotations?.readOnlyHint, !plays, name)
          assert.strictEqual(annotations?.openWorldHint, name === "whatsapp_templates", name)
        }
        // It fills the memory of every agent.
        assert.isBelow(JSON.stringify(result).length, 40_000)
        assert.include(
          yield* Effect.map(request("tools/call", { name: "whatsapp_send_message", arguments: {} }), JSON.stringify),
          "not found"
        )
      })
    )
  )

  it.live("tells what is configured and where, and no value", () =>
    session(
      Effect.fnUntraced(function* ({ ask }) {
        const status = yield* ask("whatsapp_config_status")
        const { variables } = yield* decodeVariables(status)
        const { variables: _, ...rest } = status
        assert.deepStrictEqual(rest, {
          canSend: false,
          canReceive: true,
          envFile: "read",
          project: {
            hasPackageJson: true,
            scaffold: { exists: true, present: ["listeners.ts"], missing: ["config.ts", "webhook.ts"] }
          }
        })
        assert.deepStrictEqual(
          variables.map(({ name, source = "", state }) => `${name} ${state} ${source}`.trimEnd()),
          [
            "WHATSAPP_ACCESS_TOKEN malformed environment",
            "WHATSAPP_PHONE_NUMBER_ID placeholder .env",
            "WHATSAPP_APP_SECRET present environment",
            "WHATSAPP_VERIFY_TOKEN present .env",
            "WHATSAPP_OWNER_PHONES placeholder .env",
            "WHATSAPP_OWNER_USER_IDS default",
            "WHATSAPP_WEBHOOK_PATH present .env",
            "WHATSAPP_API_VERSION default",
            "WHATSAPP_API_URL default",
            "WHATSAPP_APP_ID missing",
            "WHATSAPP_BUSINESS_ACCOUNT_ID missing",
            "PORT default"
          ]
        )
      }),
      { env: { WHATSAPP_ACCESS_TOKEN: "two words", WHATSAPP_APP_SECRET: "a-secret-of-the-environment" } },
      {
        ...project,
        ".env": `WHATSAPP_PHONE_NUMBER_ID=your-phone-number-id
WHATSAPP_APP_SECRET="never read, as the environment has one"
export WHATSAPP_VERIFY_TOKEN='a verify token' # with a comment
WHATSAPP_OWNER_PHONES=+1 555 123 0000
WHATSAPP_WEBHOOK_PATH=/whatsapp/webhook
PORT=
`
      }
    )
  )

  it.live("finds the listeners, and tells who gets no answer", () =>
    session(
      Effect.fnUntraced(function* ({ ask }) {
        const found = yield* ask("whatsapp_webhook_events")
        assert.deepStrictEqual(found["listeners"], [
          {
            name: "echo",
            tags: ["TextReceived"],
            wantsAll: false,
            unresolved: [],
            file: "src/whatsapp/listeners.ts",
            line: 2,
            column: 21
          },
          {
            name: "other",
            tags: ["ReactionReceived", "NoSuchEvent"],
            wantsAll: false,
            unresolved: [],
            file: "src/whatsapp/listeners.ts",
            line: 3,
            column: 22
          }
        ])
        assert.deepStrictEqual(found["unknownTags"], ["NoSuchEvent"])
        assert.isFalse(found["isUncertain"])
        const { unanswered, unneeded } = yield* decodeUnhandled(found)
        const tagsOf = (list: ReadonlyArray<{ readonly tag: string }>) => list.map(({ tag }) => tag)
        assert.includeMembers(tagsOf(unanswered), ["ImageReceived", "ReplyButtonPressed"])
        assert.includeMembers(tagsOf(unneeded), ["StatusUpdate", "MessageEdited", "TemplateStatusChanged"])
        assert.notIncludeMembers([...tagsOf(unanswered), ...tagsOf(unneeded)], ["TextReceived"])
        assert.notInclude(tagsOf(unneeded), "ReactionReceived")
        assert.deepStrictEqual(unneeded.find(({ tag }) => tag === "StatusUpdate")?.fields, ["messages"])
      })
    )
  )

  it.live("explains codes, bodies, and that it does not know", () =>
    session(
      Effect.fnUntraced(function* ({ ask, refused }) {
        const tool = "whatsapp_explain_error"
        const { errors } = yield* ask(tool, { code: 131047 })
        assert.deepStrictEqual(errors, [
          {
            code: 131047,
            isKnown: true,
            reason: "WindowClosed",
            meaning: "Over 24 hours since the customer wrote: only a template may be sent. Code 131047.",
            verdict: "Never",
            verdictMeaning: "A second try fails alike, or does harm.",
            when: "both",
            advice: "Send an approved template, or wait until the customer writes."
          }
        ])
        const body = {
          error: { code: 100, error_subcode: 132001, message: "to 393401234567", error_data: { details: "x" } }
        }
        for (const given of [body, JSON.stringify(body)]) {
          const told = JSON.stringify(yield* ask(tool, { body: given }))
          assert.include(told, "TemplateNotFound")
          assert.notInclude(told, "393401234567")
        }
        assert.include(
          JSON.stringify(yield* ask(tool, { body: { errors: [{ code: 138005 }] } })),
          '"afterMilliseconds":60000'
        )
        assert.include(JSON.stringify(yield* ask(tool, { code: 987_654 })), '"isKnown":false,"reason":"Rejected"')
        assert.include(yield* refused(tool), "code or a body")
        assert.include(yield* refused(tool, { code: 1, body: {} }), "code or a body")
        assert.include(yield* refused(tool, { body: "<html>" }), "not JSON")
        assert.include(yield* refused(tool, { body: { error: {} } }), "no error")
        assert.include(yield* refused(tool, { code: "131047" }), "Expected number")
        assert.include(yield* refused(tool, { code: 1, nonsense: true }), "nonsense")
      })
    )
  )

  it.live("decodes deliveries as the webhook does", () =>
    session(
      Effect.fnUntraced(function* ({ ask, refused }) {
        const tool = "whatsapp_decode_webhook"
        const text = new TextDecoder().decode(Delivery.text("wamid.1"))
        const decoded = yield* ask(tool, { body: text })
        assert.strictEqual(decoded["total"], 1)
        assert.deepStrictEqual(decoded["problems"], [])
        assert.include(JSON.stringify(decoded["events"]), '"_tag":"TextReceived","wamid":"wamid.1"')
        const body = yield* decodeJson(text)
        assert.deepStrictEqual(yield* ask(tool, { body }), yield* ask(tool, { body: JSON.stringify(body) }))
        assert.deepStrictEqual((yield* ask(tool, { body: "Bad Gateway" }))["problems"], ["not JSON"])
        assert.deepStrictEqual((yield* ask(tool, { body: {} }))["problems"], ["no entry list"])
        const broken = {
          entry: [{ changes: [{ field: "messages", value: { messages: [{ type: "text", text: 1 }] } }] }]
        }
        assert.include(JSON.stringify((yield* ask(tool, { body: broken }))["problems"]), "messages[0]")
        assert.include(yield* refused(tool, { body: "x".repeat(3 * 1024 * 1024 + 1) }), "3 MiB")
        assert.include(yield* refused(tool, { body: 5 }), "body")
      })
    )
  )

  it.live("knows every event", () =>
    session(
      Effect.fnUntraced(function* ({ ask, refused }) {
        const { events } = yield* ask("whatsapp_event_reference")
        assert(Array.isArray(events))
        assert.isAbove(events.length, 50)
        const answer = yield* ask("whatsapp_event_reference", { tag: "replybuttonpressed" })
        const { events: one } = yield* decodeEvents(answer)
        const { example, ...rest } = one[0] ?? {}
        assert.deepStrictEqual(rest, {
          tag: "ReplyButtonPressed",
          meaning: "A customer pressed a reply button of an interactive message.",
          family: "Messages",
          fields: ["messages"],
          members: [
            { signature: "buttonId: string", meaning: "What the message was sent with." },
            { signature: "title: string", meaning: "The label." }
          ]
        })
        assert.deepInclude(example, { _tag: "ReplyButtonPressed" })
        assert.include(yield* refused("whatsapp_event_reference", { tag: "__proto__" }), "no event")
      })
    )
  )

  it.live("looks into an inbox, and shows nothing that a person wrote unless it is asked to", () =>
    session(
      Effect.fnUntraced(function* ({ ask, folder, refused }) {
        const tool = "whatsapp_inbox_status"
        yield* Effect.gen(function* () {
          const inbox = yield* Inbox.Inbox
          yield* inbox.append(Delivery.text("wamid.1", { from: "393401234567" }))
          const [delivery] = yield* inbox.take
          assert.isDefined(delivery)
          const task = {
            position: "entry[0].changes[0].value.messages[0]",
            listener: "echo",
            lane: "393401234567",
            tag: "TextReceived",
            decision: {},
            dead: "Error: 393401234567 wrote nonsense\n at stack"
          } as const
          yield* inbox.admit(delivery.digest, [task], { settled: true })
        }).pipe(Effect.provide(Inbox.layerSqlite({ path: join(folder, "bot.db") })))
        const status = yield* ask(tool, { path: "bot.db" })
        assert.deepInclude(status, { isOwned: false, dead: 1, waiting: 0 })
        assert.include(JSON.stringify(status), '"listener":"echo"')
        assert.notInclude(JSON.stringify(status), "393401234567")
        const whole = JSON.stringify(yield* ask(tool, { path: join(folder, "bot.db"), causes: true }))
        assert.include(whole, '"cause":"Error: 393401234567 wrote nonsense"')
        assert.include(yield* refused(tool, { path: "none.db" }), "no file none.db")
        assert.isFalse(existsSync(join(folder, "none.db")))
        assert.include(yield* refused(tool, { path: "package.json" }), "cannot be used")
        assert.include(yield* refused(tool, { path: "src" }), "cannot be used")
        for (const path of [
          "/etc/passwd",
          "../../../../../../../../etc/passwd",
          "src/../../../../../../../etc/passwd"
        ]) {
          assert.include(yield* refused(tool, { path }), "outside of the project")
        }
        assert.include(yield* refused(tool, { path: "bot.db\u0000" }), "no file")
        assert.include(yield* refused(tool, { path: ["bot.db"] }), "Expected string")
      })
    )
  )

  it.live("works in the project of the folder it is told, and reads outside only when it may", () =>
    Effect.gen(function* () {
      const other = yield* folderWith({ "notes.txt": "nothing" })
      const folder = yield* folderWith(project)
      for (const [args, said] of [
        [["--project", join(folder, "src/deep")], "outside of the project"],
        [["--project", join(folder, "src/deep"), "--read-outside"], "cannot be used"]
      ] as const) {
        const agent = yield* Agent.connect({ args, cwd: other })
        assert.include(JSON.stringify(yield* agent.ask("whatsapp_config_status")), '"hasPackageJson":true')
        assert.include(yield* agent.refused("whatsapp_inbox_status", { path: join(other, "notes.txt") }), said)
        assert.strictEqual((yield* agent.leave).code, 0)
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.live("does not wait for a .env that is a pipe without an end", () =>
    Effect.gen(function* () {
      const cwd = yield* folderWith({ "package.json": "{}" })
      execFileSync("mkfifo", [join(cwd, ".env")])
      const agent = yield* Agent.connect({ cwd })
      assert.strictEqual((yield* agent.ask("whatsapp_config_status"))["envFile"], "unreadable")
      assert.strictEqual((yield* agent.leave).code, 0)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.live("offers the guides, and no other file", () =>
    session(
      Effect.fnUntraced(function* ({ request }) {
        const { resources } = yield* decodeResources((yield* request("resources/list")).result)
        const listeners = resources.find(({ uri }) => uri === "effect-whatsapp://docs/30_listeners.md")
        assert.deepInclude(listeners, { title: "Listeners", mimeType: "text/markdown" })
        assert.include(listeners?.description, "order, retries, dead letters")
        for (const { uri } of resources) {
          const { result } = yield* request("resources/read", { uri })
          assert.isAbove(JSON.stringify(result).length, 500, uri)
        }
        for (const uri of [
          "effect-whatsapp://docs/../package.json",
          "effect-whatsapp://docs/..%2fpackage.json",
          "effect-whatsapp://docs/",
          "effect-whatsapp://docs/30_listeners.md/../../package.json",
          "file:///etc/passwd",
          ""
        ]) {
          assert.isDefined((yield* request("resources/read", { uri })).error, uri)
        }
      })
    )
  )

  it.live("answers what is no message, and goes on", () =>
    session(
      Effect.fnUntraced(function* ({ others, request, write }) {
        const expect = Effect.fnUntraced(function* (line: string | Uint8Array, code: number) {
          yield* write(line)
          const { error, id } = yield* others
          assert.deepStrictEqual([id, error?.code], [null, code], String(line).slice(0, 80))
        })
        for (const line of ["not json", '{"jsonrpc":"2.0"', "\u0000", "{'a':1}"]) yield* expect(`${line}\n`, -32700)
        for (const line of [
          "null",
          "5",
          '"text"',
          "{}",
          "[null]",
          '{"jsonrpc":"2.0","id":7}',
          '{"jsonrpc":"1.0","id":7,"method":"ping"}',
          '{"jsonrpc":"2.0","id":{},"method":"ping"}',
          '{"jsonrpc":"2.0","id":7,"method":5}',
          '[{"jsonrpc":"2.0","id":{},"method":"ping"}]',
          `{"jsonrpc":"2.0","id":7,"method":"ping","params":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
          `{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"${"x".repeat(8 * 1024 * 1024)}"}}`
        ]) {
          yield* expect(`${line}\n`, -32600)
        }
        yield* write("\n\r\n  \n")
        for (const method of ["nonsense", "@effect/rpc/Eof", "__proto__", "tools/nonsense"]) {
          assert.strictEqual((yield* request(method)).error?.code, -32601, method)
        }
        for (const [method, params] of [
          ["tools/call", {}],
          ["tools/call", { name: 5 }],
          ["tools/call", { name: "nonsense", arguments: {} }],
          ["tools/call", { name: "__proto__", arguments: {} }],
          ["tools/call", { name: "whatsapp_explain_error", arguments: [] }],
          ["initialize", {}]
        ] as const) {
          assert.strictEqual((yield* request(method, params)).error?.code, -32602, JSON.stringify(params))
        }
        yield* write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}\n')
        yield* write('{"jsonrpc":"2.0","id":"of nobody","result":{}}\n')
        // In pieces, also of a letter.
        const bytes = new TextEncoder().encode('{"jsonrpc":"2.0","id":"é","method":"ping"}\n')
        for (const byte of bytes) yield* write(new Uint8Array([byte]))
        assert.strictEqual((yield* others).id, "é")
        assert.deepStrictEqual((yield* request("ping")).result, {})
      })
    )
  )

  it.live("answers a quick call while a slow one runs, and what was asked before the goodbye", () =>
    Effect.gen(function* () {
      const agent = yield* Agent.connect()
      yield* agent.ask("whatsapp_emulator_start")
      const slow = yield* agent.begin("tools/call", {
        name: "whatsapp_emulator_answers",
        arguments: { waitSeconds: 1 }
      })
      const quick = yield* Effect.all(
        Array.from({ length: 50 }, (_, code) => agent.ask("whatsapp_explain_error", { code })),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(quick, 50)
      const { code, stdout } = yield* agent.leave
      assert.strictEqual(code, 0)
      assert.include(JSON.stringify((yield* slow.answer).result), "answers")
      assert.include(stdout.trimEnd().split("\n").at(-1), `"id":${slow.id}`)
    }).pipe(Effect.scoped)
  )

  it.live("keeps standard output for the protocol, whatever is printed", () =>
    Effect.gen(function* () {
      const noise = `const noise = setInterval(() => {
        if (process.stdin.listenerCount("readable") > 0) console.log("noise"), process.stdout.write("noise\\n")
      }, 5); noise.unref()`
      const agent = yield* Agent.connect({
        env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noise)}` }
      })
      yield* agent.ask("whatsapp_event_reference")
      yield* agent.complaint
      const { code, stderr } = yield* agent.leave
      assert.strictEqual(code, 0)
      assert.include(stderr, "noise")
    }).pipe(Effect.scoped)
  )

  it.live("ends with 0 when nobody speaks, and tells a wrong call", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* CommandLine.run(["mcp"]), { code: 0, stdout: "", stderr: "" })
      CommandLine.assertReadable(yield* CommandLine.run(["mcp", "--without-confirmation"]), 2)
      CommandLine.assertReadable(yield* CommandLine.run(["mcp", "--emulator-port", "70000"]), 2)
    })
  )
})
