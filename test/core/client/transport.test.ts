import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { ConfigProvider, Effect, Layer } from "effect"
import { FetchHttpClient, HttpClientError } from "effect/http"
import { createServer, type RequestListener } from "node:http"
import { connect, createServer as createRawServer, type Server, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import * as Graph from "./graph.ts"
import * as Servers from "./servers.ts"

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

describe("a handshake that fails looks like trouble after the request", () => {
  it.live(
    "so that clear text where TLS is expected leaves the outcome unknown",
    Effect.fn(function* () {
      const url = yield* http((_, response) => response.end())
      assert.deepStrictEqual(yield* failure(url.replace("http:", "https:")), unknown)
    })
  )

  // With a key that both know there is no certificate to make; clients of Meta's use certificates.
  const psk = { ciphers: "PSK-AES128-CBC-SHA256:@SECLEVEL=0", maxVersion: "TLSv1.2" } as const
  const key = Buffer.alloc(16, 7)

  it.live(
    "since whoever stands between may write it after Meta has read the message: it is sent once",
    Effect.fn(function* () {
      let bodies = 0
      const clearText: Array<() => void> = []
      const meta = yield* listen(() =>
        createTlsServer({ ...psk, pskCallback: () => key }, (socket) => {
          let read = ""
          socket.on("error", () => {})
          socket.on("data", (chunk) => {
            read += String(chunk)
            if (!read.includes('"biz_opaque_callback_data":"key"}')) return
            bodies += 1
            clearText.shift()?.()
          })
        })
      )
      const between = yield* raw((socket) => {
        const inner = connect(Number(new URL(meta).port), "127.0.0.1")
        for (const one of [socket, inner]) one.on("error", () => {})
        socket.on("close", () => inner.destroy())
        socket.on("data", (chunk) => inner.write(chunk))
        inner.on("data", (chunk) => socket.write(chunk))
        clearText.push(() => {
          inner.removeAllListeners("data")
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        })
      })
      const client = NodeHttpClient.layerNodeHttpOptions({
        ...psk,
        pskCallback: () => ({ psk: key, identity: "us" }),
        checkServerIdentity: () => undefined
      })
      const whatsapp = yield* Servers.client(between.replace("http:", "https:"), client)
      const { reason } = yield* Effect.flip(
        whatsapp.send("393401234567", hi, { callbackData: "key", retry: { attempts: 2 } })
      )
      assert.deepStrictEqual([reason._tag, bodies], ["OutcomeUnknown", 1])
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
  const refused = error({ code: "ECONNREFUSED", syscall: "connect" })
  const routes = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"]

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
      new TypeError("fetch failed", {
        cause: new AggregateError([refused, error({ code: "EHOSTUNREACH", syscall: "connect" })])
      })
    ],
    ["Bun's refusal", error({ code: "ConnectionRefused" })],
    ...routes.map((code) => [`${code} of connect`, error({ code, syscall: "connect" })] as const)
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
    ...routes.map((code) => [`${code} of write`, error({ code, syscall: "write" })] as const),
    ...routes.map((code) => [`${code} of nobody knows what`, error({ code })] as const),
    ...[
      "ERR_SSL_WRONG_VERSION_NUMBER",
      "ERR_SSL_PACKET_LENGTH_TOO_LONG",
      "ERR_SSL_UNSUPPORTED_PROTOCOL",
      "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
      "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
      "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
      "ERR_TLS_HANDSHAKE_TIMEOUT"
    ].map((code) => [code, error({ code })] as const),
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
