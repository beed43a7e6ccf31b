/** Every kind of message as Meta documents it, and what happens to it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { sends } from "../../fixtures/sends/seen.ts"
import {
  errorOf,
  type Fields,
  makeEmulator,
  makeWorld,
  phone,
  post,
  statusOf,
  templateTo,
  textTo,
  wamidOf
} from "./world.ts"

const group = "Y2FwaV9ncm91cDox"
const to = (content: Fields): Fields => ({ messaging_product: "whatsapp", to: phone, ...content })
const toGroup = (content: Fields): Fields => ({ ...to(content), to: group, recipient_type: "group" })

const open = { customerServiceWindow: false, mediaIds: "any", groups: [group] } as const

describe("a message", () => {
  it.effect.each(sends)(
    "of the documented kind is accepted: $name",
    Effect.fn(function* ({ content, line }) {
      const emulator = yield* makeEmulator(open)
      const answer = yield* post(emulator, to(content))
      assert.strictEqual(answer.status, 200, answer.text)
      const [sent] = yield* emulator.sent
      assert.deepStrictEqual([sent?.text, sent?.type], [line, content["type"] ?? "text"])
      assert.deepStrictEqual(sent?.body, to(content))
    })
  )

  it.effect.each(sends)(
    "is refused with a member that nobody documents: $name",
    Effect.fn(function* ({ content }) {
      const emulator = yield* makeEmulator(open)
      // The first object inside.
      const changed = JSON.stringify(content).replace(/:(\[?)\{/, `:$1{"colour":"red",`)
      const answer = yield* post(emulator, `{"messaging_product":"whatsapp","to":"${phone}",${changed.slice(1)}`)
      assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, 100])
      assert.match(errorOf(answer).error_data?.details ?? "", /colour/)
    })
  )

  /** Where the nth value of a JSON stands, something else is put. */
  const replaced = (json: string, position: number, by: Schema.Json): string => {
    const values = Array.from(json.matchAll(/"(?:[^"\\]|\\.)*"(?!:)|-?\d+(?:\.\d+)?|true|false/g))
    const at = values[position % Math.max(values.length, 1)]
    return at === undefined ? json : json.slice(0, at.index) + JSON.stringify(by) + json.slice(at.index + at[0].length)
  }

  it.effect.prop(
    "is answered in Meta's form whatever stands in it",
    [
      Schema.Literals(sends.map((_, i) => i)),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 })),
      Schema.Json
    ],
    ([which, position, value]) =>
      Effect.gen(function* () {
        const emulator = yield* makeEmulator(open)
        const content = JSON.stringify(to(sends[which]?.content ?? {}))
        const answer = yield* post(emulator, replaced(content, position, value))
        if (answer.status !== 200) assert.isAtLeast(errorOf(answer).code, 100)
      }),
    { arbitrary: { runs: 100 } }
  )
})

describe("the envelope of a message", () => {
  it.effect(
    "takes every member that Meta documents",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator(open)
      const members = {
        recipient_type: "individual",
        context: { message_id: "wamid.Q" },
        biz_opaque_callback_data: "order-8",
        recipient_identity_key_hash: "DF2lS5v2W6x=",
        messaging_account_id: "330011220044556",
        paid_messaging_account_id: "330011220044556"
      }
      yield* Effect.forEach(
        sends.filter(({ content }) => content["type"] !== "reaction" && content["context"] === undefined),
        Effect.fnUntraced(function* ({ content }) {
          const answer = yield* post(emulator, { ...to(content), ...members })
          assert.strictEqual(answer.status, 200, answer.text)
        })
      )
      assert.deepInclude((yield* emulator.sent).at(-1), { callbackData: "order-8", replyTo: "wamid.Q" })
    })
  )
})

describe("a group", () => {
  const forPeople = new Set<unknown>(["location", "contacts", "reaction", "interactive"])

  it.effect.each(sends)(
    "gets what Meta documents for groups: $name",
    Effect.fn(function* ({ content }) {
      const emulator = yield* makeEmulator(open)
      const answer = yield* post(emulator, toGroup(content))
      if (!forPeople.has(content["type"])) return assert.strictEqual(answer.status, 200, answer.text)
      return assert.deepStrictEqual([answer.status, errorOf(answer).code], [400, 131051])
    })
  )

  it.effect(
    "gets a pin, and is told when it is taken off",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator(open)
      yield* post(emulator, toGroup({ type: "pin", pin: { type: "pin", message_id: "wamid.P", expiration_days: 7 } }))
      const answer = yield* post(emulator, toGroup({ type: "pin", pin: { type: "unpin", message_id: "wamid.P" } }))
      assert.deepInclude(answer.json(), { messages: [{ id: wamidOf(answer), group_id: group }] })
      assert.deepStrictEqual(
        (yield* emulator.sent).map(({ text }) => text),
        ["[pinned for 7 days]", "[unpinned]"]
      )
    })
  )

  it.effect(
    "has its messages marked as read one by one, and opens no window to who writes in it",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld({ groups: [group] })
      const say = (body: string) => ida.send({ type: "text", text: { body }, group_id: group })
      const one = yield* say("one")
      const two = yield* say("two")
      const read = { messaging_product: "whatsapp", status: "read" }
      yield* post(emulator, { ...read, message_id: two.wamid })
      assert.deepStrictEqual(yield* ida.seen, [two.wamid])
      assert.strictEqual(errorOf(yield* post(emulator, textTo(phone))).code, 131047)
      const alone = yield* ida.sendText("alone")
      yield* post(emulator, { ...read, message_id: alone.wamid })
      assert.notInclude(yield* ida.seen, one.wamid)
      yield* TestClock.adjust("31 days")
      assert.strictEqual(errorOf(yield* post(emulator, { ...read, message_id: one.wamid })).code, 131009)
    })
  )
})

describe("a reaction", () => {
  const react = (message_id: string, emoji = "👍") => to({ type: "reaction", reaction: { message_id, emoji } })

  it.effect(
    "to what either side wrote is reported as sent, and as nothing more",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld()
      const { wamid } = yield* ida.sendText("hi")
      const ours = wamidOf(yield* post(emulator, textTo(phone)))
      const answers = yield* Effect.forEach([wamid, ours], (target) => post(emulator, react(target)))
      yield* emulator.awaitIdle
      for (const answer of answers) assert.deepStrictEqual(yield* emulator.ticks(wamidOf(answer)), ["sent"])
    })
  )

  it.effect(
    "to a reaction, to a stranger's message and to an old one is reported as failed",
    Effect.fn(function* () {
      const { emulator, ida, webhook } = yield* makeWorld({ customerServiceWindow: false })
      const old = yield* ida.sendText("long ago")
      yield* TestClock.adjust("31 days")
      const tom = yield* emulator.customer({ phone: "442079460018" })
      const stranger = yield* tom.sendText("hi")
      const reaction = yield* ida.send({ type: "reaction", reaction: { message_id: "wamid.R", emoji: "👍" } })
      yield* Effect.replicateEffect(webhook.next, 3)
      const toTom = wamidOf(yield* post(emulator, textTo("442079460018")))
      yield* Effect.replicateEffect(webhook.next, 3)
      for (const target of ["wamid.nobody", stranger.wamid, toTom, reaction.wamid, old.wamid]) {
        const answer = yield* post(emulator, react(target))
        assert.strictEqual(answer.status, 200)
        const status = statusOf(yield* webhook.next)
        assert.deepInclude(status, { id: wamidOf(answer), status: "failed" })
        assert.match(JSON.stringify(status), /131009/)
      }
      assert.deepStrictEqual(yield* ida.received, [])
    })
  )
})

describe("Direct Send", () => {
  const direct = to({ text: { body: "Your lamp is ready." }, category: "utility" })

  it.effect(
    "reaches a person outside the window, and is priced by its category",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld()
      const body = { ...direct, ttl_seconds: 60, direct_send_config: { template_name: "lamp_ready" } }
      assert.strictEqual((yield* post(emulator, body)).status, 200)
      const question = { type: "location_request_message", body: { text: "Where?" }, action: { name: "send_location" } }
      const asked = yield* post(emulator, to({ type: "interactive", interactive: question, category: "utility" }))
      assert.strictEqual(asked.status, 200)
      assert.deepInclude(statusOf(yield* webhook.next), {
        pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "utility" }
      })
    })
  )

  it.effect(
    "can be switched off",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ directSend: false })
      const error = errorOf(yield* post(emulator, direct))
      assert.deepStrictEqual(
        [error.code, error.error_data?.details],
        [100, "Direct Send is not enabled for this account."]
      )
    })
  )

  it.effect(
    "of a code is refused to a BSUID",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld()
      const { person } = yield* emulator.customer({ userId: "US.48210773395516620014" })
      const { to: _, ...body } = direct
      const answer = yield* post(emulator, { ...body, category: "authentication", recipient: person.userId ?? "" })
      assert.strictEqual(errorOf(answer).code, 131062)
    })
  )
})

describe("POST /{version}/{phone-number-id}/marketing_messages", () => {
  const path = "/v23.0/207311904455012/marketing_messages"
  const offer = templateTo(phone, "offer", "Ida")
  const templates = [
    { name: "offer", language: "en_US", category: "marketing" as const },
    { name: "order_update", language: "en_US" }
  ]

  it.effect(
    "sends a marketing template, and prices it as such",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld({ templates })
      const body = {
        ...offer,
        product_policy: "STRICT",
        message_activity_sharing: false,
        biz_opaque_callback_data: "spring"
      }
      const answer = yield* post(emulator, body, { path })
      assert.deepInclude(answer.json(), { messages: [{ id: wamidOf(answer), message_status: "accepted" }] })
      const status = statusOf(yield* webhook.next)
      assert.deepInclude(status, { biz_opaque_callback_data: "spring" })
      assert.match(JSON.stringify(status), /"category":"marketing_lite"/)
    })
  )

  it.effect(
    "takes a GIF",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator(open)
      const components = [{ type: "header", parameters: [{ type: "gif", gif: { link: "https://a.example/a.mp4" } }] }]
      const body = to({ type: "template", template: { name: "offer", language: { code: "en" }, components } })
      assert.strictEqual((yield* post(emulator, body, { path })).status, 200)
    })
  )

  it.effect(
    "refuses a template of another category, and what is no template",
    Effect.fn(function* () {
      const { emulator, openWindow } = yield* makeWorld({ templates })
      yield* openWindow
      const codeOf = (body: Fields) => Effect.map(post(emulator, body, { path }), (answer) => errorOf(answer).code)
      assert.strictEqual(yield* codeOf(templateTo(phone)), 134100)
      assert.strictEqual(yield* codeOf(textTo(phone)), 100)
      assert.strictEqual(yield* codeOf({ ...offer, product_policy: "ANY" }), 100)
      assert.strictEqual(yield* codeOf({ ...offer, category: "utility" }), 100)
    })
  )
})

describe("a code to log in", () => {
  it.effect(
    "has at most 15 characters",
    Effect.fn(function* () {
      const templates = [{ name: "login", language: "en_US", category: "authentication" as const }]
      const { emulator } = yield* makeWorld({ templates })
      assert.strictEqual((yield* post(emulator, templateTo(phone, "login", "x".repeat(15)))).status, 200)
      assert.strictEqual(errorOf(yield* post(emulator, templateTo(phone, "login", "x".repeat(16)))).code, 132005)
    })
  )
})
