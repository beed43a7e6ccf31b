/** The example that is observed, as a process of its own, with a collector that keeps what it is told. */
import { assert, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { WebhookConfig } from "@effect-whatsapp/node/webhook"
import { Deferred, Effect, Schema } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { fileURLToPath } from "node:url"
import { appSecret, send, sign, verifyToken } from "../node/webhook/loopback.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const accessToken = "EAAG-orchid-token"

/** A server on loopback that answers everything with the same JSON, and keeps what it got by path. */
const listen = Effect.fnUntraced(function* (answer: string) {
  const got: Array<{ readonly path: string; readonly body: string }> = []
  const awaited: Array<{ readonly text: string; readonly seen: Deferred.Deferred<void> }> = []
  const server = createServer((request: IncomingMessage, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk))
    request.on("end", () => {
      got.push({ path: request.url ?? "", body })
      response.setHeader("content-type", "application/json").end(answer)
      for (const { seen, text } of awaited) if (body.includes(text)) Deferred.doneUnsafe(seen, Effect.void)
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    got,
    url: `http://127.0.0.1:${port}`,
    /** Waits until it gets something with that text, from now on. */
    until: Effect.fnUntraced(function* (text: string) {
      const seen = yield* Deferred.make<void>()
      awaited.push({ text, seen })
      yield* Deferred.await(seen)
    })
  }
})

const startExample = Effect.fnUntraced(function* (env: { readonly [name: string]: string }) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=effect-whatsapp-source", "docs/examples/60_observed.ts"], {
        cwd: root,
        env: { NODE_COMPILE_CACHE: `${root}/node_modules/.cache/node`, PORT: "0", ...env },
        stdio: "pipe"
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const closed = once(child, "close")
  let log = ""
  const port = yield* Effect.callback<string, string>((resume) => {
    const read = (chunk: string) => {
      log += chunk
      const [, port] = /Listening on \S+:(\d+)/.exec(log) ?? []
      if (port !== undefined) resume(Effect.succeed(port))
    }
    child.stdout.setEncoding("utf8").on("data", read)
    child.stderr.setEncoding("utf8").on("data", read)
    child.on("close", () => resume(Effect.fail(`It ended: ${log}`)))
  })
  return {
    url: `http://127.0.0.1:${port}${WebhookConfig.defaultPath}`,
    log: () => log,
    end: Effect.suspend(() => {
      child.kill("SIGTERM")
      return Effect.map(
        Effect.promise(() => closed),
        ([code]: ReadonlyArray<unknown>) => code
      )
    })
  }
})

const Span = Schema.Struct({
  name: Schema.String,
  traceId: Schema.String,
  spanId: Schema.String,
  parentSpanId: Schema.optionalKey(Schema.String),
  links: Schema.Array(Schema.Struct({ traceId: Schema.String, spanId: Schema.String }))
})
const Traces = Schema.fromJsonString(
  Schema.Struct({
    resourceSpans: Schema.Array(
      Schema.Struct({ scopeSpans: Schema.Array(Schema.Struct({ spans: Schema.Array(Span) })) })
    )
  })
)
const readSpans = (body: string) =>
  Schema.decodeUnknownSync(Traces)(body).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans)
  )

it.live(
  "tells a collector of a delivery, its listener and the answer, and nothing of who wrote what, or of secrets",
  () =>
    Effect.gen(function* () {
      const collector = yield* listen("{}")
      const graph = yield* listen(`{"messages":[{"id":"wamid.answer"}]}`)
      const example = yield* startExample({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_METRICS_EXPORTER: "otlp",
        OTEL_LOGS_EXPORTER: "otlp",
        OTEL_METRIC_EXPORT_INTERVAL: "100",
        WHATSAPP_ACCESS_TOKEN: accessToken,
        WHATSAPP_PHONE_NUMBER_ID: Delivery.defaults.phoneNumberId,
        WHATSAPP_API_URL: graph.url,
        WHATSAPP_APP_SECRET: appSecret,
        WHATSAPP_VERIFY_TOKEN: verifyToken
      })
      const query = `?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=0042`
      assert.strictEqual((yield* send(example.url + query)).body, "0042")
      const sender = { from: "16505550177", userId: "US.42", name: "Ida Voss" }
      const body = Delivery.text("wamid.abc", { ...sender, text: "my secret wish" })
      const headers = { "x-hub-signature-256": yield* sign(body) }
      assert.strictEqual((yield* send(example.url, { method: "POST", headers, body })).status, 200)
      // What is looked at only now and then is looked at while the program runs.
      yield* collector.until("whatsapp_items")
      assert.strictEqual(yield* example.end, 0)
      assert.include(graph.got[0]?.body, "my secret wish")

      const of = (path: string) => collector.got.filter((it) => it.path === path).map(({ body }) => body)
      const spans = of("/v1/traces").flatMap(readSpans)
      const named = (name: string) => spans.find((span) => span.name === name) ?? assert.fail(`no span ${name}`)
      const delivery = named("WebhookServer.deliver")
      const listener = named("Listener.echo")
      assert.deepStrictEqual(listener.links, [{ traceId: delivery.traceId, spanId: delivery.spanId }])
      assert.isUndefined(listener.parentSpanId)
      assert.strictEqual(named("echo").parentSpanId, listener.spanId)
      assert.strictEqual(named("WhatsAppClient.send").traceId, listener.traceId)
      const metrics = of("/v1/metrics").join("\n")
      for (const name of ["whatsapp_items", "whatsapp_listener_attempts", "whatsapp_inbox_depth"]) {
        assert.include(metrics, `"${name}"`)
      }
      assert.include(of("/v1/logs").join("\n"), "Listening on")

      const all = collector.got.map(({ body }) => body).join("\n") + example.log()
      const { from, name, userId } = sender
      for (const secret of [from, name, userId, "wamid.abc", "secret wish", accessToken, verifyToken, appSecret]) {
        assert.notInclude(all, secret)
      }
    }),
  30_000
)

it.live(
  "tells nobody anything when the environment names no collector",
  () =>
    Effect.gen(function* () {
      const collector = yield* listen("{}")
      const example = yield* startExample({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        WHATSAPP_ACCESS_TOKEN: accessToken,
        WHATSAPP_PHONE_NUMBER_ID: "42",
        WHATSAPP_APP_SECRET: appSecret,
        WHATSAPP_VERIFY_TOKEN: verifyToken
      })
      assert.strictEqual(yield* example.end, 0)
      assert.deepStrictEqual(collector.got, [])
    }),
  30_000
)
