import { assert, describe, it } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect, Fiber, type Schema } from "effect"
import { TestClock } from "effect/testing"
import {
  errorOf,
  makeEmulator,
  makeWorld,
  phone,
  phoneNumberId,
  post,
  secondNumberId,
  statusOf,
  templateTo,
  textTo,
  wamidOf
} from "./world.ts"

const { Fault } = CloudApiEmulator

type Case = readonly [name: string, body: Schema.Json | string, status: number, code: number, details?: RegExp]
const text = textTo(phone)
const without = (key: string) => Object.fromEntries(Object.entries(text).filter(([name]) => name !== key))
const template = (components: Schema.Json) => ({
  messaging_product: "whatsapp",
  to: phone,
  type: "template",
  template: { name: "order_update", language: { code: "en_US" }, components }
})
const bodies: ReadonlyArray<Case> = [
  ["a body that is no JSON", "{", 400, 100, /not a JSON object/],
  ["a body that is no object", [], 400, 100, /not a JSON object/],
  ["no messaging_product", without("messaging_product"), 400, 100, /messaging_product is required/],
  ["another messaging_product", { ...text, messaging_product: "sms" }, 400, 100, /messaging_product/],
  ["an unknown member", { ...text, colour: "red" }, 400, 100, /Unexpected key "colour" on the message/],
  ["an unknown member deep inside", { ...text, text: { body: "x", bold: true } }, 400, 100, /"bold" on param "text"/],
  ["null for an absent member", { ...text, context: null }, 400, 100, /context/],
  ["a member of a wrong type", { ...text, text: { body: 5 } }, 400, 100, /text\['body'\]/],
  ["an unknown recipient_type", { ...text, recipient_type: "crowd" }, 400, 100, /recipient_type/],
  ["an unknown type", { ...text, type: "hologram" }, 400, 100, /type must be one of/],
  ["a text over 4096 characters", textTo(phone, "x".repeat(4097)), 400, 100, /1 to 4096 characters/],
  ["an empty text", textTo(phone, ""), 400, 100, /1 to 4096 characters/],
  ["callback data over 512 characters", { ...text, biz_opaque_callback_data: "x".repeat(513) }, 400, 100, /512/],
  ["no text", without("text"), 400, 131008, /text is required/],
  ["no body in the text", { ...text, text: {} }, 400, 131008, /text\['body'\] is required/],
  ["no recipient", without("to"), 400, 131008, /to is required/],
  ["a recipient that is no number", textTo("ida"), 400, 131009, /7 to 15 digits/],
  ["a recipient that is too short", textTo("123456"), 400, 131009, /7 to 15 digits/],
  ["a recipient that is too long", textTo("1234567890123456"), 400, 131009, /7 to 15 digits/],
  ["a malformed BSUID", { ...without("to"), recipient: "us.1" }, 400, 131009, /user id/],
  ["a BSUID of another portfolio", { ...without("to"), recipient: "US.404" }, 400, 131009, /portfolio/],
  ["a phone number for a group", { ...text, recipient_type: "group" }, 400, 131009, /group id/],
  ["an unknown group", { ...text, recipient_type: "group", to: "Y2FwaV9ncm91cDox" }, 400, 131041],
  ["the business itself", textTo("+1 (555) 730-0142"), 400, 131021],
  ["a template that cannot exist", templateTo(phone, "Order Update"), 404, 132001, /Order Update/],
  ["a template without language", { ...template([]), template: { name: "x" } }, 400, 131008, /language/],
  ["an unknown component", template([{ type: "footnote" }]), 400, 100, /components/],
  ["an unknown parameter", template([{ type: "body", parameters: [{ type: "colour" }] }]), 400, 100, /parameters/],
  [
    "a parameter without value",
    template([{ type: "body", parameters: [{ type: "text" }] }]),
    400,
    131008,
    /\['text'\]/
  ],
  ["a value of two lines", templateTo(phone, "order_update", "a\nb"), 400, 132018, /new-line/],
  [
    "a message to mark that was never received",
    { messaging_product: "whatsapp", status: "read", message_id: "wamid.x" },
    400,
    131009
  ]
]

describe("POST /{version}/{phone-number-id}/messages", () => {
  it.effect(
    "accepts a text inside the window and answers as Meta does",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      const answer = yield* post(emulator, textTo("+1 650 555-0177"))
      const wamid = wamidOf(answer)
      assert.strictEqual(answer.status, 200)
      assert.match(wamid, /^wamid\.HBgL[A-Za-z0-9+/]+=+$/)
      assert.strictEqual(answer.headers["facebook-api-version"], "v23.0")
      assert.deepStrictEqual(answer.json(), {
        messaging_product: "whatsapp",
        contacts: [{ input: "+1 650 555-0177", wa_id: phone }],
        messages: [{ id: wamid }]
      })
    })
  )

  it.effect.each(bodies)(
    "refuses %s",
    Effect.fn(function* ([, body, status, code, details]) {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      const answer = yield* post(emulator, body)
      const error = errorOf(answer)
      assert.deepStrictEqual([answer.status, error.code, error.type], [status, code, "OAuthException"])
      assert.match(error.message, new RegExp(`^\\(#${code}\\) .+`))
      if (details !== undefined) assert.match(error.error_data?.details ?? "", details)
      assert.deepStrictEqual(yield* emulator.sent, [])
    })
  )

  it.effect(
    "refuses a body that is not sent as JSON",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const answer = yield* post(emulator, text, { contentType: "text/plain" })
      assert.strictEqual(errorOf(answer).code, 100)
    })
  )

  it.effect(
    "refuses a missing token with 401 and code 190",
    Effect.fn(function* () {
      const answer = yield* post(yield* makeEmulator(), text, { token: null })
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [401, 190])
    })
  )

  it.effect(
    "refuses a wrong token with 401 and code 190, whatever the body",
    Effect.fn(function* () {
      const answer = yield* post(yield* makeEmulator(), "{", { token: "EAAwrong" })
      const error = errorOf(answer)
      assert.deepStrictEqual([answer.status, error.code, error.type], [401, 190, "OAuthException"])
      assert.isUndefined(error.error_data)
    })
  )

  it.effect(
    "refuses an unknown phone number id with code 100 and subcode 33",
    Effect.fn(function* () {
      const answer = yield* post(yield* makeEmulator(), text, { path: "/v23.0/999/messages" })
      const error = errorOf(answer)
      assert.deepStrictEqual([answer.status, error.code, error.error_subcode], [400, 100, 33])
      assert.match(error.message, /'999'/)
    })
  )

  it.effect(
    "refuses the token of another number as if the number were unknown",
    Effect.fn(function* () {
      const answer = yield* post(yield* makeEmulator(), text, { path: `/v23.0/${secondNumberId}/messages` })
      assert.deepStrictEqual([answer.status, errorOf(answer).error_subcode], [400, 33])
    })
  )

  it.effect(
    "refuses other paths in Meta's form",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      for (const path of [`/v23.0/${phoneNumberId}/calls`, `/latest/${phoneNumberId}/messages`]) {
        const answer = yield* post(emulator, text, { path })
        assert.deepStrictEqual([answer.status, errorOf(answer).error_subcode], [400, 33])
      }
    })
  )

  it.effect(
    "prefers `to` when `recipient` is given too",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* post(emulator, { ...text, recipient: "US.404" })
      assert.deepStrictEqual(
        (yield* emulator.sent).map((sent) => sent.to),
        [phone]
      )
    })
  )

  it.effect(
    "knows a Brazilian in both spellings and answers with WhatsApp's own",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const rui = yield* emulator.customer({ phone: "551187654321" })
      yield* Effect.andThen(rui.sendText("oi"), webhook.next)
      const answer = yield* post(emulator, textTo("+5511987654321", "olá"))
      assert.deepInclude(answer.json(), { contacts: [{ input: "+5511987654321", wa_id: "551187654321" }] })
      assert.strictEqual((yield* rui.next).text, "olá")
    })
  )

  it.effect(
    "counts a text in characters, not in UTF-16 units",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      assert.strictEqual((yield* post(emulator, textTo(phone, "😀".repeat(4096)))).status, 200)
    })
  )

  it.effect(
    "gives the customer each message once, in order, with what it quotes",
    Effect.fn(function* () {
      const { emulator, ida, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* post(emulator, textTo(phone, "Grüße 👋"))
      yield* post(emulator, {
        ...textTo(phone, "two"),
        context: { message_id: "wamid.q" },
        biz_opaque_callback_data: "k"
      })
      assert.strictEqual((yield* ida.next).text, "Grüße 👋")
      const second = yield* ida.next
      assert.deepInclude(second, { text: "two", replyTo: "wamid.q", callbackData: "k", phoneNumberId, type: "text" })
      assert.deepStrictEqual(
        (yield* ida.received).map((sent) => sent.text),
        ["Grüße 👋", "two"]
      )
    })
  )

  it.effect(
    "marks a customer's message and the earlier ones as read",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld()
      const one = yield* ida.sendText("one")
      const two = yield* ida.sendText("two")
      const three = yield* ida.sendText("three")
      const body = {
        messaging_product: "whatsapp",
        status: "read",
        message_id: two.wamid,
        typing_indicator: { type: "text" }
      }
      const answer = yield* post(emulator, body)
      assert.deepStrictEqual(answer.json(), { success: true })
      assert.deepStrictEqual(yield* ida.seen, [one.wamid, two.wamid])
      assert.notInclude(yield* ida.seen, three.wamid)
    })
  )

  it.effect(
    "sends to a group that the business is in",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld({ groups: ["Y2FwaV9ncm91cDox"] })
      const answer = yield* post(emulator, { ...textTo("Y2FwaV9ncm91cDox"), recipient_type: "group" })
      assert.deepInclude(answer.json(), { messages: [{ id: wamidOf(answer), group_id: "Y2FwaV9ncm91cDox" }] })
      const status = statusOf(yield* webhook.next)
      assert.deepInclude(status, { status: "sent", recipient_type: "group", recipient_id: "Y2FwaV9ncm91cDox" })
    })
  )
})

describe("the customer service window", () => {
  it.effect(
    "is closed to a person who has never written",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld()
      const answer = yield* post(emulator, text)
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, 131047])
    })
  )

  it.effect(
    "closes 24 hours after the person wrote, to all but templates",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* TestClock.adjust("23 hours")
      assert.strictEqual((yield* post(emulator, text)).status, 200)
      yield* emulator.awaitIdle
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(errorOf(yield* post(emulator, text)).code, 131047)
      assert.strictEqual((yield* post(emulator, templateTo(phone))).status, 200)
    })
  )

  it.effect(
    "is of one number and not of its neighbour",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      const answer = yield* post(emulator, text, { token: "EAAother", path: `/v23.0/${secondNumberId}/messages` })
      assert.strictEqual(errorOf(answer).code, 131047)
    })
  )

  it.effect(
    "is not opened by a forgery",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld()
      yield* emulator.deliverForged(yield* ida.text("hi"))
      assert.strictEqual(errorOf(yield* post(emulator, text)).code, 131047)
    })
  )

  it.effect(
    "can be switched off",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ customerServiceWindow: false })
      assert.strictEqual((yield* post(emulator, text)).status, 200)
    })
  )
})

describe("templates", () => {
  const templates = [
    { name: "order_update", language: "en_US", body: "Dear {{1}}, order {{2}} is on its way." },
    { name: "named", language: "en_US", body: "Dear {{first_name}}" },
    { name: "login_code", language: "en_US", category: "authentication" as const }
  ]

  it.effect(
    "reach a person as text, with their values filled in",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld({ templates })
      const answer = yield* post(emulator, templateTo(phone, "order_update", "Ana", "A-31"))
      assert.deepInclude(answer.json(), { messages: [{ id: wamidOf(answer), message_status: "accepted" }] })
      assert.strictEqual((yield* ida.next).text, "Dear Ana, order A-31 is on its way.")
      const parameters = [{ type: "text", parameter_name: "first_name", text: "Ana" }]
      const components = [{ type: "body", parameters }]
      yield* post(emulator, { ...template([]), template: { name: "named", language: { code: "en_US" }, components } })
      assert.strictEqual((yield* ida.next).text, "Dear Ana")
    })
  )

  it.effect(
    "are refused when no such name and language exists",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ templates })
      const unknown = yield* post(emulator, templateTo(phone, "other"))
      assert.deepStrictEqual([unknown.status, errorOf(unknown).code], [404, 132001])
      const language = { ...template([]), template: { name: "order_update", language: { code: "en" } } }
      assert.strictEqual(errorOf(yield* post(emulator, language)).code, 132001)
    })
  )

  it.effect(
    "are refused when the number of values differs, or a name",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ templates })
      assert.strictEqual(errorOf(yield* post(emulator, templateTo(phone, "order_update", "Ana"))).code, 132000)
      assert.strictEqual(errorOf(yield* post(emulator, templateTo(phone, "named", "Ana"))).code, 132012)
    })
  )

  it.effect(
    "for authentication are refused to a BSUID",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ templates })
      yield* emulator.customer({ userId: "US.48210773395516620014" })
      const { to: _, ...body } = templateTo(phone, "login_code", "J7Q-22")
      const answer = yield* post(emulator, { ...body, recipient: "US.48210773395516620014" })
      assert.strictEqual(errorOf(answer).code, 131062)
    })
  )
})

describe("failNext", () => {
  it.effect(
    "plays a documented error once, with Meta's status and title",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(
        Fault.Refuse({ code: 131056, details: "Slow down" }),
        Fault.Refuse({ code: 131016, isTransient: true })
      )
      const limited = yield* post(emulator, text)
      assert.deepStrictEqual([limited.status, errorOf(limited).error_data?.details], [400, "Slow down"])
      const down = yield* post(emulator, text)
      assert.deepStrictEqual([down.status, errorOf(down).code, errorOf(down).is_transient], [500, 131016, true])
      assert.strictEqual((yield* post(emulator, text)).status, 200)
      assert.strictEqual((yield* emulator.sent).length, 1)
    })
  )

  it.effect(
    "waits for a send that would be accepted",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(Fault.Refuse({ code: 130429 }))
      assert.strictEqual(errorOf(yield* post(emulator, textTo("ida"))).code, 131009)
      assert.strictEqual(errorOf(yield* post(emulator, text)).code, 130429)
    })
  )

  it.effect(
    "answers with the page of a gateway",
    Effect.fn(function* () {
      const { emulator, ida, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(Fault.Page({ status: 502, accepted: false }))
      const answer = yield* post(emulator, text)
      assert.deepStrictEqual([answer.status, answer.headers["content-type"]], [502, "text/html; charset=utf-8"])
      assert.deepStrictEqual(yield* ida.received, [])
    })
  )

  it.effect(
    "breaks the connection after the message was accepted, and still reports on it",
    Effect.fn(function* () {
      const { emulator, ida, openWindow, webhook } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(Fault.Drop({ accepted: true }))
      const error = yield* Effect.flip(post(emulator, { ...text, biz_opaque_callback_data: "order-55" }))
      assert.strictEqual(error._tag, "HttpClientError")
      const { wamid } = yield* ida.next
      const status = statusOf(yield* webhook.next)
      assert.deepInclude(status, { id: wamid, status: "sent", biz_opaque_callback_data: "order-55" })
    })
  )

  it.effect(
    "breaks the connection before anything was accepted",
    Effect.fn(function* () {
      const { emulator, ida, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(Fault.Drop({ accepted: false }))
      yield* Effect.flip(post(emulator, text))
      assert.deepStrictEqual(yield* ida.received, [])
    })
  )

  it.effect(
    "stays silent until the caller gives up",
    Effect.fn(function* () {
      const { emulator, ida, openWindow } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(Fault.Silence({ accepted: true }))
      const fiber = yield* Effect.forkChild(post(emulator, text))
      const { wamid } = yield* ida.next
      yield* Fiber.interrupt(fiber)
      yield* emulator.awaitTick(wamid, "read")
    })
  )

  it.effect(
    "reports a message as failed that it had accepted",
    Effect.fn(function* () {
      const { emulator, ida, openWindow, webhook } = yield* makeWorld()
      yield* openWindow
      yield* emulator.failNext(Fault.Undelivered({ code: 131026, details: "The recipient cannot receive this." }))
      const answer = yield* post(emulator, text)
      yield* emulator.awaitTick(wamidOf(answer), "failed")
      const delivery = yield* webhook.next
      assert.notInclude(delivery.body, "contacts")
      assert.deepStrictEqual(statusOf(delivery).errors, [
        {
          code: 131026,
          title: "Message undeliverable",
          message: "Message undeliverable",
          error_data: { details: "The recipient cannot receive this." },
          href: "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
        }
      ])
      assert.deepStrictEqual(yield* ida.received, [])
      assert.deepStrictEqual(yield* emulator.ticks(wamidOf(answer)), ["failed"])
    })
  )
})
