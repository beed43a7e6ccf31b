/**
 * The answer behind a media URL. Redirects are followed here, a few and one by one, so that at each it is decided anew
 * who may see the access token.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Scope from "effect/Scope"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import { NoAnswer, type Reason, UnexpectedAnswer } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import { readBody } from "./body.ts"
import * as Graph from "./graph.ts"
import * as GraphError from "./graphError.ts"
import * as MediaUrl from "./mediaUrl.ts"
import { secretsOfToken, secretsOfUrl } from "./secrets.ts"

const maxRedirects = 3
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** How Meta says that the five minutes of a URL are over. */
const expired: ReadonlySet<number> = new Set([404, 410])

/** Some of the hosts refuse a request without one, or with that of a library. */
const userAgent = "Mozilla/5.0 (compatible; effect-whatsapp)"

export interface Fetch {
  readonly method: string
  readonly token: Redacted.Redacted
  readonly url: Redacted.Redacted
}

/** Fetches media, and gives nothing where its URL has expired. The connection lasts as long as the scope. */
export const make = (config: WhatsAppConfig["Service"], client: HttpClient.HttpClient) => {
  const http = HttpClient.withScope(client)

  return Effect.fnUntraced(function* ({
    method,
    token,
    url: first
  }: Fetch): Effect.fn.Return<Option.Option<HttpClientResponse>, WhatsAppError, Scope.Scope> {
    const fail = (reason: Reason) => new WhatsAppError({ method, reason })
    const inTime = <A, R>(effect: Effect.Effect<A, HttpClientError, R>) =>
      effect.pipe(
        Effect.mapError((error) => fail(Graph.broken(error))),
        Effect.timeoutOrElse({
          duration: Graph.timeout,
          orElse: () => Effect.fail(fail(new NoAnswer({ details: `no answer within ${Graph.timeout}` })))
        })
      )
    const seen: Array<string> = []
    let status = 200
    let url = MediaUrl.parse(Redacted.value(first))
    for (let hops = 0; hops <= maxRedirects; hops++) {
      if (url === undefined)
        return yield* fail(new UnexpectedAnswer({ status, details: "the media is at no http or https URL" }))
      seen.push(url.href)
      const isTrusted = MediaUrl.isTrusted(config, url)
      const request = HttpClientRequest.get(url.href).pipe(
        // Else the length of the answer is that of something else.
        HttpClientRequest.setHeaders({ "accept-encoding": "identity", "user-agent": userAgent }),
        isTrusted ? HttpClientRequest.bearerToken(token) : (request) => request
      )
      const response = yield* http.execute(request).pipe(
        unredirected,
        Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
        inTime
      )
      status = response.status
      if (status === 200) return Option.some(response)
      if (expired.has(status)) return Option.none()
      if (!redirects.has(status)) {
        // What another host says is not Meta's word.
        const body = isTrusted ? yield* inTime(readBody(response)) : new Uint8Array()
        const sent = {
          secrets: () => ({ texts: [...secretsOfToken(Redacted.value(token)), ...seen.flatMap(secretsOfUrl)] })
        }
        return yield* Effect.mapError(Effect.fromResult(GraphError.read({ status, body }, sent, noAnswer)), fail)
      }
      url = MediaUrl.parse(response.headers.location ?? "", url.href)
    }
    return yield* fail(
      new UnexpectedAnswer({ status, details: `the media is behind more than ${maxRedirects} redirects` })
    )
  })
}

/** What is no file is an error, whatever it says. */
const noAnswer = () => Result.fail(new SchemaIssue.InvalidValue({ message: "no file" }))

/** `fetch` is not to follow a redirect, whoever made the client. */
const unredirected = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.serviceOption(FetchHttpClient.RequestInit), (init) =>
    Effect.provideService(effect, FetchHttpClient.RequestInit, {
      ...Option.getOrUndefined(init),
      redirect: "manual"
    })
  )
