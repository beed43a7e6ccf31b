/** Which numbers send, with which token, and where Meta is. Read once, at the start; a wrong value stops the start. */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { BusinessAccountId, PhoneNumberId } from "../domain/Ids.ts"
import { present } from "../internal/present.ts"
import { defaultApiVersion } from "./ApiVersions.ts"
import * as Environment from "./Environment.ts"

export { defaultApiVersion } from "./ApiVersions.ts"

/** Service that holds what `WhatsAppClient` has to know. */
export class WhatsAppConfig extends Context.Service<
  WhatsAppConfig,
  {
    /** Phone number id to access token; the first is the default. */
    readonly numbers: ReadonlyMap<PhoneNumberId, Redacted.Redacted>
    /** The number that sends when none is named. */
    readonly defaultNumber: PhoneNumberId
    /** Graph API version, pinned so that Meta's releases never change behaviour under us. */
    readonly apiVersion: string
    /** Where the Graph API is, without a slash at the end; may carry a path. */
    readonly apiUrl: string
    /** The id of the app that the tokens are of: for `startUpload`, and nothing else. */
    readonly appId?: string
    /** The id of the business account: for `WhatsAppAccount`, and nothing else. */
    readonly businessAccountId?: BusinessAccountId
  }
>()("@effect-whatsapp/core/client/WhatsAppConfig") {}

export const defaultApiUrl = "https://graph.facebook.com"

// A token with a space or a line break in it would be refused by the HTTP client, with the token in the error.
const AccessToken = Schema.RedactedFromValue(
  Schema.String.check(Schema.isPattern(/^[\x21-\x7e]+$/, { expected: "an access token without spaces" }))
)
const NumberId = PhoneNumberId.check(
  Schema.isPattern(/^[\w-]+$/, { expected: "the id of a phone number, which is not the number" })
)
const ApiVersion = Schema.String.check(Schema.isPattern(/^v\d+\.\d+$/, { expected: "a version as in v23.0" }))
const ApiUrl = Schema.String.check(
  Schema.isPattern(/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/i, {
    expected: "an http or https URL without credentials, query and fragment"
  }),
  Schema.makeFilter((url: string) => Result.isSuccess(parseUrl(url)), { expected: "an http or https URL" })
).pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: (url) => url.replace(/\/+$/, ""), encode: (url) => url })
  )
)
const parseUrl = SchemaParser.decodeUnknownResult(Schema.URLFromString)

const AccountId = BusinessAccountId.check(Schema.isPattern(/^\d+$/, { expected: "the id of a business account" }))
const AppId = Schema.String.check(Schema.isPattern(/^\d+$/, { expected: "the id of an app" }))

/** What `layerConfig` reads, each variable on its own. */
export const variables = {
  accessToken: Environment.required("WHATSAPP_ACCESS_TOKEN", AccessToken),
  defaultNumber: Environment.required("WHATSAPP_PHONE_NUMBER_ID", NumberId),
  apiVersion: Environment.optional("WHATSAPP_API_VERSION", ApiVersion, defaultApiVersion),
  apiUrl: Environment.optional("WHATSAPP_API_URL", ApiUrl, defaultApiUrl),
  appId: Environment.optional("WHATSAPP_APP_ID", AppId, undefined),
  businessAccountId: Environment.optional("WHATSAPP_BUSINESS_ACCOUNT_ID", AccountId, undefined)
}

const fromEnvironment: Config.Config<WhatsAppConfig["Service"]> = Config.map(
  // A program that receives too finds out at once, not at its second start.
  Environment.all(variables, Environment.missingToo("to receive", ["WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"])),
  ({ accessToken, appId, businessAccountId, ...rest }) => ({
    ...rest,
    ...present({ appId, businessAccountId }),
    numbers: new Map([[rest.defaultNumber, accessToken]])
  })
)

/**
 * Layer that reads `WHATSAPP_ACCESS_TOKEN` and `WHATSAPP_PHONE_NUMBER_ID`, and the optional `WHATSAPP_API_VERSION`
 * (`v23.0`), `WHATSAPP_API_URL` (`https://graph.facebook.com`), `WHATSAPP_APP_ID` and `WHATSAPP_BUSINESS_ACCOUNT_ID`.
 * What is missing or wrong is named in one line.
 */
export const layerConfig: Layer.Layer<WhatsAppConfig, Config.ConfigError> = Layer.effect(
  WhatsAppConfig,
  fromEnvironment
)

export interface NumberOptions {
  readonly phoneNumberId: string
  readonly accessToken: Redacted.Redacted
}

export interface Options {
  /** The numbers of this process; the first is the default. */
  readonly numbers: readonly [NumberOptions, ...ReadonlyArray<NumberOptions>]
  /** @default "v23.0" */
  readonly apiVersion?: string | undefined
  /** May carry a path. @default "https://graph.facebook.com" */
  readonly apiUrl?: string | undefined
  /** The id of the app, for `startUpload`. @default none */
  readonly appId?: string | undefined
  /** The id of the business account, for `WhatsAppAccount`. @default none */
  readonly businessAccountId?: string | undefined
}

const Given = Schema.Struct({
  numbers: Schema.NonEmptyArray(Schema.Struct({ phoneNumberId: NumberId, accessToken: AccessToken })),
  apiVersion: ApiVersion,
  apiUrl: ApiUrl,
  appId: Schema.optionalKey(AppId),
  businessAccountId: Schema.optionalKey(AccountId)
})
const decode = SchemaParser.decodeUnknownEffect(Given)

/**
 * Layer from values, for several numbers in one process or for a secret store. Fails with a `ConfigError` that names
 * the option, and never its value, when one is malformed or a number comes twice.
 *
 * **Example** (Two numbers, two tokens)
 *
 * ```ts
 * import { WhatsAppConfig } from "@effect-whatsapp/core/client"
 * import { Redacted } from "effect"
 *
 * const Numbers = WhatsAppConfig.layer({
 *   numbers: [
 *     { phoneNumberId: "106540352242922", accessToken: Redacted.make("token of sales") },
 *     { phoneNumberId: "102290129340398", accessToken: Redacted.make("token of support") }
 *   ]
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<WhatsAppConfig, Config.ConfigError> =>
  Layer.effect(
    WhatsAppConfig,
    Effect.gen(function* () {
      const { numbers, ...rest } = yield* decode({
        numbers: options.numbers.map(({ accessToken, phoneNumberId }) => ({
          phoneNumberId: phoneNumberId.trim(),
          accessToken: Redacted.value(accessToken).trim()
        })),
        apiVersion: options.apiVersion ?? defaultApiVersion,
        apiUrl: options.apiUrl ?? defaultApiUrl,
        ...present({ appId: options.appId, businessAccountId: options.businessAccountId })
      }).pipe(Effect.mapError((issue) => new Config.ConfigError(new Schema.SchemaError(issue))))
      const tokens = new Map(numbers.map(({ accessToken, phoneNumberId }) => [phoneNumberId, accessToken]))
      if (tokens.size < numbers.length)
        return yield* Effect.fail(Environment.configError("a phone number id comes twice"))
      return { ...rest, numbers: tokens, defaultNumber: numbers[0].phoneNumberId }
    })
  )
