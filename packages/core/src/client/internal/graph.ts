/** One call to the Graph API: a token, one answer of bounded size, and every failure as a `WhatsAppError`. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import type * as SchemaIssue from "effect/SchemaIssue"
import type * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { ConnectionFailed, NoAnswer, NumberNotConfigured, OutcomeUnknown, type Reason } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import type { PhoneNumberId } from "../../domain/Ids.ts"
import type { WhatsAppConfig } from "../WhatsAppConfig.ts"
import { readBody } from "./body.ts"
import type { Headers } from "./regainsAccess.ts"
import * as GraphError from "./graphError.ts"
import type { Secrets } from "./redact.ts"
import { secretsOfToken } from "./secrets.ts"
import { nothingSent } from "./transport.ts"

/** How long a call waits for its answer, and a download for its next piece. */
export const timeout = "30 seconds"

export interface Call<A> {
  /** What the program called, as in `WhatsAppClient.send`. */
  readonly method: string
  readonly request: HttpClientRequest.HttpClientRequest
  readonly token: Redacted.Redacted
  readonly decode: (json: unknown, headers: Headers | undefined) => Result.Result<A, SchemaIssue.Issue>
  /** What no error may hold, asked for when there is one; the token is part of it in any case. @default none */
  readonly secrets?: () => Secrets
  /** Of a send, whose second try may be a second copy; a call without may be made again. @default none */
  readonly callbackData?: string
  /** Whether the answer may take as long as it likes. @default 30 seconds */
  readonly timeout?: typeof timeout | "Infinity"
  /** How the token is presented. @default "Bearer" */
  readonly scheme?: "Bearer" | "OAuth"
}

/** A call whose outcome nobody knows. */
const unknown = (callbackData: string | undefined, what: string): Reason =>
  callbackData === undefined
    ? new NoAnswer({ details: what })
    : new OutcomeUnknown({ callbackData, details: `${what}; the message may have been accepted` })

/** A call that brought no answer. An `HttpClientError` ends here: it holds the request, and the request the token. */
export const broken = (error: HttpClientError, callbackData?: string): Reason => {
  const why = nothingSent(error)
  return why === undefined
    ? unknown(callbackData, "the connection broke")
    : new ConnectionFailed({ details: `nothing was sent (${why})` })
}

/** Makes calls with one `HttpClient`. */
export const make =
  (http: HttpClient.HttpClient) =>
  <A>(call: Call<A>): Effect.Effect<A, WhatsAppError> => {
    const fail = (reason: Reason) => new WhatsAppError({ method: call.method, reason })
    const limit = call.timeout ?? timeout
    const authorization = `${call.scheme ?? "Bearer"} ${Redacted.value(call.token)}`
    const request = call.request.pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.setHeader("authorization", authorization)
    )
    const secrets = (): Secrets => {
      const { texts = [], words } = call.secrets?.() ?? {}
      return { texts: [...secretsOfToken(Redacted.value(call.token)), ...texts], words }
    }
    const sent = { secrets, ...(call.callbackData === undefined ? {} : { callbackData: call.callbackData }) }
    return http.execute(request).pipe(
      Effect.flatMap((response) =>
        Effect.map(readBody(response), (body) => ({ status: response.status, headers: response.headers, body }))
      ),
      Effect.mapError((error) => fail(broken(error, call.callbackData))),
      Effect.timeoutOrElse({
        duration: limit,
        orElse: () => Effect.fail(fail(unknown(call.callbackData, `no answer within ${limit}`)))
      }),
      Effect.flatMap((answer) => Effect.mapError(Effect.fromResult(GraphError.read(answer, sent, call.decode)), fail))
    )
  }

/** A number of the business, and the token that opens it. */
export const numberOf = (
  config: WhatsAppConfig["Service"],
  method: string,
  from: PhoneNumberId = config.defaultNumber
): Effect.Effect<{ readonly from: PhoneNumberId; readonly token: Redacted.Redacted }, WhatsAppError> => {
  const token = config.numbers.get(from)
  if (token !== undefined) return Effect.succeed({ from, token })
  const details = `no access token is configured for the number ${from}`
  return Effect.fail(new WhatsAppError({ method, reason: new NumberNotConfigured({ phoneNumberId: from, details }) }))
}

/** The address of a node of the Graph API, and of what is below it. */
export const urlOf = (config: WhatsAppConfig["Service"], ...path: ReadonlyArray<string>): string =>
  [config.apiUrl, config.apiVersion, ...path.map(encodeURIComponent)].join("/")
