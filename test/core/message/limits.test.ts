import { assert, describe, it } from "@effect/vitest"
import { limits, Message, type Recipient, Template } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Result, Schema } from "effect"

const encode = Schema.encodeUnknownResult(SendMessage.Body)
const to: Recipient = { _tag: "Phone", digits: "393401234567" }
const body = (message: Message, callbackData = "key") => encode({ to, message, callbackData })
const template = (rest: Omit<Template.Input, "name" | "language">) =>
  body(Message.template({ name: "order_update", language: "en", ...rest }))
const letters = (length: number) => "a".repeat(length)

const components = (...components: ReadonlyArray<unknown>) =>
  encode({ to, message: { type: "template", template: { name: "a", language: { code: "en" }, components } } })
const carousel = (cards: ReadonlyArray<unknown>) => ({ type: "carousel", cards })
const card = (card_index: number) => ({ card_index, components: [] })
const list = <A>(length: number, make: (at: number) => A): ReadonlyArray<A> =>
  Array.from({ length }, (_, at) => make(at))
const skus = (size: number): readonly [string, ...ReadonlyArray<string>] => [
  "SKU-0",
  ...list(size - 1, (at) => `SKU-${at}`)
]
const sections = (length: number, products: number) => list(length, () => ({ products: skus(products) }))

type Row = keyof typeof limits

/** For each row of the table, a message that has `size` of what the row limits. */
const sized: { readonly [R in Row]: (size: number) => ReturnType<typeof encode> } = {
  "text.body": (size) => body(Message.text(letters(size))),
  callbackData: (size) => body(Message.text("hi"), letters(size)),
  "template.name": (size) => body(Message.template({ name: letters(size), language: "en" })),
  "directSend.ttlSeconds": (ttlSeconds) =>
    encode({ to, message: Message.text("hi"), directSend: { category: "utility", ttlSeconds } }),
  "directSend.ttlSeconds.authentication": (ttlSeconds) =>
    encode({ to, message: Message.text("hi"), directSend: { category: "authentication", ttlSeconds } }),
  "template.header.parameters": (size) =>
    components({ type: "header", parameters: list(size, () => Template.text("a")) }),
  "template.header.text": (size) => template({ header: letters(size) }),
  "template.body": (size) => template({ body: size === 0 ? [] : [letters(size - 1), "b"].filter((it) => it !== "") }),
  "template.body.beside": (size) => template({ header: "h", body: size === 0 ? [] : [letters(size)] }),
  "template.buttons": (size) => template({ buttons: list(size, (at) => Template.url(at, "x")) }),
  "template.button.index": (size) => template({ buttons: [Template.url(size, "x")] }),
  "template.button.payload": (size) => template({ buttons: [Template.quickReply(0, letters(size))] }),
  "template.button.url": (size) => template({ buttons: [Template.url(0, letters(size))] }),
  "template.button.code": (size) => template({ buttons: [Template.copyCode(0, letters(size))] }),
  "template.body.offer": (size) => template({ limitedTimeOffer: 1, body: size === 0 ? [] : [letters(size)] }),
  "template.button.code.offer": (size) =>
    template({ limitedTimeOffer: 1, buttons: [Template.copyCode(0, letters(size))] }),
  "template.button.sections": (size) =>
    template({ buttons: [Template.multiProduct(0, { sections: sections(size, 1) })] }),
  "template.button.section.title": (size) =>
    template({ buttons: [Template.multiProduct(0, { sections: [{ title: letters(size), products: ["SKU"] }] })] }),
  "template.button.products": (size) =>
    template({ buttons: [Template.multiProduct(0, { sections: size === 0 ? [] : sections(1, size) })] }),
  "template.button.voiceCall.ttlMinutes": (ttlMinutes) =>
    template({ buttons: [Template.voiceCall(0, { ttlMinutes })] }),
  "template.button.voiceCall.payload": (size) =>
    template({ buttons: [Template.voiceCall(0, { payload: letters(size) })] }),
  "template.cards": (size) => components(carousel(list(size, (at) => card(at)))),
  "template.card.index": (size) => components(carousel([card(size), card(5)])),
  "template.card.body": (size) =>
    template({ carousel: [{ body: size === 0 ? [] : [letters(size)] }, { body: ["hi"] }] }),
  "template.order.reference": (size) => template({ orderStatus: { referenceId: letters(size), status: "shipped" } }),
  "template.order.description": (size) =>
    template({ orderStatus: { referenceId: "ORD-12", status: "shipped", description: letters(size) } }),
  "template.oneTimePassword": (size) =>
    body(Template.oneTimePassword({ name: "login_code", language: "en", code: letters(size) }))
}

describe("every row of the table", () => {
  for (const [name, at] of Object.entries(sized)) {
    const { max, min } = Object.entries(limits).find(([row]) => row === name)?.[1] ?? assert.fail(name)
    it(`${name}: ${min} and ${max} pass`, () => {
      // No buttons at all are as good as none.
      if (name !== "template.buttons") assert.isTrue(Result.isSuccess(at(min)))
      assert.isTrue(Result.isSuccess(at(max)))
    })
    it(`${name}: ${max + 1} is refused with the limit, ${min === 0 ? "and" : `so is ${min - 1},`} no word of it`, () => {
      const error = String(Result.getOrThrow(Result.flip(at(max + 1))))
      assert.include(error, String(max))
      assert.notInclude(error, "aaa")
      if (min > 0 && name !== "template.buttons") assert.isTrue(Result.isFailure(at(min - 1)))
    })
  }
})

it.effect(
  "what is measured is told beside the limit",
  Effect.fn(function* () {
    const error = yield* Effect.flip(Message.validate(Message.text(letters(4097))))
    assert.strictEqual(
      error.message,
      "Message.validate: InvalidMessage, text.body: expected 1 to 4096 characters, got 4097"
    )
  })
)

describe("characters", () => {
  it("are code points, so that 4096 emoji are one message", () => {
    assert.isTrue(Result.isSuccess(body(Message.text("😀".repeat(4096)))))
    assert.isTrue(Result.isFailure(body(Message.text("😀".repeat(4097)))))
  })
  it("are counted when a text is empty, too", () => {
    assert.isTrue(Result.isFailure(body(Message.text(""))))
    assert.isTrue(Result.isSuccess(body(Message.text("😀"))))
  })
})

describe("a template", () => {
  const reasonOf = (result: ReturnType<typeof encode>) => String(Result.getOrThrow(Result.flip(result)))

  it("has a name of lower-case letters, digits and underscores", () => {
    for (const name of ["Order", "order-update", "order update", "ordine_è"]) {
      assert.include(reasonOf(body(Message.template({ name, language: "en" }))), "underscores")
    }
  })
  it("has a language", () => {
    assert.isTrue(Result.isFailure(body(Message.template({ name: "a", language: "" }))))
  })
  it("names all its parameters or none", () => {
    assert.include(reasonOf(template({ body: ["a", Template.text("b", { name: "b" })] })), "name")
  })
  it("names no parameter twice", () => {
    const twice = [Template.text("a", { name: "x" }), Template.text("b", { name: "x" })]
    assert.include(reasonOf(template({ body: twice })), "no other parameter")
  })
  it("has no empty parameter", () => {
    assert.isTrue(Result.isFailure(template({ body: [""] })))
    assert.isTrue(Result.isFailure(template({ body: { first_name: "" } })))
  })
  it("has one value for each button", () => {
    assert.include(
      reasonOf(template({ buttons: [Template.url(1, "a"), Template.copyCode(1, "A")] })),
      "no other button"
    )
  })
  it("copies codes of letters and digits", () => {
    assert.isTrue(Result.isFailure(template({ buttons: [Template.copyCode(0, "SPRING 25")] })))
  })
  it("has currencies of three capitals and whole thousandths", () => {
    const money = (code: string, amount1000: number) =>
      template({ body: [Template.currency({ code, amount1000, fallback: "€1" })] })
    assert.isTrue(Result.isSuccess(money("EUR", 19_900)))
    assert.isTrue(Result.isFailure(money("eur", 19_900)))
    assert.isTrue(Result.isFailure(money("EUR", 19.9)))
  })
  it("has media by id or by http(s) link, and not by both", () => {
    const image = (media: unknown) => components({ type: "header", parameters: [{ type: "image", image: media }] })
    assert.isTrue(Result.isSuccess(image({ id: "1" })))
    assert.isTrue(Result.isSuccess(image({ link: "https://cdn.example/a.png" })))
    assert.isTrue(Result.isFailure(image({ link: "ftp://cdn.example/a.png" })))
    assert.isTrue(Result.isFailure(image({})))
  })
})
