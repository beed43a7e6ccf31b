/** The webhook's endpoints over an inbox that notes what it is given: as a function of requests, and on loopback. */
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listeners } from "@effect-whatsapp/node/events"
import { WebhookServer } from "@effect-whatsapp/node/server"
import type { InboxError } from "@effect-whatsapp/core/errors"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookConfig, WebhookRouter } from "@effect-whatsapp/node/webhook"
import { Context, Effect, Layer, Logger, Schema } from "effect"
import { HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer, request, Server, ServerResponse } from "node:http"
import { channel } from "node:diagnostics_channel"

export const path = "/whatsapp/webhook"
export const appSecret = "orchid-secret"
export const verifyToken = "orchid-7"

export interface Options extends Partial<WebhookConfig.Options> {
  /** What stands in the place of `append`. @default keeps everything */
  readonly append?: (body: Uint8Array) => Effect.Effect<void, InboxError>
  /** Who is told what is logged on loopback. @default nobody */
  readonly loggers?: ReadonlyArray<Logger.Logger<unknown, void>>
}

const makeParts = (options: Options) => {
  const appended: Array<Uint8Array> = []
  const keep = (body: Uint8Array) => Effect.sync(() => void appended.push(Uint8Array.from(body)))
  const append = (body: Uint8Array) => Effect.andThen(options.append?.(body) ?? Effect.void, keep(body))
  // What is noted goes no further, so nothing works behind the answer.
  const inbox = Layer.effect(
    Inbox.Inbox,
    Effect.map(Inbox.Inbox, (memory) => ({ ...memory, append }))
  ).pipe(Layer.provide(Inbox.layerMemory()))
  return { appended, inbox, config: WebhookConfig.layer({ appSecrets: [appSecret], verifyToken, ...options }) }
}

const makeRoutes = (options: Options) => {
  const { appended, config, inbox } = makeParts(options)
  return { appended, routes: Layer.provide(WebhookRouter.layer, [inbox, config, NodeCrypto.layerMac]) }
}

/** The endpoints as a function, which reads bodies by their stream, as every server but Node's does. */
export const makeFunction = Effect.fnUntraced(function* (options: Options = {}) {
  const { appended, routes } = makeRoutes(options)
  const app = yield* HttpRouter.toHttpEffect(routes)
  return {
    appended,
    ask: (request: Request) =>
      app.pipe(
        Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromWeb(request)),
        Effect.map(HttpServerResponse.toWeb),
        Effect.scoped
      ),
    post: (body: Uint8Array<ArrayBuffer>, signature?: string) =>
      new Request(`http://localhost${path}`, {
        method: "POST",
        body,
        headers: signature === undefined ? {} : { "x-hub-signature-256": signature }
      })
  }
})

export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | ReadonlyArray<string> | undefined }
  readonly body: string
}

/** Sends a request as it is given, and gives the answer. */
export const send = (
  url: string,
  options: {
    readonly method?: string
    readonly headers?: { readonly [name: string]: string }
    readonly body?: Uint8Array
  } = {}
) =>
  Effect.callback<Answer, Error>((resume) => {
    const { body, ...rest } = options
    const sent = request(url, { agent: false, ...rest }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", (error) => resume(Effect.fail(error)))
      response.on("end", () =>
        resume(
          Effect.succeed({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString()
          })
        )
      )
    })
    sent.on("error", (error) => resume(Effect.fail(error)))
    sent.end(body)
    return Effect.sync(() => sent.destroy())
  })

/** The ways in which a delivery can arrive over the network: by a router of one's own, or by `WebhookServer`. */
export const fronts = ["router", "server, by its router", "server, the short way"] as const
export type Front = (typeof fronts)[number]

const routerAlone = (options: Options) => {
  const { appended, routes } = makeRoutes(options)
  const server = NodeHttpServer.layer(() => createServer(), {
    port: 0,
    host: "127.0.0.1",
    gracefulShutdownTimeout: "1 second"
  })
  const layer = HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(server)
  )
  return { appended, layer }
}

const wholeServer = (options: Options & WebhookServer.Options, listener: "fast" | "router") => {
  const { appended, config, inbox } = makeParts(options)
  const layer = WebhookServer.layer({
    shutdownTimeout: "5 seconds",
    ...options,
    port: 0,
    host: "127.0.0.1",
    listener,
    config
  }).pipe(Layer.provide([Listeners.layer(), OwnerResolver.layerPhones([]), Deduplication.layerMemory(), inbox]))
  return { appended, layer }
}

/** Node tells everyone in the process of the requests that its servers get. */
const requestStarts = channel("http.server.request.start")
const isStart = Schema.is(
  Schema.Struct({ response: Schema.instanceOf(ServerResponse), server: Schema.instanceOf(Server) })
)

/** The endpoints on loopback. `onRequest` sees each request before they do. */
export const makeLoopback = Effect.fnUntraced(function* (
  front: Front,
  options: Options & WebhookServer.Options & { readonly onRequest?: (response: ServerResponse) => void } = {}
) {
  const { onRequest, ...others } = options
  const { appended, layer }: { appended: Array<Uint8Array>; layer: Layer.Layer<HttpServer.HttpServer, unknown> } =
    front === "router"
      ? routerAlone(others)
      : wholeServer(others, front === "server, the short way" ? "fast" : "router")
  const context = yield* Layer.build(Layer.provide(layer, Logger.layer(options.loggers ?? [])))
  const base = HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address)
  const { port } = new URL(base)
  if (onRequest !== undefined) {
    const observe = (start: unknown) => {
      if (!isStart(start)) return
      const address = start.server.address()
      if (typeof address === "object" && address?.port === Number(port)) onRequest(start.response)
    }
    requestStarts.subscribe(observe)
    yield* Effect.addFinalizer(() => Effect.sync(() => requestStarts.unsubscribe(observe)))
  }
  const url = base + path
  const post = (body: Uint8Array, signature?: string) =>
    send(url, { method: "POST", body, headers: signature === undefined ? {} : { "x-hub-signature-256": signature } })
  return { appended, base, port: Number(port), url, post }
})

/** Signs as Meta does. */
export const sign = (body: Uint8Array, secret = appSecret) =>
  Effect.provide(Delivery.signature(body, secret), NodeCrypto.layerMac)
