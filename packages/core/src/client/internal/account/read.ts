/** What there is: the token, the numbers, the account, and who serves all that. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { PhoneNumberId } from "../../../domain/Ids.ts"
import type { WhatsAppError } from "../../../errors/WhatsAppError.ts"
import { present } from "../../../internal/present.ts"
import * as Scalars from "../../../wire/scalars.ts"
import type { Server, Token } from "../../Account.ts"
import type { WhatsAppAccount } from "../../WhatsAppAccount.ts"
import type { WhatsAppConfig } from "../../WhatsAppConfig.ts"
import * as Graph from "../graph.ts"
import { type Ask, fields } from "./ask.ts"
import * as Nodes from "./nodes.ts"
import { redact } from "../redact.ts"
import { secretsOfToken } from "../secrets.ts"
import { pagesOf } from "./pages.ts"

const Scope = Schema.Struct({
  scope: Scalars.Text,
  target_ids: Scalars.lenient(Schema.Array(Scalars.Text))
})
const DebugToken = Schema.Struct({
  data: Schema.Struct({
    is_valid: Scalars.lenient(Scalars.YesNo),
    app_id: fields.text,
    type: fields.text,
    expires_at: Scalars.lenient(Scalars.UnixSeconds),
    issued_at: Scalars.lenient(Scalars.UnixSeconds),
    scopes: Scalars.lenient(Schema.Array(Scalars.Text)),
    granular_scopes: Scalars.lenient(Scalars.lenientArray(Scope)),
    error: Scalars.lenient(Schema.Struct({ message: fields.text }))
  })
})
const decodeDebugToken = SchemaParser.decodeUnknownResult(DebugToken)

/** Meta writes 0 for a token that does not expire. */
const momentOf = (instant: DateTime.Utc | undefined): DateTime.Utc | undefined =>
  instant === undefined || DateTime.toEpochMillis(instant) === 0 ? undefined : instant

const readToken = ({ data }: typeof DebugToken.Type, token: string): Token => ({
  isValid: data.is_valid === true,
  scopes: data.scopes ?? [],
  targets: new Map(
    (data.granular_scopes ?? []).flatMap((one) => (one?.target_ids === undefined ? [] : [[one.scope, one.target_ids]]))
  ),
  ...present({
    appId: data.app_id,
    type: data.type,
    expiresAt: momentOf(data.expires_at),
    issuedAt: momentOf(data.issued_at),
    // It repeats what was asked, as an error does.
    problem: redact(data.error?.message ?? "", { texts: secretsOfToken(token) })
  })
})

const readServer: Graph.Call<Server>["decode"] = (_, headers) => {
  const date = headers?.["date"]
  return Result.succeed(
    present({
      apiVersion: headers?.["facebook-api-version"],
      time: date === undefined ? undefined : Option.getOrUndefined(Option.map(DateTime.make(date), DateTime.toUtc))
    })
  )
}

export const make = (
  config: WhatsAppConfig["Service"],
  { account, ask, id, url }: Ask
): Pick<WhatsAppAccount["Service"], "token" | "number" | "numbers" | "account" | "server"> => ({
  token: Effect.suspend(() =>
    Effect.flatMap(Graph.numberOf(config, "WhatsAppAccount.token"), ({ token }) =>
      ask({
        method: "token",
        request: HttpClientRequest.setUrlParam(
          HttpClientRequest.get(url("debug_token")),
          "input_token",
          Redacted.value(token)
        ),
        decode: (json) => Result.map(decodeDebugToken(json), (answer) => readToken(answer, Redacted.value(token)))
      })
    )
  ),
  number: (number: PhoneNumberId = config.defaultNumber) =>
    Effect.flatMap(id("number", "phoneNumberId", number), (node) =>
      Nodes.withFewer(Nodes.numberFields, (fields) =>
        ask({
          method: "number",
          request: HttpClientRequest.setUrlParam(HttpClientRequest.get(url(node)), "fields", fields),
          decode: Nodes.decodeNumber
        })
      )
    ),
  numbers: pagesOf(
    ask,
    "numbers",
    Effect.map(account("numbers"), (node) => ({
      request: HttpClientRequest.get(url(node, "phone_numbers")),
      decode: Nodes.decodeNumber
    }))
  ),
  account: Effect.flatMap(account("account"), (node) =>
    Nodes.withFewer(Nodes.accountFields, (fields) =>
      ask({
        method: "account",
        request: HttpClientRequest.setUrlParam(HttpClientRequest.get(url(node)), "fields", fields),
        decode: Nodes.decodeAccount
      })
    )
  ),
  server: Effect.suspend((): Effect.Effect<Server, WhatsAppError> =>
    ask({
      method: "server",
      request: HttpClientRequest.setUrlParam(HttpClientRequest.get(url(config.defaultNumber)), "fields", "id"),
      decode: readServer
    })
  )
})
