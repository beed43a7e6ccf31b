import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, vi } from "@effect/vitest"
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { ConfigProvider, Context, Effect, Layer, References, Schema } from "effect"
import { HttpServer } from "effect/http"
import { folderWith } from "../project/world.ts"
import * as Agent from "./agent.ts"

vi.setConfig({ testTimeout: 60_000 })

const State = Schema.Struct({
  url: Schema.String,
  webhookUrl: Schema.String,
  env: Schema.Record(Schema.String, Schema.String)
})
const decodeState = Schema.decodeUnknownEffect(State)
const Answers = Schema.Struct({
  wamid: Schema.optionalKey(Schema.String),
  webhook: Schema.optionalKey(Schema.JsonObject),
  answers: Schema.Array(Schema.Struct({ wamid: Schema.String, type: Schema.String, text: Schema.String })),
  next: Schema.Int
})
const decodeAnswers = Schema.decodeUnknownEffect(Answers)

const answering = Listener.make(
  "answering",
  ["TextReceived", "ReplyButtonPressed", "ListItemSelected", "ButtonPressed", "ImageReceived", "LocationReceived"],
  Effect.fn("answering")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    const said = {
      TextReceived: () => "text",
      ReplyButtonPressed: () => "button",
      ListItemSelected: () => "item",
      ButtonPressed: () => "quick reply",
      ImageReceived: () => "image",
      LocationReceived: () => "location"
    }[event._tag]()
    yield* whatsapp.reply(event, Message.text(`a ${said}${event._tag === "TextReceived" ? ` ${event.text}` : ""}`))
  })
)

/** A bot with nothing but the variables that the tool gave; its own address. */
const bot = Effect.fnUntraced(function* (env: { readonly [name: string]: string }) {
  const server = WebhookServer.layer({ port: 0 }).pipe(
    Layer.provide(Listeners.layer(answering)),
    Layer.provide([
      WhatsAppClient.layerConfig,
      OwnerResolver.layerPhones([]),
      Deduplication.layerMemory(),
      Inbox.layerMemory()
    ]),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(env)))
  )
  const { address } = Context.get(
    yield* Effect.provideService(Layer.build(server), References.MinimumLogLevel, "None"),
    HttpServer.HttpServer
  )
  assert(address._tag !== "UnixPathAddress")
  return `http://localhost:${address.port}${env["WHATSAPP_WEBHOOK_PATH"]}`
})

const session = <A, E, R>(
  use: (agent: Effect.Success<ReturnType<typeof Agent.connect>>) => Effect.Effect<A, E, R>,
  args: ReadonlyArray<string> = []
) =>
  Effect.gen(function* () {
    const cwd = yield* folderWith({ "package.json": "{}", "photo.jpg": "a picture" })
    const agent = yield* Agent.connect({ cwd, args })
    yield* use(agent)
    const { code, stderr } = yield* agent.leave
    assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

describe("effect-whatsapp mcp", () => {
  it.live("plays Meta and its customers for a bot that has the variables it returns", () =>
    session(
      Effect.fnUntraced(function* ({ ask, begin, refused }) {
        const message = (args: Agent.Json) =>
          Effect.flatMap(ask("whatsapp_emulator_message", { waitSeconds: 20, ...args }), decodeAnswers)
        const first = yield* Effect.flatMap(ask("whatsapp_emulator_start"), decodeState)
        assert.strictEqual(first.webhookUrl, "http://127.0.0.1:3000/whatsapp/webhook")
        const webhookUrl = yield* bot(first.env)
        assert.deepInclude(yield* ask("whatsapp_emulator_verify"), { verified: false })
        const again = yield* Effect.flatMap(ask("whatsapp_emulator_start", { webhookUrl }), decodeState)
        assert.deepInclude(again, { url: first.url, webhookUrl })
        assert.deepStrictEqual(yield* ask("whatsapp_emulator_verify"), { verified: true })

        const texts: Array<string> = []
        for (const content of [
          { text: "hello" },
          { button: { id: "yes", title: "Yes" } },
          { listItem: { id: "1", title: "One" } },
          { quickReply: { payload: "p", title: "P" } },
          { media: { type: "image", mimeType: "image/jpeg", base64: "aGVsbG8=", caption: "me" } },
          { media: { type: "image", mimeType: "image/jpeg", path: "photo.jpg" } },
          { location: { latitude: 1, longitude: 2 } },
          { raw: { type: "text", text: { body: "raw" } } }
        ]) {
          const { answers, webhook } = yield* message({ ...content, phone: "15551239999", name: "Ida" })
          assert.strictEqual(webhook?.["status"], 200)
          texts.push(...answers.map(({ text }) => text))
        }
        assert.deepStrictEqual(texts, [
          "a text hello",
          "a button",
          "a item",
          "a quick reply",
          "a image",
          "a image",
          "a location",
          "a text raw"
        ])
        const { next } = yield* Effect.flatMap(
          ask("whatsapp_emulator_answers", { phone: "15551239999", after: 6 }),
          decodeAnswers
        )
        assert.strictEqual(next, 8)
        // Another customer has none, until there is one.
        const waiting = yield* begin("tools/call", {
          name: "whatsapp_emulator_answers",
          arguments: { waitSeconds: 30 }
        })
        yield* ask("whatsapp_emulator_message", { text: "second", waitSeconds: 0 })
        assert.include(JSON.stringify((yield* waiting.answer).result), "a text second")
        const activity = JSON.stringify(yield* ask("whatsapp_emulator_activity"))
        assert.include(activity, "15551239999 wrote")
        assert.include(activity, "a text second")

        assert.include(yield* refused("whatsapp_emulator_message"), "exactly one of text, button")
        assert.include(yield* refused("whatsapp_emulator_message", { text: "a", raw: {} }), "exactly one")
        assert.include(
          yield* refused("whatsapp_emulator_message", {
            media: { type: "image", mimeType: "image/jpeg", path: "/etc/passwd" }
          }),
          "outside of the project"
        )
        assert.include(
          yield* refused("whatsapp_emulator_message", { media: { type: "image", mimeType: "image/jpeg", path: "." } }),
          "cannot be read"
        )
        assert.include(
          yield* refused("whatsapp_emulator_message", {
            media: { type: "image", mimeType: "image/jpeg", base64: "%" }
          }),
          "base64"
        )
        assert.include(yield* refused("whatsapp_emulator_message", { text: "a", phone: "+1 555" }), "digits")
        assert.include(yield* refused("whatsapp_emulator_answers", { waitSeconds: 61 }), "60")
        const hostile = { raw: { type: "\u001b[2J", from: "x", id: "wamid.evil", "\u001b[2J": {} }, waitSeconds: 0 }
        assert.strictEqual((yield* message(hostile)).webhook?.["status"], 200)
      })
    )
  )

  it.live("tells what was not delivered, forgets on request, and ends", () =>
    session(
      Effect.fnUntraced(function* ({ ask, refused }) {
        for (const tool of ["verify", "answers", "activity", "reset"]) {
          assert.include(yield* refused(`whatsapp_emulator_${tool}`), "No emulator runs", tool)
        }
        assert.deepStrictEqual(yield* ask("whatsapp_emulator_stop"), { wasRunning: false })
        for (const webhookUrl of [
          "https://example.com/",
          "http://10.0.0.1/",
          "http://169.254.169.254/latest",
          "file:///etc/passwd",
          "http://user:password@localhost/",
          "http://localhost.example.com/",
          "nonsense"
        ]) {
          assert.include(yield* refused("whatsapp_emulator_start", { webhookUrl }), "on this machine", webhookUrl)
        }
        // Port 1 answers nobody.
        const webhookUrl = "http://127.0.0.1:1/whatsapp/webhook"
        const { url } = yield* Effect.flatMap(ask("whatsapp_emulator_start", { webhookUrl }), decodeState)
        const written = yield* Effect.flatMap(ask("whatsapp_emulator_message", { text: "anyone?" }), decodeAnswers)
        assert.strictEqual(written.webhook?.["failure"], "NoAnswer")
        const activity = yield* ask("whatsapp_emulator_activity")
        assert.include(JSON.stringify(activity["failedDeliveries"]), "NoAnswer")
        const { url: after } = yield* Effect.flatMap(ask("whatsapp_emulator_reset"), decodeState)
        assert.strictEqual(after, url)
        assert.deepStrictEqual(yield* ask("whatsapp_emulator_activity"), { happened: [], failedDeliveries: [] })
        assert.deepStrictEqual(yield* ask("whatsapp_emulator_stop"), { wasRunning: true })
        assert.include(yield* refused("whatsapp_emulator_answers"), "No emulator runs")
      })
    )
  )

  it.live("tells what the bot sent in parts of 20, and where the next begins", () =>
    session(
      Effect.fnUntraced(function* ({ ask }) {
        const { env, url } = yield* Effect.flatMap(
          ask("whatsapp_emulator_start", { webhookUrl: "http://127.0.0.1:1/" }),
          decodeState
        )
        yield* ask("whatsapp_emulator_message", { text: "anyone?" })
        const bot = Layer.provide(
          WhatsAppClient.layerConfig,
          ConfigProvider.layer(ConfigProvider.fromEnvRecord({ ...env, WHATSAPP_API_URL: url }))
        )
        yield* Effect.provide(
          Effect.flatMap(WhatsAppClient.WhatsAppClient, (whatsapp) =>
            Effect.forEach(Array.from({ length: 23 }).keys(), (n) =>
              whatsapp.send("15551230001", Message.text(`answer ${n}`))
            )
          ),
          bot
        )
        const first = yield* Effect.flatMap(ask("whatsapp_emulator_answers"), decodeAnswers)
        assert.deepStrictEqual([first.answers.length, first.next], [20, 20])
        const rest = yield* Effect.flatMap(ask("whatsapp_emulator_answers", { after: first.next }), decodeAnswers)
        assert.deepStrictEqual(
          rest.answers.map(({ text }) => text),
          ["answer 20", "answer 21", "answer 22"]
        )
        assert.strictEqual(rest.next, 23)
        const none = yield* ask("whatsapp_emulator_answers", { after: 23, waitSeconds: 0 })
        assert.deepStrictEqual(none, { answers: [], next: 23 })
      })
    )
  )

  it.live("listens where it is told to, and says when that is taken", () =>
    session(
      Effect.fnUntraced(function* ({ ask }) {
        const { url } = yield* Effect.flatMap(ask("whatsapp_emulator_start"), decodeState)
        const { port } = new URL(url)
        yield* session(
          Effect.fnUntraced(function* ({ refused }) {
            assert.include(yield* refused("whatsapp_emulator_start"), `cannot listen on port ${port}`)
          }),
          ["--emulator-port", port]
        )
      })
    )
  )
})
