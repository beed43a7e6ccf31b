/** One thing that is wrong, each, and what the doctor must say of it: this, and nothing else. */
import { chmodSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { type Answer, type Asked, git, healthy, type World, write } from "./world.ts"

export interface Fault {
  readonly name: string
  readonly change: (world: World, botUrl: string) => Partial<World>
  /** Every check that is not fine, and not skipped for want of one of these. */
  readonly found: { readonly [check: string]: "warning" | "failure" }
  /** Part of what is said. */
  readonly said: RegExp
}

const inEnv = (env: World["env"]) => (): Partial<World> => ({ env: { ...healthy.env, ...env } })
const inFiles = (files: World["files"]) => (): Partial<World> => ({ files: { ...healthy.files, ...files } })
const atMeta = (meta: Partial<CloudApiEmulator.MetaOptions>) => (): Partial<World> => ({ meta })
const inFolder = (arrange: World["arrange"]) => (): Partial<World> => ({ arrange })

const otherSecret = "ffeeddccbbaa99887766554433221100"

const variables: ReadonlyArray<Fault> = [
  {
    name: "no access token",
    change: inEnv({ WHATSAPP_ACCESS_TOKEN: undefined }),
    found: { "env.WHATSAPP_ACCESS_TOKEN": "failure" },
    said: /is not set/
  },
  {
    name: "no account",
    change: inEnv({ WHATSAPP_BUSINESS_ACCOUNT_ID: undefined }),
    found: { "env.WHATSAPP_BUSINESS_ACCOUNT_ID": "warning" },
    said: /is not set/
  },
  {
    name: "quotes that a loader kept",
    change: inEnv({ WHATSAPP_ACCESS_TOKEN: `"${healthy.env["WHATSAPP_ACCESS_TOKEN"]}"` }),
    found: { "env.WHATSAPP_ACCESS_TOKEN": "failure" },
    said: /quotes/
  },
  {
    name: "a token with its scheme",
    change: inEnv({ WHATSAPP_ACCESS_TOKEN: `Bearer ${healthy.env["WHATSAPP_ACCESS_TOKEN"]}` }),
    found: { "env.WHATSAPP_ACCESS_TOKEN": "failure" },
    said: /begins with Bearer/
  },
  {
    name: "an app token in the place of the access token",
    change: inEnv({ WHATSAPP_ACCESS_TOKEN: `1190220033044055|${otherSecret}` }),
    found: { "env.WHATSAPP_ACCESS_TOKEN": "failure" },
    said: /is an app access token/
  },
  {
    name: "a token of Instagram",
    change: inEnv({ WHATSAPP_ACCESS_TOKEN: "IGQWRoAbCdEfGh" }),
    found: { "env.WHATSAPP_ACCESS_TOKEN": "failure" },
    said: /Instagram/
  },
  {
    name: "the phone number in the place of its id",
    change: inEnv({ WHATSAPP_PHONE_NUMBER_ID: "+1 555 730 0142" }),
    found: { "env.WHATSAPP_PHONE_NUMBER_ID": "failure" },
    said: /looks like a phone number/
  },
  {
    name: "the app id in the place of the app secret",
    change: inEnv({ WHATSAPP_APP_SECRET: "1190220033044055", WHATSAPP_APP_ID: undefined }),
    found: { "env.WHATSAPP_APP_SECRET": "failure" },
    said: /looks like the id of the app/
  },
  {
    name: "a short app secret",
    change: inEnv({ WHATSAPP_APP_SECRET: "abc123" }),
    found: { "env.WHATSAPP_APP_SECRET": "failure" },
    said: /so short/
  },
  {
    name: "the placeholder of the example file",
    change: inEnv({ WHATSAPP_VERIFY_TOKEN: "your-verify-token" }),
    found: { "env.WHATSAPP_VERIFY_TOKEN": "failure" },
    said: /placeholder/
  },
  {
    name: "a verify token with a mark that nobody sees",
    change: inEnv({ WHATSAPP_VERIFY_TOKEN: "orchid-verify\u200b-token" }),
    found: { "env.WHATSAPP_VERIFY_TOKEN": "failure" },
    said: /cannot be seen/
  },
  {
    name: "white space that a loader kept",
    change: inEnv({ WHATSAPP_VERIFY_TOKEN: `${healthy.env["WHATSAPP_VERIFY_TOKEN"]} \r` }),
    found: { "env.WHATSAPP_VERIFY_TOKEN": "warning" },
    said: /white space/
  },
  {
    name: "a verify token that can be guessed",
    change: () => ({
      env: { ...healthy.env, WHATSAPP_VERIFY_TOKEN: "abc" },
      bot: { ...healthy.bot, verifyToken: "abc" }
    }),
    found: { "env.WHATSAPP_VERIFY_TOKEN": "warning" },
    said: /can be guessed/
  },
  {
    name: "a verify token that is the app secret",
    change: () => ({
      env: { ...healthy.env, WHATSAPP_VERIFY_TOKEN: healthy.bot.appSecret },
      bot: { ...healthy.bot, verifyToken: healthy.bot.appSecret }
    }),
    found: { "env.distinct": "failure" },
    said: /have the same value/
  },
  {
    name: "a malformed owner",
    change: inEnv({ WHATSAPP_OWNER_PHONES: "0039 340 123 4567" }),
    found: { "env.WHATSAPP_OWNER_PHONES": "failure" },
    said: /country code/
  },
  {
    name: "an owner by an id that is none",
    change: inEnv({ WHATSAPP_OWNER_USER_IDS: "ida.voss" }),
    found: { "env.WHATSAPP_OWNER_USER_IDS": "failure" },
    said: /BSUIDs/
  },
  {
    name: "the app secret in the place of the app id",
    change: inEnv({ WHATSAPP_APP_ID: otherSecret }),
    found: { "env.WHATSAPP_APP_ID": "failure" },
    said: /looks like an app secret/
  },
  {
    name: "a version without its letter",
    change: inEnv({ WHATSAPP_API_VERSION: "23.0" }),
    found: { "env.WHATSAPP_API_VERSION": "failure" },
    said: /lacks the v/
  },
  {
    name: "an API URL with a version in it",
    change: inEnv({ WHATSAPP_API_URL: "https://graph.facebook.com/v23.0" }),
    found: { "env.WHATSAPP_API_URL": "failure" },
    said: /ends with a version/
  },
  {
    name: "a whole URL in the place of the webhook's path",
    change: inEnv({ WHATSAPP_WEBHOOK_PATH: "https://bot.example.com/whatsapp/webhook" }),
    found: { "env.WHATSAPP_WEBHOOK_PATH": "failure" },
    said: /whole URL/
  },
  {
    name: "a port that is none",
    change: inEnv({ PORT: "70000" }),
    found: { "env.PORT": "failure" },
    said: /from 0 to 65535/
  }
]

const project: ReadonlyArray<Fault> = [
  {
    name: "a file of variables that others can read",
    change: inFolder((folder) => chmodSync(join(folder, ".env"), 0o644)),
    found: { "env.access": "warning" },
    said: /other users/
  },
  {
    name: "a file of variables that git does not ignore",
    change: inFiles({ ".gitignore": "node_modules\n" }),
    found: { "env.repository": "warning" },
    said: /does not ignore/
  },
  {
    name: "a file of variables that is committed",
    change: inFolder((folder) => git(folder, "add", "--force", ".env")),
    found: { "env.repository": "failure" },
    said: /committed/
  },
  {
    name: "no scaffold",
    change: inFiles({
      "src/whatsapp/config.ts": undefined,
      "src/whatsapp/webhook.ts": undefined,
      "src/whatsapp/listeners.ts": undefined
    }),
    found: { "project.scaffold": "warning" },
    said: /no src\/whatsapp/
  },
  {
    name: "half a scaffold",
    change: inFiles({ "src/whatsapp/webhook.ts": undefined }),
    found: { "project.scaffold": "warning" },
    said: /lacks webhook\.ts/
  },
  {
    name: "a Node that is too old for the project",
    change: inFiles({ "package.json": JSON.stringify({ engines: { node: ">=99" } }) }),
    found: { "versions.node": "failure" },
    said: />=99 is asked for/
  },
  {
    name: "no Effect",
    change: inFolder((folder) => rmSync(join(folder, "node_modules/effect"))),
    found: { "versions.effect": "failure" },
    said: /not installed/
  },
  {
    name: "an Effect that the project does not ask for",
    change: inFiles({ "package.json": JSON.stringify({ dependencies: { effect: "^4.99.0" } }) }),
    found: { "versions.effect": "failure" },
    said: /asks for \^4\.99\.0/
  },
  {
    name: "two copies of Effect",
    change: inFolder((folder) => {
      rmSync(join(folder, "node_modules/effect"))
      write(folder, "node_modules/effect/package.json", JSON.stringify({ name: "effect", version: "4.1.0" }))
    }),
    found: { "versions.effect": "failure" },
    said: /two copies of effect/
  },
  {
    name: "no @effect/platform-node",
    change: inFolder((folder) => rmSync(join(folder, "node_modules/@effect/platform-node"))),
    found: { "versions.@effect/platform-node": "failure" },
    said: /not installed/
  },
  {
    name: "no core package",
    change: inFolder((folder) => rmSync(join(folder, "node_modules/@effect-whatsapp/core"))),
    found: { "versions.@effect-whatsapp/core": "failure" },
    said: /not installed/
  },
  {
    name: "no node package",
    change: inFolder((folder) => rmSync(join(folder, "node_modules/@effect-whatsapp/node"))),
    found: { "versions.@effect-whatsapp/node": "failure" },
    said: /not installed/
  },
  {
    name: "two packages of different versions",
    change: inFolder((folder) => {
      rmSync(join(folder, "node_modules/@effect-whatsapp/node"))
      const manifest = { name: "@effect-whatsapp/node", version: "9.9.9" }
      write(folder, "node_modules/@effect-whatsapp/node/package.json", JSON.stringify(manifest))
    }),
    found: { "versions.together": "failure" },
    said: /is 9\.9\.9/
  },
  {
    name: "a package of Effect 3",
    change: inFiles({ "package.json": JSON.stringify({ dependencies: { "@effect/schema": "0.75.5" } }) }),
    found: { "versions.effect-3": "warning" },
    said: /@effect\/schema, of Effect 3/
  }
]

const api: ReadonlyArray<Fault> = [
  {
    name: "a Graph API that does not answer",
    change: inEnv({ WHATSAPP_API_URL: "http://127.0.0.1:9" }),
    found: { "api.reachable": "failure" },
    said: /127\.0\.0\.1:9 does not answer as Meta does: nothing was sent/
  },
  {
    name: "a version that is not served any more",
    change: inEnv({ WHATSAPP_API_VERSION: "v19.0" }),
    found: { "api.version": "failure" },
    said: /since 2026-05-21/
  },
  {
    name: "a version that nobody knows",
    change: inEnv({ WHATSAPP_API_VERSION: "v99.0" }),
    found: { "api.version": "warning" },
    said: /not among the versions/
  },
  {
    name: "another version that answers",
    change: atMeta({ server: { servedVersion: "v24.0" } }),
    found: { "api.served": "warning" },
    said: /v24\.0 answers/
  },
  {
    name: "a clock that goes wrong",
    change: atMeta({ server: { clockAhead: "10 minutes" } }),
    found: { "api.clock": "warning" },
    said: /seconds behind/
  }
]

const token: ReadonlyArray<Fault> = [
  {
    name: "a token that Meta does not know",
    change: inEnv({ WHATSAPP_ACCESS_TOKEN: "EAAGsomebodyelses" }),
    found: { "token.valid": "failure" },
    said: /190|not valid|Invalid/
  },
  {
    name: "a token that has expired",
    change: atMeta({ token: { expiresAt: "2026-01-01T00:00:00Z" } }),
    found: { "token.valid": "failure" },
    said: /expired/
  },
  {
    name: "a token that was revoked",
    change: atMeta({ token: { isValid: false } }),
    found: { "token.valid": "failure" },
    said: /invalidated|190/
  },
  {
    name: "the temporary token of the dashboard",
    change: atMeta({ token: { type: "USER" } }),
    found: { "token.kind": "warning" },
    said: /temporary/
  },
  {
    name: "a token that expires soon",
    change: atMeta({ token: { expiresAt: Date.now() + 3 * 86_400_000 } }),
    found: { "token.expiry": "warning" },
    said: /expires at/
  },
  {
    name: "a token that may not send",
    change: atMeta({ token: { scopes: ["whatsapp_business_management"] } }),
    found: { "token.messaging": "failure" },
    said: /lacks the permission whatsapp_business_messaging/
  },
  {
    name: "a token that may not look after the account",
    change: atMeta({ token: { scopes: ["whatsapp_business_messaging"] } }),
    found: { "token.management": "failure" },
    said: /lacks the permission whatsapp_business_management/
  },
  {
    name: "a token for another account",
    change: atMeta({ token: { accounts: ["1"] } }),
    found: { "token.account": "failure" },
    said: /not for the account/
  },
  {
    name: "the id of another account",
    change: inEnv({ WHATSAPP_BUSINESS_ACCOUNT_ID: "330011220044557" }),
    found: { "token.account": "failure" },
    said: /not for the account/
  },
  {
    name: "a token of another app",
    change: atMeta({ token: { appId: "424242424242424" } }),
    found: { "token.app": "failure" },
    said: /of the app 424242424242424/
  },
  {
    name: "the secret of another app",
    change: () => ({
      env: { ...healthy.env, WHATSAPP_APP_SECRET: otherSecret },
      bot: { ...healthy.bot, appSecret: otherSecret }
    }),
    found: { "app.secret": "failure" },
    said: /that of the app/
  }
]

const withNumber = (number: CloudApiEmulator.NumberStanding) => atMeta({ number })
const withAccount = (account: CloudApiEmulator.AccountStanding) => atMeta({ account })

const standing: ReadonlyArray<Fault> = [
  {
    name: "a number that Meta does not know",
    change: inEnv({ WHATSAPP_PHONE_NUMBER_ID: "207311904455099" }),
    found: { "number.known": "failure" },
    said: /./
  },
  {
    name: "an account that the token opens and Meta does not find",
    change: () => ({
      env: { ...healthy.env, WHATSAPP_BUSINESS_ACCOUNT_ID: "330011220044557" },
      meta: { token: { accounts: ["330011220044556", "330011220044557"] } }
    }),
    found: { "account.known": "failure" },
    said: /./
  },
  {
    name: "a number of another account",
    change: () => ({ instead: { "/330011220044556/phone_numbers": { data: [{ id: "207311904455099" }] } } }),
    found: { "number.account": "failure" },
    said: /is none of the account's/
  },
  {
    name: "a number that is not connected",
    change: withNumber({ status: "DISCONNECTED" }),
    found: { "number.status": "failure" },
    said: /DISCONNECTED/
  },
  {
    name: "a number that is flagged",
    change: withNumber({ status: "FLAGGED", health: {} }),
    found: { "number.status": "warning" },
    said: /FLAGGED/
  },
  {
    name: "a number of low quality",
    change: withNumber({ qualityRating: "RED" }),
    found: { "number.quality": "warning" },
    said: /RED/
  },
  {
    name: "a number that is not on the Cloud API",
    change: withNumber({ platformType: "ON_PREMISE" }),
    found: { "number.platform": "failure" },
    said: /ON_PREMISE/
  },
  {
    name: "Meta's test number",
    change: withNumber({ accountMode: "SANDBOX" }),
    found: { "number.mode": "warning" },
    said: /SANDBOX/
  },
  {
    name: "a number without throughput",
    change: withNumber({ throughput: "NOT_APPLICABLE" }),
    found: { "number.throughput": "warning" },
    said: /NOT_APPLICABLE/
  },
  {
    name: "a name that was declined",
    change: withNumber({ nameStatus: "DECLINED" }),
    found: { "number.name": "failure" },
    said: /DECLINED/
  },
  {
    name: "a number that is not verified",
    change: withNumber({ codeVerificationStatus: "NOT_VERIFIED" }),
    found: { "number.verification": "warning" },
    said: /NOT_VERIFIED/
  },
  {
    name: "a number that Meta holds back",
    change: withNumber({
      health: {
        canSendMessage: "LIMITED",
        errors: [{ code: 141015, description: "Too many complaints.", solution: "Write less." }]
      }
    }),
    found: { "number.health": "warning" },
    said: /Too many complaints\., Meta's code 141015/
  },
  {
    name: "an account that was rejected",
    change: withAccount({ accountReviewStatus: "REJECTED" }),
    found: { "account.review": "failure" },
    said: /REJECTED/
  },
  {
    name: "a business that is not verified",
    change: withAccount({ businessVerificationStatus: "not_verified" }),
    found: { "account.verification": "warning" },
    said: /not_verified/
  },
  {
    name: "an account without a payment method",
    change: withAccount({ primaryFundingId: null }),
    found: { "account.payment": "warning" },
    said: /no payment method/
  },
  {
    name: "an account that Meta holds back",
    change: withAccount({
      health: { canSendMessage: "BLOCKED", errors: [{ code: 141099, description: "Locked.", solution: "Appeal." }] }
    }),
    found: { "account.health": "failure" },
    said: /BLOCKED for the WABA: Locked\./
  }
]

/** A webhook that does its part, apart from what is said. */
const withWebhook = (change: (request: Asked, right: Answer) => Answer) => (): Partial<World> => ({
  webhook: (request) => {
    const { isSigned, method, query } = request
    const isKnown = query.get("hub.verify_token") === healthy.bot.verifyToken
    const handshake = isKnown ? { status: 200, body: query.get("hub.challenge") ?? "" } : { status: 403 }
    return change(request, method === "GET" ? handshake : { status: isSigned ? 200 : 401 })
  }
})

const webhook: ReadonlyArray<Fault> = [
  {
    name: "a webhook that takes every handshake",
    change: withWebhook(({ method, query }, right) =>
      method === "GET" ? { status: 200, body: query.get("hub.challenge") ?? "" } : right
    ),
    found: { "webhook.stranger": "failure" },
    said: /with any token/
  },
  {
    name: "a webhook that reads the challenge as a number",
    change: withWebhook((_, right) => ({ ...right, body: (right.body ?? "").replace(/^0/, "") })),
    found: { "webhook.handshake": "failure" },
    said: /something else than the challenge/
  },
  {
    name: "a webhook that does not look at signatures",
    change: withWebhook(({ method }, right) => (method === "POST" ? { status: 200 } : right)),
    found: { "webhook.forgery": "failure" },
    said: /takes a forged delivery/
  },
  {
    name: "a webhook that calls a forged delivery its own mistake",
    change: withWebhook((_, right) => (right.status === 401 ? { status: 500 } : right)),
    found: { "webhook.forgery": "warning" },
    said: /forged delivery with 500/
  },
  {
    name: "a webhook that keeps nothing",
    change: withWebhook(({ isSigned }, right) => (isSigned ? { status: 503 } : right)),
    found: { "webhook.delivery": "failure" },
    said: /signed delivery with 503/
  },
  {
    name: "a callback URL that Meta cannot call",
    // Without a token Meta itself is not asked.
    change: (_, botUrl) => ({
      callback: botUrl,
      env: { ...healthy.env, WHATSAPP_API_URL: undefined, WHATSAPP_ACCESS_TOKEN: undefined }
    }),
    found: { "env.WHATSAPP_ACCESS_TOKEN": "failure", "webhook.public": "failure" },
    said: /is not https/
  },
  {
    name: "a webhook that is broken",
    change: withWebhook(() => ({ status: 502 })),
    found: { "webhook.reachable": "failure" },
    said: /answers 502/
  },
  {
    name: "an app that is not subscribed to the account",
    change: atMeta({ subscription: { isSubscribed: false } }),
    found: { "account.subscribed": "failure" },
    said: /not subscribed to the account/
  },
  {
    name: "a subscription without messages",
    change: atMeta({ subscription: { fields: ["message_template_status_update"] } }),
    found: { "webhook.fields": "failure" },
    said: /not subscribed to messages, in which TextReceived, StatusUpdate come/
  },
  {
    name: "a subscription without a field that a listener needs",
    change: atMeta({ subscription: { fields: ["messages"] } }),
    found: { "webhook.fields": "failure" },
    said: /message_template_status_update, in which TemplateStatusChanged come/
  },
  {
    name: "a subscription that is switched off",
    change: atMeta({ subscription: { isActive: false } }),
    found: { "webhook.subscription": "failure" },
    said: /not active/
  },
  {
    name: "a callback URL of somebody else",
    change: () => ({ callback: "http://127.0.0.1:9/other" }),
    found: { "webhook.callback": "failure", "webhook.reachable": "failure" },
    said: /and not to http:\/\/127\.0\.0\.1:9\/other/
  },
  {
    name: "a callback URL with another path",
    change: inEnv({ WHATSAPP_WEBHOOK_PATH: "/hooks" }),
    found: { "webhook.callback": "warning" },
    said: /path of the webhook is \/hooks/
  },
  {
    name: "an override to where nobody listens",
    change: withNumber({ callbackUrl: "http://127.0.0.1:9/whatsapp/webhook" }),
    found: { "webhook.reachable": "failure", "webhook.overrides": "warning" },
    said: /TemplateStatusChanged come at the URL of the app/
  },
  {
    name: "an override that leaves a listener behind",
    change: (_, botUrl) => ({ meta: { subscription: { callbackUrl: `${botUrl}?tenant=1` } } }),
    found: { "webhook.overrides": "warning" },
    said: /messages at that of the account/
  },
  {
    name: "a bot with another app secret",
    change: () => ({ bot: { ...healthy.bot, appSecret: otherSecret } }),
    found: { "webhook.delivery": "failure" },
    said: /refuses a signed delivery with 401/
  },
  {
    name: "a bot that knows one of two secrets",
    change: inEnv({ WHATSAPP_APP_SECRET: `${healthy.bot.appSecret},${otherSecret}` }),
    found: { "webhook.delivery": "failure" },
    said: /signed with secret 2/
  },
  {
    name: "a bot with another verify token",
    change: () => ({ bot: { ...healthy.bot, verifyToken: "another-token" } }),
    found: { "webhook.handshake": "failure" },
    said: /handshake with 403/
  },
  {
    name: "a callback URL that leads nowhere",
    change: (_, botUrl) => ({
      meta: { webhookUrl: botUrl.replace("/whatsapp/webhook", "/elsewhere/whatsapp/webhook") },
      env: { ...healthy.env, WHATSAPP_WEBHOOK_PATH: "/elsewhere/whatsapp/webhook" }
    }),
    found: { "webhook.reachable": "failure" },
    said: /answers 404/
  }
]

export const faults: ReadonlyArray<Fault> = [...variables, ...project, ...api, ...token, ...standing, ...webhook]
