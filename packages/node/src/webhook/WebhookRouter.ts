/**
 * Meta's two endpoints, for any `HttpRouter`. Between a delivery and its answer stand its size, its signature and one
 * append: no parsing, no listener and no service of the application can delay the answer or lose what was answered.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as Mac from "effect/crypto/Mac"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as UrlParams from "effect/http/UrlParams"
import type * as Inbox from "../inbox/Inbox.ts"
import { rawBody } from "./internal/rawBody.ts"
import * as Receive from "./internal/receive.ts"
import * as Signature from "./Signature.ts"
import { WebhookConfig } from "./WebhookConfig.ts"

const Handshake = Schema.Struct({
  "hub.mode": Schema.Literal("subscribe"),
  "hub.verify_token": Schema.String,
  "hub.challenge": Schema.String
})

const utf8 = new TextEncoder()
const forbidden = HttpServerResponse.empty({ status: 403, headers: { "content-length": "0" } })
const responseOf = ({ body, headers, status }: Receive.Answer): HttpServerResponse.HttpServerResponse =>
  body === ""
    ? HttpServerResponse.empty({ status, headers })
    : HttpServerResponse.text(body, { status, headers, contentType: headers["content-type"] })
const responses: { readonly [Name in Receive.Outcome]: HttpServerResponse.HttpServerResponse } = {
  kept: responseOf(Receive.answers.kept),
  refused: responseOf(Receive.answers.refused),
  too_large: responseOf(Receive.answers.too_large),
  aborted: responseOf(Receive.answers.aborted),
  not_kept: responseOf(Receive.answers.not_kept)
}

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
    const receive = yield* Receive.make(yield* Signature.makeVerifier(config.appSecrets))
    const verifyToken = utf8.encode(Redacted.value(config.verifyToken))

    const handshake = HttpServerRequest.schemaSearchParams(Handshake).pipe(
      Effect.filterOrFail((query) => Mac.timingSafeEqual(utf8.encode(query["hub.verify_token"]), verifyToken)),
      Effect.map((query) =>
        HttpServerResponse.text(query["hub.challenge"], { headers: { "x-content-type-options": "nosniff" } })
      ),
      Effect.catch(() => Effect.succeed(forbidden))
    )
    const deliver = (request: HttpServerRequest.HttpServerRequest) =>
      Effect.map(
        receive(rawBody(request, config.maxBodySize), request.headers[Signature.header]),
        (outcome) => responses[outcome]
      )
    yield* router.add("GET", config.path, handshake)
    yield* router.add("POST", config.path, deliver)
  })
)
