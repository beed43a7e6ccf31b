import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, GroupId, MessageId } from "@effect-whatsapp/core/domain"
import { Message, type Recipient, Template } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Result, Schema } from "effect"

const to: Recipient = { _tag: "Phone", digits: "393401234567" }
const encode = Schema.encodeSync(SendMessage.Body)
const decode = Schema.decodeUnknownResult(SendMessage.MessageBody)
const read = (json: unknown) => Result.getOrThrow(decode(json))
const refusal = (json: unknown) => String(Result.getOrThrow(Result.flip(decode(json))))

const everything = Message.template({
  name: "receipt",
  language: "en_US",
  header: Template.document({ link: "https://cdn.example/i.pdf" }, { filename: "invoice.pdf" }),
  body: [
    "Ana",
    Template.currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" }),
    Template.dateTime("3 March 2027")
  ],
  buttons: [Template.quickReply(0, "stop:31"), Template.url(1, "t/77"), Template.copyCode(2, "SPRING25")]
})

// The shapes are those of Meta's pages "Text messages" and "Template messages".
describe("the JSON that is sent", () => {
  it("of a text, to the byte", () => {
    const body = encode({
      to,
      message: Message.text('Hi "Ana"', { previewUrl: true, replyTo: MessageId.make("wamid.AAAA") }),
      callbackData: "order-31"
    })
    assert.strictEqual(
      JSON.stringify(body),
      `{"messaging_product":"whatsapp","recipient_type":"individual","to":"393401234567","type":"text",` +
        `"text":{"body":"Hi \\"Ana\\"","preview_url":true},"context":{"message_id":"wamid.AAAA"},` +
        `"biz_opaque_callback_data":"order-31"}`
    )
  })
  it("of a bare text has no key for what is absent", () => {
    assert.strictEqual(
      JSON.stringify(encode({ to, message: Message.text("hi") })),
      `{"messaging_product":"whatsapp","recipient_type":"individual","to":"393401234567","type":"text","text":{"body":"hi"}}`
    )
  })
  it("of a template with all kinds of parameters, to the byte", () => {
    assert.strictEqual(
      JSON.stringify(encode({ to, message: everything })),
      `{"messaging_product":"whatsapp","recipient_type":"individual","to":"393401234567","type":"template",` +
        `"template":{"name":"receipt","language":{"code":"en_US"},"components":[` +
        `{"type":"header","parameters":[{"type":"document","document":{"link":"https://cdn.example/i.pdf","filename":"invoice.pdf"}}]},` +
        `{"type":"body","parameters":[{"type":"text","text":"Ana"},` +
        `{"type":"currency","currency":{"fallback_value":"€19.90","code":"EUR","amount_1000":19900}},` +
        `{"type":"date_time","date_time":{"fallback_value":"3 March 2027"}}]},` +
        `{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"stop:31"}]},` +
        `{"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"t/77"}]},` +
        `{"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"SPRING25"}]}]}}`
    )
  })
  it("of a template with named parameters names them", () => {
    const { template } = encode({
      to,
      message: Message.template({ name: "order_update", language: "it", body: { first_name: "Ana", order_no: "A-31" } })
    })
    assert.deepStrictEqual(template, {
      name: "order_update",
      language: { code: "it" },
      components: [
        {
          type: "body",
          parameters: [
            { type: "text", parameter_name: "first_name", text: "Ana" },
            { type: "text", parameter_name: "order_no", text: "A-31" }
          ]
        }
      ]
    })
  })
  it.each([
    [Template.image({ id: "9100000006" }), { type: "image", image: { id: "9100000006" } }],
    [
      Template.video({ link: "https://cdn.example/v.mp4" }),
      { type: "video", video: { link: "https://cdn.example/v.mp4" } }
    ],
    [Template.document({ id: "9" }), { type: "document", document: { id: "9" } }],
    [Template.text("A-31", { name: "order_no" }), { type: "text", parameter_name: "order_no", text: "A-31" }]
  ] as const)("of the header %j", (header, parameter) => {
    const { template } = encode({ to, message: Message.template({ name: "a", language: "en", header }) })
    assert.deepStrictEqual(template, {
      name: "a",
      language: { code: "en" },
      components: [{ type: "header", parameters: [parameter] }]
    })
  })
  it("of a template without parameters has no components", () => {
    const { template } = encode({ to, message: Message.template({ name: "hello_world", language: "en_US" }) })
    assert.deepStrictEqual(template, { name: "hello_world", language: { code: "en_US" } })
  })
  it("puts a BSUID in recipient, and leaves to out", () => {
    const user: Recipient = { _tag: "User", userId: BusinessScopedUserId.make("US.1349") }
    const { recipient, recipient_type, to } = encode({ to: user, message: Message.text("hi") })
    assert.deepStrictEqual([recipient, recipient_type, to], ["US.1349", "individual", undefined])
  })
  it("puts a group in to, with its type", () => {
    const group: Recipient = { _tag: "Group", groupId: GroupId.make("Y2FwaV9ncm91cDox") }
    const { recipient_type, to } = encode({ to: group, message: Message.text("hi") })
    assert.deepStrictEqual([recipient_type, to], ["group", "Y2FwaV9ncm91cDox"])
  })
})

describe("a body that is read", () => {
  const hi = { message: Message.text("hi") }

  it("may leave out what Meta assumes", () => {
    assert.deepStrictEqual(read({ text: { body: "hi" } }), hi)
    assert.deepStrictEqual(read({ type: "text", text: { body: "hi" } }), hi)
    assert.deepStrictEqual(read({ messaging_product: "whatsapp", text: { body: "hi" } }), hi)
    assert.deepStrictEqual(read({ template: { name: "a", language: { code: "en" } } }), {
      message: Message.template({ name: "a", language: "en" })
    })
  })
  it("may hold the recipient, in any of its ways", () => {
    assert.deepStrictEqual(read({ to: "+39 340 123 4567", text: { body: "hi" } }), { to, ...hi })
    const user = { to: { _tag: "User" as const, userId: BusinessScopedUserId.make("US.1") }, ...hi }
    assert.deepStrictEqual(read({ recipient: "US.1", text: { body: "hi" } }), user)
    assert.deepStrictEqual(read({ to: "US.1", recipient_type: "individual", text: { body: "hi" } }), user)
    const group = { to: { _tag: "Group" as const, groupId: GroupId.make("Y2FwaV9x") }, ...hi }
    assert.deepStrictEqual(read({ to: "Y2FwaV9x", text: { body: "hi" } }), group)
    assert.deepStrictEqual(read({ to: "Y2FwaV9x", recipient_type: "group", text: { body: "hi" } }), group)
  })
  it("needs a recipient where one is sent", () => {
    assert.include(
      String(Result.getOrThrow(Result.flip(Schema.decodeUnknownResult(SendMessage.Body)({ text: { body: "hi" } })))),
      '["to"]'
    )
  })
  it("holds quote and callback data", () => {
    assert.deepStrictEqual(
      read({ text: { body: "hi" }, context: { message_id: "wamid.A" }, biz_opaque_callback_data: "k" }),
      {
        message: Message.text("hi", { replyTo: MessageId.make("wamid.A") }),
        callbackData: "k"
      }
    )
  })
  it("of a template may be spelt as in Meta's older samples, and is sent as it is spelt", () => {
    const template = {
      name: "a",
      language: { code: "en", policy: "deterministic" },
      components: [
        { type: "header", parameters: [] },
        { type: "BUTTON", sub_type: "URL", index: 1, parameters: [{ type: "text", text: "t" }] },
        { type: "BODY", parameters: [{ type: "text", text: "Ana" }] }
      ]
    }
    assert.deepStrictEqual(Schema.encodeSync(SendMessage.MessageBody)(read({ template })), {
      messaging_product: "whatsapp",
      type: "template",
      template
    })
  })
  it("may hold all that stands around a message", () => {
    const around = {
      to: "393401234567",
      recipient_type: "individual",
      biz_opaque_callback_data: "k",
      recipient_identity_key_hash: "h",
      messaging_account_id: "1",
      product_policy: "STRICT",
      message_activity_sharing: false
    }
    const json = {
      messaging_product: "whatsapp",
      type: "template",
      template: { name: "a", language: { code: "en" } },
      ...around
    }
    assert.deepStrictEqual(read(json), {
      to,
      message: Message.template({ name: "a", language: "en" }),
      callbackData: "k",
      identityKeyHash: "h",
      messagingAccountId: "1",
      marketing: { productPolicy: "STRICT", activitySharing: false }
    })
    assert.deepStrictEqual(Schema.encodeSync(SendMessage.MessageBody)(read(json)), json)
  })
  it("may be a Direct Send", () => {
    const json = {
      messaging_product: "whatsapp",
      type: "text",
      text: { body: "hi" },
      category: "utility",
      ttl_seconds: 60,
      direct_send_config: { template_name: "a" }
    }
    assert.deepStrictEqual(read(json).directSend, { category: "utility", ttlSeconds: 60, templateName: "a" })
    assert.deepStrictEqual(Schema.encodeSync(SendMessage.MessageBody)(read(json)), json)
  })

  const component = (...components: ReadonlyArray<unknown>) => ({
    template: { name: "a", language: { code: "en" }, components }
  })
  it.each([
    ["a type that is not modelled", { type: "hologram", hologram: { id: "1" } }, '["type"]'],
    ["a payload that is not modelled", { hologram: { id: "1" } }, "text, image"],
    ["two payloads and no type", { text: { body: "a" }, template: {} }, '["type"]'],
    ["a type without its payload", { type: "template" }, '["template"]'],
    ["an unknown member", { text: { body: "hi" }, bold: true, type: "text" }, '["bold"]'],
    ["a Direct Send without a category", { text: { body: "hi" }, ttl_seconds: 5 }, '["category"]'],
    ["a text for the Marketing Messages API", { text: { body: "hi" }, product_policy: "STRICT" }, "a template"],
    ["an unknown member deep inside", { text: { body: "hi", bold: true } }, '["text"]["bold"]'],
    ["a text that is too long", { text: { body: "x".repeat(4097) } }, '["text"]["body"]'],
    ["callback data that is too long", { text: { body: "x" }, biz_opaque_callback_data: "x".repeat(513) }, "512"],
    ["another product", { messaging_product: "messenger", text: { body: "hi" } }, '["messaging_product"]'],
    ["a recipient that is nonsense", { to: "nonsense", text: { body: "hi" } }, '["to"]'],
    ["two recipients", { to: "393401234567", recipient: "US.1", text: { body: "hi" } }, '["recipient"]'],
    ["a group said to be a person", { to: "Y2FwaV9x", recipient_type: "individual", text: { body: "hi" } }, '["to"]'],
    ["an unknown component", component({ type: "hologram", parameters: [] }), '["components"][0]'],
    ["an unknown button", component({ type: "button", sub_type: "dance", index: "0", parameters: [] }), "quick_reply"],
    ["an unknown parameter", component({ type: "body", parameters: [{ type: "location" }] }), '["parameters"][0]'],
    [
      "two bodies",
      component(...["a", "b"].map((text) => ({ type: "body", parameters: [{ type: "text", text }] }))),
      "one body"
    ],
    [
      "an index out of range",
      component({ type: "button", sub_type: "url", index: "10", parameters: [{ type: "text", text: "t" }] }),
      '["index"]'
    ],
    [
      "media by id and link",
      component({ type: "header", parameters: [{ type: "image", image: { id: "1", link: "https://x" } }] }),
      "either id or link"
    ],
    ["a recipient that is no BSUID", { recipient: "393401234567", text: { body: "hi" } }, '["recipient"]'],
    [
      "a phone number said to be a group",
      { to: "393401234567", recipient_type: "group", text: { body: "hi" } },
      '["to"]'
    ],
    ["a BSUID said to be a group", { to: "US.1", recipient_type: "group", text: { body: "hi" } }, '["to"]'],
    ["a Direct Send of an image", { image: { id: "1" }, category: "utility" }, '["directSend"]'],
    [
      "a Direct Send of a password by template",
      { text: { body: "hi" }, category: "authentication", direct_send_config: { template_name: "a" } },
      '["directSend"]["templateName"]'
    ],
    [
      "a password that lives too long",
      { text: { body: "hi" }, category: "authentication", ttl_seconds: 901 },
      "at most 900 seconds, got 901"
    ],
    [
      "a Direct Send through the Marketing Messages API",
      { template: { name: "a", language: { code: "en" } }, category: "utility", product_policy: "STRICT" },
      '["marketing"]'
    ],
    ["a list", [], ""],
    [
      "buttons for a group",
      { to: "Y2FwaV9x", ...Message.buttons({ body: "b", buttons: [{ id: "1", title: "a" }] }) },
      '["to"]'
    ],
    ["null", null, ""],
    ["a string", "hi", ""]
  ])("with %s fails with a path", (_, json, path) => {
    assert.include(refusal(json), path)
  })
})

it.effect.prop(
  "what was encoded decodes to the same",
  [Schema.toType(SendMessage.Body)],
  Effect.fn(function* ([body]) {
    const json = yield* Schema.encodeEffect(SendMessage.Body)(body)
    const again = yield* Schema.decodeUnknownEffect(SendMessage.Body)(JSON.parse(JSON.stringify(json)))
    // By way of JSON, which has no -0.
    assert.deepStrictEqual(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(body)))
    assert.deepStrictEqual(yield* Schema.encodeEffect(SendMessage.Body)(again), JSON.parse(JSON.stringify(json)))
  })
)

it("a Direct Send may be of an interactive message", () => {
  const question = Message.buttons({ body: "b", buttons: [{ id: "1", title: "a" }] })
  assert.deepStrictEqual(read({ ...question, category: "authentication" }).directSend, { category: "authentication" })
})
