/**
 * An endpoint that deliveries are passed on to, in the place of Meta: the bytes as they came, signed anew. As for Meta,
 * 200 alone says that it has them.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import type * as Redacted from "effect/Redacted"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type * as CryptoError from "effect/crypto/CryptoError"
import type * as Mac from "effect/crypto/Mac"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Signature from "../webhook/Signature.ts"

/** The endpoint does not have the delivery. `details` quotes nothing of it. */
export class NotTaken extends Data.TaggedError("NotTaken")<{
  /** What it answered; nothing when there was no answer. */
  readonly status?: number | undefined
  readonly details: string
}> {}

export interface Target {
  /** The endpoint in errors: its path and query may hold secrets. */
  readonly origin: string
  /** Posts once. Fails unless the answer is 200. */
  readonly post: (body: Uint8Array) => Effect.Effect<void, NotTaken>
}

export interface Options {
  readonly url: URL
  /** The app secret that the endpoint checks signatures with. */
  readonly secret: Redacted.Redacted
}

/** How long an endpoint may take for an answer. */
const patience = "30 seconds"

/** What `parseUrl` takes. */
export const expected = "an http or https URL without a password, as in http://localhost:3000/whatsapp/webhook"

/** The URL of an endpoint. Nothing when it is none, and when it holds a password, which `fetch` would refuse. */
export const parseUrl = (text: string): URL | undefined => {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined
  return url.username === "" && url.password === "" ? url : undefined
}

/** The word for what went wrong, which quotes nothing: a code as in `ECONNREFUSED`, or a port that `fetch` asks nobody at. */
const whyOf = (error: unknown, depth = 0): string => {
  if (!Predicate.isObject(error) || depth > 8) return ""
  const code = Predicate.hasProperty(error, "code") ? error.code : undefined
  if (typeof code === "string" && /^[A-Z][A-Z\d_]{1,50}$/.test(code)) return ` (${code})`
  if (Predicate.hasProperty(error, "message") && error.message === "bad port") return ": fetch asks at no such port"
  return Predicate.hasProperty(error, "cause") ? whyOf(error.cause, depth + 1) : ""
}

export const make = Effect.fnUntraced(function* ({
  secret,
  url
}: Options): Effect.fn.Return<Target, CryptoError.CryptoError, HttpClient.HttpClient | Mac.Mac> {
  const http = yield* HttpClient.HttpClient
  const sign = yield* Signature.makeSigner(secret)

  const post = Effect.fnUntraced(function* (body: Uint8Array) {
    const signature = yield* sign(body)
    const request = HttpClientRequest.post(url).pipe(
      HttpClientRequest.bodyUint8Array(body, "application/json"),
      HttpClientRequest.setHeader(Signature.header, signature)
    )
    const { status, stream } = yield* http.execute(request).pipe(
      Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
      Effect.mapError(({ reason }) => new NotTaken({ details: `gave no answer${whyOf(reason.cause)}` })),
      Effect.timeoutOrElse({
        duration: patience,
        orElse: () => Effect.fail(new NotTaken({ details: `gave no answer in ${patience}` }))
      })
    )
    // Read to its end, the answer gives the connection back.
    yield* Effect.ignore(Effect.timeout(Stream.runDrain(stream), "1 second"))
    if (status !== 200) return yield* new NotTaken({ status, details: `answered ${status}` })
  })
  return { origin: url.origin, post }
})
