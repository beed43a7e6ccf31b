/** What stands around the short way of a delivery: traces, middleware, and the other routes of the program. */
import { assert, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, Layer, Option, Tracer } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { makeRecorder } from "../tracing.ts"
import { makeLoopback, path, send, sign } from "../webhook/loopback.ts"

const front = "server, the short way"
const body = Delivery.text("wamid.1", { from: "16505550177", text: "my secret wish" })
const signature = Effect.runSync(sign(body))

const makeTracer = () => {
  const { spans, tracer } = makeRecorder()
  return { spans, layer: Layer.succeed(Tracer.Tracer, tracer) }
}

it.live("keeps a delivery in a span of its own, which belongs to the trace of the sender", () =>
  Effect.gen(function* () {
    const { layer, spans } = makeTracer()
    const current: Array<string> = []
    const append = () => Effect.map(Effect.currentSpan, (span) => void current.push(span.spanId)).pipe(Effect.orDie)
    const { url } = yield* Effect.provide(makeLoopback(front, { append }), layer)
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    const query = "?hub.verify_token=orchid-7"
    yield* send(url + query, { method: "POST", body, headers: { traceparent, "x-hub-signature-256": signature } })
    yield* send(url, { method: "POST", body, headers: { traceparent, "x-hub-signature-256": "sha256=00" } })
    assert.deepStrictEqual(
      spans.map(({ attributes, kind, name, status }) => [name, kind, status._tag, Object.fromEntries(attributes)]),
      [
        [200, "kept"],
        [401, "refused"]
      ].map(([status, outcome]) => [
        "WebhookServer.deliver",
        "server",
        "Ended",
        {
          "http.request.method": "POST",
          "http.route": path,
          "http.response.status_code": status,
          "whatsapp.outcome": outcome
        }
      ])
    )
    const [kept] = spans
    assert.deepStrictEqual(current, [kept?.spanId])
    assert.strictEqual(kept?.traceId, "4bf92f3577b34da6a3ce929d0e0e4736")
    assert.strictEqual(Option.getOrUndefined(kept?.parent ?? Option.none())?.spanId, "00f067aa0ba902b7")
  })
)

it.live("makes no span when nobody would read it", () =>
  Effect.gen(function* () {
    const spans: Array<boolean> = []
    const append = () => Effect.map(Effect.option(Effect.currentSpan), (span) => void spans.push(Option.isSome(span)))
    const { post } = yield* makeLoopback(front, { append })
    assert.strictEqual((yield* post(body, signature)).status, 200)
    assert.deepStrictEqual(spans, [false])
  })
)

it.live("sends deliveries through the middleware that a program has for all requests", () =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const note = HttpRouter.middleware(
      (app) =>
        Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers, url }) => {
          seen.push(url)
          return headers["x-blocked"] === undefined ? app : Effect.succeed(HttpServerResponse.empty({ status: 451 }))
        }),
      { global: true }
    )
    const { appended, post, url } = yield* makeLoopback(front, { routes: note })
    assert.strictEqual((yield* post(body, signature)).status, 200)
    const blocked = { "x-blocked": "yes", "x-hub-signature-256": signature }
    assert.strictEqual((yield* send(url, { method: "POST", body, headers: blocked })).status, 451)
    assert.deepStrictEqual(seen, [path, path])
    assert.strictEqual(appended.length, 1)
  })
)

it.live("leaves web sockets to the program", () =>
  Effect.gen(function* () {
    const routes = HttpRouter.add(
      "GET",
      "/socket",
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const socket = yield* request.upgrade
        const { writeAll } = yield* socket.writer
        const { pull } = yield* socket.reader
        // What was said goes back, once.
        yield* Effect.flatMap(pull, writeAll)
        return HttpServerResponse.empty()
      }).pipe(Effect.scoped, Effect.orDie)
    )
    const { base, post } = yield* makeLoopback(front, { routes })
    const said = yield* Effect.callback<unknown>((resume) => {
      const socket = new WebSocket(`${base.replace("http", "ws")}/socket`)
      socket.addEventListener("open", () => socket.send("hello"))
      socket.addEventListener("message", ({ data }) => resume(Effect.succeed(data)))
      return Effect.sync(() => socket.close())
    })
    assert.strictEqual(said, "hello")
    assert.strictEqual((yield* post(body, signature)).status, 200)
  })
)
