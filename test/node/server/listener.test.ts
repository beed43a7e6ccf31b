/** Both ways of a delivery give the same answers, to whatever comes over a connection. */
import { assert, describe, it } from "@effect/vitest"
import { InboxError } from "@effect-whatsapp/core/errors"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Cause, Deferred, Effect, Logger, Metric, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Front, fronts, makeLoopback, path, sign, verifyToken } from "../webhook/loopback.ts"
import { exchange, open } from "./socket.ts"

const limit = 1000
const servers: ReadonlyArray<Front> = fronts.filter((front) => front !== "router")
const body = Delivery.text("wamid.1")
const other = Delivery.text("wamid.2", { text: "and another" })
const signature = Effect.runSync(sign(body))
const otherSignature = Effect.runSync(sign(other))
const signed = `x-hub-signature-256: ${signature}`

const head = (method: string, target: string, ...headers: ReadonlyArray<string>) =>
  [`${method} ${target} HTTP/1.1`, "host: localhost", ...headers, "", ""].join("\r\n")
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1")
const last = "connection: close"
const length = (of: { readonly length: number }) => `content-length: ${of.length}`
const chunk = (piece: string, extension = "") => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`
const post = (...headers: ReadonlyArray<string>) => head("POST", path, ...headers)
const delivered = (target: string, ...headers: ReadonlyArray<string>) =>
  head("POST", target, signed, length(body), last, ...headers) + text(body)

const query = new URLSearchParams({
  "hub.mode": "subscribe",
  "hub.verify_token": verifyToken,
  "hub.challenge": "0042"
}).toString()

/** What is sent, piece by piece, and the statuses that come back. */
const conversations: ReadonlyArray<readonly [string, ReadonlyArray<string>, ReadonlyArray<number>]> = [
  ["a delivery", [delivered(path)], [200]],
  ["a delivery in small pieces", delivered(path).match(/[^]{1,70}/g) ?? [], [200]],
  ["no signature", [post(length(body), last) + text(body)], [401]],
  [
    "another prefix",
    [post(`x-hub-signature-256: SHA256=${signature.slice(7)}`, length(body), last) + text(body)],
    [401]
  ],
  [
    "capital digits",
    [post(`x-hub-signature-256: sha256=${signature.slice(7).toUpperCase()}`, length(body), last) + text(body)],
    [200]
  ],
  ["the signature twice", [post(signed, signed, length(body), last) + text(body)], [401]],
  [
    "the signature of other bytes",
    [post(`x-hub-signature-256: ${otherSignature}`, length(body), last) + text(body)],
    [401]
  ],
  ["a query", [delivered(`${path}?a=b&c`)], [200]],
  ["an empty query", [delivered(`${path}?`)], [200]],
  ["a fragment", [delivered(`${path}#here`)], [200]],
  ["a slash behind the path", [delivered(`${path}/`)], [200]],
  ["slashes before the path", [delivered(`//${path}`)], [200]],
  ["an escaped path", [delivered(path.replace("w", "%77"))], [200]],
  ["a path in capitals", [delivered(path.toUpperCase())], [200]],
  ["a path that goes on", [delivered(`${path}s`)], [404]],
  ["a path that is no path", [delivered(`${path}%zz`)], [404]],
  ["a whole address", [delivered(`http://localhost${path}`)], [200]],
  ["a delivery elsewhere", [delivered("/")], [404]],
  ["a handshake", [head("GET", `${path}?${query}`, last)], [200]],
  ["a handshake of somebody else", [head("GET", path, last)], [403]],
  ["the question whether it is well", [head("GET", "/health", last)], [200]],
  ["a program's own route", [head("POST", "/echo", "content-length: 5", last), "hello"], [200]],
  ...["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"].map(
    (method) =>
      [method, [head(method, path, signed, "content-length: 0", last)], [method === "HEAD" ? 403 : 404]] as const
  ),
  ["neither a length nor a body", [post(signed, last)], [401]],
  ["the length that is allowed", [post(`content-length: ${limit}`, last), "a".repeat(limit)], [401]],
  ["one byte more", [post(`content-length: ${limit + 1}`), "a".repeat(limit + 1)], [413]],
  ["a body that is announced as endless", [post("content-length: 1000000000000"), "a".repeat(5000)], [413]],
  ["chunks", [post(signed, "transfer-encoding: chunked", last), chunk(text(body)), chunk("")], [200]],
  [
    "chunks with extensions, and trailers",
    [
      post(signed, "transfer-encoding: chunked", "trailer: x-end", last),
      ...(text(body).match(/[^]{1,100}/g) ?? []).map((piece) => chunk(piece, ';name="a value"')),
      "0;last\r\nx-end: yes\r\n\r\n"
    ],
    [200]
  ],
  [
    "chunks over the limit",
    [post("transfer-encoding: chunked"), chunk("a".repeat(limit)), chunk("a"), chunk("")],
    [413]
  ],
  [
    "chunks far over the limit",
    [post("transfer-encoding: chunked"), ...Array<string>(9).fill(chunk("a".repeat(limit)))],
    [413]
  ],
  ["a chunk that is none", [post("transfer-encoding: chunked"), "zz\r\n"], [400]],
  ["a question before a delivery", [post(signed, length(body), "expect: 100-continue", last), text(body)], [100, 200]],
  ["a question before too much", [post("content-length: 1001", "expect: 100-continue")], [413]],
  ["another expectation", [post(length(body), "expect: a miracle", last)], [417]],
  ["a delivery of old", [`POST ${path} HTTP/1.0\r\n${signed}\r\n${length(body)}\r\n\r\n${text(body)}`], [200]],
  ["two lengths", [post("content-length: 3", "content-length: 4"), "abcd"], [400]],
  ["a length and chunks", [post("content-length: 3", "transfer-encoding: chunked"), chunk("abc"), chunk("")], [400]],
  ["a length that is none", [post("content-length: -3")], [400]],
  ["more than the length", [post("content-length: 3"), "abcdef\r\n\r\n"], [400]],
  ["a header without end", [`POST ${path} HTTP/1.1\r\nhost: localhost\r\nx: ${"a".repeat(20_000)}`], [431]],
  ["no HTTP at all", ["\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"], [400]],
  ["no host", [`POST ${path} HTTP/1.1\r\n${length(body)}\r\n\r\n`], [400]],
  ["a wish to speak otherwise", [delivered(path, "upgrade: h2c")], [200]],
  [
    "many at once",
    [
      post(signed, length(body)) + text(body) + head("GET", "/health") + post(length(body)) + text(body),
      post(`x-hub-signature-256: ${otherSignature}`, length(other)) + text(other) + head("GET", "/nowhere"),
      post(signed, "transfer-encoding: chunked") + chunk(text(body)) + chunk("") + delivered(path)
    ],
    [200, 200, 401, 200, 404, 200, 200]
  ],
  [
    "too much, and another delivery behind it",
    [post(`content-length: ${limit + 1}`) + "a".repeat(limit + 1) + delivered(path)],
    [413]
  ]
]

const statuses = (received: string) =>
  Array.from(received.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status))
const withoutDate = (received: string) => received.replaceAll(/^date: .*$/gim, "date")

const routes = HttpRouter.add(
  "POST",
  "/echo",
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
    Effect.map(Effect.orDie(request.text), (text) => HttpServerResponse.text(text))
  )
)

it.live.each(conversations)("answers %s in one way", ([, pieces, expected]) =>
  Effect.gen(function* () {
    const answers = yield* Effect.forEach(servers, (front) =>
      Effect.gen(function* () {
        const { appended, port } = yield* makeLoopback(front, { maxBodySize: limit, routes })
        const received = yield* exchange(port, ...pieces)
        return { received: withoutDate(received), appended }
      })
    )
    const [byRouter, byListener] = answers
    assert.deepStrictEqual(statuses(byListener?.received ?? ""), expected)
    assert.deepStrictEqual(byListener, byRouter)
  })
)

const outcomes = ["kept", "refused", "too_large", "aborted", "not_kept"]
/** How many deliveries had which outcome so far, and how many of them were timed. */
const counted = Effect.map(Metric.snapshot, (all) =>
  Object.fromEntries(
    outcomes.map((outcome) => {
      const of = (name: string) =>
        all.flatMap(({ attributes, id, state }) =>
          id === name && attributes?.["outcome"] === outcome && "count" in state ? [Number(state.count)] : []
        )[0] ?? 0
      return [outcome, { deliveries: of("whatsapp_webhook_deliveries"), timed: of("whatsapp_webhook_ack_seconds") }]
    })
  )
)
/** Waits for a delivery to be counted: there is no answer to wait for. */
const untilCounted = (outcome: string, than: number) =>
  counted.pipe(
    Effect.filterOrFail((now) => (now[outcome]?.deliveries ?? 0) > than),
    Effect.eventually
  )

describe.each(fronts)("a webhook on loopback (%s)", (front) => {
  it.live("answers in the order in which it was asked, whatever takes how long", () =>
    Effect.gen(function* () {
      const first = yield* Deferred.make<void>()
      const { appended, port } = yield* makeLoopback(front, {
        append: (bytes) => (bytes.length === body.length ? Deferred.await(first) : Effect.void)
      })
      const connection = yield* open(port)
      yield* connection.write(post(signed, length(body)) + text(body))
      yield* connection.write(post(length(other)) + text(other))
      yield* connection.write(post(`x-hub-signature-256: ${otherSignature}`, length(other), last) + text(other))
      // Another connection shows that these were read, and that nobody else waits.
      assert.deepStrictEqual(statuses(yield* exchange(port, post("content-length: 0", last))), [401])
      yield* Effect.eventually(
        Effect.filterOrFail(
          Effect.sync(() => appended.length),
          (count) => count === 1
        )
      )
      assert.strictEqual(connection.received(), "")
      yield* Deferred.succeed(first, undefined)
      yield* connection.closed
      assert.deepStrictEqual(statuses(connection.received()), [200, 401, 200])
      assert.deepStrictEqual(appended, [other, body])
    })
  )

  it.live("counts each delivery by what became of it, and times those that it answered", () =>
    Effect.gen(function* () {
      const { port } = yield* makeLoopback(front, {
        maxBodySize: limit,
        append: (bytes) =>
          bytes.length === body.length
            ? Effect.void
            : Effect.fail(new InboxError({ method: "append", details: "the disk is full" }))
      })
      const before = yield* counted
      yield* exchange(port, delivered(path))
      yield* exchange(port, post(`x-hub-signature-256: ${otherSignature}`, length(other), last) + text(other))
      yield* exchange(port, post(length(body), last) + text(body))
      yield* exchange(port, post(`content-length: ${limit + 1}`) + "a".repeat(limit + 1))
      const connection = yield* open(port)
      yield* connection.write(post(signed, length(body)) + text(body).slice(0, 100))
      yield* exchange(port, post("content-length: 0", last))
      yield* connection.destroy
      const after = yield* untilCounted("aborted", before["aborted"]?.deliveries ?? 0)
      const difference = outcomes.map((outcome) => {
        const [was, is] = [before[outcome], after[outcome]]
        return [outcome, (is?.deliveries ?? 0) - (was?.deliveries ?? 0), (is?.timed ?? 0) - (was?.timed ?? 0)]
      })
      assert.deepStrictEqual(difference, [
        ["kept", 1, 1],
        ["refused", 2, 2],
        ["too_large", 1, 1],
        ["aborted", 1, 0],
        ["not_kept", 1, 1]
      ])
    })
  )

  it.live("answers 503 to an inbox that breaks, and tells nobody what it said", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const { port } = yield* makeLoopback(front, {
        append: () => Effect.die(new Error("16505550177 wrote something odd")),
        loggers: [Logger.make(({ cause, message }) => void lines.push(`${String(message)} ${Cause.pretty(cause)}`))]
      })
      const received = yield* exchange(port, delivered(path))
      assert.deepStrictEqual(statuses(received), [503])
      assert.match(received, /^retry-after: 5\r$/im)
      assert.include(lines.join(), "could not be kept")
      assert.notInclude(lines.join(), "16505550177")
    })
  )

  it.live("goes on on one connection after what it refused", () =>
    Effect.gen(function* () {
      const { appended, port } = yield* makeLoopback(front)
      const connection = yield* open(port)
      yield* connection.write(post(length(body)) + text(body))
      yield* connection.until((received) => statuses(received).length === 1)
      yield* connection.write(delivered(path))
      yield* connection.closed
      assert.deepStrictEqual(statuses(connection.received()), [401, 200])
      assert.deepStrictEqual(appended, [body])
    })
  )

  it.live.prop(
    "answers any bytes, or closes the connection, and goes on",
    [
      Schema.Array(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))).check(
        Schema.isMaxLength(8)
      )
    ],
    ([strings]) =>
      Effect.gen(function* () {
        const { appended, port } = yield* makeLoopback(front)
        for (const bytes of strings) {
          for (const before of ["", `POST ${path} HTTP/1.1\r\nhost: localhost\r\n`]) {
            const connection = yield* open(port)
            yield* connection.write(before)
            yield* connection.write(Uint8Array.from(bytes))
            yield* connection.write("\r\n\r\n")
            yield* connection.end
            yield* connection.closed
            assert.match(connection.received(), /^$|^HTTP\/1\.1 4\d\d /)
          }
        }
        assert.deepStrictEqual(appended, [])
        assert.deepStrictEqual(statuses(yield* exchange(port, delivered(path))), [200])
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 20 } }
  )
})
