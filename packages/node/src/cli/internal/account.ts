/** The account that commands look after: what they read of the environment, and what they say when Meta refuses. */
import { Environment, WhatsAppAccount, WhatsAppClient, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { PhoneNumberId } from "@effect-whatsapp/core/domain"
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { fetchClient } from "../../internal/fetchClient.ts"
import { Failure } from "./outcome.ts"

const { accessToken, apiUrl, apiVersion, appId, businessAccountId } = WhatsAppConfig.variables

const variables = {
  accessToken,
  apiUrl,
  apiVersion,
  appId,
  businessAccountId,
  isGiven: Environment.required("WHATSAPP_BUSINESS_ACCOUNT_ID", Schema.String)
}

/** No message is sent, so no number is asked for: whoever checks templates may have none. */
const noNumber = PhoneNumberId.make("0")

const Configured = Layer.effect(
  WhatsAppConfig.WhatsAppConfig,
  Config.map(Environment.all(variables), ({ accessToken, apiUrl, apiVersion, appId, businessAccountId }) => ({
    apiUrl,
    apiVersion,
    defaultNumber: noNumber,
    numbers: new Map([[noNumber, accessToken]]),
    ...(appId === undefined ? {} : { appId }),
    ...(businessAccountId === undefined ? {} : { businessAccountId })
  }))
)

/** Layer of the account that the environment names, with the client that uploads files for it. */
export const layerAccount: Layer.Layer<
  WhatsAppAccount.WhatsAppAccount | WhatsAppClient.WhatsAppClient,
  Config.ConfigError
> = Layer.mergeAll(WhatsAppAccount.layer, WhatsAppClient.layer).pipe(Layer.provide([Configured, fetchClient]))

/** What could not be done, why, and what to do about it. */
export const refused = (what: string, { advice, reason }: WhatsAppError): Failure => {
  const subcode = "subcode" in reason && reason.subcode !== undefined ? ` / ${reason.subcode}` : ""
  const code = "code" in reason ? ` (Meta's code ${reason.code}${subcode})` : ""
  const also = reason.details === advice ? "" : ` ${advice}`
  return new Failure({ message: `${what}: ${reason._tag}, ${reason.details.replace(/\.$/, "")}${code}.${also}` })
}

/** Fails readably where Meta refuses. */
export const orRefused =
  (what: string) =>
  <A, R>(run: Effect.Effect<A, WhatsAppError, R>): Effect.Effect<A, Failure, R> =>
    Effect.mapError(run, (error) => refused(what, error))
