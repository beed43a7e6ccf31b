/**
 * The short way of a delivery: from Node's request to the inbox and back, without what a router costs. It takes what Meta
 * sends, which is a POST of known length, and leaves the rest to the router, where the same endpoint stands: other
 * methods and spellings of the path, bodies that are too large or in chunks, and senders who ask before they send.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import * as Headers from "effect/http/Headers"
import * as HttpTraceContext from "effect/http/HttpTraceContext"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import type * as Inbox from "../../inbox/Inbox.ts"
import { fromNode } from "../../webhook/internal/rawBody.ts"
import * as Receive from "../../webhook/internal/receive.ts"
import * as Signature from "../../webhook/Signature.ts"
import * as WebhookConfig from "../../webhook/WebhookConfig.ts"
import { nodeVerifier } from "./nodeVerifier.ts"

/** Takes a request, or says that it is somebody else's. */
export type Take = (request: IncomingMessage, response: ServerResponse) => boolean

/** Makes the short way. Requests that are under way when `scope` closes are answered before it is closed. */
export const make = Effect.fnUntraced(function* (
  scope: Scope.Scope
): Effect.fn.Return<Take, never, Inbox.Inbox | WebhookConfig.WebhookConfig> {
  const { appSecrets, maxBodySize, path } = yield* WebhookConfig.WebhookConfig
  const receive = yield* Receive.make(nodeVerifier(appSecrets))
  const context = yield* Effect.context()
  const run = Effect.runForkWith(context)
  const pathAndQuery = `${path}?`
  // The native tracer has nobody who reads its spans.
  const isTraced = Context.get(context, Tracer.Tracer) !== Tracer.nativeTracer

  const isDelivery = ({ headers, method, url = "" }: IncomingMessage) =>
    method === "POST" &&
    (url === path || url.startsWith(pathAndQuery)) &&
    Number(headers["content-length"]) <= maxBodySize

  const traced = (request: IncomingMessage, deliver: Effect.Effect<Receive.Outcome>) =>
    Effect.suspend(() => {
      const parent = HttpTraceContext.fromHeaders(Headers.fromInput(request.headers))
      return deliver.pipe(
        Effect.tap((outcome) =>
          Effect.annotateCurrentSpan({
            "http.response.status_code": Receive.answers[outcome].status,
            "whatsapp.outcome": outcome
          })
        ),
        Effect.withSpan(
          "WebhookServer.deliver",
          {
            kind: "server",
            parent: Option.getOrUndefined(parent),
            attributes: { "http.request.method": "POST", "http.route": path }
          },
          { captureStackTrace: false }
        )
      )
    })

  return (request, response) => {
    if (!isDelivery(request)) return false
    const deliver = receive(fromNode(request, maxBodySize), firstOf(request.headers[Signature.header]))
    const fiber = run(isTraced ? traced(request, deliver) : deliver)
    fiber.addObserver((exit) => {
      // A shutdown cuts short what never came to its end.
      const { body, headers, status } = Receive.answers[Exit.isSuccess(exit) ? exit.value : "not_kept"]
      response.writeHead(status, headers)
      response.end(body)
    })
    Fiber.runIn(fiber, scope)
    return true
  }
})

const firstOf = (header: string | ReadonlyArray<string> | undefined): string | undefined =>
  typeof header === "object" ? header[0] : header

/** Lets `take` have every request first; those who listen already get what it leaves. */
export const before = (server: Server, take: Take): void => {
  const listeners = server.listeners("request")
  server.removeAllListeners("request")
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (take(request, response)) return
    for (const listener of listeners) Reflect.apply(listener, server, [request, response])
  })
}
