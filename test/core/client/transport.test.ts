import { assert, describe, it } from "@effect/vitest"
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { ConfigProvider, Effect, Layer } from "effect"
import { FetchHttpClient, HttpClientError } from "effect/http"
import { createServer, type RequestListener } from "node:http"
import { createServer as createRawServer, type Server, type Socket } from "node:net"
import * as Graph from "./graph.ts"

const hi = Message.text("hi")
const send = (apiUrl: string) =>
  Effect.flatMap(WhatsAppClient.WhatsAppClient, (whatsapp) =>
    whatsapp.send("393401234567", hi, { callbackData: "key" })
  ).pipe(Effect.provide(WhatsAppClient.layer.pipe(Layer.provide([Graph.config(apiUrl), FetchHttpClient.layer]))))
const failure = (apiUrl: string) =>
  Effect.map(Effect.flip(send(apiUrl)), ({ callbackData, reason, verdict }) => [
    reason._tag,
    verdict._tag,
    callbackData
  ])

const nothing = ["ConnectionFailed", "Backoff", undefined]
const unknown = ["OutcomeUnknown", "Ambiguous", "key"]

const listen = (make: () => Server) =>
  Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = make()
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  ).pipe(Effect.map(Graph.urlOf))
const http = (listener: RequestListener) => listen(() => createServer(listener))
const raw = (onConnection: (socket: Socket) => void) => listen(() => createRawServer(onConnection))

describe("over the network", () => {
  it.live(
    "a send is accepted",
    Effect.fn(function* () {
      const url = yield* http((_, response) => response.end(JSON.stringify(Graph.accepted)))
      assert.strictEqual((yield* send(url)).wamid, "wamid.HBgM")
    })
  )
  it.live(
    "a refused connection proves that nothing was sent",
    Effect.fn(function* () {
      const url = yield* Effect.scoped(http(() => {}))
      assert.deepStrictEqual(yield* failure(url), nothing)
    })
  )
  it.live(
    "so does a port that fetch does not try",
    Effect.fn(function* () {
      assert.deepStrictEqual(yield* failure("http://127.0.0.1:1"), nothing)
    })
  )
  it.live(
    "so does a host that does not exist",
    Effect.fn(function* () {
      assert.deepStrictEqual(yield* failure("http://no-such-host.invalid"), nothing)
    })
  )
  it.live(
    "so does a handshake that fails",
    Effect.fn(function* () {
      const url = yield* http((_, response) => response.end())
      assert.deepStrictEqual(yield* failure(url.replace("http:", "https:")), nothing)
    })
  )
  it.live(
    "a connection that is reset after the request leaves the outcome unknown",
    Effect.fn(function* () {
      const url = yield* raw((socket) => socket.once("data", () => socket.resetAndDestroy()))
      assert.deepStrictEqual(yield* failure(url), unknown)
    })
  )
  it.live(
    "so does one that ends without an answer",
    Effect.fn(function* () {
      const url = yield* raw((socket) => socket.once("data", () => socket.end()))
      assert.deepStrictEqual(yield* failure(url), unknown)
    })
  )
  it.live(
    "so does an answer that breaks off",
    Effect.fn(function* () {
      const url = yield* raw((socket) =>
        socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"messages":['))
      )
      assert.deepStrictEqual(yield* failure(url), unknown)
    })
  )
})

describe("a redirect", () => {
  const world = Effect.gen(function* () {
    const seen: Array<string | undefined> = []
    const elsewhere = yield* http((request, response) => {
      seen.push(request.headers.authorization)
      response.end(JSON.stringify(Graph.accepted))
    })
    const url = yield* http((_, response) => response.writeHead(307, { location: `${elsewhere}/stolen` }).end())
    return { seen, url }
  })
  const environment = (apiUrl: string) =>
    ConfigProvider.layer(
      ConfigProvider.fromEnvRecord({
        WHATSAPP_ACCESS_TOKEN: Graph.token,
        WHATSAPP_PHONE_NUMBER_ID: Graph.sales,
        WHATSAPP_API_URL: apiUrl
      })
    )
  it.live(
    "is not followed: nobody else gets token or message",
    Effect.fn(function* () {
      const { seen, url } = yield* world
      const error = yield* Effect.flatMap(WhatsAppClient.WhatsAppClient, (it) => it.send("393401234567", hi)).pipe(
        Effect.provide(Layer.provide(WhatsAppClient.layerConfig, environment(url))),
        Effect.flip
      )
      assert.strictEqual(error._tag === "WhatsAppError" ? error.reason._tag : error._tag, "UnexpectedAnswer")
      assert.deepStrictEqual(seen, [])
    })
  )
  it.live(
    "never carries the token elsewhere, whatever client is brought",
    Effect.fn(function* () {
      const { seen, url } = yield* world
      yield* Effect.exit(send(url))
      assert.isTrue(seen.every((authorization) => authorization === undefined))
    })
  )
})

describe("an error of the transport", () => {
  const verdict = Effect.fnUntraced(function* (cause: unknown) {
    const { whatsapp } = yield* Graph.make((request) =>
      Effect.fail(
        new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
      )
    )
    return (yield* Effect.flip(whatsapp.send("393401234567", hi))).verdict._tag
  })
  const error = (fields: object, cause?: unknown) => Object.assign(new Error("failed", { cause }), fields)
  const refused = error({ code: "ECONNREFUSED" })

  it.effect.each([
    ["a name that is not known", error({ code: "ENOTFOUND" })],
    ["a name server that is busy", error({ code: "EAI_AGAIN" })],
    ["an expired certificate", new TypeError("fetch failed", { cause: error({ code: "CERT_HAS_EXPIRED" }) })],
    [
      "a connection that takes too long",
      new TypeError("fetch failed", { cause: error({ code: "UND_ERR_CONNECT_TIMEOUT" }) })
    ],
    ["a timeout of connect", error({ code: "ETIMEDOUT", syscall: "connect" })],
    [
      "all addresses refusing",
      new TypeError("fetch failed", { cause: new AggregateError([refused, error({ code: "EHOSTUNREACH" })]) })
    ]
  ] as const)(
    "proves with %s that nothing was sent",
    Effect.fn(function* ([, cause]) {
      assert.strictEqual(yield* verdict(cause), "Backoff")
    })
  )
  const loop: { cause?: unknown } = {}
  loop.cause = loop
  it.effect.each([
    ["a reset", error({ code: "ECONNRESET", syscall: "read" })],
    ["a broken pipe", error({ code: "EPIPE", syscall: "write" })],
    ["a timeout of read", error({ code: "ETIMEDOUT", syscall: "read" })],
    ["a socket that closed", new TypeError("fetch failed", { cause: error({ code: "UND_ERR_SOCKET" }, refused) })],
    ["an answer too late", error({ code: "UND_ERR_HEADERS_TIMEOUT" })],
    ["one address refusing and one resetting", new AggregateError([refused, error({ code: "ECONNRESET" })])],
    ["no cause", undefined],
    ["a text", "ECONNREFUSED"],
    ["a cause of itself", loop]
  ] as const)(
    "leaves the outcome unknown with %s",
    Effect.fn(function* ([, cause]) {
      assert.strictEqual(yield* verdict(cause), "Ambiguous")
    })
  )
})
