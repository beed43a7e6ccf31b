/** The emulator and `WhatsAppAccount`, which looks after an account: each understands what the other says. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { WhatsAppAccount, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { Template } from "@effect-whatsapp/core/message"
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Array, Effect, Layer, Redacted, Schema, Stream } from "effect"
import { appId, orderUpdate } from "./manage.ts"
import {
  appSecret,
  businessAccountId,
  makeWebhook,
  makeWorld,
  phoneNumberId,
  secondNumberId,
  token,
  verifyToken
} from "./world.ts"

const makeAccount = Effect.fnUntraced(function* (options: Partial<CloudApiEmulator.Options> = {}) {
  const world = yield* makeWorld({ appId, ...options })
  const context = yield* Layer.build(
    WhatsAppAccount.layer.pipe(
      Layer.provide([
        WhatsAppConfig.layer({
          apiUrl: world.emulator.url,
          businessAccountId,
          numbers: [{ phoneNumberId, accessToken: Redacted.make(token) }]
        }),
        NodeHttpClient.layerNodeHttp
      ])
    )
  )
  const account = yield* Effect.provide(WhatsAppAccount.WhatsAppAccount, context)
  return { ...world, account }
})

describe("an account that is in order", () => {
  it.effect(
    "is read whole",
    Effect.fn(function* () {
      const { account, webhook } = yield* makeAccount()
      const { isValid, scopes, targets } = yield* account.token
      assert.isTrue(isValid)
      assert.lengthOf(scopes, 2)
      assert.deepStrictEqual(targets.get("whatsapp_business_messaging"), [businessAccountId])
      const number = yield* account.number()
      assert.deepInclude(number, {
        status: "CONNECTED",
        qualityRating: "GREEN",
        throughput: "STANDARD",
        callbacks: { app: webhook.url }
      })
      assert.strictEqual(number.health?.canSend, "AVAILABLE")
      const numbers = yield* Stream.runCollect(account.numbers)
      assert.deepStrictEqual(
        numbers.map((one) => one.id),
        [phoneNumberId, secondNumberId]
      )
      assert.deepInclude(yield* account.account, { reviewStatus: "APPROVED", fundingId: "770011220033446" })
      assert.deepInclude(yield* account.server, { apiVersion: "v23.0" })
      assert.deepStrictEqual(yield* account.subscribedApps, [{ id: appId, name: "Emulated App" }])
      const [app] = yield* account.appSubscriptions({ appId, appSecret: Redacted.make(appSecret) })
      assert.deepInclude(app, { callbackUrl: webhook.url, isActive: true })
      assert.isTrue(app?.fields.includes("messages"))
    })
  )

  it.effect(
    "is subscribed, and its deliveries are sent elsewhere",
    Effect.fn(function* () {
      const { account, ida } = yield* makeAccount()
      const other = yield* makeWebhook
      const callback = { url: other.url, verifyToken: Redacted.make(verifyToken) }
      yield* account.unsubscribe
      assert.deepStrictEqual(yield* account.subscribedApps, [])
      yield* account.subscribe(callback)
      assert.strictEqual((yield* account.subscribedApps)[0]?.overrideCallbackUrl, other.url)
      yield* account.subscribe()
      yield* account.overrideNumber(callback)
      yield* ida.sendText("hello")
      assert.strictEqual(yield* other.waiting, 1)
      const refused = yield* Effect.flip(account.subscribe({ ...callback, verifyToken: Redacted.make("wrong") }))
      assert.notInclude(JSON.stringify(refused), "wrong")
    })
  )

  it.effect(
    "gets a template, changes it and loses it",
    Effect.fn(function* () {
      const { account, emulator } = yield* makeAccount({ templates: [] })
      const { id, status } = yield* account.createTemplate(orderUpdate)
      assert.strictEqual(status, "PENDING")
      yield* emulator.setTemplateStatus(orderUpdate, "APPROVED")
      yield* account.editTemplate(id, { components: [{ type: "BODY", text: "Your order has arrived." }] })
      assert.strictEqual((yield* account.template(id)).status, "PENDING")
      yield* account.deleteTemplate({ name: orderUpdate.name, id })
      assert.deepStrictEqual(yield* Stream.runCollect(account.templates()), [])
    })
  )

  it.effect(
    "has all its templates, however its pages come",
    Effect.fn(function* () {
      for (const pages of ["full", "short", "withEmpty"] as const) {
        const templates = Array.makeBy(120, (i) => ({ name: `offer_${i}`, language: "en" }))
        const { account } = yield* makeAccount({ templates, templateStanding: { pages } })
        const all = yield* Stream.runCollect(account.templates())
        assert.deepStrictEqual(
          all.map((one) => one.name),
          templates.map((one) => one.name)
        )
      }
    })
  )

  it.effect(
    "has templates whose description is read from what Meta answers",
    Effect.fn(function* () {
      const { account } = yield* makeAccount({ templates: [orderUpdate] })
      const [one] = yield* Stream.runCollect(account.templates())
      const description = yield* Schema.decodeUnknownEffect(Template.DescriptionFromNode)(one?.raw)
      assert.deepInclude(description, { name: "order_update", language: "en_US", category: "utility" })
    })
  )
})
