/** A Graph API in the place of the network: it records what was sent, and answers as the test says. */
import { WhatsAppClient, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { Effect, Layer, Redacted, Ref, Schema } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import type { Server } from "node:net"

export const token = "EAAG-token-of-sales"
export const otherToken = "EAAG-token-of-support"
export const sales = "106540352242922"
export const support = "102290129340398"

export const accepted = {
  messaging_product: "whatsapp",
  contacts: [{ input: "393401234567", wa_id: "393401234567" }],
  messages: [{ id: "wamid.HBgM" }]
}

export interface Sent {
  readonly url: string
  readonly method: string
  readonly authorization: string | undefined
  readonly body: Schema.JsonObject
}

export const config = (apiUrl?: string) =>
  WhatsAppConfig.layer({
    numbers: [
      { phoneNumberId: sales, accessToken: Redacted.make(token) },
      { phoneNumberId: support, accessToken: Redacted.make(otherToken) }
    ],
    apiUrl
  }).pipe(Layer.orDie)

const decodeBody = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.JsonObject))
const bodyOf = (request: HttpClientRequest.HttpClientRequest): Schema.JsonObject =>
  request.body._tag === "Uint8Array" ? decodeBody(new TextDecoder().decode(request.body.body)) : {}

/** The address of a server that listens. */
export const urlOf = (server: Server): string => {
  const address = server.address()
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "nowhere"
}

/** A client whose requests are answered by `respond`; `sent` is all that left. */
export const make = Effect.fnUntraced(function* (
  respond: (request: HttpClientRequest.HttpClientRequest) => ReturnType<HttpClient.HttpClient["execute"]>,
  apiUrl?: string
) {
  const sent = yield* Ref.make<ReadonlyArray<Sent>>([])
  const http = HttpClient.make((request, url) =>
    Ref.update(sent, (all) => [
      ...all,
      {
        url: url.href,
        method: request.method,
        authorization: request.headers.authorization,
        body: bodyOf(request)
      }
    ]).pipe(Effect.andThen(respond(request)))
  )
  const context = yield* Layer.build(
    WhatsAppClient.layer.pipe(Layer.provide([config(apiUrl), Layer.succeed(HttpClient.HttpClient, http)]))
  )
  const whatsapp = yield* Effect.provide(WhatsAppClient.WhatsAppClient, context)
  return { whatsapp, sent: Ref.get(sent) }
})

const response = (request: HttpClientRequest.HttpClientRequest, status: number, body: string | null) =>
  Effect.sync(() => HttpClientResponse.fromWeb(request, new Response(body, { status })))

/** Answers everything with one status and body; an object is JSON. */
export const answering = (status: number, body: string | object | null, apiUrl?: string) =>
  make(
    (request) => response(request, status, body === null || typeof body === "string" ? body : JSON.stringify(body)),
    apiUrl
  )
