/** How the calls of an account are made: which token, which object, and what is wrong with it. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { BusinessAccountId } from "../../../domain/Ids.ts"
import { InvalidMessage } from "../../../errors/reasons.ts"
import { WhatsAppError } from "../../../errors/WhatsAppError.ts"
import * as Scalars from "../../../wire/scalars.ts"
import type { WhatsAppConfig } from "../../WhatsAppConfig.ts"
import * as Graph from "../graph.ts"

export interface Asked<A> extends Pick<Graph.Call<A>, "decode" | "secrets"> {
  /** The part behind `WhatsAppAccount.`. */
  readonly method: string
  readonly request: HttpClientRequest.HttpClientRequest
  /** @default that of the default number */
  readonly token?: Redacted.Redacted
}

const methodOf = (method: string) => `WhatsAppAccount.${method}`

export const invalid = (method: string, field: string, details: string): WhatsAppError =>
  new WhatsAppError({ method: methodOf(method), reason: new InvalidMessage({ field, details }) })

export const decodeDone = SchemaParser.decodeUnknownResult(Schema.Struct({ success: Schema.Literal(true) }))

/** Meta's ids here are digits, and a name that is none would lead elsewhere. */
const isId = (id: string): boolean => /^\w+$/.test(id)

export const make = (config: WhatsAppConfig["Service"], http: HttpClient.HttpClient) => {
  const call = Graph.make(http)
  return {
    /** Makes a call, without a span of its request: some carry a token in the query, and none is worth one. */
    ask: <A>({ method, token, ...rest }: Asked<A>): Effect.Effect<A, WhatsAppError> =>
      Effect.flatMap(Graph.numberOf(config, methodOf(method)), (number) =>
        call({ ...rest, method: methodOf(method), token: token ?? number.token })
      ).pipe(
        Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
        Effect.withSpan(methodOf(method), {}, { captureStackTrace: false })
      ),
    url: (...path: ReadonlyArray<string>): string => Graph.urlOf(config, ...path),
    /** The account, which the configuration may lack. */
    account: (method: string): Effect.Effect<BusinessAccountId, WhatsAppError> =>
      config.businessAccountId === undefined
        ? Effect.fail(
            invalid(method, "businessAccountId", "expected the id of the account, as in WHATSAPP_BUSINESS_ACCOUNT_ID")
          )
        : Effect.succeed(config.businessAccountId),
    /** An id that is about to be part of a path. */
    id: (method: string, field: string, id: string): Effect.Effect<string, WhatsAppError> =>
      isId(id) ? Effect.succeed(id) : Effect.fail(invalid(method, field, "expected an id of Meta's"))
  }
}
export type Ask = ReturnType<typeof make>

const text = Scalars.lenient(Scalars.Text)

/** Schemas that nodes have in common. */
export const fields = { text, number: Scalars.lenient(Scalars.Number) }

/** The token of an app, which is for what concerns the app itself. */
export const appToken = (appId: string, secret: Redacted.Redacted): Redacted.Redacted =>
  Redacted.make(`${appId}|${Redacted.value(secret)}`)
