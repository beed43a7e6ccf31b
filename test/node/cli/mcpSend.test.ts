import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { folderWith } from "../project/world.ts"
import * as Agent from "./agent.ts"
import * as Graph from "./graph.ts"

vi.setConfig({ testTimeout: 60_000 })

const message = { type: "text", text: { body: "On our way" } }
const arguments_ = { to: Graph.to, message }

const session = <A, E, R>(
  graph: { readonly url: string },
  use: (agent: Effect.Success<ReturnType<typeof Agent.connect>>) => Effect.Effect<A, E, R>,
  options: Agent.Options = {}
) =>
  Effect.gen(function* () {
    const cwd = yield* folderWith({ "package.json": "{}" })
    const agent = yield* Agent.connect({
      cwd,
      args: ["--allow-send"],
      capabilities: { elicitation: {} },
      env: Graph.environment(graph.url),
      ...options
    })
    yield* use(agent)
    const { code, stderr, stdout } = yield* agent.leave
    assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
    assert.notInclude(stdout, Graph.token)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

const Elicited = Schema.Struct({
  id: Schema.Union([Schema.String, Schema.Finite]),
  method: Schema.Literal("elicitation/create"),
  params: Schema.Struct({ message: Schema.String, requestedSchema: Schema.JsonObject })
})
const decodeElicited = Schema.decodeUnknownEffect(Elicited)

describe("effect-whatsapp mcp --allow-send", () => {
  it.live("sends after a person saw to whom and what, and said yes", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ begin, others, say }) {
          const { answer } = yield* begin("tools/call", { name: "whatsapp_send_message", arguments: arguments_ })
          const { id, params } = yield* Effect.flatMap(others, decodeElicited)
          assert.strictEqual(
            params.message,
            `Send this WhatsApp message to ${Graph.digits}?\n{"type":"text","text":{"body":"On our way"}}`
          )
          assert.lengthOf(graph.requests, 0)
          yield* say({ id, result: { action: "accept", content: { send: true } } })
          assert.deepInclude((yield* answer).result, { structuredContent: { wamid: Graph.wamid } })
        })
      )
      assert.lengthOf(graph.requests, 1)
      assert.deepInclude(graph.requests[0]?.body, { to: Graph.digits, text: { body: "On our way" } })
    }).pipe(Effect.scoped)
  )

  it.live("hides nothing of a message from the person who is asked", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ begin, others, say }) {
          const body = "a b\u00a0\u3000\u3164\u2800\u034f\ufe0f\u{e0041}\u{e0101}\u202e\n!"
          const { answer } = yield* begin("tools/call", {
            name: "whatsapp_send_message",
            arguments: { to: Graph.to, message: { type: "text", text: { body } } }
          })
          const { id, params } = yield* Effect.flatMap(others, decodeElicited)
          const said = "a b\\u{a0}\\u{3000}\\u{3164}\\u{2800}\\u{34f}\\u{fe0f}\\u{e0041}\\u{e0101}\\u{202e}\\n!"
          assert.include(params.message, `"body":"${said}"`)
          yield* say({ id, result: { action: "decline" } })
          yield* answer
        })
      )
      assert.lengthOf(graph.requests, 0)
    }).pipe(Effect.scoped)
  )

  it.live("ends, and sends nothing, when the client goes away instead of an answer", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ begin, others }) {
          yield* begin("tools/call", { name: "whatsapp_send_message", arguments: arguments_ })
          yield* Effect.flatMap(others, decodeElicited)
        })
      )
      assert.lengthOf(graph.requests, 0)
    }).pipe(Effect.scoped)
  )

  it.live("sends nothing without a clear yes", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ begin, others, say }) {
          for (const reply of [
            { result: { action: "decline" } },
            { result: { action: "cancel" } },
            { result: { action: "accept" } },
            { result: { action: "accept", content: { send: false } } },
            { result: { action: "accept", content: { send: "yes" } } },
            { result: { action: "nonsense", content: { send: true } } },
            { error: { code: -32603, message: "no window" } }
          ]) {
            const { answer } = yield* begin("tools/call", { name: "whatsapp_send_message", arguments: arguments_ })
            const { id } = yield* Effect.flatMap(others, decodeElicited)
            yield* say({ id, ...reply })
            const { result } = yield* answer
            assert.deepInclude(result, { isError: true }, JSON.stringify(reply))
            assert.include(JSON.stringify(result), "did not agree, so nothing was sent")
          }
        })
      )
      assert.lengthOf(graph.requests, 0)
    }).pipe(Effect.scoped)
  )

  it.live("sends nothing through a client that cannot ask, unless it was started so", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ refused }) {
          const said = yield* refused("whatsapp_send_message", arguments_)
          assert.include(said, "nothing was sent")
          assert.include(said, "--without-confirmation")
        }),
        { capabilities: {} }
      )
      assert.lengthOf(graph.requests, 0)
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ ask }) {
          assert.deepStrictEqual(yield* ask("whatsapp_send_message", arguments_), { wamid: Graph.wamid })
        }),
        { capabilities: {}, args: ["--allow-send", "--without-confirmation"] }
      )
      assert.lengthOf(graph.requests, 1)
    }).pipe(Effect.scoped)
  )

  it.live("asks by 2026-07-28, and takes no answer to another question for one to this", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const cwd = yield* folderWith({ "package.json": "{}" })
      const agent = yield* Agent.start({ cwd, args: ["--allow-send"], env: Graph.environment(graph.url) })
      const call = (args: Agent.Json, more: Agent.Json = {}) =>
        Effect.map(
          agent.request("tools/call", {
            _meta: {
              "io.modelcontextprotocol/protocolVersion": "2026-07-28",
              "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
              "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } }
            },
            name: "whatsapp_send_message",
            arguments: args,
            ...more
          }),
          ({ result }) => result ?? {}
        )
      const yes = { send: { action: "accept", content: { send: true } } }
      const asked = yield* call(arguments_)
      assert.include(JSON.stringify(asked["inputRequests"]), "On our way")
      const { requestState } = asked
      assert(typeof requestState === "string")
      // The answer is to the other message, or to nothing.
      const other = { ...arguments_, message: { type: "text", text: { body: "Something else" } } }
      for (const again of [
        yield* call(other, { inputResponses: yes, requestState }),
        yield* call(arguments_, { inputResponses: yes }),
        yield* call(arguments_, { inputResponses: yes, requestState: "made up" })
      ]) {
        assert.isDefined(again["inputRequests"])
      }
      const no = yield* call(arguments_, { inputResponses: { send: { action: "decline" } }, requestState })
      assert.include(JSON.stringify(no), "did not agree")
      // A question is answered once.
      const answer = { inputResponses: yes, requestState: (yield* call(arguments_))["requestState"] ?? "" }
      assert.isDefined((yield* call(arguments_, { inputResponses: yes, requestState }))["inputRequests"])
      assert.lengthOf(graph.requests, 0)
      assert.deepInclude(yield* call(arguments_, answer), { structuredContent: { wamid: Graph.wamid } })
      assert.isDefined((yield* call(arguments_, answer))["inputRequests"])
      assert.lengthOf(graph.requests, 1)
      assert.strictEqual((yield* agent.leave).code, 0)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.live("asks nobody about what cannot be sent, and says why it cannot", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.answer(400, Graph.refusal(131047))
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ refused }) {
          for (const [args, said] of [
            [{ to: "nobody", message }, "no phone number"],
            [{ to: Graph.to, message: { type: "text" } }, "not one that can be sent"],
            [{ to: Graph.to, message: { type: "text", text: { body: "x".repeat(5000) } } }, "4096"],
            [{ to: Graph.to, message: { ...message, to: "15551230000" } }, "a `to` of its own"],
            [{ to: Graph.to, message: "text" }, "message"],
            [{ to: Graph.to }, "message"],
            [{}, "to"]
          ] as const) {
            assert.include(yield* refused("whatsapp_send_message", args), said)
          }
        })
      )
      assert.lengthOf(graph.requests, 0)
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ refused }) {
          const said = yield* refused("whatsapp_send_message", {
            to: Graph.to,
            message: { text: { body: Graph.text } }
          })
          assert.include(said, "WindowClosed")
          for (const secret of [Graph.token, Graph.digits, "private matter"]) assert.notInclude(said, secret)
        }),
        { args: ["--allow-send", "--without-confirmation"] }
      )
      assert.lengthOf(graph.requests, 1)
      yield* session(
        graph,
        Effect.fnUntraced(function* ({ refused }) {
          assert.include(yield* refused("whatsapp_send_message", arguments_), "WHATSAPP_ACCESS_TOKEN")
        }),
        { args: ["--allow-send", "--without-confirmation"], env: {} }
      )
    }).pipe(Effect.scoped)
  )
})

describe("effect-whatsapp mcp", () => {
  it.live("lists the templates of the account, with the variables of the .env", () =>
    Effect.gen(function* () {
      const template = {
        id: "1234",
        name: "order_ready",
        language: "en_US",
        status: "APPROVED",
        category: "UTILITY",
        components: [{ type: "BODY", text: "Ready" }]
      }
      const graph = yield* Graph.answer(200, { ...template, data: [template] })
      const cwd = yield* folderWith({
        "package.json": "{}",
        ".env": Object.entries({ ...Graph.environment(graph.url), WHATSAPP_BUSINESS_ACCOUNT_ID: "3300112200" })
          .map(([name, value]) => `${name}=${value}`)
          .join("\n")
      })
      const agent = yield* Agent.connect({ cwd })
      const { components: _, ...short } = template
      assert.deepStrictEqual(yield* agent.ask("whatsapp_templates"), { templates: [short], hasMore: false })
      assert.deepStrictEqual(yield* agent.ask("whatsapp_templates", { id: "1234" }), {
        templates: [{ ...short, raw: { ...template, data: [template] } }],
        hasMore: false
      })
      const named = { name: "order_ready", language: "en_US", status: "APPROVED" }
      assert.deepStrictEqual(yield* agent.ask("whatsapp_templates", named), {
        templates: [{ ...short, raw: template }],
        hasMore: false
      })
      assert.match(graph.requests.at(-1)?.url ?? "", /3300112200\/message_templates\?.*name=order_ready/)
      assert.include(yield* agent.refused("whatsapp_templates", { id: "1234/../me" }), "id")
      template.components = [{ type: "BODY", text: "x".repeat(60_000) }]
      assert.include(yield* agent.refused("whatsapp_templates", named), "50000 characters")
      assert.strictEqual((yield* agent.leave).code, 0)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )
})
