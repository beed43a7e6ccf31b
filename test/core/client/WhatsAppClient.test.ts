import { assert, describe, it } from "@effect/vitest"
import {
  BusinessScopedUserId,
  ConversationId,
  Customer,
  GroupId,
  MessageId,
  PhoneNumberId,
  WaId,
  type WhatsAppUser
} from "@effect-whatsapp/core/domain"
import type { WhatsAppClient } from "@effect-whatsapp/core/client"
import { graphCodes, lookUp } from "@effect-whatsapp/core/errors"
import { TextReceived } from "@effect-whatsapp/core/events"
import { Message, type Recipient, Template } from "@effect-whatsapp/core/message"
import { DateTime, Effect, Fiber, Logger, Schema } from "effect"
import { HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import * as Graph from "./graph.ts"

const to = "+39 340 123 4567"
const hi = Message.text("hi")
const withFooter = { ...hi, footer: "bye" }

describe("send", () => {
  it.effect(
    "posts one body to the default number, with its token",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      yield* whatsapp.send(to, hi, { callbackData: "order-31" })
      assert.deepStrictEqual(yield* sent, [
        {
          url: `https://graph.facebook.com/v23.0/${Graph.sales}/messages`,
          method: "POST",
          authorization: `Bearer ${Graph.token}`,
          body: {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to: "393401234567",
            type: "text",
            text: { body: "hi" },
            biz_opaque_callback_data: "order-31"
          }
        }
      ])
    })
  )
  it.effect(
    "sends from another number with that number's token",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      yield* whatsapp.send(to, hi, { from: PhoneNumberId.make(Graph.support) })
      const [first] = yield* sent
      assert.include(first?.url, `/${Graph.support}/messages`)
      assert.strictEqual(first?.authorization, `Bearer ${Graph.otherToken}`)
    })
  )
  it.effect(
    "warns in one line of what Meta advises against, and says nothing of the message",
    Effect.fn(function* () {
      const logged: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => logged.push([logLevel, message]))
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      const flow = (button: string) => Message.flow({ body: "b", button, flowId: "1" })
      yield* Effect.provide(
        Effect.forEach([flow("a".repeat(20)), flow("a".repeat(21)), hi], (message) => whatsapp.send(to, message)),
        Logger.layer([logger])
      )
      assert.lengthOf(yield* sent, 3)
      assert.deepStrictEqual(logged, [
        [
          "Warn",
          ["WhatsAppClient.send: interactive.action.parameters.flow_cta: at most 20 characters are advised, got 21"]
        ]
      ])
    })
  )
  it.effect(
    "keeps the path of the API URL",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted, "http://localhost:8080/meta/")
      yield* whatsapp.send(to, hi)
      assert.strictEqual((yield* sent)[0]?.url, `http://localhost:8080/meta/v23.0/${Graph.sales}/messages`)
    })
  )
  it.effect(
    "gives back what Meta said about the recipient",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(200, {
        contacts: [{ input: "x", wa_id: "551187654321", user_id: "BR.1" }],
        messages: [{ id: "wamid.1", message_status: "held_for_quality_assessment" }]
      })
      assert.deepStrictEqual(yield* whatsapp.send(to, hi), {
        wamid: MessageId.make("wamid.1"),
        waId: WaId.make("551187654321"),
        userId: BusinessScopedUserId.make("BR.1"),
        status: "held_for_quality_assessment"
      })
    })
  )
  it.effect(
    "leaves out what Meta left out or left empty",
    Effect.fn(function* () {
      const { whatsapp } = yield* Graph.answering(200, { contacts: [{ wa_id: "" }], messages: [{ id: "wamid.1" }] })
      assert.deepStrictEqual(yield* whatsapp.send(to, hi), { wamid: MessageId.make("wamid.1") })
    })
  )
  it.effect(
    "sends a key of its own when none is given, another each time",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      yield* whatsapp.send(to, hi)
      yield* whatsapp.send(to, hi)
      const [one, other] = (yield* sent).map(({ body }) => JSON.stringify(body.biz_opaque_callback_data))
      assert.match(one ?? "", /^"[0-9a-f-]{36}"$/)
      assert.notStrictEqual(one, other)
    })
  )
  it.effect(
    "says what else the caller asks for",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      const sale = Message.template({ name: "spring_sale", language: "it" })
      yield* whatsapp.send(to, sale, { callbackData: "k", marketing: {} })
      yield* whatsapp.send(to, sale, { marketing: { productPolicy: "STRICT", activitySharing: false } })
      yield* whatsapp.send(to, hi, { identityKeyHash: "h", messagingAccountId: "1" })
      yield* whatsapp.send(to, hi, { directSend: { category: "utility", ttlSeconds: 60, templateName: "a" } })
      const [first, second, third, fourth] = yield* sent
      assert.strictEqual(first?.url, `https://graph.facebook.com/v23.0/${Graph.sales}/marketing_messages`)
      assert.deepStrictEqual(first?.body, {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "393401234567",
        type: "template",
        template: { name: "spring_sale", language: { code: "it" } },
        biz_opaque_callback_data: "k",
        product_policy: "CLOUD_API_FALLBACK"
      })
      assert.deepInclude(second?.body, { product_policy: "STRICT", message_activity_sharing: false })
      assert.include(third?.url, "/messages")
      assert.deepInclude(third?.body, { recipient_identity_key_hash: "h", messaging_account_id: "1" })
      assert.deepInclude(fourth?.body, {
        category: "utility",
        ttl_seconds: 60,
        direct_send_config: { template_name: "a" }
      })
    })
  )
  it.effect(
    "sends a GIF where alone it is taken, and says no more",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      const sale = { name: "spring_sale", language: "it" }
      yield* whatsapp.send(to, Message.template({ ...sale, header: Template.gif({ id: "1" }) }))
      yield* whatsapp.send(to, Message.template({ ...sale, carousel: [{ header: Template.gif({ id: "1" }) }, {}] }))
      yield* whatsapp.send(to, Message.template({ ...sale, header: Template.video({ id: "1" }) }))
      const all = yield* sent
      assert.deepStrictEqual(
        all.map(({ url }) => url.split("/").at(-1)),
        ["marketing_messages", "marketing_messages", "messages"]
      )
      assert.isFalse(all.some(({ body }) => "product_policy" in body))
    })
  )
  it.effect(
    "sends what is not modelled as it is given",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      const elsewhere = { to: "15551230000", recipient: "US.1", recipient_type: "group", biz_opaque_callback_data: "x" }
      const hologram = Message.raw({ type: "hologram", hologram: { id: 7, deep: [null] }, ...elsewhere })
      yield* whatsapp.send(to, hologram, { callbackData: "k" })
      assert.deepStrictEqual((yield* sent)[0]?.body, {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "393401234567",
        type: "hologram",
        hologram: { id: 7, deep: [null] },
        biz_opaque_callback_data: "k"
      })
    })
  )
  it.effect(
    "sends once, even when Meta says to try later",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(400, { error: { code: 130429, message: "slow down" } })
      const fiber = yield* Effect.forkChild(Effect.flip(whatsapp.send(to, hi)))
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* Fiber.join(fiber)).verdict._tag, "Backoff")
      assert.strictEqual((yield* sent).length, 1)
    })
  )
})

describe("a send with retry", () => {
  const answers = Effect.fnUntraced(function* (...bodies: ReadonlyArray<object>) {
    const left = [...bodies]
    return yield* Graph.make((request) =>
      Effect.sync(() => {
        const body = JSON.stringify(left.shift() ?? Graph.accepted)
        return HttpClientResponse.fromWeb(request, new Response(body, { status: 200 }))
      })
    )
  })
  const slowDown = { error: { code: 130429 } }

  it.effect(
    "tries again what Meta refused for now, with one key",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* answers(slowDown, { error: { code: 131057 } })
      const fiber = yield* Effect.forkChild(whatsapp.send(to, hi, { retry: {} }))
      yield* TestClock.adjust("62 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).wamid, "wamid.HBgM")
      const keys = (yield* sent).map(({ body }) => body.biz_opaque_callback_data)
      assert.deepStrictEqual(keys, [keys[0], keys[0], keys[0]])
    })
  )
  it.effect(
    "never tries again what Meta may have accepted, and says the key it was sent with",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* answers(slowDown, { error: { code: 131000 } })
      const fiber = yield* Effect.forkChild(Effect.flip(whatsapp.send(to, hi, { retry: { attempts: 9 } })))
      yield* TestClock.adjust("1 hour")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.verdict._tag, "Ambiguous")
      const all = yield* sent
      assert.strictEqual(all.length, 2)
      assert.strictEqual(all[1]?.body.biz_opaque_callback_data, error.callbackData)
    })
  )
})

describe("nothing leaves", () => {
  const refusal = Effect.fnUntraced(function* (
    to: Recipient | string,
    message: Message | Message.Raw,
    options?: WhatsAppClient.SendOptions
  ) {
    const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
    const error = yield* Effect.flip(whatsapp.send(to, message, options))
    assert.deepStrictEqual(yield* sent, [])
    assert.strictEqual(error.verdict._tag, "Never")
    return error.reason
  })
  const field = (...args: Parameters<typeof refusal>) =>
    Effect.map(refusal(...args), (reason) => (reason._tag === "InvalidMessage" ? reason.field : reason._tag))

  it.effect(
    "for a recipient that is nonsense",
    Effect.fn(function* () {
      assert.strictEqual(yield* field("call me", hi), "to")
      assert.strictEqual(yield* field({ _tag: "Phone", digits: "+39" }, hi), "to.digits")
    })
  )
  it.effect(
    "for a text that is too long",
    Effect.fn(function* () {
      assert.strictEqual(yield* field(to, Message.text("x".repeat(4097))), "text.body")
    })
  )
  it.effect(
    "for a template that breaks a limit",
    Effect.fn(function* () {
      assert.strictEqual(yield* field(to, Message.template({ name: "Hello World", language: "en" })), "template.name")
      assert.strictEqual(
        yield* field(to, Message.template({ name: "a", language: "en", buttons: [Template.url(10, "x")] })),
        "template.components[0].index"
      )
    })
  )
  it.effect(
    "for callback data over 512 characters, or empty",
    Effect.fn(function* () {
      assert.strictEqual(yield* field(to, hi, { callbackData: "x".repeat(513) }), "callbackData")
      assert.strictEqual(yield* field(to, hi, { callbackData: "" }), "callbackData")
      assert.strictEqual(yield* field(to, Message.raw({}), { callbackData: "" }), "callbackData")
    })
  )
  it.effect(
    "from a number that has no token",
    Effect.fn(function* () {
      const reason = yield* refusal(to, hi, { from: PhoneNumberId.make("999") })
      assert.deepStrictEqual(
        [reason._tag, reason.details],
        ["NumberNotConfigured", "no access token is configured for the number 999"]
      )
    })
  )
  it.effect(
    "for what goes with no such message",
    Effect.fn(function* () {
      assert.strictEqual(yield* field(to, hi, { marketing: {} }), "marketing")
      const late = { category: "authentication", ttlSeconds: 901 } as const
      assert.strictEqual(yield* field(to, hi, { directSend: late }), "directSend.ttlSeconds")
    })
  )
  const deep = (levels: number): Schema.JsonObject => (levels === 1 ? { a: 1 } : { a: deep(levels - 1) })
  const flow = (data: Schema.JsonObject) => Message.flow({ body: "b", button: "b", flowId: "1", data })
  it.effect(
    "for a message that is nested deeper than 256 levels, and does not exhaust the stack",
    Effect.fn(function* () {
      for (const levels of [257, 2000, 6000]) {
        for (const message of [flow(deep(levels)), Message.raw(deep(levels))]) {
          const reason = yield* refusal(to, message)
          assert.deepInclude(reason, { details: "expected a message nested at most 256 levels deep" })
        }
      }
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      yield* whatsapp.send(to, flow(deep(240)))
      yield* whatsapp.send(to, Message.raw(deep(250)))
      assert.strictEqual((yield* sent).length, 2)
    })
  )

  const untyped = Effect.fnUntraced(function* (to: unknown, message: unknown, options?: unknown) {
    const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
    // @ts-expect-error -- as untyped code may call it
    const error = yield* Effect.flip(whatsapp.send(to, message, options))
    assert.deepStrictEqual(yield* sent, [])
    return error.reason._tag === "InvalidMessage" ? error.reason.field : error.reason._tag
  })
  const cycle: { self?: unknown; same?: unknown } = {}
  cycle.self = cycle
  cycle.same = cycle
  it.effect.each([
    ["a bigint", { type: "x", x: 1n }],
    ["undefined", undefined],
    ["undefined inside", { type: "x", x: undefined }],
    ["a number that is none", { type: "x", x: Number.NaN }],
    ["a text", "hologram"],
    ["a list", [{ type: "x" }]],
    ["nothing", null]
  ] as const)(
    "for a message that is not modelled, and is no JSON object: %s",
    Effect.fn(function* ([, raw]) {
      assert.strictEqual(yield* untyped(to, { type: "raw", raw }), "raw")
    })
  )
  it.effect(
    "for a message that holds itself",
    Effect.fn(function* () {
      assert.strictEqual(yield* untyped(to, { type: "raw", raw: cycle }), "")
    })
  )
  it.effect(
    "for a message that cannot be written",
    Effect.fn(function* () {
      const raw = Object.defineProperty({ type: "x" }, "toJSON", { value: () => assert.fail("it is asked") })
      assert.strictEqual(yield* untyped(to, { type: "raw", raw: { type: "x", x: raw } }), "")
    })
  )
  it.effect.each([undefined, null, "hello", 7, [], {}, { type: "hologram" }])(
    "for what is no message: %j",
    Effect.fn(function* (message) {
      assert.strictEqual(yield* untyped(to, message), "")
    })
  )
  it.effect.each([undefined, null, 391234567890, {}, []])(
    "for what is no recipient: %j",
    Effect.fn(function* (recipient) {
      for (const message of [hi, Message.raw({ type: "x" })]) {
        assert.strictEqual(yield* untyped(recipient, message), "to")
      }
    })
  )
  it.effect(
    "for options that are nothing where they have to be something",
    Effect.fn(function* () {
      assert.strictEqual(yield* untyped(to, hi, { marketing: null }), "marketing")
    })
  )
  it.effect(
    "for an option that is empty, and would be a guard that guards nothing",
    Effect.fn(function* () {
      for (const message of [hi, Message.raw({ type: "hologram", hologram: {} })]) {
        assert.strictEqual(yield* field(to, message, { identityKeyHash: "" }), "identityKeyHash")
        assert.strictEqual(yield* field(to, message, { messagingAccountId: "" }), "messagingAccountId")
      }
    })
  )
  it.effect(
    "for a member that is not modelled",
    Effect.fn(function* () {
      assert.strictEqual(yield* field(to, withFooter), "footer")
    })
  )
})

describe("reply", () => {
  const event = (user: WhatsAppUser, groupId?: string) =>
    TextReceived.make({
      wamid: MessageId.make("wamid.IN"),
      phoneNumberId: PhoneNumberId.make(Graph.support),
      conversationId: ConversationId.make("c"),
      timestamp: DateTime.makeUnsafe(0),
      sender: Customer.make({ user }),
      text: "hello",
      raw: {},
      ...(groupId === undefined ? {} : { groupId: GroupId.make(groupId) })
    })
  const replied = Effect.fnUntraced(function* (...args: Parameters<typeof event>) {
    const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
    yield* whatsapp.reply(event(...args), Message.text("hello back"))
    const [first] = yield* sent
    return first ?? assert.fail("nothing was sent")
  })

  it.effect(
    "goes from the number that was written to, with its token",
    Effect.fn(function* () {
      const { authorization, url } = yield* replied({ waId: WaId.make("393401234567") })
      assert.include(url, `/${Graph.support}/`)
      assert.strictEqual(authorization, `Bearer ${Graph.otherToken}`)
    })
  )
  it.effect(
    "goes to the phone number as it came, and quotes nothing",
    Effect.fn(function* () {
      const { body } = yield* replied({ waId: WaId.make("5215512345678"), userId: BusinessScopedUserId.make("MX.1") })
      assert.deepStrictEqual([body.to, body.recipient, body.context], ["5215512345678", undefined, undefined])
    })
  )
  it.effect(
    "goes to the BSUID of a person without a number",
    Effect.fn(function* () {
      const { body } = yield* replied({ userId: BusinessScopedUserId.make("US.1") })
      assert.deepStrictEqual([body.to, body.recipient], [undefined, "US.1"])
    })
  )
  it.effect(
    "goes to the group that was written in",
    Effect.fn(function* () {
      const { body } = yield* replied({ waId: WaId.make("393401234567") }, "Y2FwaV9x")
      assert.deepStrictEqual([body.to, body.recipient_type], ["Y2FwaV9x", "group"])
    })
  )
  it.effect(
    "goes from another number when asked to",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      yield* whatsapp.reply(event({ waId: WaId.make("393401234567") }), hi, { from: PhoneNumberId.make(Graph.sales) })
      assert.include((yield* sent)[0]?.url, `/${Graph.sales}/`)
    })
  )
  it.effect(
    "fails, and does not throw, when the sender is unknown",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, Graph.accepted)
      const { reason } = yield* Effect.flip(whatsapp.reply(event({}), hi))
      assert.strictEqual(reason._tag === "InvalidMessage" ? reason.field : reason._tag, "to")
      assert.deepStrictEqual(yield* sent, [])
    })
  )
})

describe("an error of Meta's", () => {
  const reasonOf = Effect.fnUntraced(function* (status: number, body: string | object | null) {
    const { whatsapp } = yield* Graph.answering(status, body)
    return yield* Effect.flip(whatsapp.send(to, hi, { callbackData: "key" }))
  })
  const statuses = Schema.Literals([200, 206, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503])

  it.effect.prop(
    "of any code in the table means the same whatever the HTTP status",
    [Schema.Literals(Object.keys(graphCodes).map(Number)), statuses],
    Effect.fn(function* ([code, status]) {
      const { reason, verdict } = yield* reasonOf(status, { error: { code, message: "m" } })
      assert.deepStrictEqual([reason._tag, verdict], [lookUp(code).reason, lookUp(code).verdict])
    })
  )
  it.effect(
    "carries code, subcode, details and the id for support",
    Effect.fn(function* () {
      const { message, reason } = yield* reasonOf(400, {
        error: {
          message: "(#131056) pair rate limit",
          type: "OAuthException",
          code: 131056,
          error_subcode: 2494055,
          error_data: { messaging_product: "whatsapp", details: "Slow down for this recipient" },
          fbtrace_id: "Az8x"
        }
      })
      assert.deepInclude(reason, {
        _tag: "PairRateLimited",
        code: 131056,
        subcode: 2494055,
        details: "Slow down for this recipient",
        fbtraceId: "Az8x"
      })
      assert.strictEqual(message, "WhatsAppClient.send: PairRateLimited, Slow down for this recipient")
    })
  )
  it.effect(
    "beside what was accepted changes nothing: it is accepted, and sent once",
    Effect.fn(function* () {
      const { sent, whatsapp } = yield* Graph.answering(200, { ...Graph.accepted, error: { code: 130429 } })
      assert.strictEqual((yield* whatsapp.send(to, hi, { retry: {} })).wamid, "wamid.HBgM")
      assert.strictEqual((yield* sent).length, 1)
    })
  )
  it.effect.each([
    [500, { code: 1, error_subcode: 130429 }],
    [503, { code: 2, error_subcode: 2494100 }],
    [500, { code: 131000, error_subcode: 130429 }],
    [500, { code: 987_654, error_subcode: 131056 }]
  ] as const)(
    "that leaves the outcome open is made no refusal by a subcode: %j",
    Effect.fn(function* ([status, error]) {
      assert.strictEqual((yield* reasonOf(status, { error })).verdict._tag, "Ambiguous")
    })
  )
  it.effect(
    "of trouble at Meta carries the key that settles it",
    Effect.fn(function* () {
      const error = yield* reasonOf(500, { error: { code: 131000, message: "m" } })
      assert.deepStrictEqual(
        [error.reason._tag, error.verdict._tag, error.callbackData],
        ["ServerError", "Ambiguous", "key"]
      )
    })
  )
  it.effect.each([500, 502, 503])(
    "of a code that nobody knows leaves the outcome unknown with HTTP %i, and is a refusal below",
    Effect.fn(function* (status) {
      const body = { error: { code: 987_654, message: "m" } }
      const error = yield* reasonOf(status, body)
      assert.deepStrictEqual(
        [error.reason._tag, error.verdict._tag, error.callbackData],
        ["ServerError", "Ambiguous", "key"]
      )
      const refused = yield* reasonOf(400, body)
      assert.deepStrictEqual([refused.reason._tag, refused.verdict._tag], ["Rejected", "Never"])
    })
  )
  it.effect.each([
    ["to +1 (650) 555-0177, again", "to <redacted>, again"],
    ["(+49) 151.1234.5678", "(<redacted>"],
    ["551187654321 is 55 11 98765\u20114321", "<redacted> is <redacted>"],
    ["16505550177 16505550188", "<redacted>"],
    ["39\u00a0340\n1234567.", "<redacted>."],
    ["(#131056) 39 340 123 4567", "(#131056) <redacted>"],
    ["号码393401234567", "号码<redacted>"],
    ["(#131056) at most 80 a second, 250 in 24 hours", "(#131056) at most 80 a second, 250 in 24 hours"],
    ["code 131056, trace Az1234567890bx8", "code 131056, trace Az1234567890bx8"],
    [`${"x".repeat(490)} 39 340 123 4567`, `${"x".repeat(490)} <redacted`]
  ] as const)(
    "shows no phone number, however it is spelled: %j",
    Effect.fn(function* ([details, shown]) {
      const { reason } = yield* reasonOf(400, { error: { code: 100, error_data: { details } } })
      assert.strictEqual(reason.details, shown)
    })
  )
  it.effect.each([
    [{ code: "131047", message: "as a string" }, "WindowClosed", "as a string"],
    [{ code: 100, error_data: "Invalid parameter" }, "InvalidParameter", "Invalid parameter"],
    [{ code: 100, error_data: 7, error_user_msg: "Say it again" }, "InvalidParameter", "Say it again"],
    [{ code: 100, error_subcode: "33", message: { a: 1 } }, "PermissionDenied", lookUp(100, 33).advice],
    [{ code: 190, error_subcode: "no", message: null, fbtrace_id: 5 }, "AuthenticationFailed", lookUp(190).advice],
    [{ code: 987_654, message: "new" }, "Rejected", "new"],
    [{ code: 987_654, message: "later", is_transient: true }, "ServerError", "later"],
    [{ code: 131047, message: "two\r\nlines \u001b[31mred" }, "WindowClosed", "two lines [31mred"]
  ] as const)(
    "%j is read",
    Effect.fn(function* ([error, tag, details]) {
      const { reason } = yield* reasonOf(400, { error })
      assert.deepStrictEqual([reason._tag, reason.details], [tag, details])
    })
  )
  it.effect(
    "is cut at 500 characters",
    Effect.fn(function* () {
      const { reason } = yield* reasonOf(400, { error: { code: 100, message: "x".repeat(100_000) } })
      assert.strictEqual(reason.details.length, 500)
    })
  )
})

describe("an answer that is not Meta's", () => {
  const html = "<html><body>Bad gateway</body></html>"
  const outcome = Effect.fnUntraced(function* (status: number, body: string | object | null) {
    const { whatsapp } = yield* Graph.answering(status, body)
    const error = yield* Effect.flip(whatsapp.send(to, hi, { callbackData: "key" }))
    return [error.reason._tag, error.verdict._tag, error.callbackData]
  })
  const unknown = ["OutcomeUnknown", "Ambiguous", "key"]
  const refused = ["UnexpectedAnswer", "Never", undefined]

  it.effect.each([
    [502, html],
    [503, ""],
    [500, null],
    [504, "{}"],
    [500, "[1]"],
    [503, "null"],
    [500, { error: "down" }],
    [500, { error: { message: "no code" } }],
    [500, { error: { code: "x" } }],
    [500, { error: { code: 1.5 } }],
    [200, html],
    [200, ""],
    [200, "{}"],
    [200, { messages: [] }],
    [200, { success: true }],
    [204, null],
    [408, html],
    [408, ""],
    [499, ""],
    [200, '{"a":'.repeat(100_000)],
    [200, `{"a":"${"x".repeat(2_000_000)}"}`]
  ] as const)(
    "leaves the outcome unknown: %j",
    Effect.fn(function* ([status, body]) {
      assert.deepStrictEqual(yield* outcome(status, body), unknown)
    })
  )
  it.effect.each([
    [400, html],
    [401, ""],
    [403, null],
    [404, "Not found"],
    [407, "{}"],
    [413, html],
    [302, ""],
    [304, null],
    [400, { error: {} }],
    [400, Graph.accepted]
  ] as const)(
    "is a refusal: %j",
    Effect.fn(function* ([status, body]) {
      assert.deepStrictEqual(yield* outcome(status, body), refused)
    })
  )
  it.effect.each([
    [425, ""],
    [429, "[]"],
    [429, html]
  ] as const)(
    "is a refusal for now: %j",
    Effect.fn(function* ([status, body]) {
      assert.deepStrictEqual(yield* outcome(status, body), ["UnexpectedAnswer", "Backoff", undefined])
    })
  )
})

it.effect(
  "no answer within 30 seconds leaves the outcome unknown, with the key",
  Effect.fn(function* () {
    const { whatsapp } = yield* Graph.make(() => Effect.never)
    const fiber = yield* Effect.forkChild(Effect.flip(whatsapp.send(to, hi, { callbackData: "key" })))
    yield* TestClock.adjust("29 seconds")
    assert.isUndefined(fiber.pollUnsafe())
    yield* TestClock.adjust("1 second")
    const error = yield* Fiber.join(fiber)
    assert.deepStrictEqual(
      [error.reason._tag, error.verdict._tag, error.callbackData],
      ["OutcomeUnknown", "Ambiguous", "key"]
    )
  })
)
