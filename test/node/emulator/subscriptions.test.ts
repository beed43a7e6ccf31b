/** Who hears of what, and where deliveries go. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { account, appId, appToken, codesOf, get, listOf, objectOf, postJson } from "./manage.ts"
import {
  call,
  makeEmulator,
  makeWebhook,
  makeWorld,
  phone,
  phoneNumberId,
  post,
  secondNumberId,
  textTo,
  verifyToken
} from "./world.ts"

const apps = `${account}/subscribed_apps`
const subscriptions = `/v23.0/${appId}/subscriptions`

const asApp = { token: appToken }

describe("the apps of an account", () => {
  it.effect(
    "hear of it, until they are taken off and put on again",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ appId })
      const app = {
        id: appId,
        name: "Emulated App",
        link: `https://www.facebook.com/games/?app_id=${appId}`
      }
      assert.deepStrictEqual(listOf(yield* call(emulator, "GET", apps)).data, [{ whatsapp_business_api_data: app }])
      assert.deepStrictEqual(objectOf(yield* call(emulator, "DELETE", apps)), { success: true })
      assert.deepStrictEqual(listOf(yield* call(emulator, "GET", apps)).data, [])
      const unheard = yield* ida.sendText("anybody?")
      assert.strictEqual(unheard.first.failure, "NotSubscribed")
      assert.deepStrictEqual((yield* unheard.settled).acknowledged, false)
      assert.strictEqual(yield* webhook.waiting, 0)
      yield* call(emulator, "POST", apps)
      assert.strictEqual((yield* ida.sendText("ah")).first.status, 200)
    })
  )

  it.effect(
    "get the deliveries at another URL once it has passed the handshake, and a plain call takes that back",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ appId })
      const other = yield* makeWebhook
      yield* postJson(emulator, apps, { override_callback_uri: other.url, verify_token: verifyToken })
      const [app] = listOf(yield* call(emulator, "GET", apps)).data
      assert.strictEqual(app?.override_callback_uri, other.url)
      yield* ida.sendText("one")
      assert.strictEqual(yield* other.waiting, 1)
      assert.strictEqual(yield* webhook.waiting, 0)
      yield* call(emulator, "POST", apps)
      yield* ida.sendText("two")
      assert.deepStrictEqual([yield* other.waiting, yield* webhook.waiting], [1, 1])
    })
  )

  it.effect(
    "stay where they are when the handshake fails",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const refused = [
        yield* postJson(emulator, apps, { override_callback_uri: webhook.url, verify_token: "wrong" }),
        yield* postJson(emulator, apps, { override_callback_uri: "http://127.0.0.1:1/", verify_token: verifyToken })
      ]
      for (const answer of refused) assert.deepStrictEqual([answer.status, ...codesOf(answer)], [400, 2200])
      const invalid = [
        { override_callback_uri: webhook.url },
        { override_callback_uri: "ftp://example.com", verify_token: verifyToken },
        { override_callback_uri: "nowhere", verify_token: verifyToken },
        { override_callback_uri: `https://example.com/${"a".repeat(200)}`, verify_token: verifyToken },
        { override_callback_uri: [webhook.url], verify_token: verifyToken }
      ]
      for (const body of invalid) {
        assert.deepStrictEqual(codesOf(yield* postJson(emulator, apps, body)), [100])
      }
      const [app] = listOf(yield* call(emulator, "GET", apps)).data
      assert.isUndefined(app?.override_callback_uri)
    })
  )

  it.effect(
    "are set by a form and by a query as well",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const form = new URLSearchParams({ override_callback_uri: webhook.url, verify_token: verifyToken }).toString()
      const answers = [
        yield* call(emulator, "POST", apps, {
          body: form,
          headers: { "content-type": "application/x-www-form-urlencoded" }
        }),
        yield* call(emulator, "POST", `${apps}?${form}`)
      ]
      for (const answer of answers) assert.deepStrictEqual(objectOf(answer), { success: true })
      const [app] = listOf(yield* call(emulator, "GET", apps)).data
      assert.strictEqual(app?.override_callback_uri, webhook.url)
    })
  )
})

describe("the URL of a number", () => {
  it.effect(
    "wins over that of the account, which wins over that of the app",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      const ofAccount = yield* makeWebhook
      const ofNumber = yield* makeWebhook
      const set = (url: string) =>
        postJson(emulator, `/v23.0/${phoneNumberId}`, {
          webhook_configuration: { override_callback_uri: url, verify_token: verifyToken }
        })
      yield* postJson(emulator, apps, { override_callback_uri: ofAccount.url, verify_token: verifyToken })
      assert.deepStrictEqual(objectOf(yield* set(ofNumber.url)), { success: true })
      const node = yield* get(emulator, `/v23.0/${phoneNumberId}?fields=webhook_configuration`)
      assert.deepStrictEqual(node.webhook_configuration, {
        phone_number: ofNumber.url,
        whatsapp_business_account: ofAccount.url,
        application: webhook.url
      })
      yield* emulator.deliver(
        yield* ida.text("to the first"),
        yield* ida.text("to the second", { to: secondNumberId }),
        { field: "account_alerts", value: { alert_severity: "INFORMATIONAL" } }
      )
      yield* emulator.awaitIdle
      assert.deepStrictEqual([yield* ofNumber.waiting, yield* ofAccount.waiting, yield* webhook.waiting], [1, 1, 1])
      assert.include((yield* ofNumber.next).body, "to the first")
      assert.include((yield* ofAccount.next).body, "to the second")
      assert.include((yield* webhook.next).body, "account_alerts")
      const configuration = JSON.stringify({ override_callback_uri: "" })
      const query = `webhook_configuration=${encodeURIComponent(configuration)}`
      assert.strictEqual((yield* call(emulator, "POST", `/v23.0/${phoneNumberId}?${query}`)).status, 200)
      yield* ida.sendText("again")
      assert.strictEqual(yield* ofAccount.waiting, 1)
    })
  )

  it.effect(
    "is where a redelivery goes, unless the first went to that of the app",
    Effect.fn(function* () {
      const elsewhere = yield* makeWebhook
      const { emulator, ida, webhook } = yield* makeWorld({ number: { callbackUrl: elsewhere.url } })
      yield* emulator.redeliver(yield* ida.sendText("hello"))
      assert.strictEqual((yield* elsewhere.next).body, (yield* elsewhere.next).body)
      yield* emulator.redeliver(yield* emulator.deliver({ field: "account_alerts", value: {} }))
      assert.deepStrictEqual([yield* elsewhere.waiting, yield* webhook.waiting], [0, 2])
    })
  )

  const bodies: ReadonlyArray<Schema.Json> = [
    {},
    [],
    { webhook_configuration: "x" },
    { webhook_configuration: {} },
    { webhook_configuration: { override_callback_uri: 5, verify_token: "x" } },
    { webhook_configuration: { override_callback_uri: "https://example.com" } }
  ]
  it.effect.each(bodies.map((body) => [body] as const))(
    "is not set by %j",
    Effect.fn(function* ([body]) {
      const emulator = yield* makeEmulator()
      const answer = yield* postJson(emulator, `/v23.0/${phoneNumberId}`, body)
      assert.deepStrictEqual([answer.status, ...codesOf(answer)], [400, 100])
    })
  )
})

describe("the subscriptions of the app", () => {
  it.effect(
    "are to every field, unless some are named",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld({ appId })
      const [all] = listOf(yield* call(emulator, "GET", subscriptions, asApp)).data
      assert.deepInclude(all, { object: "whatsapp_business_account", callback_url: webhook.url, active: true })
      assert.include(JSON.stringify(all?.fields), `{"name":"messages","version":"v23.0"}`)
      const some = yield* makeEmulator({ appId, webhookUrl: webhook.url, subscription: { fields: ["calls"] } })
      const [one] = listOf(yield* call(some, "GET", subscriptions, asApp)).data
      assert.deepStrictEqual(one?.fields, [{ name: "calls", version: "v23.0" }])
    })
  )

  it.effect(
    "decide of what the app hears",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ appId, subscription: { fields: ["calls"] } })
      assert.strictEqual((yield* ida.sendText("hello")).first.failure, "NotSubscribed")
      const body = {
        object: "whatsapp_business_account",
        callback_url: webhook.url,
        verify_token: verifyToken,
        fields: "messages, calls"
      }
      assert.deepStrictEqual(objectOf(yield* postJson(emulator, subscriptions, body, appToken)), { success: true })
      assert.strictEqual((yield* ida.sendText("hello")).first.status, 200)
      yield* call(emulator, "DELETE", `${subscriptions}?object=whatsapp_business_account&fields=messages`, asApp)
      assert.strictEqual((yield* ida.sendText("hello")).first.failure, "NotSubscribed")
      yield* call(emulator, "DELETE", subscriptions, asApp)
      assert.deepStrictEqual(listOf(yield* call(emulator, "GET", subscriptions, asApp)).data, [])
    })
  )

  it.effect(
    "leave a bot without the statuses of what it sends when they are switched off",
    Effect.fn(function* () {
      const { emulator, openWindow, webhook } = yield* makeWorld()
      yield* openWindow
      yield* call(emulator, "DELETE", apps)
      assert.strictEqual((yield* post(emulator, textTo(phone))).status, 200)
      yield* emulator.awaitIdle
      assert.strictEqual(yield* webhook.waiting, 0)
    })
  )

  it.effect(
    "are for the app's own token, and for its own id",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ appId })
      for (const method of ["GET", "POST", "DELETE"] as const) {
        assert.deepStrictEqual(codesOf(yield* call(emulator, method, subscriptions)), [15])
        assert.deepStrictEqual(codesOf(yield* call(emulator, method, subscriptions, { token: `${appId}|no` })), [190])
        assert.deepStrictEqual(codesOf(yield* call(emulator, method, "/v23.0/77/subscriptions", asApp)), [100, 33])
      }
      assert.deepStrictEqual(codesOf(yield* call(emulator, "GET", account, asApp)), [190])
    })
  )

  it.effect(
    "are refused when they are wrong, or the URL fails the handshake",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld({ appId })
      const good = {
        object: "whatsapp_business_account",
        callback_url: webhook.url,
        verify_token: verifyToken,
        fields: ["messages"]
      }
      const code = (body: Schema.Json) => Effect.map(postJson(emulator, subscriptions, body, appToken), codesOf)
      assert.deepStrictEqual(yield* code({ ...good, object: "page" }), [100])
      assert.deepStrictEqual(yield* code({ ...good, fields: ["colours"] }), [100])
      assert.deepStrictEqual(yield* code({ ...good, fields: 5 }), [100])
      assert.deepStrictEqual(yield* code({ ...good, verify_token: "wrong" }), [2200])
      assert.deepStrictEqual(yield* code({}), [100])
      const broken = { body: "{", headers: { "content-type": "application/json" }, token: appToken }
      assert.deepStrictEqual(codesOf(yield* call(emulator, "POST", subscriptions, broken)), [100])
    })
  )

  it.effect(
    "may be off",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld({ appId, subscription: { isActive: false } })
      const [one] = listOf(yield* call(emulator, "GET", subscriptions, asApp)).data
      assert.strictEqual(one?.active, false)
      assert.strictEqual((yield* ida.sendText("hello")).first.failure, "NotSubscribed")
    })
  )
})
