import { assert, describe, it } from "@effect/vitest"
import { MessageId } from "@effect-whatsapp/core/domain"
import { limits, Message, type Recipient, Template } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Result, Schema } from "effect"

const encode = Schema.encodeUnknownResult(SendMessage.Body)
const to: Recipient = { _tag: "Phone", digits: "393401234567" }
const body = (message: Message, callbackData = "key") => encode({ to, message, callbackData })
const template = (rest: Omit<Template.Input, "name" | "language">) =>
  body(Message.template({ name: "order_update", language: "en", ...rest }))
const letters = (length: number) => "a".repeat(length)
const media = { id: "1" }
const wamid = MessageId.make("wamid.A")

const many = <A>(size: number, make: (at: number) => A): ReadonlyArray<A> =>
  Array.from({ length: size }, (_, at) => make(at))

const components = (...components: ReadonlyArray<unknown>) =>
  encode({ to, message: { type: "template", template: { name: "a", language: { code: "en" }, components } } })
const carousel = (cards: ReadonlyArray<unknown>) => ({ type: "carousel", cards })
const card = (card_index: number) => ({ card_index, components: [] })
const choice = (sections: number, products: number) =>
  components({
    type: "button",
    sub_type: "mpm",
    index: 0,
    parameters: [
      {
        type: "action",
        action: {
          sections: many(sections, () => ({
            title: "Pots",
            product_items: many(products, (at) => ({ product_retailer_id: `SKU-${at}` }))
          }))
        }
      }
    ]
  })

// Interactive messages

const id = (at: number) => `id ${at}`
const buttons = (size: number, first: { id?: string; title?: string } = {}) =>
  body(
    Message.buttons({
      body: "b",
      buttons: many(size, (at) => ({ id: id(at), title: `title ${at}`, ...(at === 0 ? first : {}) }))
    })
  )
const list = (rest: Partial<Message.ListInput>) =>
  body(Message.list({ body: "b", button: "b", sections: [{ rows: [{ id: "1", title: "a" }] }], ...rest }))
const row = (row: Partial<Message.ListRow>) => list({ sections: [{ rows: [{ id: "1", title: "a", ...row }] }] })
const products = (sections: Message.ProductsInput["sections"]) =>
  body(Message.products({ catalogId: "551", header: "h", body: "b", sections }))
const callButton = (rest: Partial<Message.CallButtonInput>) => body(Message.callButton({ body: "b", ...rest }))
const link = { header: { image: { id: "1" } }, button: "View", url: "https://shop.example/1" }
const linkCards = (first: Partial<Message.LinkCardInput>) =>
  body(Message.carousel({ body: "b", cards: [{ ...link, ...first }, link] }))
const replyCards = (size: number, first: { id?: string; title?: string } = {}) =>
  body(
    Message.carousel({
      body: "b",
      cards: many(2, (card) => ({
        header: { image: { id: "1" } },
        buttons: many(size, (at) => ({
          id: id(card * 10 + at),
          title: `title ${at}`,
          ...(card + at === 0 ? first : {})
        }))
      }))
    })
  )
const cardAt = (card_index: number) => ({
  card_index,
  type: "product",
  action: { catalog_id: "1", product_retailer_id: "1" }
})
const bill = (parameters: Record<string, unknown>) =>
  encode({
    to,
    message: {
      type: "interactive",
      interactive: {
        type: "order_details",
        body: { text: "b" },
        action: {
          name: "review_and_pay",
          parameters: { reference_id: "1", currency: "INR", total_amount: { value: 1, offset: 100 }, ...parameters }
        }
      }
    }
  })

const interactive = {
  "interactive.header.text": (size: number) =>
    body(Message.buttons({ header: letters(size), body: "b", buttons: [{ id: "1", title: "a" }] })),
  "interactive.header.sub_text": (size: number) =>
    encode({
      to,
      message: {
        type: "interactive",
        interactive: {
          ...Message.link({ body: "b", button: "a", url: "https://shop.example" }).interactive,
          header: { type: "text", text: "h", sub_text: letters(size) }
        }
      }
    }),
  "interactive.body": (size: number) => body(Message.requestLocation({ body: letters(size) })),
  "interactive.footer": (size: number) => body(Message.catalog({ body: "b", footer: letters(size) })),
  "button.buttons": (size: number) => buttons(size),
  "button.id": (size: number) => buttons(2, { id: letters(size) }),
  "button.title": (size: number) => buttons(2, { title: letters(size) }),
  "list.body": (size: number) => list({ body: letters(size) }),
  "list.button": (size: number) => list({ button: letters(size) }),
  "list.sections": (size: number) =>
    list({ sections: many(size, (at) => ({ title: "s", rows: [{ id: id(at), title: "a" }] })) }),
  "list.rows": (size: number) =>
    list({
      sections: [
        { title: "s", rows: many(Math.ceil(size / 2), (at) => ({ id: id(at), title: "a" })) },
        { title: "t", rows: many(Math.floor(size / 2), (at) => ({ id: id(10 + at), title: "a" })) }
      ].filter(({ rows }) => rows.length > 0)
    }),
  "list.section.title": (size: number) =>
    list({ sections: [{ title: letters(size), rows: [{ id: "1", title: "a" }] }] }),
  "list.row.id": (size: number) => row({ id: letters(size) }),
  "list.row.title": (size: number) => row({ title: letters(size) }),
  "list.row.description": (size: number) => row({ description: letters(size) }),
  "cta_url.display_text": (size: number) =>
    body(Message.link({ body: "b", button: letters(size), url: "https://shop.example" })),
  "flow.flow_cta": (size: number) => body(Message.flow({ body: "b", button: letters(size), flowId: "1" })),
  "product_list.sections": (size: number) => products(many(size, () => ({ title: "s", productIds: ["1"] }))),
  "product_list.products": (size: number) =>
    products(
      [
        { title: "s", productIds: many(Math.ceil(size / 2), id) },
        { title: "t", productIds: many(Math.floor(size / 2), id) }
      ].filter(({ productIds }) => productIds.length > 0)
    ),
  "product_list.section.title": (size: number) => products([{ title: letters(size), productIds: ["1"] }]),
  "address_message.in_pin_code": (size: number) =>
    body(Message.requestAddress({ body: "b", country: "IN", values: { in_pin_code: letters(size) } })),
  "voice_call.display_text": (size: number) => callButton({ button: letters(size) }),
  "voice_call.ttl_minutes": (ttlMinutes: number) => callButton({ ttlMinutes }),
  "voice_call.payload": (size: number) => callButton({ payload: letters(size) }),
  "carousel.cards": (size: number) =>
    body(Message.carousel({ body: "b", cards: many(size, () => ({ catalogId: "551", productId: "1" })) })),
  "carousel.card_index": (at: number) =>
    encode({
      to,
      message: {
        type: "interactive",
        interactive: {
          type: "carousel",
          body: { text: "b" },
          action: { cards: [cardAt(at), cardAt(at === 0 ? 1 : 0)] }
        }
      }
    }),
  "carousel.card.body": (size: number) => linkCards({ body: letters(size) }),
  "carousel.card.body.breaks": (size: number) => linkCards({ body: `a${"\r\n".repeat(size)}b` }),
  "carousel.card.display_text": (size: number) => linkCards({ button: letters(size) }),
  "carousel.card.buttons": (size: number) => replyCards(size),
  "carousel.card.button.id": (size: number) => replyCards(2, { id: letters(size) }),
  "carousel.card.button.title": (size: number) => replyCards(2, { title: letters(size) }),
  "order_details.reference_id": (size: number) => bill({ reference_id: letters(size) }),
  "order_details.description": (size: number) =>
    bill({ order: { tax: { value: 1, offset: 100, description: letters(size) } } }),
  "order_details.expiration.description": (size: number) =>
    bill({ order: { expiration: { timestamp: "1790000000", description: letters(size) } } }),
  "order_status.description": (size: number) =>
    body(Message.orderStatus({ body: "b", referenceId: "1", status: "shipped", description: letters(size) }))
}

type Row = keyof typeof limits

/** For each row of the table, a message that has `size` of what the row limits. */
const sized: { readonly [R in Row]: (size: number) => ReturnType<typeof encode> } = {
  "text.body": (size) => body(Message.text(letters(size))),
  callbackData: (size) => body(Message.text("hi"), letters(size)),
  "image.caption": (size) => body(Message.image(media, { caption: letters(size) })),
  "video.caption": (size) => body(Message.video(media, { caption: letters(size) })),
  "document.caption": (size) => body(Message.document(media, { caption: letters(size) })),
  "location.latitude": (latitude) => body(Message.location({ latitude, longitude: 0 })),
  "location.longitude": (longitude) => body(Message.location({ latitude: "0", longitude: `${longitude}` })),
  contacts: (size) => body(Message.contacts(Array.from({ length: size }, () => ({ name: "Ana" })))),
  "reaction.emoji": (size) => body(Message.reaction(wamid, "👍".repeat(size))),
  "pin.expiration_days": (days) =>
    encode({ to: { _tag: "Group", groupId: "Y2FwaV9x" }, message: Message.pin(wamid, { days }) }),
  "template.name": (size) => body(Message.template({ name: letters(size), language: "en" })),
  "directSend.ttlSeconds": (ttlSeconds) =>
    encode({ to, message: Message.text("hi"), directSend: { category: "utility", ttlSeconds } }),
  "directSend.ttlSeconds.authentication": (ttlSeconds) =>
    encode({ to, message: Message.text("hi"), directSend: { category: "authentication", ttlSeconds } }),
  "template.header.parameters": (size) =>
    components({ type: "header", parameters: many(size, () => Template.text("a")) }),
  "template.header.text": (size) => template({ header: letters(size) }),
  "template.body": (size) => template({ body: size === 0 ? [] : [letters(size - 1), "b"].filter((it) => it !== "") }),
  "template.body.beside": (size) => template({ header: "h", body: size === 0 ? [] : [letters(size)] }),
  "template.buttons": (size) => template({ buttons: many(size, (at) => Template.quickReply(at, "x")) }),
  "template.buttons.url": (size) => template({ buttons: many(size, (at) => Template.url(at, "x")) }),
  "template.buttons.copy_code": (size) => template({ buttons: many(size, (at) => Template.copyCode(at, "X")) }),
  "template.button.index": (size) => template({ buttons: [Template.url(size, "x")] }),
  "template.button.payload": (size) => template({ buttons: [Template.quickReply(0, letters(size))] }),
  "template.button.url": (size) => template({ buttons: [Template.url(0, letters(size))] }),
  "template.button.code": (size) => template({ buttons: [Template.copyCode(0, letters(size))] }),
  "template.body.offer": (size) => template({ limitedTimeOffer: 1, body: size === 0 ? [] : [letters(size)] }),
  "template.button.code.offer": (size) =>
    template({ limitedTimeOffer: 1, buttons: [Template.copyCode(0, letters(size))] }),
  "template.button.sections": (size) => choice(size, 1),
  "template.button.section.title": (size) =>
    template({ buttons: [Template.multiProduct(0, { sections: [{ title: letters(size), products: ["SKU"] }] })] }),
  "template.button.products": (size) => choice(1, size),
  "template.button.voiceCall.ttlMinutes": (ttlMinutes) =>
    template({ buttons: [Template.voiceCall(0, { ttlMinutes })] }),
  "template.button.voiceCall.payload": (size) =>
    template({ buttons: [Template.voiceCall(0, { payload: letters(size) })] }),
  "template.cards": (size) => components(carousel(many(size, (at) => card(at)))),
  "template.card.index": (size) => components(carousel([card(size), card(5)])),
  "template.card.body": (size) =>
    template({ carousel: [{ body: size === 0 ? [] : [letters(size)] }, { body: ["hi"] }] }),
  "template.oneTimePassword": (size) =>
    body(Template.oneTimePassword({ name: "login_code", language: "en", code: letters(size) })),
  ...interactive
}

describe("every row of the table", () => {
  for (const [name, at] of Object.entries(sized)) {
    const { max, min } = Object.entries(limits).find(([row]) => row === name)?.[1] ?? assert.fail(name)
    it(`${name}: ${min} and ${max} pass`, () => {
      assert.isTrue(Result.isSuccess(at(min)))
      assert.isTrue(Result.isSuccess(at(max)))
    })
    it(`${name}: ${max + 1} is refused with the limit, ${min === 0 ? "and" : `so is ${min - 1},`} no word of it`, () => {
      const error = String(Result.getOrThrow(Result.flip(at(max + 1))))
      assert.include(error, String(max))
      assert.notInclude(error, "aaa")
      if (min !== 0) assert.isTrue(Result.isFailure(at(min - 1)))
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

it.effect(
  "what is counted is told beside the limit, too",
  Effect.fn(function* () {
    const message = Effect.fnUntraced(function* (message: Message) {
      const error = yield* Effect.flip(Message.validate(message))
      return error.message.slice("Message.validate: InvalidMessage, ".length)
    })
    assert.strictEqual(
      yield* message(Message.pin(wamid, { days: 31 })),
      "pin.expiration_days: expected 1 to 30 days, got 31"
    )
    for (const index of [10, "10"]) {
      const button = { ...Template.url(0, "a"), index }
      assert.strictEqual(
        yield* message(Message.template({ name: "a", language: "en", buttons: [button] })),
        "template.components[0].index: expected an index from 0 to 9, got 10"
      )
    }
    assert.strictEqual(
      yield* message(
        Message.template({ name: "a", language: "en", buttons: many(11, (at) => Template.quickReply(at, "x")) })
      ),
      "template.components: expected at most 10 items as buttons, got 11"
    )
    const button = { ...Template.url(0, "a"), index: "first" }
    assert.strictEqual(
      yield* message(Message.template({ name: "a", language: "en", buttons: [button] })),
      "template.components[0].index: expected an index from 0 to 9"
    )
  })
)

it("a footer leaves a template nothing but its body", () => {
  const long = { type: "body", parameters: [{ type: "text", text: letters(1025) }] }
  assert.isTrue(Result.isSuccess(components(long, { type: "footer" })))
  assert.isTrue(Result.isFailure(components(long, { type: "header" })))
})

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
  it("has a one-time password without URL and emoji, which is not blank", () => {
    const code = (code: string) => body(Template.oneTimePassword({ name: "a", language: "en", code }))
    assert.isTrue(Result.isSuccess(code("J7Q-22")))
    assert.include(reasonOf(code("   ")), "blank")
    for (const url of ["https://a.b/c", "www.a.example", "a.example/1"]) assert.include(reasonOf(code(url)), "URL")
    for (const emoji of ["12👍", "🇮🇹12", "1️⃣2"]) assert.include(reasonOf(code(emoji)), "emoji")
  })
  it("has a place like any other in its header", () => {
    for (const latitude of ["+52.5", ".5", 52.5]) {
      const place = { latitude, longitude: 13, name: undefined, address: "" }
      const parameter = Template.location(place)
      assert.deepStrictEqual(parameter.location, Message.location(place).location)
      assert.isTrue(Result.isSuccess(template({ header: parameter })))
    }
    assert.include(
      reasonOf(template({ header: Template.location({ latitude: 91, longitude: 0 }) })),
      "-90 to 90 degrees"
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
