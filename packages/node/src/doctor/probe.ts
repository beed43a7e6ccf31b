/** Requests to the webhook, as Meta makes them. None of them makes an event, and none is repeated. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Signature from "../webhook/Signature.ts"

/** No answer came, for a reason in words. */
export class Unanswered extends Data.TaggedError("Unanswered")<{ readonly why: string }> {}

export interface Answer {
  readonly status: number
  /** Its first characters. */
  readonly body: string
}

/** How long Meta waits, about. */
const limit = "10 seconds"

const words: { readonly [code: string]: string } = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the name of the host is not known",
  EAI_AGAIN: "the name of the host could not be looked up",
  ECONNRESET: "the connection was closed",
  CERT_HAS_EXPIRED: "the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate is signed by nobody known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate comes without those it rests on",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name"
}

/** The code that Node gives an error, however deep it is. */
const codeOf = (error: unknown, depth = 5): string | undefined => {
  if (typeof error !== "object" || error === null || depth === 0) return undefined
  if ("code" in error && typeof error.code === "string") return error.code
  return "cause" in error ? codeOf(error.cause, depth - 1) : undefined
}

const unanswered = ({ reason }: HttpClientError) => {
  const code = codeOf(reason) ?? ""
  return new Unanswered({
    why: words[code] ?? (code === "" ? "the connection broke" : `the connection failed (${code})`)
  })
}

/** Sends a request; what it holds is a secret, so no span tells of it. */
const send = (request: HttpClientRequest.HttpClientRequest): Effect.Effect<Answer, Unanswered, HttpClient.HttpClient> =>
  Effect.flatMap(HttpClient.HttpClient, (http) => http.execute(request)).pipe(
    Effect.flatMap(({ status, text }) => Effect.map(text, (body) => ({ status, body: body.slice(0, 200) }))),
    Effect.mapError(unanswered),
    Effect.timeoutOrElse({
      duration: limit,
      orElse: () => Effect.fail(new Unanswered({ why: `no answer within ${limit}` }))
    }),
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
  )

/** A request that asks for nothing. */
export const touch = (url: string) => send(HttpClientRequest.get(url))

/** A token that nobody has. */
export const randomToken = Effect.sync(() => SecureRandom.uuidV4Unsafe())

/** Meta's handshake; `true` when the challenge came back. */
export const handshake = Effect.fnUntraced(function* (url: string, verifyToken: Redacted.Redacted) {
  // A number, as Meta's are, with a zero in front of it: who reads it as one gives back another.
  const challenge = `0${(yield* randomToken).replace(/\D/g, "").slice(0, 9)}`
  const answer = yield* send(
    HttpClientRequest.setUrlParams(HttpClientRequest.get(url), {
      "hub.mode": "subscribe",
      "hub.verify_token": Redacted.value(verifyToken),
      "hub.challenge": challenge
    })
  )
  return { ...answer, isRight: answer.status === 200 && answer.body === challenge }
})

/** A delivery of nothing: it is kept and acknowledged as any other, and makes no event. */
const nothing = new TextEncoder().encode(JSON.stringify({ object: "whatsapp_business_account", entry: [] }))

/** Delivers nothing, under a signature with this secret. */
export const deliver = Effect.fnUntraced(function* (url: string, secret: Redacted.Redacted) {
  const sign = yield* Effect.orDie(Signature.makeSigner(secret))
  return yield* send(
    HttpClientRequest.post(url).pipe(
      HttpClientRequest.setHeader(Signature.header, yield* sign(nothing)),
      HttpClientRequest.bodyUint8Array(nothing, "application/json")
    )
  )
})
