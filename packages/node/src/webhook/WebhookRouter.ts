/**
 * Meta's two endpoints, for any `HttpRouter`. Between a delivery and its answer stand its size, its signature and one
 * append: no parsing, no listener and no service of the application can delay the answer or lose what was answered.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as Mac from "effect/crypto/Mac"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as UrlParams from "effect/http/UrlParams"
import * as Inbox from "../inbox/Inbox.ts"
import * as OnceAMinute from "./internal/onceAMinute.ts"
import { rawBody } from "./internal/rawBody.ts"
import * as Signature from "./Signature.ts"
import { WebhookConfig } from "./WebhookConfig.ts"

const Handshake = Schema.Struct({
  "hub.mode": Schema.Literal("subscribe"),
  "hub.verify_token": Schema.String,
  "hub.challenge": Schema.String
})

const utf8 = new TextEncoder()
const received = HttpServerResponse.text(`{"received":true}`, { contentType: "application/json" })
const empty = (status: number, headers: Record<string, string> = {}) =>
  HttpServerResponse.empty({ status, headers: { "content-length": "0", ...headers } })
const forbidden = empty(403)
const tooLarge = empty(413, { connection: "close" })
const refused = empty(401)
const aborted = empty(400)
const unavailable = empty(503, { "retry-after": "5" })

const deliveries = Metric.counter("whatsapp_webhook_deliveries", {
  description: "Deliveries by what became of them",
  incremental: true
})
const outcome = (name: string) => Metric.update(Metric.withAttributes(deliveries, { outcome: name }), 1)

/** A wrong secret refuses everything, and a scanner must not fill the log. */
const makeWarning = Effect.sync(() =>
  OnceAMinute.make(
    Effect.logWarning(
      "A delivery was refused because its signature does not fit. If Meta sent it, WHATSAPP_APP_SECRET is probably wrong: " +
        "it is the app secret of the app that owns the webhook, not the access token."
    )
  )
)

/**
 * Layer that keeps the verify token out of spans: the tracer of an HTTP server records query strings, and the handshake
 * carries a secret there. `WebhookServer` has it; provide it to your own `HttpRouter.serve` when you mount `layer` there.
 */
export const layerRedaction: Layer.Layer<never> = Layer.effect(
  UrlParams.CurrentRedactedNames,
  Effect.map(UrlParams.CurrentRedactedNames, (names) => [...names, "hub.verify_token"])
)

/**
 * Layer that mounts the GET handshake and the POST delivery at the configured path. Outside `WebhookServer`, provide
 * `layerRedaction` to the server too.
 */
export const layer: Layer.Layer<
  never,
  CryptoError.CryptoError,
  HttpRouter.HttpRouter | Mac.Mac | WebhookConfig | Inbox.Inbox
> = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const config = yield* WebhookConfig
    const inbox = yield* Inbox.Inbox
    const verify = yield* Signature.makeVerifier(config.appSecrets)
    const warn = yield* makeWarning
    const verifyToken = utf8.encode(Redacted.value(config.verifyToken))
    const answered = (name: string, response: HttpServerResponse.HttpServerResponse) =>
      Effect.as(outcome(name), response)

    const handshake = HttpServerRequest.schemaSearchParams(Handshake).pipe(
      Effect.filterOrFail((query) => Mac.timingSafeEqual(utf8.encode(query["hub.verify_token"]), verifyToken)),
      Effect.map((query) =>
        HttpServerResponse.text(query["hub.challenge"], { headers: { "x-content-type-options": "nosniff" } })
      ),
      Effect.catch(() => Effect.succeed(forbidden))
    )
    const deliver = Effect.fnUntraced(
      function* (request: HttpServerRequest.HttpServerRequest) {
        const body = yield* rawBody(request, config.maxBodySize)
        yield* verify(body, request.headers[Signature.header])
        // Uninterruptible: a client that hangs up never leaves a half-kept delivery.
        yield* Effect.uninterruptible(inbox.append(body))
        return yield* answered("kept", received) // 200 means kept
      },
      Effect.catchTags({
        BodyTooLarge: () => answered("too_large", tooLarge),
        BodyAborted: () => answered("aborted", aborted), // nobody is there to read it
        InvalidSignature: () => Effect.andThen(warn, answered("refused", refused)),
        // Meta redelivers: our outage costs a delay, not a message
        InboxError: ({ message }) =>
          Effect.andThen(Effect.logError(`A delivery could not be kept. ${message}`), answered("not_kept", unavailable))
      })
    )
    yield* router.add("GET", config.path, handshake)
    yield* router.add("POST", config.path, deliver)
  })
)
