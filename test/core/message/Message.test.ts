import { assert, describe, it } from "@effect/vitest"
import { MessageId } from "@effect-whatsapp/core/domain"
import { Message, Template } from "@effect-whatsapp/core/message"
import { Effect, Schema } from "effect"

const replyTo = MessageId.make("wamid.AAAA")

describe("text", () => {
  it("is a plain value, without keys for what was not asked", () => {
    assert.deepStrictEqual(Message.text("hi"), { type: "text", text: { body: "hi" } })
    assert.deepStrictEqual(Message.text("hi", { previewUrl: undefined, replyTo: undefined }), Message.text("hi"))
    assert.deepStrictEqual(Message.text("hi", { previewUrl: false, replyTo }), {
      type: "text",
      text: { body: "hi", preview_url: false },
      context: { message_id: replyTo }
    })
  })
  it("never throws, whatever a customer wrote", () => {
    assert.strictEqual(Message.text("x".repeat(100_000)).text.body.length, 100_000)
    assert.strictEqual(Message.text("").text.body, "")
  })
})

describe("template", () => {
  it("takes strings for texts, in order", () => {
    assert.deepStrictEqual(
      Message.template({ name: "order_update", language: "en", header: "A-31", body: ["Ana", "A-31"] }),
      {
        type: "template",
        template: {
          name: "order_update",
          language: { code: "en" },
          components: [
            { type: "header", parameters: [{ type: "text", text: "A-31" }] },
            {
              type: "body",
              parameters: [
                { type: "text", text: "Ana" },
                { type: "text", text: "A-31" }
              ]
            }
          ]
        }
      }
    )
  })
  it("takes a record for named parameters", () => {
    const { components } = Template.make({
      name: "order_update",
      language: "en",
      body: { first_name: "Ana", total: Template.currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" }) }
    })
    assert.deepStrictEqual(components, [
      {
        type: "body",
        parameters: [
          { type: "text", text: "Ana", parameter_name: "first_name" },
          {
            type: "currency",
            currency: { code: "EUR", amount_1000: 19_900, fallback_value: "€19.90" },
            parameter_name: "total"
          }
        ]
      }
    ])
  })
  it("takes empty lists for none", () => {
    assert.deepStrictEqual(Template.make({ name: "hello", language: "en", body: [], buttons: [] }), {
      name: "hello",
      language: { code: "en" }
    })
  })
})

describe("a constructor that is called without types", () => {
  /** What a program in JavaScript may do. */
  const isTaken = (input: unknown): input is never => input !== undefined
  const untyped = (make: (input: never) => Message, input: unknown) => (isTaken(input) ? make(input) : assert.fail())
  const template = (rest: object) => untyped(Message.template, { name: "a", language: "en", ...rest })
  const code = (rest: object) => untyped(Template.oneTimePassword, { name: "a", language: "en", ...rest })
  const bare = Template.define({ name: "a", language: "en" })
  const tapped = (tapTarget: unknown) => untyped((options: Template.DefinedOptions) => bare({}, options), { tapTarget })

  it.effect.each([
    ["no code", () => code({}), "template.code"],
    ["null as a code", () => code({ code: null }), "template.code"],
    ["a number as a code", () => code({ code: 123_456 }), "template.code"],
    ["nothing as a password", () => untyped(Template.oneTimePassword, null), "template"],
    ["nothing as a template", () => untyped(Message.template, null), "template"],
    ["null as a body", () => template({ body: null }), "template.components[0].parameters[0]"],
    ["a text as a body", () => template({ body: "Ana" }), "template.components[0].parameters[0]"],
    ["null in a body", () => template({ body: [null] }), "template.components[0].parameters[0]"],
    ["null as a header", () => template({ header: null }), "template.components[0].parameters[0]"],
    ["null as buttons", () => template({ buttons: null }), "template.components[0]"],
    ["null as a carousel", () => template({ carousel: null }), "template.components[0].cards"],
    ["null as a card", () => template({ carousel: [null, null] }), "template.components[0].cards[0].components"],
    ["null as an end", () => template({ limitedTimeOffer: null }), "template.components[0].parameters[0]"],
    ["null as a target", () => template({ tapTarget: null }), "template.components[0].parameters[0]"],
    ["null as an order", () => template({ orderStatus: null }), "template.components[0].parameters[0]"],
    ["null as a target of a described one", () => tapped(null), "template.components[0].parameters[0]"],
    ["null as a place", () => untyped(Message.location, null), "location"]
  ] as const)("makes a message that is refused: %s", ([, make, field]) =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(Message.validate(make()))
      assert.include(reason._tag === "InvalidMessage" ? reason.field : reason._tag, field)
    })
  )
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
      assert.strictEqual(yield* field(Message.text("")), "text.body")
      assert.strictEqual(yield* field(Message.text("hi", { replyTo: MessageId.make("") })), "context.message_id")
      assert.strictEqual(
        yield* field(Message.template({ name: "a", language: "en", body: ["1", "2", ""] })),
        "template.components[0].parameters[2].text"
      )
      assert.strictEqual(
        yield* field(Message.template({ name: "a", language: "en", header: "x".repeat(61) })),
        "template.components[0].parameters[0].text"
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
