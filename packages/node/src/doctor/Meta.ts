/** What Meta says of a set-up, asked for once however many checks want to know. */
import { type Account, WhatsAppAccount, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { NoAnswer, WhatsAppError } from "@effect-whatsapp/core/errors"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type * as HttpClient from "effect/http/HttpClient"
import { variables } from "../project/variables.ts"
import { Setup } from "./Setup.ts"

type Asked<A> = Effect.Effect<A, WhatsAppError>

/** The secret by which the app was found to be its own, and what the app is sent. */
export interface OfApp {
  readonly subscriptions: ReadonlyArray<Account.AppSubscription>
}

/** Where deliveries of messages go, and what says so. */
export interface Callback {
  readonly url: string
  readonly by: "number" | "account" | "app"
}

export class Meta extends Context.Service<
  Meta,
  {
    readonly token: Asked<Account.Token>
    /** The app of `WHATSAPP_APP_ID`, else that of the token. */
    readonly appId: Asked<string | undefined>
    /** The account of `WHATSAPP_BUSINESS_ACCOUNT_ID`, else the only one that the token opens. */
    readonly accountId: Asked<string | undefined>
    readonly server: Asked<Account.Server>
    readonly number: Asked<Account.BusinessNumber>
    /** The ids of the numbers of the account. */
    readonly numbers: Asked<ReadonlyArray<string>>
    readonly account: Asked<Account.Account>
    readonly subscribedApps: Asked<ReadonlyArray<Account.SubscribedApp>>
    /** What the app is sent; fails when no secret is that of the app. */
    readonly app: Asked<OfApp>
    /** The first of what the number, the account and the app say. */
    readonly callback: Asked<Callback | undefined>
    /** Subscribes the app to the account. */
    readonly subscribe: Asked<void>
    /** Sends the deliveries to another URL, at the place that decides. */
    readonly redirect: (url: string) => Asked<void>
  }
>()("@effect-whatsapp/node/doctor/Meta") {}

/** How long an answer may take. */
const limit = "10 seconds"

const noAnswer = (method: string) =>
  new WhatsAppError({ method, reason: new NoAnswer({ details: `no answer within ${limit}` }) })

const onlyOne = (ids: ReadonlyArray<string> = []): string | undefined => (ids.length === 1 ? ids[0] : undefined)

/** The variable as a program reads it; nothing when it is missing or cannot be read, which other checks say. */
const reader = Effect.map(
  Setup,
  ({ provider }) =>
    <A>(config: Config.Config<A>): Effect.Effect<Option.Option<A>> =>
      Effect.option(config.parse(provider))
)

export const make: Effect.Effect<Meta["Service"], never, Setup | HttpClient.HttpClient> = Effect.gen(function* () {
  const read = yield* reader
  const http = yield* Effect.context<HttpClient.HttpClient>()

  const accountWith = Effect.fnUntraced(function* (businessAccountId: string | undefined) {
    const accessToken = yield* read(variables.WHATSAPP_ACCESS_TOKEN.config)
    const number = yield* read(variables.WHATSAPP_PHONE_NUMBER_ID.config)
    const config = WhatsAppConfig.layer({
      numbers: [
        {
          accessToken: Option.getOrElse(accessToken, () => Redacted.make("none")),
          // Meta's name for who the token is of: without a number, that is all that can be asked for.
          phoneNumberId: Option.getOrElse(number, () => "me")
        }
      ],
      apiUrl: Option.getOrUndefined(yield* read(variables.WHATSAPP_API_URL.config)),
      apiVersion: Option.getOrUndefined(yield* read(variables.WHATSAPP_API_VERSION.config)),
      businessAccountId
    })
    // All of it was read by the schemas of the layer before.
    return yield* Effect.orDie(Effect.provide(WhatsAppAccount.make, config))
  }, Effect.provideContext(http))

  const once = <A>(name: string, ask: Asked<A>): Effect.Effect<Asked<A>> =>
    Effect.cached(Effect.timeoutOrElse(ask, { duration: limit, orElse: () => Effect.fail(noAnswer(name)) }))

  const first = yield* accountWith(undefined)
  const token = yield* once("token", first.token)
  const appId = Effect.flatMap(read(variables.WHATSAPP_APP_ID.config), (own) =>
    Option.isSome(own) && own.value !== undefined
      ? Effect.succeed(own.value)
      : Effect.map(token, (found) => found.appId)
  )
  const accountId = Effect.flatMap(read(variables.WHATSAPP_BUSINESS_ACCOUNT_ID.config), (own) =>
    Option.isSome(own) && own.value !== undefined
      ? Effect.succeed<string | undefined>(own.value)
      : Effect.map(token, ({ targets }) => onlyOne(targets.get("whatsapp_business_management")))
  )
  const service = yield* Effect.cached(Effect.flatMap(accountId, accountWith))
  const asked = <A>(name: string, ask: (account: WhatsAppAccount.WhatsAppAccount["Service"]) => Asked<A>) =>
    once(name, Effect.flatMap(service, ask))

  const number = yield* once("number", first.number())
  const subscribedApps = yield* asked("subscribedApps", (account) => account.subscribedApps)
  const app = yield* once(
    "app",
    Effect.gen(function* () {
      const secrets = Option.getOrElse(yield* read(variables.WHATSAPP_APP_SECRET.config), () => [])
      const [one = Redacted.make(""), ...others] = secrets
      const id = (yield* appId) ?? ""
      const ask = (appSecret: Redacted.Redacted) => first.appSubscriptions({ appId: id, appSecret })
      const subscriptions = yield* others.reduce(
        (before, secret) => before.pipe(Effect.catch(() => ask(secret))),
        ask(one)
      )
      return { subscriptions: subscriptions.filter(({ object }) => object === "whatsapp_business_account") }
    })
  )
  const callback: Asked<Callback | undefined> = Effect.gen(function* () {
    const { callbacks } = yield* number
    const id = yield* appId
    const apps = yield* Effect.orElseSucceed(subscribedApps, () => [])
    const subscriptions = yield* Effect.orElseSucceed(app, (): OfApp => ({ subscriptions: [] }))
    const ofAccount = callbacks.account ?? apps.find((one) => one.id === id)?.overrideCallbackUrl
    const ofApp = callbacks.app ?? subscriptions.subscriptions[0]?.callbackUrl
    if (callbacks.number !== undefined) return { url: callbacks.number, by: "number" }
    if (ofAccount !== undefined) return { url: ofAccount, by: "account" }
    return ofApp === undefined ? undefined : { url: ofApp, by: "app" }
  })

  return {
    token,
    appId,
    accountId,
    server: yield* once("server", first.server),
    number,
    numbers: yield* asked("numbers", ({ numbers }) =>
      Effect.map(Stream.runCollect(numbers), (all) => all.map(({ id }) => String(id)))
    ),
    account: yield* asked("account", (it) => it.account),
    subscribedApps,
    app,
    callback,
    subscribe: Effect.flatMap(service, ({ subscribe }) => subscribe()),
    redirect: Effect.fnUntraced(function* (url: string) {
      const account = yield* service
      const verifyToken = Option.getOrElse(yield* read(variables.WHATSAPP_VERIFY_TOKEN.config), () => Redacted.make(""))
      const now = yield* callback
      yield* now?.by === "number"
        ? account.overrideNumber({ url, verifyToken })
        : account.subscribe({ url, verifyToken })
    })
  }
})
