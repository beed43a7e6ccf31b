/** Where deliveries go: which apps get those of the account, where to, and what an app is sent at all. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { WhatsAppError } from "../../../errors/WhatsAppError.ts"
import { present } from "../../../internal/present.ts"
import * as Scalars from "../../../wire/scalars.ts"
import type { AppSubscription, Callback, SubscribedApp } from "../../Account.ts"
import type { WhatsAppAccount } from "../../WhatsAppAccount.ts"
import type { WhatsAppConfig } from "../../WhatsAppConfig.ts"
import { appToken, type Ask, decodeDone, fields, invalid } from "./ask.ts"

const { text } = fields

const App = Schema.Struct({
  whatsapp_business_api_data: Scalars.lenient(Schema.Struct({ id: text, name: text })),
  override_callback_uri: text
})
const decodeApps = SchemaParser.decodeUnknownResult(Schema.Struct({ data: Scalars.lenientArray(App) }))

const readApps = ({ data }: { readonly data: ReadonlyArray<typeof App.Type | null> }): ReadonlyArray<SubscribedApp> =>
  data.flatMap((app) =>
    app === null
      ? []
      : [
          present({
            id: app.whatsapp_business_api_data?.id,
            name: app.whatsapp_business_api_data?.name,
            overrideCallbackUrl: app.override_callback_uri
          })
        ]
  )

/** Fields are objects; old answers have their names alone. */
const Field = Schema.Union([Schema.Struct({ name: Scalars.Text }), Schema.String])
const Subscription = Schema.Struct({
  object: Scalars.Text,
  callback_url: text,
  active: Scalars.lenient(Scalars.YesNo),
  fields: Scalars.lenient(Scalars.lenientArray(Field))
})
const decodeSubscriptions = SchemaParser.decodeUnknownResult(
  Schema.Struct({ data: Scalars.lenientArray(Subscription) })
)

const readSubscriptions = ({
  data
}: {
  readonly data: ReadonlyArray<typeof Subscription.Type | null>
}): ReadonlyArray<AppSubscription> =>
  data.flatMap((one) =>
    one === null
      ? []
      : [
          {
            object: one.object,
            isActive: one.active !== false,
            fields: (one.fields ?? []).flatMap((field) =>
              field === null ? [] : [typeof field === "string" ? field : field.name]
            ),
            ...present({ callbackUrl: one.callback_url })
          }
        ]
  )

/** Meta's limit. */
const maxUrl = 200

/** The members by which an override is set. */
const overrideOf = (
  method: string,
  { url, verifyToken }: Callback
): Effect.Effect<{ readonly override_callback_uri: string; readonly verify_token: string }, WhatsAppError> =>
  URL.canParse(url) && url.length <= maxUrl
    ? Effect.succeed({ override_callback_uri: url, verify_token: Redacted.value(verifyToken) })
    : Effect.fail(invalid(method, "callback.url", `expected a URL of at most ${maxUrl} characters`))

const secretsOf = (callback: Callback | undefined) => () => ({
  texts: callback === undefined ? [] : [Redacted.value(callback.verifyToken)]
})

export const make = (
  config: WhatsAppConfig["Service"],
  { account, ask, id, url }: Ask
): Pick<
  WhatsAppAccount["Service"],
  "subscribedApps" | "subscribe" | "unsubscribe" | "appSubscriptions" | "overrideNumber"
> => {
  const apps = (method: string) => Effect.map(account(method), (node) => url(node, "subscribed_apps"))

  return {
    subscribedApps: Effect.flatMap(apps("subscribedApps"), (to) =>
      ask({
        method: "subscribedApps",
        request: HttpClientRequest.get(to),
        decode: (json) => Result.map(decodeApps(json), readApps)
      })
    ),
    subscribe: Effect.fnUntraced(function* (callback?: Callback) {
      const to = yield* apps("subscribe")
      const request = HttpClientRequest.post(to)
      const override = callback === undefined ? undefined : yield* overrideOf("subscribe", callback)
      yield* ask({
        method: "subscribe",
        request: override === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, override),
        decode: decodeDone,
        secrets: secretsOf(callback)
      })
    }),
    unsubscribe: Effect.asVoid(
      Effect.flatMap(apps("unsubscribe"), (to) =>
        ask({ method: "unsubscribe", request: HttpClientRequest.delete(to), decode: decodeDone })
      )
    ),
    appSubscriptions: ({ appId, appSecret }) =>
      Effect.flatMap(id("appSubscriptions", "appId", appId), (node) =>
        ask({
          method: "appSubscriptions",
          request: HttpClientRequest.get(url(node, "subscriptions")),
          token: appToken(node, appSecret),
          decode: (json) => Result.map(decodeSubscriptions(json), readSubscriptions),
          secrets: () => ({ texts: [Redacted.value(appSecret)] })
        })
      ),
    overrideNumber: Effect.fnUntraced(function* (
      callback: Callback | undefined,
      number = config.defaultNumber
    ): Effect.fn.Return<void, WhatsAppError> {
      const node = yield* id("overrideNumber", "phoneNumberId", number)
      const override =
        callback === undefined ? { override_callback_uri: "" } : yield* overrideOf("overrideNumber", callback)
      yield* ask({
        method: "overrideNumber",
        request: HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(url(node)), {
          webhook_configuration: override
        }),
        decode: decodeDone,
        secrets: secretsOf(callback)
      })
    })
  }
}
