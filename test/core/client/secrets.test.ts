import { assert, describe, it } from "@effect/vitest"
import { Message, Template } from "@effect-whatsapp/core/message"
import { Cause, Effect, Exit, Logger, Tracer } from "effect"
import { HttpClientError } from "effect/http"
import { spawn } from "node:child_process"
import { createServer, type Server } from "node:http"
import { inspect } from "node:util"
import * as Graph from "./graph.ts"

const phone = "393401234567"
const text = "a private matter"
const secrets = [Graph.token, phone, text]
const message = Message.text(text)

const assertNone = (printed: string, where: string) => {
  for (const secret of secrets) assert.notInclude(printed, secret, where)
}

// Meta, or somebody in its place, that repeats all it was sent wherever a text can stand.
const echo = JSON.stringify({
  error: {
    code: 100,
    message: `bad: Bearer ${Graph.token}`,
    error_data: { details: `${Graph.token} ${phone} +${phone} "${text}" ${Graph.token}` },
    fbtrace_id: Graph.token
  }
})

const worlds = {
  "an error that repeats what was sent": Graph.answering(400, echo),
  "an error whose message repeats it": Graph.answering(400, {
    error: { code: 190, message: `${text} ${Graph.token} ${phone}` }
  }),
  "HTML that repeats it": Graph.answering(502, `<p>${Graph.token} ${phone} ${text}</p>`),
  "a broken connection": Graph.make((request) =>
    Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.TransportError({ request, cause: new Error(`Bearer ${Graph.token}`) })
      })
    )
  ),
  "a refused connection": Graph.make((request) =>
    Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.TransportError({
          request,
          cause: Object.assign(new Error(`Bearer ${Graph.token}`), { code: "ECONNREFUSED", syscall: "connect" })
        })
      })
    )
  )
}

describe("token, phone number and message stand in nothing that is printed", () => {
  for (const [name, world] of Object.entries(worlds)) {
    it.effect(
      `after ${name}`,
      Effect.fn(function* () {
        const { whatsapp } = yield* world
        const exit = yield* Effect.exit(whatsapp.send(phone, message))
        if (Exit.isSuccess(exit)) return assert.fail("it was sent")
        const error = Cause.squash(exit.cause)
        assertNone(String(error), "String")
        assertNone(JSON.stringify(error), "JSON")
        assertNone(JSON.stringify(exit), "JSON of the exit")
        assertNone(inspect(error, { depth: 20, showHidden: true }), "inspect")
        // As the printer of uncaught errors does, which ignores what a class says about itself.
        assertNone(inspect(error, { depth: 20, customInspect: false }), "inspect, raw")
        assertNone(Cause.pretty(exit.cause), "Cause.pretty")
        assertNone(error instanceof Error ? String(error.stack) : "", "stack")
      })
    )
  }
  it.effect(
    "after a message that is refused here",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(200, Graph.accepted)
      for (const it of [Message.text(text.repeat(1000)), Message.template({ name: text, language: "en" })]) {
        assertNone(
          inspect(yield* Effect.flip(whatsapp.send(phone, it)), { depth: 20, customInspect: false }),
          "inspect"
        )
      }
      assertNone(inspect(yield* Effect.flip(whatsapp.send(`${phone} ${text}`, message)), { depth: 20 }), "recipient")
    })
  )
  it.effect(
    "what helps is kept",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(400, {
        error: {
          code: 132001,
          message: "m",
          error_data: { details: `template order_update does not exist in it, asked by ${Graph.token}` }
        }
      })
      const { reason } = yield* Effect.flip(
        whatsapp.send(
          phone,
          Message.template({
            name: "order_update",
            language: "it",
            body: [Template.text("a private matter", { name: "first_name" })]
          })
        )
      )
      assert.strictEqual(reason.details, "template order_update does not exist in it, asked by <redacted>")
    })
  )
})

it.effect(
  "spans and logs carry ids and types, and nothing else",
  Effect.fn(function* () {
    const spans: Array<Tracer.Span> = []
    const logs: Array<string> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const logger = Logger.make((options) => void logs.push(inspect(options, { depth: 20 })))
    for (const world of [Graph.answering(200, Graph.accepted), ...Object.values(worlds)]) {
      yield* Effect.flatMap(world, ({ whatsapp }) => whatsapp.send(phone, message, { callbackData: "order-31" })).pipe(
        Effect.tapCause(Effect.logError),
        Effect.exit,
        Effect.provideService(Tracer.Tracer, tracer),
        Effect.provide(Logger.layer([logger]))
      )
    }
    const named = spans.filter(({ name }) => name === "WhatsAppClient.send")
    assert.strictEqual(named.length, 1 + Object.keys(worlds).length)
    assert.deepStrictEqual(Object.fromEntries(named[0]?.attributes ?? []), {
      "whatsapp.phone_number_id": Graph.sales,
      "whatsapp.recipient_type": "Phone",
      "whatsapp.message_type": "text",
      "whatsapp.wamid": "wamid.HBgM"
    })
    assert.isAbove(spans.length, named.length, "the client's own spans are seen, too")
    for (const { attributes, name } of spans) assertNone(inspect({ attributes, name }, { depth: 20 }), name)
    // The span of a send that failed holds its exit.
    for (const { name, status } of named.slice(1))
      assertNone(inspect(status, { depth: 20, customInspect: false }), name)
    assert.isAbove(logs.length, 0)
    for (const log of logs) assertNone(log, "log")
  })
)

describe("a send whose failure nobody handles", () => {
  const program = new URL("./unhandled.ts", import.meta.url).pathname

  const run = (apiUrl: string) =>
    Effect.callback<{ readonly code: number | null; readonly printed: string }>((resume) => {
      const child = spawn(process.execPath, ["--conditions=effect-whatsapp-source", program], {
        env: {
          ...process.env,
          WHATSAPP_ACCESS_TOKEN: Graph.token,
          WHATSAPP_PHONE_NUMBER_ID: Graph.sales,
          WHATSAPP_API_URL: apiUrl
        }
      })
      let printed = ""
      child.stdout.on("data", (chunk) => (printed += String(chunk)))
      child.stderr.on("data", (chunk) => (printed += String(chunk)))
      child.on("close", (code) => resume(Effect.succeed({ code, printed })))
    })
  const server = Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = createServer((_, response) => response.writeHead(400).end(echo))
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  )

  it.live(
    "prints the reason and no secret: connection refused",
    Effect.fn(function* () {
      const { code, printed } = yield* run("http://127.0.0.1:1")
      assert.strictEqual(code, 1)
      assert.include(printed, "ConnectionFailed")
      assertNone(printed, "print")
    }),
    30_000
  )
  it.live(
    "prints the reason and no secret: an error of Meta's",
    Effect.fn(function* () {
      const url = Graph.urlOf(yield* server)
      const { code, printed } = yield* run(url)
      assert.strictEqual(code, 1)
      assert.include(printed, "InvalidParameter")
      assertNone(printed, "print")
    }),
    30_000
  )
})
