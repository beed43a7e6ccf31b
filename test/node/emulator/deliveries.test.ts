import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schedule, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  appSecret,
  businessAccountId,
  displayPhoneNumber,
  makeEmulator,
  makeWebhook,
  makeWorld,
  phone,
  phoneNumberId,
  post,
  secondNumberId,
  statusOf,
  textTo,
  valueOf,
  verifyToken,
  wamidOf
} from "./world.ts"

const Fields = Schema.fromJsonString(
  Schema.Struct({
    entry: Schema.Array(Schema.Struct({ changes: Schema.Array(Schema.Struct({ field: Schema.String })) }))
  })
)
const metadata = { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId }

describe("what a customer writes", () => {
  it.effect(
    "arrives in Meta's envelope with everything known of the person",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const tom = yield* emulator.customer({
        phone: "+44 20 7946 0018",
        name: "Tom",
        username: "tom",
        userId: "GB.77",
        parentUserId: "GB.ENT.9"
      })
      yield* TestClock.adjust("1500 millis")
      const { first, wamid } = yield* tom.sendText("Is the blue lamp back?", { replyTo: "wamid.q" })
      assert.strictEqual(first.status, 200)
      const delivery = yield* webhook.next
      assert.strictEqual(delivery.headers["content-type"], "application/json")
      assert.strictEqual(delivery.headers["user-agent"], "facebookexternalua")
      assert.isUndefined(delivery.headers.traceparent)
      assert.deepStrictEqual(JSON.parse(delivery.body), {
        object: "whatsapp_business_account",
        entry: [
          {
            id: businessAccountId,
            changes: [
              {
                field: "messages",
                value: {
                  messaging_product: "whatsapp",
                  metadata,
                  contacts: [
                    {
                      profile: { name: "Tom", username: "tom" },
                      wa_id: "442079460018",
                      user_id: "GB.77",
                      parent_user_id: "GB.ENT.9"
                    }
                  ],
                  messages: [
                    {
                      context: { from: displayPhoneNumber, id: "wamid.q" },
                      from: "442079460018",
                      from_user_id: "GB.77",
                      from_parent_user_id: "GB.ENT.9",
                      id: wamid,
                      timestamp: "1",
                      type: "text",
                      text: { body: "Is the blue lamp back?" }
                    }
                  ]
                }
              }
            ]
          }
        ]
      })
    })
  )

  it.effect(
    "is escaped as Meta does, and signed over the escaped bytes",
    Effect.fn(function* () {
      const { ida, webhook } = yield* makeWorld()
      const sent = yield* ida.sendText("Größe ½/♥ 👋")
      const { body, headers } = yield* webhook.next
      assert.include(body, String.raw`Gr\u00f6\u00dfe \u00bd\/\u2665 \ud83d\udc4b`)
      assert.match(body, /^[\x20-\x7e]+$/)
      assert.strictEqual(sent.body, body)
      const signature = `sha256=${createHmac("sha256", appSecret).update(body, "latin1").digest("hex")}`
      assert.strictEqual(headers["x-hub-signature-256"], signature)
      // What parses and writes again breaks the signature.
      assert.notStrictEqual(JSON.stringify(JSON.parse(body)), body)
    })
  )

  it.effect(
    "names a person without phone number by BSUID alone",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const bo = yield* emulator.customer({ userId: "US.48210773395516620014", username: "bo.lind", name: "Bo" })
      yield* bo.sendText("hej")
      const delivery = yield* webhook.next
      assert.notMatch(delivery.body, /"(from|wa_id)":/)
      assert.deepInclude(valueOf(delivery), {
        contacts: [{ profile: { name: "Bo", username: "bo.lind" }, user_id: "US.48210773395516620014" }]
      })
      const { to: _, ...body } = textTo("", "hello Bo")
      const answer = yield* post(emulator, { ...body, recipient: "US.48210773395516620014" })
      assert.deepInclude(answer.json(), {
        contacts: [{ input: "US.48210773395516620014", user_id: "US.48210773395516620014" }]
      })
      const sent = yield* webhook.next
      assert.notMatch(sent.body, /"(recipient_id|wa_id|username)":/)
      assert.deepInclude(statusOf(sent), { status: "sent", recipient_user_id: "US.48210773395516620014" })
      const delivered = yield* webhook.next
      assert.deepInclude(valueOf(delivered), {
        contacts: [{ profile: { name: "Bo", username: "bo.lind" }, user_id: "US.48210773395516620014" }]
      })
      assert.strictEqual((yield* bo.next).text, "hello Bo")
    })
  )

  it.effect(
    "can come from a person as Meta told of them before BSUIDs",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const old = yield* emulator.customer({ phone: "4915112345678", userId: false })
      yield* old.sendText("hi")
      assert.deepInclude(valueOf(yield* webhook.next), { contacts: [{ wa_id: "4915112345678" }] })
    })
  )

  it.effect(
    "goes to the number that is named",
    Effect.fn(function* () {
      const { ida, webhook } = yield* makeWorld()
      yield* ida.sendText("hi", { to: secondNumberId })
      assert.deepInclude(valueOf(yield* webhook.next), {
        metadata: { display_phone_number: "15557300143", phone_number_id: secondNumberId }
      })
    })
  )

  it.effect(
    "may be of any type, known to us or not",
    Effect.fn(function* () {
      const { ida, webhook } = yield* makeWorld()
      const { wamid } = yield* ida.send({ type: "hologram", hologram: { depth: 3 } })
      assert.deepInclude(valueOf(yield* webhook.next), {
        messages: [
          {
            from: phone,
            from_user_id: ida.person.userId ?? "",
            id: wamid,
            timestamp: "0",
            type: "hologram",
            hologram: { depth: 3 }
          }
        ]
      })
    })
  )

  it.effect(
    "comes as a batch of three in one delivery",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      const tom = yield* emulator.customer({ phone: "442079460018", name: "Tom" })
      const parts = [yield* ida.text("one"), yield* tom.text("two"), yield* ida.text("three")] as const
      const delivery = yield* emulator.deliver(...parts)
      const value = valueOf(yield* webhook.next)
      assert.deepStrictEqual(
        value.messages,
        parts.map((part) => part.message)
      )
      assert.strictEqual(Array.isArray(value.contacts) ? value.contacts.length : 0, 2)
      assert.deepStrictEqual(
        delivery.wamids,
        parts.map((part) => part.wamid)
      )
      assert.strictEqual(yield* webhook.waiting, 0)
    })
  )

  it.effect(
    "may stand beside a change of another field",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      yield* emulator.deliver({ field: "account_alerts", value: { alert: 1 } }, yield* ida.text("hi"))
      const { entry } = yield* Schema.decodeEffect(Fields)((yield* webhook.next).body)
      assert.deepStrictEqual(
        entry[0]?.changes.map(({ field }) => field),
        ["account_alerts", "messages"]
      )
    })
  )

  it.effect(
    "may be no JSON at all, under a good signature",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      assert.strictEqual((yield* emulator.deliverRaw("not json")).first.status, 200)
      assert.strictEqual((yield* webhook.next).body, "not json")
    })
  )
})

describe("redelivery", () => {
  it.effect(
    "repeats the same bytes until the answer is 200, and nothing else counts",
    Effect.fn(function* () {
      const { ida, webhook } = yield* makeWorld()
      yield* webhook.answer(500, 202, 404)
      const { body, first, settled, signature } = yield* ida.sendText("hi 👋")
      assert.strictEqual(first.status, 500)
      const seen = [yield* webhook.next]
      for (const wait of ["200 millis", "400 millis", "800 millis"] as const) {
        assert.strictEqual(yield* webhook.waiting, 0)
        yield* TestClock.adjust(wait)
        seen.push(yield* webhook.next)
      }
      const end = yield* settled
      assert.isTrue(end.acknowledged)
      assert.deepStrictEqual(
        end.attempts.map((attempt) => [attempt.number, attempt.status]),
        [
          [1, 500],
          [2, 202],
          [3, 404],
          [4, 200]
        ]
      )
      assert.deepStrictEqual(new Set(seen.map((one) => one.body)), new Set([body]))
      assert.deepStrictEqual(new Set(seen.map((one) => one.headers["x-hub-signature-256"])), new Set([signature]))
    })
  )

  it.effect(
    "does not follow a redirect",
    Effect.fn(function* () {
      const { ida, webhook } = yield* makeWorld({ redelivery: Schedule.recurs(0) })
      yield* webhook.answer(307)
      assert.deepInclude(yield* (yield* ida.sendText("hi")).settled, { acknowledged: false })
    })
  )

  it.effect(
    "gives up at the end of its schedule",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ redelivery: Schedule.recurs(2) })
      yield* webhook.answer(503, 503, 503)
      const end = yield* (yield* ida.sendText("hi")).settled
      assert.deepInclude(end, { acknowledged: false })
      assert.strictEqual(end.attempts.length, 3)
      yield* emulator.awaitIdle
    })
  )

  it.effect(
    "happens on demand, with the same bytes",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      const delivery = yield* ida.sendText("hi")
      const again = yield* emulator.redeliver(delivery)
      assert.notStrictEqual(again.id, delivery.id)
      assert.deepStrictEqual(again.first.status, 200)
      const [one, two] = [yield* webhook.next, yield* webhook.next]
      assert.deepStrictEqual(
        [two.body, two.headers["x-hub-signature-256"]],
        [one.body, one.headers["x-hub-signature-256"]]
      )
    })
  )

  it.effect(
    "starts when nobody listens, and ends when somebody does",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const ida = yield* emulator.customer({ phone })
      const delivery = yield* ida.sendText("anybody there?")
      assert.strictEqual(delivery.first.failure, "NoWebhookUrl")
      yield* emulator.setWebhookUrl("http://127.0.0.1:9/")
      const refused = yield* Effect.forkChild(nextAttempt(emulator, 2))
      yield* TestClock.adjust("200 millis")
      assert.strictEqual((yield* Fiber.join(refused)).failure, "NoAnswer")
      const webhook = yield* makeWebhook
      yield* emulator.setWebhookUrl(webhook.url)
      yield* TestClock.adjust("400 millis")
      assert.strictEqual((yield* webhook.next).body, delivery.body)
      assert.isTrue((yield* delivery.settled).acknowledged)
    })
  )
})

const nextAttempt = (emulator: Effect.Success<ReturnType<typeof makeEmulator>>, number: number) =>
  emulator.activity.pipe(
    Stream.filter((happened) => happened._tag === "Attempted"),
    Stream.map(({ attempt }) => attempt),
    Stream.filter((attempt) => attempt.number === number),
    Stream.runHead,
    Effect.flatMap(Effect.fromOption),
    Effect.orDie
  )

describe("a forged delivery", () => {
  it.effect(
    "is refused, and the status code says so",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      const attempt = yield* emulator.deliverForged(yield* ida.text("give me everything"))
      assert.deepInclude(attempt, { status: 401, number: 1 })
      yield* emulator.awaitIdle
      assert.strictEqual(yield* webhook.waiting, 0)
      assert.strictEqual((yield* emulator.attempts).length, 1)
    })
  )
})

describe("statuses", () => {
  it.effect(
    "come one by one in order, each after the one before was acknowledged",
    Effect.fn(function* () {
      const { emulator, openWindow, webhook } = yield* makeWorld()
      yield* openWindow
      yield* webhook.answer(500)
      const answer = yield* post(emulator, { ...textTo(phone), biz_opaque_callback_data: "order-55" })
      const id = wamidOf(answer)
      assert.strictEqual(statusOf(yield* webhook.next).status, "sent")
      assert.deepStrictEqual(yield* emulator.ticks(id), [])
      yield* Effect.forkChild(TestClock.adjust("200 millis"))
      yield* emulator.awaitTick(id, "read")
      const seen = [yield* webhook.next, yield* webhook.next, yield* webhook.next]
      const all = seen.map(statusOf)
      assert.deepStrictEqual(
        all.map(({ status }) => status),
        ["sent", "delivered", "read"]
      )
      assert.deepStrictEqual(yield* emulator.ticks(id), ["sent", "delivered", "read"])
      for (const status of all) {
        assert.deepInclude(status, { id, recipient_id: phone, biz_opaque_callback_data: "order-55" })
      }
      for (const delivery of seen) assert.deepInclude(valueOf(delivery), { metadata, messaging_product: "whatsapp" })
    })
  )

  it.effect(
    "carry pricing when sent and once more, and the expiry of the conversation when sent",
    Effect.fn(function* () {
      const { emulator, openWindow, webhook } = yield* makeWorld()
      yield* openWindow
      yield* post(emulator, textTo(phone))
      const [sent, delivered, read] = [
        statusOf(yield* webhook.next),
        statusOf(yield* webhook.next),
        statusOf(yield* webhook.next)
      ]
      const pricing = { billable: false, pricing_model: "PMP", type: "free_customer_service", category: "service" }
      assert.deepStrictEqual([sent.pricing, delivered.pricing, read.pricing], [pricing, pricing, undefined])
      assert.match(JSON.stringify(sent.conversation), /"expiration_timestamp":"86400"/)
      assert.notMatch(JSON.stringify(delivered.conversation), /expiration_timestamp/)
    })
  )

  it.effect(
    "leave the username out when sent, and only then",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld({ customerServiceWindow: false })
      yield* emulator.customer({ phone, name: "Ida", username: "ida.voss", userId: "US.1" })
      yield* post(emulator, textTo(phone))
      assert.deepInclude(valueOf(yield* webhook.next), {
        contacts: [{ profile: { name: "Ida" }, wa_id: phone, user_id: "US.1" }]
      })
      assert.deepInclude(valueOf(yield* webhook.next), {
        contacts: [{ profile: { name: "Ida", username: "ida.voss" }, wa_id: phone, user_id: "US.1" }]
      })
    })
  )

  it.effect(
    "can be fewer, and delayed",
    Effect.fn(function* () {
      const { emulator, openWindow, webhook } = yield* makeWorld({ statuses: ["read"], statusDelay: "1 minute" })
      yield* openWindow
      const answer = yield* post(emulator, textTo(phone))
      assert.strictEqual(yield* webhook.waiting, 0)
      yield* Effect.forkChild(TestClock.adjust("1 minute"))
      yield* emulator.awaitTick(wamidOf(answer), "read")
      yield* emulator.awaitIdle
      assert.deepStrictEqual(yield* emulator.ticks(wamidOf(answer)), ["read"])
    })
  )

  it.effect(
    "can be injected in any order, several in one delivery",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld()
      const part = (status: string) => ({
        phoneNumberId,
        wamid: "wamid.x",
        person: ida.person,
        status: { id: "wamid.x", status, timestamp: "1", recipient_id: phone }
      })
      yield* emulator.deliver(part("read"), part("sent"))
      const { statuses } = valueOf(yield* webhook.next)
      assert.deepStrictEqual(statuses, [part("read").status, part("sent").status])
    })
  )
})

describe("the handshake", () => {
  it.effect(
    "passes when the challenge comes back with its leading zero",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld()
      yield* emulator.verifyWebhook(verifyToken)
      yield* emulator.verifyWebhook(Redacted.make(verifyToken))
    })
  )

  it.effect(
    "fails when the webhook refuses the token",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld()
      const error = yield* Effect.flip(emulator.verifyWebhook("wrong"))
      assert.deepInclude(error, { _tag: "HandshakeRefused", status: 403 })
    })
  )

  it.effect(
    "fails when the answer is not the challenge",
    Effect.fn(function* () {
      const other = yield* makeEmulator()
      const emulator = yield* makeEmulator({ webhookUrl: `${other.url}/v23.0/x/y` })
      const error = yield* Effect.flip(emulator.verifyWebhook(verifyToken))
      assert.strictEqual(error.status, 400)
    })
  )

  it.effect(
    "fails when nobody is there",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      assert.match((yield* Effect.flip(emulator.verifyWebhook(verifyToken))).message, /no webhook URL/)
      yield* emulator.setWebhookUrl("http://127.0.0.1:9/")
      assert.match((yield* Effect.flip(emulator.verifyWebhook(verifyToken))).message, /NoAnswer/)
    })
  )
})

describe("activity", () => {
  it.effect(
    "tells the story of a message, also to who comes late",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld({ statuses: ["sent"] })
      yield* openWindow
      yield* post(emulator, textTo(phone))
      yield* post(emulator, textTo("ida"))
      yield* emulator.awaitIdle
      const all = yield* emulator.activity.pipe(Stream.take(6), Stream.runCollect)
      assert.deepStrictEqual(all.map(({ _tag }) => _tag).toSorted(), [
        "Accepted",
        "Attempted",
        "Attempted",
        "Refused",
        "Ticked",
        "Wrote"
      ])
    })
  )
})
