import { createServer } from "node:http"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Context, Effect, Exit, Fiber, Layer, Schedule, Scope, Stream } from "effect"
import { HttpClient, HttpRouter, HttpServerResponse } from "effect/http"
import { appSecret, businessAccountId, makeEmulator, makeWorld, phone, post, textTo, token } from "./world.ts"

const numbers = [{ phoneNumberId: "207311904455012", displayPhoneNumber: "15557300142", accessToken: token }] as const

describe("CloudApiEmulator", () => {
  it.effect("is understood by the SDK: a text, an unknown type, and the statuses of the answer", () =>
    Effect.gen(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ customerServiceWindow: false })
      yield* ida.sendText("Größe? 👋")
      yield* ida.send({ type: "hologram", hologram: {} })
      yield* post(emulator, { ...textTo(phone), biz_opaque_callback_data: "order-55" })
      const events = []
      for (let i = 0; i < 5; i++) {
        const { body } = yield* webhook.next
        const incoming = fromDelivery(DeliveryDigest.make(String(i)), Buffer.from(body, "latin1"))
        events.push(...incoming.map((one) => one.event))
      }
      const [text, unknown, ...statuses] = events
      assert.deepInclude(text, { _tag: "TextReceived", text: "Größe? 👋" })
      assert.strictEqual(unknown?._tag, "UnknownMessageReceived")
      assert.deepStrictEqual(
        statuses.map((event) => (event._tag === "StatusUpdate" ? [event.status, event.callbackData] : event._tag)),
        [
          ["Sent", "order-55"],
          ["Delivered", "order-55"],
          ["Read", "order-55"]
        ]
      )
    })
  )

  it.effect("finds a person again, with the messages they already have", () =>
    Effect.gen(function* () {
      const { emulator, ida } = yield* makeWorld({ customerServiceWindow: false })
      yield* post(emulator, textTo(phone))
      const again = yield* emulator.customer({ phone: "+1 (650) 555-0177", name: "Ida V.", username: "ida" })
      assert.deepStrictEqual(yield* again.received, yield* ida.received)
      assert.deepInclude(ida.person, { name: "Ida V.", username: "ida", phone })
    })
  )

  it.effect("keeps what a business sends to a person who is brought into the world later", () =>
    Effect.gen(function* () {
      const { emulator } = yield* makeWorld({ customerServiceWindow: false })
      yield* post(emulator, textTo("+44 20 7946 0018", "welcome"))
      const tom = yield* emulator.customer({ phone: "442079460018" })
      assert.strictEqual((yield* tom.next).text, "welcome")
    })
  )

  it.effect("delivers what one person writes one by one, in the order it was written", () =>
    Effect.gen(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      const texts = Array.from({ length: 20 }, (_, i) => `${i}`)
      yield* Effect.forEach(texts, (text) => ida.sendText(text), { concurrency: "unbounded" })
      const seen = yield* Effect.forEach(texts, () => webhook.next)
      assert.deepStrictEqual(
        seen.map(({ body }) => /"body":"(\d+)"/.exec(body)?.[1]),
        texts
      )
      const story = yield* emulator.activity.pipe(Stream.take(40), Stream.runCollect)
      assert.deepStrictEqual(
        story.map(({ _tag }) => _tag),
        texts.flatMap(() => ["Wrote", "Attempted"])
      )
    })
  )

  it.effect("listens on every interface and names the loopback one", () =>
    Effect.gen(function* () {
      const emulator = yield* makeEmulator({ host: "0.0.0.0", customerServiceWindow: false })
      assert.match(emulator.url, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.strictEqual((yield* post(emulator, textTo(phone))).status, 200)
    })
  )

  it.effect("leaves other routes of its router alone", () =>
    Effect.gen(function* () {
      const routes = CloudApiEmulator.layerRoutes({
        businessAccountId,
        appSecret,
        numbers,
        customerServiceWindow: false
      })
      const page = HttpRouter.add("GET", "/", HttpServerResponse.text("a page"))
      const server = NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })
      const app = HttpRouter.serve(Layer.merge(routes, page), { disableLogger: true, disableListenLog: true })
      const context = yield* Layer.build(Layer.provide(app, [server, NodeHttpClient.layerNodeHttp]))
      const emulator = Context.get(context, CloudApiEmulator.CloudApiEmulator)
      const response = yield* Effect.provide(HttpClient.get(emulator.url), NodeHttpClient.layerNodeHttp)
      assert.strictEqual(yield* response.text, "a page")
      assert.strictEqual((yield* post(emulator, textTo(phone))).status, 200)
    })
  )

  it.effect("lets nobody wait for ever when it stops", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const emulator = yield* Scope.provide(makeEmulator({ redelivery: Schedule.spaced("1 hour") }), scope)
      const ida = yield* emulator.customer({ phone })
      const { settled } = yield* ida.sendText("hi")
      const waiting = yield* Effect.forkChild(settled)
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(Exit.isFailure(yield* Fiber.await(waiting)))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(ida.sendText("anybody?"))))
    })
  )
})
