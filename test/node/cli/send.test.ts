import { assert, describe, it, vi } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { NodeFileSystem } from "@effect/platform-node"
import { Context, Effect, FileSystem, Layer, type Schema } from "effect"
import * as CommandLine from "./commandLine.ts"
import * as Graph from "./graph.ts"

vi.setConfig({ testTimeout: 30_000 })

const assertSent = (outcome: CommandLine.Outcome, printed: string = Graph.wamid) =>
  assert.deepStrictEqual(outcome, { code: 0, stdout: `${printed}\n`, stderr: "" })

/** The only request that was made. */
const only = ({ requests }: Graph.Graph): Graph.Request => {
  const [request, ...more] = requests
  assert(request !== undefined && more.length === 0)
  const { callbackData } = request
  assert(typeof callbackData === "string" && callbackData !== "" && callbackData.length <= 512)
  return request
}

const head = { messaging_product: "whatsapp", recipient_type: "individual", to: Graph.digits }
const textBody = (body: string) => ({ ...head, type: "text", text: { body } })

const template = {
  name: "order_update",
  language: { code: "en_US" },
  components: [
    { type: "header", parameters: [{ type: "image", image: { link: "https://example.com/a.png" } }] },
    {
      type: "body",
      parameters: [
        { type: "text", text: "Ida" },
        { type: "currency", currency: { fallback_value: "€12.50", code: "EUR", amount_1000: 12500 } },
        { type: "date_time", date_time: { fallback_value: "12 August 2026" } }
      ]
    },
    { type: "button", sub_type: "quick_reply", index: "0", parameters: [{ type: "payload", payload: "yes" }] }
  ]
}

describe.concurrent("send", () => {
  it.live("posts a text to the digits of +39 340 123 4567, with the token, and prints the wamid", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      assertSent(yield* Graph.send(graph, [Graph.to, Graph.text]))
      const request = only(graph)
      assert.strictEqual(request.method, "POST")
      assert.strictEqual(request.url, `/v23.0/${Graph.phoneNumberId}/messages`)
      assert.strictEqual(request.headers.authorization, `Bearer ${Graph.token}`)
      assert.strictEqual(request.headers["content-type"], "application/json")
      assert.deepStrictEqual(request.body, textBody(Graph.text))
    })
  )

  it.live('prints {"wamid":…} and nothing else with --json', () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      assertSent(yield* Graph.send(graph, [Graph.to, "hello", "--json"]), JSON.stringify({ wamid: Graph.wamid }))
    })
  )

  for (const [given, sent] of [
    ["US.48210773395516620014", { recipient: "US.48210773395516620014" }],
    ["Y2FwaV9ncm91cDoxNzA1NTU1MDEzOTox", { to: "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOTox", recipient_type: "group" }]
  ] as const) {
    it.live(`sends to ${given} as ${Object.keys(sent).join(" and ")}`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.accept
        assertSent(yield* Graph.send(graph, [given, "hello"]))
        assert.deepStrictEqual(only(graph).body, {
          messaging_product: "whatsapp",
          recipient_type: "individual",
          type: "text",
          text: { body: "hello" },
          ...sent
        })
      })
    )
  }

  it.live("reads the text from standard input for -", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const text = "two lines\nwith “quotes” and 👩‍👩‍👧\n"
      assertSent(yield* Graph.send(graph, [Graph.to, "-"], text))
      assert.deepStrictEqual(only(graph).body, textBody(text))
    })
  )

  it.live("takes a text that begins with a dash after --", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      assertSent(yield* Graph.send(graph, ["--", Graph.to, "--json"]))
      assert.deepStrictEqual(only(graph).body, textBody("--json"))
    })
  )

  it.live("sends a text of exactly 4096 characters", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const text = "é".repeat(4096)
      assertSent(yield* Graph.send(graph, [Graph.to, text]))
      assert.deepStrictEqual(only(graph).body, textBody(text))
    })
  )

  it.live("sends a template as it is written in --message, whatever may be left out", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const json = JSON.stringify({ template })
      assertSent(yield* Graph.send(graph, [Graph.to, "--message", json]))
      assert.deepStrictEqual(only(graph).body, { ...head, type: "template", template })
    })
  )

  it.live("sends the message of --message-file, from a file and from standard input", () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const folder = yield* files.makeTempDirectoryScoped()
      const body = { ...head, type: "template", template }
      const whole = JSON.stringify({ ...body, biz_opaque_callback_data: "order 7" })
      yield* files.writeFileString(`${folder}/message.json`, whole)
      const graph = yield* Graph.accept
      assertSent(yield* Graph.send(graph, [Graph.to, "--message-file", `${folder}/message.json`]))
      assertSent(yield* Graph.send(graph, [Graph.to, "--message-file", "-"], whole))
      for (const request of graph.requests) {
        assert.deepStrictEqual(request.body, body)
        assert.strictEqual(request.callbackData, "order 7")
      }
      assert.strictEqual(graph.requests.length, 2)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.live("quotes the message that --message names, and takes the same `to` in another spelling", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const json = { to: "+393401234567", context: { message_id: "wamid.1" }, text: { body: "yes", preview_url: true } }
      assertSent(yield* Graph.send(graph, [Graph.to, "--message", JSON.stringify(json)]))
      const { context, text } = json
      assert.deepStrictEqual(only(graph).body, { ...head, type: "text", context, text })
    })
  )

  for (const [name, typing] of [
    ["read", undefined],
    ["read, with typing", { type: "text" }]
  ] as const) {
    it.live(`marks a message as ${name}, as Meta documents it`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.answer(200, { success: true })
        const body = {
          messaging_product: "whatsapp",
          status: "read",
          message_id: "wamid.IN1",
          ...(typing === undefined ? {} : { typing_indicator: typing })
        }
        assertSent(yield* Graph.send(graph, [Graph.to, "--message", JSON.stringify(body)]), "wamid.IN1")
        assert.deepStrictEqual(
          graph.requests.map((request) => request.body),
          [body]
        )
      })
    )
  }

  it.live("sends what is not modelled with --raw", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const hologram = { type: "hologram", hologram: { id: "7", big: 12 } }
      assertSent(yield* Graph.send(graph, [Graph.to, "--raw", "--message", JSON.stringify(hologram)]))
      assert.deepStrictEqual(only(graph).body, { ...head, ...hologram })
    })
  )

  it.live("keeps the path of WHATSAPP_API_URL, and uses WHATSAPP_API_VERSION", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const env = { ...Graph.environment(`${graph.url}/proxy/meta/`), WHATSAPP_API_VERSION: "v24.0" }
      assertSent(yield* CommandLine.run(["send", Graph.to, "hello"], { env }))
      assert.strictEqual(graph.requests[0]?.url, `/proxy/meta/v24.0/${Graph.phoneNumberId}/messages`)
    })
  )

  it.live("reaches the customer through the emulator, and is refused there with a wrong token", () =>
    Effect.gen(function* () {
      const emulator = yield* Effect.map(
        Layer.build(
          CloudApiEmulator.layer({
            businessAccountId: "330011220044556",
            appSecret: "app-secret",
            numbers: [
              { phoneNumberId: Graph.phoneNumberId, displayPhoneNumber: "15557300142", accessToken: Graph.token }
            ],
            customerServiceWindow: false
          })
        ),
        Context.get(CloudApiEmulator.CloudApiEmulator)
      )
      const ida = yield* emulator.customer({ phone: Graph.to, name: "Ida Voss" })
      const { code, stdout } = yield* Graph.send(emulator, [Graph.to, Graph.text])
      assert.strictEqual(code, 0)
      const [sent] = yield* ida.received
      assert.strictEqual(stdout, `${sent?.wamid}\n`)
      const env = { ...Graph.environment(emulator.url), WHATSAPP_ACCESS_TOKEN: "EAAG-wrong" }
      const outcome = yield* CommandLine.run(["send", Graph.to, Graph.text], { env })
      Graph.assertFailed(outcome, 1)
      assert.match(outcome.stderr, /AuthenticationFailed.*190/)
      assert.notInclude(outcome.stderr, "EAAG-wrong")
      assert.strictEqual((yield* ida.received).length, 1)
    })
  )
})

describe.concurrent("send, called wrongly", () => {
  const message = (json: Schema.Json) => [Graph.to, "--message", JSON.stringify(json)]
  for (const [name, args, said] of [
    ["no recipient", [], /TO/],
    ["a recipient that is none", ["12345", Graph.text], /7 to 15 digits/],
    ["an empty text", [Graph.to, ""], /text/],
    ["a text over 4096 characters", [Graph.to, "x".repeat(4097)], /4096/],
    ["both TEXT and --message", [Graph.to, Graph.text, "--message", "{}"], /one of/],
    ["bad JSON", [Graph.to, "--message", `{"text":{"body":"${Graph.text}"`], /JSON/],
    ["an unknown type of message", message({ type: "hologram", hologram: { body: Graph.text } }), /type/],
    ["an excess property", message({ text: { body: Graph.text, colour: "red" } }), /colour/],
    ["a `to` of somebody else beside --raw", [...message({ to: "15551230000", hologram: {} }), "--raw"], /`to`/],
    ["a receipt for somebody else", message({ to: "15551230000", status: "read", message_id: "wamid.1" }), /`to`/],
    ["a receipt that is none", message({ status: "played", message_id: "wamid.1" }), /status/],
    ["a `to` of somebody else", message({ to: "15551230000", text: { body: Graph.text } }), /`to`/]
  ] as const) {
    it.live(`calls ${name} a wrong call, and sends nothing`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.accept
        const outcome = yield* Graph.send(graph, args)
        Graph.assertFailed(outcome, 2)
        assert.match(outcome.stderr, said)
        assert.deepStrictEqual(graph.requests, [])
      })
    )
  }
})
