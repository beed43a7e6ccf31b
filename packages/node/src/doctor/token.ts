/** The access token: it works, lasts, may do what is needed, and is of the app whose secret is here. */
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Check, failure, ok, type Outcome, skipped, warning } from "./Check.ts"
import { Meta } from "./Meta.ts"
import { asked, refused } from "./refused.ts"
import { Setup } from "./Setup.ts"
import { idOf } from "./variables.ts"

const renew =
  "Make a token for a system user, in Business settings › System users, and set WHATSAPP_ACCESS_TOKEN to it."

const valid: Check = {
  id: "token.valid",
  right: "Meta accepts the token",
  why: "Every call with it is refused.",
  isRemote: true,
  needs: [idOf("WHATSAPP_ACCESS_TOKEN"), "api.reachable"],
  run: Effect.flatMap(Meta, ({ token }) =>
    asked(
      token,
      ({ isValid, problem }) =>
        isValid ? ok("Meta accepts the token") : failure(problem ?? "Meta says that the token is not valid", renew),
      renew
    )
  )
}

const kind: Check = {
  id: "token.kind",
  right: "the token is that of a system user",
  why: "A user's token from the dashboard is for trying: it ends within hours, or when that person logs out.",
  isRemote: true,
  needs: ["token.valid"],
  run: Effect.flatMap(Meta, ({ token }) =>
    asked(token, ({ type }) => {
      if (type === undefined) return skipped("Meta does not say of what kind the token is")
      if (type === "SYSTEM_USER") return ok("it is a system user's")
      return type === "USER"
        ? warning("the token is a temporary one, of a person", renew)
        : warning(`the token is of the kind ${type}`, renew)
    })
  )
}

const day = 86_400_000
/** Time enough for somebody to come back from a holiday. */
const notice = 14 * day

const expiry: Check = {
  id: "token.expiry",
  right: "the token does not expire within two weeks",
  why: "From that moment on every call is refused.",
  isRemote: true,
  needs: ["token.valid"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const now = yield* Clock.currentTimeMillis
    return yield* asked(meta.token, ({ expiresAt }) => {
      if (expiresAt === undefined) return ok("it does not expire")
      const when = DateTime.formatIso(expiresAt)
      return expiresAt.epochMilliseconds - now < notice
        ? warning(`the token expires at ${when}`, renew)
        : ok(`it expires at ${when}`)
    })
  })
}

const grant = "Give the permission to the system user's token, and set WHATSAPP_ACCESS_TOKEN to the new one."

const permission = (name: string, scope: string, why: string): Check => ({
  id: `token.${name}`,
  right: `the token has the permission ${scope}`,
  why,
  isRemote: true,
  needs: ["token.valid"],
  run: Effect.flatMap(Meta, ({ token }) =>
    asked(token, ({ scopes }) =>
      scopes.includes(scope) ? ok(`it has ${scope}`) : failure(`the token lacks the permission ${scope}`, grant)
    )
  )
})

const messaging = permission(
  "messaging",
  "whatsapp_business_messaging",
  "Without it nothing can be sent, and no message is delivered to the webhook."
)
const management = permission(
  "management",
  "whatsapp_business_management",
  "Without it neither the account nor its number can be looked at, and the app cannot be subscribed."
)

const opens: Check = {
  id: "token.account",
  right: "the token opens the account",
  why: "A token can have a permission for some accounts only; for all others every call is refused.",
  isRemote: true,
  needs: ["token.messaging", "token.management"],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const found = yield* Effect.result(Effect.all([meta.token, meta.accountId]))
    if (found._tag === "Failure") return refused(found.failure)
    const [{ targets }, account] = found.success
    if (account === undefined) return skipped("WHATSAPP_BUSINESS_ACCOUNT_ID is not set, and the token opens several")
    const closed = ["whatsapp_business_messaging", "whatsapp_business_management"].find(
      (scope) => targets.get(scope)?.includes(account) === false
    )
    return closed === undefined
      ? ok(`it opens the account ${account}`)
      : failure(
          `the token has ${closed}, and not for the account ${account}`,
          "Assign the account to the system user, or correct WHATSAPP_BUSINESS_ACCOUNT_ID."
        )
  })
}

const ofApp: Check = {
  id: "token.app",
  right: "the token is of the app in WHATSAPP_APP_ID",
  why: "What one app sends and another receives does not come together: uploads, subscriptions and signatures are an app's.",
  isRemote: true,
  needs: ["token.valid", idOf("WHATSAPP_APP_ID")],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const { values } = yield* Setup
    return yield* asked(meta.token, ({ appId }) => {
      const wanted = values.get("WHATSAPP_APP_ID")?.text.trim()
      if (appId === undefined) return skipped("Meta does not say which app the token is of")
      return wanted === undefined || wanted === appId
        ? ok(`it is of the app ${appId}`)
        : failure(
            `the token is of the app ${appId}, and WHATSAPP_APP_ID is ${wanted}`,
            "Make a token for that app, or correct WHATSAPP_APP_ID."
          )
    })
  })
}

/** What Meta may answer that says nothing about the secret. */
const otherwise: ReadonlySet<string> = new Set([
  "ConnectionFailed",
  "NoAnswer",
  "UnexpectedAnswer",
  "ServerError",
  "RateLimited"
])

const wrongSecret = ({ reason }: WhatsAppError): Outcome =>
  failure(
    `no secret in WHATSAPP_APP_SECRET is that of the app (${reason.details})`,
    "Copy it anew from App dashboard › App settings › Basic › App secret, of the app that the token is of."
  )

const secret: Check = {
  id: "app.secret",
  right: "WHATSAPP_APP_SECRET is the secret of the app",
  why: "Meta signs what it delivers with the secret of the app: with another one everything is refused with 401.",
  isRemote: true,
  needs: ["token.app", idOf("WHATSAPP_APP_SECRET")],
  run: Effect.gen(function* () {
    const meta = yield* Meta
    const appId = yield* Effect.orElseSucceed(meta.appId, () => undefined)
    if (appId === undefined) return skipped("WHATSAPP_APP_ID is not set, and Meta does not say which app it is")
    return yield* Effect.match(meta.app, {
      onSuccess: () => ok(`it is the secret of the app ${appId}`),
      onFailure: (error) => (otherwise.has(error.reason._tag) ? refused(error) : wrongSecret(error))
    })
  })
}

export const checks: ReadonlyArray<Check> = [valid, kind, expiry, messaging, management, opens, ofApp, secret]
