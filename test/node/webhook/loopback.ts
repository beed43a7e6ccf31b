/** The webhook's endpoints over an inbox that notes what it is given: as a function of requests, and on loopback. */
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type { InboxError } from "@effect-whatsapp/core/errors"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookConfig, WebhookRouter } from "@effect-whatsapp/node/webhook"
import { Context, Effect, Layer } from "effect"
import { HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer, request, type Server } from "node:http"

export const path = "/whatsapp/webhook"
export const appSecret = "orchid-secret"
export const verifyToken = "orchid-7"

export interface Options extends Partial<WebhookConfig.Options> {
  /** What stands in the place of `append`. @default keeps everything */
  readonly append?: (body: Uint8Array) => Effect.Effect<void, InboxError>
}

const makeRoutes = (options: Options) => {
  const appended: Array<Uint8Array> = []
  const keep = (body: Uint8Array) => Effect.sync(() => void appended.push(Uint8Array.from(body)))
  const inbox = Layer.mock(Inbox.Inbox, {
    durable: false,
    append: (body) => Effect.andThen(options.append?.(body) ?? Effect.void, keep(body))
  })
  const config = WebhookConfig.layer({ appSecrets: [appSecret], verifyToken, ...options })
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

/** The endpoints on loopback, which read bodies from Node's own requests. */
export const makeLoopback = Effect.fnUntraced(function* (
  options: Options & { readonly onServer?: (server: Server) => void } = {}
) {
  const { appended, routes } = makeRoutes(options)
  const server = createServer()
  options.onServer?.(server)
  const context = yield* Layer.build(
    HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
      Layer.provideMerge(
        NodeHttpServer.layer(() => server, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: "1 second" })
      )
    )
  )
  const url = HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address) + path
  const post = (body: Uint8Array, signature?: string) =>
    send(url, { method: "POST", body, headers: signature === undefined ? {} : { "x-hub-signature-256": signature } })
  return { appended, url, post, get: (query: string) => send(`${url}${query}`) }
})

/** Signs as Meta does. */
export const sign = (body: Uint8Array, secret = appSecret) =>
  Effect.provide(Delivery.signature(body, secret), NodeCrypto.layerMac)
