/** The whole server on loopback, with real requests. */
import { assert, it } from "@effect/vitest"
import type { MessageId } from "@effect-whatsapp/core/domain"
import { DeduplicationError } from "@effect-whatsapp/core/errors"
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, Listeners, WhatsAppEvents } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { WebhookConfig, WebhookPipeline } from "@effect-whatsapp/node/webhook"
import { Cause, ConfigProvider, Context, Deferred, Effect, Exit, Layer, Logger, PubSub, Scope, Tracer } from "effect"
import { HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { appSecret, send, sign, verifyToken } from "../webhook/loopback.ts"

interface Options extends WebhookServer.Options {
  readonly listeners?: ReadonlyArray<Listener.Listener>
  readonly resolver?: Layer.Layer<OwnerResolver.OwnerResolver>
  readonly deduplication?: Layer.Layer<Deduplication.Deduplication>
  readonly around?: Layer.Layer<never>
}

const start = Effect.fnUntraced(function* (options: Options = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const context = yield* Layer.buildWithScope(
    WebhookServer.layer({
      port: 0,
      host: "127.0.0.1",
      config: WebhookConfig.layer({ appSecrets: [appSecret], verifyToken }),
      shutdownTimeout: "100 millis",
      ...options
    }).pipe(
      Layer.provide([
        Listeners.layer(...(options.listeners ?? [])),
        options.resolver ?? OwnerResolver.layerPhones([]),
        options.deduplication ?? Deduplication.layerMemory(),
        Inbox.layerMemory()
      ]),
      Layer.provide(Logger.layer([])),
      Layer.provide(options.around ?? Layer.empty)
    ),
    scope
  )
  const base = HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address)
  const url = base + (options.path ?? WebhookConfig.defaultPath)
  return {
    base,
    url,
    events: Context.get(context, WhatsAppEvents.WhatsAppEvents),
    awaitIdle: Context.get(context, WebhookPipeline.WebhookPipeline).awaitIdle,
    shutdown: Scope.close(scope, Exit.void),
    post: Effect.fnUntraced(function* (body: Uint8Array, secret: string = appSecret) {
      const headers = { "x-hub-signature-256": yield* sign(body, secret) }
      return yield* send(url, { method: "POST", headers, body })
    })
  }
})

const recorder = () => {
  const wamids: Array<MessageId> = []
  const listener = Listener.make("record", "TextReceived", ({ wamid }) => Effect.sync(() => void wamids.push(wamid)))
  return { wamids, listeners: [listener] }
}

it.live("hands what Meta signed to a listener, and what Meta did not sign to nobody", () =>
  Effect.gen(function* () {
    const { listeners, wamids } = recorder()
    const { awaitIdle, post } = yield* start({ listeners })
    assert.strictEqual((yield* post(Delivery.text("wamid.1"))).status, 200)
    assert.strictEqual((yield* post(Delivery.text("wamid.2"), "a guess")).status, 401)
    assert.strictEqual((yield* post(Delivery.text("wamid.1"))).status, 200)
    assert.strictEqual((yield* post(Delivery.text("wamid.3"))).status, 200)
    yield* awaitIdle
    assert.deepStrictEqual<ReadonlyArray<string>>(wamids, ["wamid.1", "wamid.3"])
  })
)

it.live("lets a program watch the events", () =>
  Effect.gen(function* () {
    const { events, post } = yield* start()
    const watching = yield* events.subscribe
    yield* post(
      Delivery.messages({ messages: [Delivery.textItem("1"), 7], statuses: [Delivery.statusItem("2", "sent")] })
    )
    const seen: Array<WhatsAppEvent["_tag"]> = []
    while (seen.length < 3) seen.push((yield* PubSub.take(watching))._tag)
    assert.deepStrictEqual(seen.toSorted(), ["StatusUpdate", "TextReceived", "Undecodable"])
  })
)

const never = () => Effect.never
const hanging: ReadonlyArray<readonly [what: string, options: Options]> = [
  ["a listener", { listeners: [Listener.make("hanging", "*", never)] }],
  ["an OwnerResolver", { resolver: OwnerResolver.layer(never) }],
  [
    "a Deduplication",
    { deduplication: Layer.succeed(Deduplication.Deduplication, { claim: never, complete: never, release: never }) }
  ],
  [
    "a Deduplication that is down",
    {
      deduplication: Layer.succeed(Deduplication.Deduplication, {
        claim: () => Effect.fail(new DeduplicationError({ cause: "ECONNREFUSED" })),
        complete: never,
        release: never
      })
    }
  ]
]
for (const [what, options] of hanging) {
  it.live(`answers 200 although ${what} never answers`, () =>
    Effect.gen(function* () {
      const { post } = yield* start(options)
      for (const wamid of ["1", "2", "3"]) assert.strictEqual((yield* post(Delivery.text(wamid))).status, 200)
    })
  )
}

it.live("answers a listener that is in the middle of its work with 200 for the next delivery", () =>
  Effect.gen(function* () {
    const entered = yield* Deferred.make<void>()
    const proceed = yield* Deferred.make<void>()
    const wamids: Array<string> = []
    const listener = Listener.make("work", "TextReceived", ({ wamid }) =>
      Deferred.succeed(entered, undefined).pipe(
        Effect.andThen(Deferred.await(proceed)),
        Effect.andThen(Effect.sync(() => wamids.push(wamid)))
      )
    )
    const { awaitIdle, post } = yield* start({ listeners: [listener] })
    yield* post(Delivery.text("1"))
    yield* Deferred.await(entered)
    assert.strictEqual((yield* post(Delivery.text("2"))).status, 200)
    assert.deepStrictEqual(wamids, [])
    yield* Deferred.succeed(proceed, undefined)
    yield* awaitIdle
    assert.deepStrictEqual(wamids, ["1", "2"])
  })
)

it.live("says that it is healthy, where it was told to", () =>
  Effect.gen(function* () {
    const { base } = yield* start()
    const answer = yield* send(`${base}/health`)
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(answer.body, `{"status":"ok"}`)
    const other = yield* start({ healthPath: "/alive" })
    assert.strictEqual((yield* send(`${other.base}/alive`)).status, 200)
    assert.strictEqual((yield* send(`${other.base}/health`)).status, 404)
  })
)

it.live("serves the routes of the program beside its own", () =>
  Effect.gen(function* () {
    const { listeners, wamids } = recorder()
    const routes = HttpRouter.add("GET", "/hello", HttpServerResponse.text("hello"))
    const { awaitIdle, base, post } = yield* start({ listeners, routes })
    assert.strictEqual((yield* send(`${base}/hello`)).body, "hello")
    yield* post(Delivery.text("1"))
    yield* awaitIdle
    assert.strictEqual(wamids.length, 1)
    assert.strictEqual((yield* send(`${base}/other`)).status, 404)
  })
)

it.live("takes its path from the options, before the environment", () =>
  Effect.gen(function* () {
    const { base, url } = yield* start({ path: "/meta" })
    assert.strictEqual((yield* send(url, { method: "POST" })).status, 401)
    assert.strictEqual((yield* send(base + WebhookConfig.defaultPath, { method: "POST" })).status, 404)
  })
)

it.live("takes its settings from the environment by default, and names what is missing", () =>
  Effect.gen(function* () {
    const env = { PORT: "0", WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken }
    const fromEnv = (env: { readonly [name: string]: string }) =>
      Layer.build(
        WebhookServer.layer().pipe(
          Layer.provide([
            Listeners.layer(),
            OwnerResolver.layerPhones([]),
            Deduplication.layerMemory(),
            Inbox.layerMemory(),
            Logger.layer([]),
            ConfigProvider.layer(ConfigProvider.fromUnknown(env))
          ])
        )
      )
    const context = yield* fromEnv(env)
    const { port } = new URL(HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address))
    const query = new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.verify_token": verifyToken,
      "hub.challenge": "0042"
    })
    const answer = yield* send(`http://127.0.0.1:${port}${WebhookConfig.defaultPath}?${query.toString()}`)
    assert.strictEqual(answer.body, "0042")
    const error = yield* Effect.flip(fromEnv({ PORT: "0" }))
    assert.include(error.message, "WHATSAPP_APP_SECRET")
    assert.include(error.message, "WHATSAPP_VERIFY_TOKEN")
  })
)

it.live("fails to start when its port is taken", () =>
  Effect.gen(function* () {
    const { base } = yield* start()
    const error = yield* Effect.flip(start({ port: Number(new URL(base).port) }))
    assert.strictEqual(error._tag, "ServeError")
  })
)

it.live("keeps the verify token, secrets, phone numbers and texts out of traces", () =>
  Effect.gen(function* () {
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Layer.succeed(
      Tracer.Tracer,
      Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
    )
    const { listeners } = recorder()
    const quoting = (text: string) => Effect.fail(`cannot handle ${text}`)
    const failing = Listener.make("failing", "TextReceived", ({ text }) => quoting(text), {
      retry: () => ({ _tag: "Dead" })
    })
    const { awaitIdle, post, url } = yield* start({ around: tracer, listeners: [...listeners, failing] })
    const query = new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.verify_token": verifyToken,
      "hub.challenge": "0042"
    })
    assert.strictEqual((yield* send(`${url}?${query.toString()}`)).status, 200)
    assert.strictEqual((yield* send(`${url}?${query.toString().replace("orchid", "Orchid")}`)).status, 403)
    yield* post(Delivery.text("wamid.1", { from: "16505550177", text: "my secret wish", name: "Ida Voss" }))
    yield* awaitIdle
    const ending = ({ status }: Tracer.NativeSpan) =>
      status._tag === "Ended" && Exit.isFailure(status.exit) ? Cause.pretty(status.exit.cause) : status._tag
    const printed = JSON.stringify(spans.map((span) => [span.name, [...span.attributes], span.events, ending(span)]))
    assert.include(printed, "Listener.record")
    assert.include(printed, "Listener.failing")
    assert.include(printed, "hub.challenge")
    for (const secret of [verifyToken, "Orchid-7", appSecret, "16505550177", "my secret wish", "Ida Voss"]) {
      assert.notInclude(printed, secret)
    }
  })
)

it.live("refuses connections once it is shut down", () =>
  Effect.gen(function* () {
    const { post, shutdown } = yield* start()
    assert.strictEqual((yield* post(Delivery.text("1"))).status, 200)
    yield* shutdown
    const error = yield* Effect.flip(post(Delivery.text("2")))
    assert.include(String(error), "ECONNREFUSED")
  })
)
