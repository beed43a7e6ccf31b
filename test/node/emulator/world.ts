/** An emulator and a webhook, both on loopback: everything between them is real HTTP. */
import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Context, Effect, Layer, Queue, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"

export const appSecret = "orchid-secret"
export const verifyToken = "orchid-7"
export const phoneNumberId = "207311904455012"
export const secondNumberId = "207311904455013"
export const businessAccountId = "330011220044556"
export const displayPhoneNumber = "15557300142"
export const token = "EAAtoken"

export interface Received {
  readonly method: string
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: string
}

/** A webhook that checks signatures by the bytes; what it answers to what is genuine is scripted, and else 200. */
export const makeWebhook = Effect.gen(function* () {
  const server = yield* NodeHttpServer.make(createServer, {
    port: 0,
    host: "127.0.0.1",
    gracefulShutdownTimeout: "1 second"
  })
  const received = yield* Queue.unbounded<Received>()
  const answers: Array<number> = []
  yield* server.serve(
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      if (request.method === "GET") {
        const query = new URL(request.url, "http://localhost").searchParams
        const isOurs = query.get("hub.mode") === "subscribe" && query.get("hub.verify_token") === verifyToken
        return isOurs
          ? HttpServerResponse.text(query.get("hub.challenge") ?? "")
          : HttpServerResponse.empty({ status: 403 })
      }
      const bytes = Buffer.from(yield* request.arrayBuffer)
      const expected = `sha256=${createHmac("sha256", appSecret).update(bytes).digest("hex")}`
      if (request.headers["x-hub-signature-256"] !== expected) return HttpServerResponse.empty({ status: 401 })
      yield* Queue.offer(received, { method: request.method, headers: request.headers, body: bytes.toString("latin1") })
      return HttpServerResponse.empty({ status: answers.shift() ?? 200 })
    })
  )
  return {
    url: `${HttpServer.formatAddress(server.address)}/whatsapp/webhook`,
    /** The next genuine delivery. */
    next: Queue.take(received),
    waiting: Queue.size(received),
    answer: (...statuses: ReadonlyArray<number>) => Effect.sync(() => void answers.push(...statuses))
  }
})

export const makeEmulator = (options: Partial<CloudApiEmulator.Options> = {}) =>
  Effect.map(
    Layer.build(
      CloudApiEmulator.layer({
        businessAccountId,
        appSecret,
        numbers: [
          { phoneNumberId, displayPhoneNumber, accessToken: token },
          { phoneNumberId: secondNumberId, displayPhoneNumber: "15557300143", accessToken: "EAAother" }
        ],
        ...options
      })
    ),
    Context.get(CloudApiEmulator.CloudApiEmulator)
  )

/** Both of them, and a customer who has a phone number. */
export const makeWorld = Effect.fnUntraced(function* (options: Partial<CloudApiEmulator.Options> = {}) {
  const webhook = yield* makeWebhook
  const emulator = yield* makeEmulator({ webhookUrl: webhook.url, ...options })
  const ida = yield* emulator.customer({ phone: "+1 650 555-0177", name: "Ida Voss" })
  /** Ida writes, and the delivery of it is out of the way. */
  const openWindow = Effect.andThen(ida.sendText("hi"), webhook.next)
  return { webhook, emulator, ida, openWindow }
})

const Json = Schema.fromJsonString(Schema.Json)

/** Sends as a business does. */
export const post = (
  emulator: CloudApiEmulator.CloudApiEmulator["Service"],
  body: Schema.Json | string,
  options: { readonly token?: string | null; readonly path?: string; readonly contentType?: string } = {}
) =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const bearer = options.token === undefined ? token : options.token
    const request = HttpClientRequest.post(`${emulator.url}${options.path ?? `/v23.0/${phoneNumberId}/messages`}`).pipe(
      HttpClientRequest.bodyText(
        typeof body === "string" ? body : JSON.stringify(body),
        options.contentType ?? "application/json"
      ),
      bearer === null ? (same) => same : HttpClientRequest.bearerToken(bearer)
    )
    const response = yield* client.execute(request)
    const text = yield* response.text
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: () => Schema.decodeSync(Json)(text)
    }
  }).pipe(Effect.provide(NodeHttpClient.layerNodeHttp))

interface CallOptions {
  /** @default the first number's token */
  readonly token?: string | null
  readonly body?: Uint8Array | string
  readonly headers?: { readonly [name: string]: string }
}

/** Asks for anything else, at a path of the API or a whole URL. */
export const call = Effect.fnUntraced(function* (
  emulator: CloudApiEmulator.CloudApiEmulator["Service"],
  method: "GET" | "POST" | "DELETE",
  path: string,
  { body, headers = {}, token: bearer = token }: CallOptions = {}
) {
  const client = yield* HttpClient.HttpClient
  const bytes = typeof body === "string" ? Buffer.from(body) : body
  const request = HttpClientRequest.make(method)(path.startsWith("/") ? `${emulator.url}${path}` : path).pipe(
    bytes === undefined
      ? (same) => same
      : HttpClientRequest.bodyUint8Array(bytes, headers["content-type"] ?? "application/octet-stream"),
    HttpClientRequest.setHeaders(headers),
    bearer === null ? (same) => same : HttpClientRequest.setHeader("authorization", `Bearer ${bearer}`)
  )
  const response = yield* client.execute(request)
  const answered = new Uint8Array(yield* response.arrayBuffer)
  return {
    status: response.status,
    headers: response.headers,
    bytes: answered,
    json: () => Schema.decodeSync(Json)(Buffer.from(answered).toString())
  }
}, Effect.provide(NodeHttpClient.layerNodeHttp))

export type Fields = { readonly [key: string]: Schema.Json }

export const textTo = (to: string, body = "hello"): Fields => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to,
  type: "text",
  text: { body }
})

export const templateTo = (to: string, name = "order_update", ...values: ReadonlyArray<string>): Fields => ({
  messaging_product: "whatsapp",
  to,
  type: "template",
  template: {
    name,
    language: { code: "en_US" },
    components: [{ type: "body", parameters: values.map((text) => ({ type: "text", text })) }]
  }
})

export const phone = "16505550177"

/** The id that Meta gave to what was sent. */
export const wamidOf = (answer: { readonly json: () => Schema.Json }): string =>
  Schema.decodeUnknownSync(Schema.Struct({ messages: Schema.NonEmptyArray(Schema.Struct({ id: Schema.String })) }))(
    answer.json()
  ).messages[0].id

const Envelope = Schema.fromJsonString(
  Schema.Struct({
    object: Schema.Literal("whatsapp_business_account"),
    entry: Schema.NonEmptyArray(
      Schema.Struct({
        id: Schema.String,
        changes: Schema.NonEmptyArray(Schema.Struct({ field: Schema.String, value: Schema.JsonObject }))
      })
    )
  })
)

/** The only change of a delivery. */
export const valueOf = (received: { readonly body: string }): Schema.JsonObject => {
  const { entry } = Schema.decodeSync(Envelope)(received.body)
  return entry[0].changes[0].value
}

const Statuses = Schema.Struct({ statuses: Schema.NonEmptyArray(Schema.JsonObject) })

/** The only status of a delivery. */
export const statusOf = (received: { readonly body: string }): Schema.JsonObject =>
  Schema.decodeUnknownSync(Statuses)(valueOf(received)).statuses[0]

const ErrorBody = Schema.Struct({
  error: Schema.Struct({
    message: Schema.String,
    type: Schema.String,
    code: Schema.Int,
    error_subcode: Schema.optionalKey(Schema.Int),
    is_transient: Schema.optionalKey(Schema.Boolean),
    error_data: Schema.optionalKey(
      Schema.Struct({ messaging_product: Schema.Literal("whatsapp"), details: Schema.String })
    ),
    fbtrace_id: Schema.String
  })
})
/** The error of an answer, which has these members and no others. */
export const errorOf = (answer: { readonly json: () => Schema.Json }) =>
  Schema.decodeUnknownSync(ErrorBody, { onExcessProperty: "error" })(answer.json()).error
