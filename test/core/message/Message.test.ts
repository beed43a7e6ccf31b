import { assert, describe, it } from "@effect/vitest"
import { MessageId } from "@effect-whatsapp/core/domain"
import { Message, Template } from "@effect-whatsapp/core/message"
import { Effect, Schema } from "effect"

const replyTo = MessageId.make("wamid.AAAA")

describe("text", () => {
  it("is a plain value, without keys for what was not asked", () => {
    assert.deepStrictEqual(Message.text("hi"), { _tag: "Text", text: "hi" })
    assert.deepStrictEqual(Message.text("hi", { previewUrl: undefined, replyTo: undefined }), {
      _tag: "Text",
      text: "hi"
    })
    assert.deepStrictEqual(Message.text("hi", { previewUrl: false, replyTo }), {
      _tag: "Text",
      text: "hi",
      previewUrl: false,
      replyTo
    })
  })
  it("never throws, whatever a customer wrote", () => {
    assert.strictEqual(Message.text("x".repeat(100_000)).text.length, 100_000)
    assert.strictEqual(Message.text("").text, "")
  })
})

describe("template", () => {
  it("takes strings for texts, in order", () => {
    assert.deepStrictEqual(
      Message.template({ name: "order_update", language: "en", header: "A-31", body: ["Ana", "A-31"] }),
      {
        _tag: "Template",
        template: {
          name: "order_update",
          language: "en",
          header: { _tag: "Text", text: "A-31" },
          body: [
            { _tag: "Text", text: "Ana" },
            { _tag: "Text", text: "A-31" }
          ]
        }
      }
    )
  })
  it("takes a record for named parameters", () => {
    const { body } = Template.make({
      name: "order_update",
      language: "en",
      body: { first_name: "Ana", total: Template.currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" }) }
    })
    assert.deepStrictEqual(body, [
      { _tag: "Text", text: "Ana", name: "first_name" },
      { _tag: "Currency", code: "EUR", amount1000: 19_900, fallback: "€19.90", name: "total" }
    ])
  })
  it("takes empty lists for none", () => {
    assert.deepStrictEqual(Template.make({ name: "hello", language: "en", body: [], buttons: [] }), {
      name: "hello",
      language: "en"
    })
  })
  it("takes what it has made", () => {
    const made = Template.make({
      name: "a",
      language: "en",
      header: "h",
      body: { x: "1" },
      buttons: [Template.url(0, "t")]
    })
    assert.deepStrictEqual(Template.make(made), made)
  })
})

describe("validate", () => {
  it.effect(
    "gives back a message that holds",
    Effect.fn(function* () {
      const message = Message.text("hi", { replyTo })
      assert.deepStrictEqual(yield* Message.validate(message), message)
    })
  )
  it.effect(
    "names the field of one that does not",
    Effect.fn(function* () {
      const field = Effect.fnUntraced(function* (message: Message) {
        const { reason } = yield* Effect.flip(Message.validate(message))
        return reason._tag === "InvalidMessage" ? reason.field : reason._tag
      })
      assert.strictEqual(yield* field(Message.text("")), "text")
      assert.strictEqual(yield* field(Message.text("hi", { replyTo: MessageId.make("") })), "replyTo")
      assert.strictEqual(
        yield* field(Message.template({ name: "a", language: "en", body: ["1", "2", ""] })),
        "template.body[2].text"
      )
      assert.strictEqual(
        yield* field(Message.template({ name: "a", language: "en", header: "x".repeat(61) })),
        "template.header.text"
      )
    })
  )
  it.effect(
    "never repeats what was written",
    Effect.fn(function* () {
      const error = yield* Effect.flip(Message.validate(Message.text("secret ".repeat(1000))))
      assert.notInclude(JSON.stringify(error) + String(error) + error.message, "secret")
    })
  )
  it.effect(
    "refuses members that are not modelled",
    Effect.fn(function* () {
      const message = { ...Message.text("hi"), footer: "bye" }
      const error = yield* Effect.flip(Message.validate(message))
      assert.strictEqual(error.reason._tag === "InvalidMessage" ? error.reason.field : "", "footer")
    })
  )
})

it.effect.prop(
  "a message encodes to JSON and back",
  [Message.Message],
  Effect.fn(function* ([message]) {
    const codec = Schema.fromJsonString(Message.Message)
    const text = yield* Schema.encodeEffect(codec)(message)
    assert.strictEqual(yield* Schema.encodeEffect(codec)(yield* Schema.decodeEffect(codec)(text)), text)
  })
)
