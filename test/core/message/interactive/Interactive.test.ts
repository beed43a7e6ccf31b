import { assert, describe, it } from "@effect/vitest"
import { MessageId } from "@effect-whatsapp/core/domain"
import { Message } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Result, Schema } from "effect"
import { samples, written } from "../../../fixtures/sends/interactive.ts"

const decode = Schema.decodeUnknownEffect(SendMessage.MessageBody)
const encode = Schema.encodeEffect(SendMessage.MessageBody)

describe("by constructor", () => {
  for (const [name, [message, interactive]] of Object.entries(written)) {
    it.effect(
      `${name} is what Meta documents, and is read again`,
      Effect.fn(function* () {
        const body = yield* encode({ message })
        const documented = { messaging_product: "whatsapp", type: "interactive", interactive }
        assert.deepStrictEqual<unknown>(body, documented)
        assert.deepStrictEqual(yield* decode(documented), { message })
      })
    )
  }

  const replyTo = MessageId.make("wamid.AAAA")
  const cards = ["1", "2"].map((productId) => ({ catalogId: "1", productId }))
  it.each([
    Message.buttons({ body: "b", buttons: [] }, { replyTo }),
    Message.list({ body: "b", button: "b", sections: [] }, { replyTo }),
    Message.link({ body: "b", button: "b", url: "https://x.example" }, { replyTo }),
    Message.flow({ body: "b", button: "b", flowId: "1" }, { replyTo }),
    Message.product({ catalogId: "1", productId: "1" }, { replyTo }),
    Message.products({ catalogId: "1", header: "h", body: "b", sections: [] }, { replyTo }),
    Message.catalog({ body: "b" }, { replyTo }),
    Message.requestLocation({ body: "b" }, { replyTo }),
    Message.requestContact({ body: "b" }, { replyTo }),
    Message.requestAddress({ body: "b", country: "IN" }, { replyTo }),
    Message.requestCall({}, { replyTo }),
    Message.callButton({ body: "b" }, { replyTo }),
    Message.carousel({ body: "b", cards }, { replyTo }),
    Message.orderDetails(
      { body: "b", referenceId: "1", goods: "digital-goods", currency: "INR", items: [] },
      { replyTo }
    ),
    Message.orderStatus({ body: "b", referenceId: "1", status: "shipped" }, { replyTo })
  ])("$interactive.type quotes", ({ context }) => {
    assert.deepStrictEqual(context, { message_id: replyTo })
  })

  it.each([
    ["Hi", { type: "text", text: "Hi" }],
    [{ image: { id: "1" } }, { type: "image", image: { id: "1" } }],
    [{ video: { link: "https://x.example/v" } }, { type: "video", video: { link: "https://x.example/v" } }],
    [{ document: { id: "1", filename: "a.pdf" } }, { type: "document", document: { id: "1", filename: "a.pdf" } }]
  ] as const)("the header %j is one of its kind", (header, expected) => {
    assert.deepStrictEqual(Message.buttons({ header, body: "b", buttons: [] }).interactive.header, expected)
  })

  it.effect(
    "what is empty is no less given, and fails by its name",
    Effect.fn(function* () {
      const message = Message.buttons({ body: "b", footer: "", buttons: [{ id: "1", title: "a" }] })
      const { reason } = yield* Effect.flip(Message.validate(message))
      assert.deepInclude(reason, { field: "interactive.footer.text" })
    })
  )
})

describe("as it is documented", () => {
  for (const [name, interactive] of Object.entries(samples)) {
    it.effect(
      `${name} is sent as it was written`,
      Effect.fn(function* () {
        const body = {
          messaging_product: "whatsapp",
          recipient_type: "individual",
          to: "393401234567",
          type: "interactive",
          interactive,
          context: { message_id: "wamid.AAAA" }
        }
        assert.deepStrictEqual(yield* encode(yield* decode(body)), body)
      })
    )
  }
  it("an order of a template may be without its parts", () => {
    const parameters = {
      reference_id: "ORD-12",
      type: "digital-goods",
      currency: "INR",
      total_amount: { value: 11_000, offset: 100 },
      payment_settings: [],
      order: {}
    }
    const interactive = {
      type: "order_details",
      body: { text: "b" },
      action: { name: "review_and_pay", parameters }
    }
    assert.isTrue(Result.isSuccess(Schema.decodeUnknownResult(SendMessage.MessageBody)({ interactive })))
  })
})

it.effect.prop(
  "any interactive message encodes to JSON and back",
  [Message.InteractiveMessage],
  Effect.fn(function* ([message]) {
    const json: unknown = JSON.parse(JSON.stringify(yield* encode({ message })))
    assert.deepStrictEqual(JSON.parse(JSON.stringify(yield* encode(yield* decode(json)))), json)
  })
)

/** JSON whose types lie, as those of a program without types do. */
const pretend = Schema.decodeSync(Schema.fromJsonString(Schema.declare((json): json is Message => json !== undefined)))

describe("what would be refused", () => {
  const body = { text: "private" }
  const text = { type: "text", text: "private" }
  const image = { type: "image", image: { id: "1" } }
  const reply = (id: string, title: string) => ({ type: "reply", reply: { id, title } })
  const buttons = (...buttons: ReadonlyArray<unknown>) => ({ type: "button", body, action: { buttons } })
  const list = (...sections: ReadonlyArray<unknown>) => ({ type: "list", body, action: { button: "b", sections } })
  const rows = (from: number, size: number) =>
    Array.from({ length: size }, (_, at) => ({ id: `${from + at}`, title: "a" }))
  const link = { name: "cta_url", parameters: { display_text: "View", url: "https://shop.example" } }
  const flow = (parameters: object) => ({
    type: "flow",
    body,
    action: { name: "flow", parameters: { flow_message_version: "3", flow_cta: "b", ...parameters } }
  })
  const products = (...sections: ReadonlyArray<unknown>) => ({
    type: "product_list",
    header: text,
    body,
    action: { catalog_id: "1", sections }
  })
  const items = (size: number) => Array.from({ length: size }, () => ({ product_retailer_id: "a" }))
  const address = (parameters: object) => ({
    type: "address_message",
    body,
    action: { name: "address_message", parameters: { country: "IN", ...parameters } }
  })
  const carousel = (...cards: ReadonlyArray<unknown>) => ({ type: "carousel", body, action: { cards } })
  const card = (card_index: number, rest: object = {}) => ({
    card_index,
    type: "cta_url",
    header: image,
    action: link,
    ...rest
  })
  const product = (card_index: number, catalog_id: string) => ({
    card_index,
    type: "product",
    action: { catalog_id, product_retailer_id: "a" }
  })
  const quick = (...ids: ReadonlyArray<string>) => ({
    action: { buttons: ids.map((id) => ({ type: "quick_reply", quick_reply: { id, title: `t${id}` } })) }
  })
  const cash = (value: unknown, offset = 100) => ({ value, offset })
  const pay = (parameters: object) => ({
    type: "order_details",
    body,
    action: {
      name: "review_and_pay",
      parameters: { reference_id: "r", currency: "INR", total_amount: cash(1), ...parameters }
    }
  })
  const status = (status: unknown) => ({
    type: "order_status",
    body,
    action: { name: "review_order", parameters: { reference_id: "r", order: { status } } }
  })
  const at = (field: string) => `interactive.${field}`
  const parameter = (field: string) => at(`action.parameters.${field}`)

  it.each<readonly [what: string, interactive: unknown, field: string, words: string]>([
    ["a kind that is not modelled", { type: "hologram", body }, "interactive", "button, list, cta_url"],
    [
      "the name that Meta took back",
      { type: "contact_request", body, action: {} },
      "interactive",
      "request_contact_info"
    ],
    ["no kind", { body }, "interactive", "modelled"],
    ["no action", { type: "button", body }, at("action"), ""],
    ["no body", { type: "button", action: { buttons: [reply("1", "a")] } }, at("body"), ""],
    ["an empty body", { ...buttons(reply("1", "a")), body: { text: "" } }, at("body.text"), "1 to 1024"],
    ["a member that is unknown", { ...buttons(reply("1", "a")), colour: "red" }, at("colour"), ""],
    [
      "a header that is unknown",
      { ...buttons(reply("1", "a")), header: { type: "audio" } },
      at("header"),
      "text, image"
    ],
    ["a header of two media", { ...buttons(reply("1", "a")), header: { ...image, video: {} } }, at("header.video"), ""],
    [
      "a header with id and link",
      { ...buttons(reply("1", "a")), header: { type: "image", image: { id: "1", link: "https://x.example" } } },
      at("header.image.link"),
      "either id or link"
    ],
    [
      "a header that is too long",
      { ...buttons(reply("1", "a")), header: { type: "text", text: "a".repeat(61) } },
      at("header.text"),
      "60"
    ],
    ["no buttons", buttons(), at("action.buttons"), "1 to 3 items, got 0"],
    ["a button of another type", buttons({ type: "url", reply: {} }), at("action.buttons[0].type"), ""],
    [
      "a title twice",
      buttons(reply("1", "a"), reply("2", "a")),
      at("action.buttons[1].reply.title"),
      "no other button"
    ],
    ["an id twice", buttons(reply("1", "a"), reply("1", "b")), at("action.buttons[1].reply.id"), "no other button"],
    ["an id with a space before it", buttons(reply(" 1", "a")), at("action.buttons[0].reply.id"), "no spaces"],
    [
      "an id with a space behind it",
      list({ rows: [{ id: "1 ", title: "a" }] }),
      at("action.sections[0].rows[0].id"),
      "no spaces"
    ],
    ["a list with an image", { ...list({ rows: rows(0, 1) }), header: image }, at("header"), "of type text"],
    [
      "sections without a title",
      list({ title: "a", rows: rows(0, 1) }, { rows: rows(1, 1) }),
      at("action.sections[1].title"),
      "title"
    ],
    ["a section without rows", list({ rows: [] }), at("action.sections[0].rows"), "1 to 10 items, got 0"],
    [
      "eleven rows together",
      list({ title: "a", rows: rows(0, 6) }, { title: "b", rows: rows(6, 5) }),
      at("action.sections"),
      "got 11"
    ],
    [
      "a row twice",
      list({ title: "a", rows: rows(0, 2) }, { title: "b", rows: rows(1, 1) }),
      at("action.sections[1].rows[0].id"),
      "no other row"
    ],
    [
      "a link to nowhere",
      { type: "cta_url", body, action: { name: "cta_url", parameters: { display_text: "a", url: "tel:1" } } },
      parameter("url"),
      "http"
    ],
    [
      "an action of another kind",
      { type: "cta_url", body, action: { name: "flow", parameters: {} } },
      at("action.name"),
      ""
    ],
    ["no flow", flow({}), parameter("flow_id"), "flow_name"],
    ["a flow twice", flow({ flow_id: "1", flow_name: "a" }), parameter("flow_name"), "beside flow_id"],
    [
      "a flow of another version",
      flow({ flow_id: "1", flow_message_version: "4" }),
      parameter("flow_message_version"),
      "3"
    ],
    [
      "a payload for an endpoint",
      flow({ flow_id: "1", flow_action: "data_exchange", flow_action_payload: { screen: "A" } }),
      parameter("flow_action_payload"),
      "data_exchange"
    ],
    [
      "data without a member",
      flow({ flow_id: "1", flow_action_payload: { data: {} } }),
      parameter("flow_action_payload.data"),
      "at least one member"
    ],
    [
      "data that is no JSON",
      flow({ flow_id: "1", flow_action_payload: { data: "shop" } }),
      parameter("flow_action_payload.data"),
      "JSON"
    ],
    [
      "data that is the JSON of nothing",
      flow({ flow_id: "1", flow_action_payload: { data: "{}" } }),
      parameter("flow_action_payload.data"),
      "JSON"
    ],
    [
      "a product with a header",
      { type: "product", header: text, action: { catalog_id: "1", product_retailer_id: "1" } },
      at("header"),
      ""
    ],
    ["products without a header", { ...products({ product_items: items(1) }), header: undefined }, at("header"), ""],
    [
      "products with an image",
      { ...products({ product_items: items(1) }), header: image },
      at("header"),
      "of type text"
    ],
    [
      "31 products together",
      products({ title: "a", product_items: items(16) }, { title: "b", product_items: items(15) }),
      at("action.sections"),
      "got 31"
    ],
    [
      "products without a title",
      products({ product_items: items(1) }, { title: "b", product_items: items(1) }),
      at("action.sections[0].title"),
      "title"
    ],
    [
      "a catalogue with a header",
      { type: "catalog_message", header: text, body, action: { name: "catalog_message" } },
      at("header"),
      ""
    ],
    [
      "a location with a footer",
      { type: "location_request_message", body, footer: body, action: { name: "send_location" } },
      at("footer"),
      ""
    ],
    ["a country by its name", address({ country: "India" }), parameter("country"), "two capitals"],
    [
      "a PIN code of seven",
      address({ values: { in_pin_code: "4000631" } }),
      parameter("values.in_pin_code"),
      "at most 6"
    ],
    ["a part that is unknown", address({ values: { planet: "Mars" } }), parameter("values.planet"), ""],
    [
      "an address twice",
      address({
        saved_addresses: [
          { id: "1", value: {} },
          { id: "1", value: {} }
        ]
      }),
      parameter("saved_addresses[1].id"),
      "no other saved"
    ],
    [
      "a call for half a minute",
      { type: "voice_call", body, action: { name: "voice_call", parameters: { ttl_minutes: 0.5 } } },
      parameter("ttl_minutes"),
      ""
    ],
    ["one card", carousel(card(0)), at("action.cards"), "2 to 10 items, got 1"],
    ["cards that are none", { ...carousel(), action: { cards: "all" } }, at("action.cards"), ""],
    [
      "a card of another type",
      carousel(card(0), card(1, { type: "image" })),
      at("action.cards[1]"),
      "cta_url, button or product"
    ],
    ["a card without a picture", carousel(card(0), card(1, { header: undefined })), at("action.cards[1].header"), ""],
    [
      "a card with a document",
      carousel(card(0), card(1, { header: { type: "document", document: { id: "1" } } })),
      at("action.cards[1].header"),
      "image, video"
    ],
    ["an index twice", carousel(card(1), card(1)), at("action.cards[1].card_index"), "no other card"],
    ["cards of two types", carousel(product(0, "1"), card(1)), at("action.cards[1].type"), "same type"],
    [
      "cards with two kinds of header",
      carousel(card(0), card(1, { header: { type: "video", video: { id: "1" } } })),
      at("action.cards[1].header.type"),
      "same type of header"
    ],
    [
      "cards with links and replies",
      carousel(card(0), card(1, quick("1"))),
      at("action.cards[1].action"),
      "same kind of action"
    ],
    [
      "products of two catalogues",
      carousel(product(0, "1"), product(1, "2")),
      at("action.cards[1].action.catalog_id"),
      "same catalog_id"
    ],
    [
      "a reply twice in a carousel",
      carousel(card(0, quick("1")), card(1, quick("2", "1"))),
      at("action.cards[1].action.buttons[1].quick_reply.id"),
      "no other button"
    ],
    [
      "a link of a card that is too long",
      carousel(
        card(0),
        card(1, { action: { name: "cta_url", parameters: { display_text: "a".repeat(21), url: "https://x.example" } } })
      ),
      at("action.cards[1].action.parameters.display_text"),
      "20"
    ],
    [
      "three line breaks on a card",
      carousel(card(0), card(1, { body: { text: "a\n\n\nb" } })),
      at("action.cards[1].body.text"),
      "at most 2 line breaks, got 3"
    ],
    ["a carousel with a header", { ...carousel(card(0), card(1)), header: text }, at("header"), ""],
    ["a reference with a space", pay({ reference_id: "order 12" }), parameter("reference_id"), "hyphens"],
    ["a currency in small letters", pay({ currency: "inr" }), parameter("currency"), "three capitals"],
    ["an amount with a fraction", pay({ total_amount: cash(1.5) }), parameter("total_amount.value"), ""],
    ["an amount below zero", pay({ total_amount: cash(-1) }), parameter("total_amount.value"), "not below 0"],
    ["an amount in thousandths", pay({ total_amount: cash(1, 1000) }), parameter("total_amount.offset"), "100"],
    [
      "a total that does not add up",
      pay({ order: { subtotal: cash(1), tax: cash(1) } }),
      parameter("total_amount.value"),
      "subtotal + tax"
    ],
    [
      "a total without its discount",
      pay({ total_amount: cash(3), order: { subtotal: cash(2), shipping: cash(1), discount: cash(1) } }),
      parameter("total_amount.value"),
      "- discount"
    ],
    ["a way to pay without a type", pay({ payment_settings: [{}] }), parameter("payment_settings[0].type"), ""],
    [
      "nothing of something",
      pay({ order: { items: [{ name: "a", amount: cash(1), quantity: 0 }] } }),
      parameter("order.items[0].quantity"),
      "from 1"
    ],
    [
      "an amount of an item with a fraction",
      pay({ total_amount: cash(1.5), order: { items: [{ name: "a", amount: cash(1.5), quantity: 1 }] } }),
      parameter("order.items[0].amount.value"),
      ""
    ],
    ...["1000", "-5", "1790000000000", 1000, -5, 1_790_000_000_000].map(
      (timestamp) =>
        [
          `an end at ${typeof timestamp} ${timestamp}`,
          pay({ order: { expiration: { timestamp } } }),
          parameter("order.expiration.timestamp"),
          "seconds"
        ] as const
    ),
    [
      "more cards than there may be, with indexes that there are not",
      carousel(...Array.from({ length: 11 }, (_, at) => card(at))),
      at("action.cards"),
      "2 to 10 items, got 11"
    ],
    [
      "more buttons than there may be, which are none either",
      buttons(1, 2, 3, 4),
      at("action.buttons"),
      "1 to 3 items, got 4"
    ],
    ["a bill that was paid", pay({ order: { status: "completed" } }), parameter("order.status"), "pending"],
    ["a bill with a video", { ...pay({}), header: { type: "video", video: { id: "1" } } }, at("header"), "text, image"],
    ["an order that is lost", status("lost"), parameter("order.status"), "shipped"],
    ["an order with a header", { ...status("shipped"), header: text }, at("header"), ""]
  ])("%s is named", (_, interactive, field, words) => {
    // By way of JSON, which has no undefined.
    const message = pretend(JSON.stringify({ type: "interactive", interactive }))
    const error = Result.getOrThrow(Result.flip(Effect.runSync(Effect.result(Message.validate(message)))))
    assert.strictEqual(error.reason._tag === "InvalidMessage" ? error.reason.field : "", field)
    assert.include(error.message, words)
    assert.notInclude(JSON.stringify(error) + error.message, "private")
    // Read from JSON, it fails at the same place.
    const issue = String(Result.getOrThrow(Result.flip(Schema.decodeUnknownResult(SendMessage.MessageBody)(message))))
    const path = field.replaceAll(/[a-z_]+/g, (key) => `["${key}"]`).replaceAll(".", "")
    assert.include(issue, path)
  })
})
