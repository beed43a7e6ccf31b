/**
 * Looks after the business account through Meta's Graph API: the access token, the numbers, where deliveries go, and the
 * templates. For tools and set-up; a bot sends with `WhatsAppClient`. Every call needs a token with the permission
 * `whatsapp_business_management`, and takes at most 30 seconds.
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as HttpClient from "effect/http/HttpClient"
import type { PhoneNumberId } from "../domain/Ids.ts"
import type { WhatsAppError } from "../errors/WhatsAppError.ts"
import type * as Account from "./Account.ts"
import * as Ask from "./internal/account/ask.ts"
import * as Read from "./internal/account/read.ts"
import * as Subscriptions from "./internal/account/subscriptions.ts"
import * as Templates from "./internal/account/templates.ts"
import { fetchClient } from "./internal/fetchClient.ts"
import * as WhatsAppConfig from "./WhatsAppConfig.ts"

/**
 * Service that looks after a business account. What concerns the account itself fails with `InvalidMessage` when
 * `businessAccountId` is not configured. All that only reads, and what sets something to a value, may be made again.
 */
export class WhatsAppAccount extends Context.Service<
  WhatsAppAccount,
  {
    /** What Meta says of the access token of the default number. Meta page: "Access Token Debugger". */
    readonly token: Effect.Effect<Account.Token, WhatsAppError>
    /** A number, by default the first of `WhatsAppConfig.numbers`. Meta page: "Phone Numbers". */
    readonly number: (phoneNumberId?: PhoneNumberId) => Effect.Effect<Account.BusinessNumber, WhatsAppError>
    /** The numbers of the account, page by page. Meta page: "Phone Numbers". */
    readonly numbers: Stream.Stream<Account.BusinessNumber, WhatsAppError>
    /** The account. Meta page: "WhatsApp Business Account". */
    readonly account: Effect.Effect<Account.Account, WhatsAppError>
    /** Which server answers a small call, and what time it is there. Meta page: "Graph API > Versions". */
    readonly server: Effect.Effect<Account.Server, WhatsAppError>
    /** The apps that get the deliveries of the account. Meta page: "WhatsApp Business Account > Subscribed apps". */
    readonly subscribedApps: Effect.Effect<ReadonlyArray<Account.SubscribedApp>, WhatsAppError>
    /**
     * Subscribes the app of the token to the account. With a callback, deliveries go there, after a handshake that must
     * succeed now; without, they go to the callback of the app again.
     */
    readonly subscribe: (callback?: Account.Callback) => Effect.Effect<void, WhatsAppError>
    /** The app of the token gets no deliveries of the account any more. */
    readonly unsubscribe: Effect.Effect<void, WhatsAppError>
    /** What an app is sent, and where to. The token for it is made of the id and the secret of the app. */
    readonly appSubscriptions: (
      app: Account.App
    ) => Effect.Effect<ReadonlyArray<Account.AppSubscription>, WhatsAppError>
    /**
     * Sends the deliveries of one number elsewhere, after a handshake that must succeed now; `undefined` takes it back.
     * It wins over the override of the account.
     */
    readonly overrideNumber: (
      callback: Account.Callback | undefined,
      phoneNumberId?: PhoneNumberId
    ) => Effect.Effect<void, WhatsAppError>
    /** The templates of the account, page by page. Those that have no name or language are left out. */
    readonly templates: (filter?: Account.TemplateFilter) => Stream.Stream<Account.AccountTemplate, WhatsAppError>
    /** One template by its id. */
    readonly template: (id: string) => Effect.Effect<Account.AccountTemplate, WhatsAppError>
    /**
     * Hands a template in for review, in Meta's own words. 100 an hour. A name and language that exist already are
     * refused, so it may be made again. Meta page: "Message templates".
     */
    readonly createTemplate: (node: Schema.JsonObject) => Effect.Effect<Account.CreatedTemplate, WhatsAppError>
    /**
     * Replaces the parts of a template that are given: `components`, all of them, `category`,
     * `message_send_ttl_seconds`. Only of one that is approved, rejected or paused; once a day, ten times in 30 days.
     */
    readonly editTemplate: (id: string, changes: Schema.JsonObject) => Effect.Effect<void, WhatsAppError>
    /** Deletes a template; the name of one that was approved cannot be used for 30 days. */
    readonly deleteTemplate: (template: Account.DeletedTemplate) => Effect.Effect<void, WhatsAppError>
  }
>()("@effect-whatsapp/core/client/WhatsAppAccount") {}

/** Builds it from `WhatsAppConfig` and an `HttpClient`. */
export const make: Effect.Effect<
  WhatsAppAccount["Service"],
  never,
  WhatsAppConfig.WhatsAppConfig | HttpClient.HttpClient
> = Effect.gen(function* () {
  const config = yield* WhatsAppConfig.WhatsAppConfig
  const ask = Ask.make(config, yield* HttpClient.HttpClient)
  return WhatsAppAccount.of({
    ...Read.make(config, ask),
    ...Subscriptions.make(config, ask),
    ...Templates.make(ask)
  })
})

/** Layer that asks with the `HttpClient` it is provided with. */
export const layer: Layer.Layer<WhatsAppAccount, never, WhatsAppConfig.WhatsAppConfig | HttpClient.HttpClient> =
  Layer.effect(WhatsAppAccount, make)

/** Layer that is configured by the environment, see `WhatsAppConfig.layerConfig`, and asks by `fetch`. */
export const layerConfig: Layer.Layer<WhatsAppAccount, Config.ConfigError> = Layer.provide(layer, [
  WhatsAppConfig.layerConfig,
  fetchClient
])
