/** Each documented limit from both of its sides, and what a message of each kind must not be. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { order } from "../../fixtures/sends/seen.ts"
import { errorOf, type Fields, makeEmulator, phone, post, templateTo } from "./world.ts"

const group = "Y2FwaV9ncm91cDox"
const to = (content: Fields): Fields => ({ messaging_product: "whatsapp", to: phone, ...content })
const toGroup = (content: Fields): Fields => ({ ...to(content), to: group, recipient_type: "group" })

const open = { customerServiceWindow: false, mediaIds: "any", groups: [group] } as const

const interactive = (content: Fields) => to({ type: "interactive", interactive: content })
const body = { body: { text: "Which?" } }
const buttons = (...replies: ReadonlyArray<Fields>) =>
  interactive({ type: "button", ...body, action: { buttons: replies.map((reply) => ({ type: "reply", reply })) } })
const reply = (id = "a", title = "A") => ({ id, title })
const listOf = (...sections: ReadonlyArray<Schema.Json>) =>
  interactive({ type: "list", ...body, action: { button: "Pick", sections } })
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, i) => ({ id: `r${from + i}`, title: "R" }))
const row = (changed: Fields) => listOf({ rows: [{ id: "r", title: "R", ...changed }] })
const urlAction = (label = "Open") => ({
  name: "cta_url",
  parameters: { display_text: label, url: "https://a.example" }
})
const flow = (changed: Fields) =>
  interactive({
    type: "flow",
    ...body,
    action: { name: "flow", parameters: { flow_message_version: "3", flow_id: "1", flow_cta: "Go", ...changed } }
  })
const products = (...counts: ReadonlyArray<number>) =>
  interactive({
    type: "product_list",
    header: { type: "text", text: "All" },
    ...body,
    action: {
      catalog_id: "1",
      sections: counts.map((count) => ({
        title: "Some",
        product_items: Array.from({ length: count }, (_, i) => ({ product_retailer_id: `${i}` }))
      }))
    }
  })
const call = (parameters: Fields) =>
  interactive({ type: "voice_call", ...body, action: { name: "voice_call", parameters } })
const card = (index: number, changed: Fields = {}) => ({
  card_index: index,
  type: "cta_url",
  header: { type: "image", image: { id: "1" } },
  action: urlAction(),
  ...changed
})
const carousel = (...cards: ReadonlyArray<Fields>) => interactive({ type: "carousel", ...body, action: { cards } })
const pay = (changed: Fields) =>
  interactive({
    type: "order_details",
    ...body,
    action: { name: "review_and_pay", parameters: { ...order, ...changed } }
  })
const free = (changed: Fields) =>
  pay({ total_amount: { value: 0, offset: 100 }, order: { status: "pending", ...changed } })
const shipped = (description: string) =>
  interactive({
    type: "order_status",
    ...body,
    action: { name: "review_order", parameters: { reference_id: "1", order: { status: "shipped", description } } }
  })
const template = (...components: ReadonlyArray<Schema.Json>) =>
  to({ type: "template", template: { name: "offer", language: { code: "en" }, components } })
const templateButton = (sub_type: string, parameter: Fields, index: Schema.Json = "0") =>
  template({ type: "button", sub_type, index, parameters: [parameter] })
const values = (...texts: ReadonlyArray<string>) => ({
  type: "body",
  parameters: texts.map((text) => ({ type: "text", text }))
})
const templateCards = (count: number, text = "x") =>
  template({
    type: "carousel",
    cards: Array.from({ length: count }, (_, card_index) => ({ card_index, components: [values(text)] }))
  })
const contact = { name: { formatted_name: "Ada", first_name: "Ada" } }
const x = (count: number) => "x".repeat(count)

type Limit = readonly [name: string, max: number, body: (size: number) => Fields, code?: number]
const limits: ReadonlyArray<Limit> = [
  ["the characters of a text", 4096, (n) => to({ text: { body: x(n) } })],
  ["the characters of callback data", 512, (n) => to({ text: { body: "x" }, biz_opaque_callback_data: x(n) })],
  ["the caption of an image", 1024, (n) => to({ type: "image", image: { id: "1", caption: x(n) } })],
  ["the caption of a video", 1024, (n) => to({ type: "video", video: { id: "1", caption: x(n) } })],
  ["the caption of a document", 1024, (n) => to({ type: "document", document: { id: "1", caption: x(n) } })],
  ["the contacts", 257, (n) => to({ type: "contacts", contacts: Array.from({ length: n }, () => contact) })],
  ["the latitude", 90, (n) => to({ type: "location", location: { latitude: n, longitude: 0 } })],
  ["the longitude", 180, (n) => to({ type: "location", location: { latitude: 0, longitude: `${n}` } })],
  [
    "the days of a pin",
    30,
    (n) => toGroup({ type: "pin", pin: { type: "pin", message_id: "wamid.P", expiration_days: n } })
  ],
  [
    "the text of a header",
    60,
    (n) => interactive({ type: "cta_url", header: { type: "text", text: x(n) }, ...body, action: urlAction() })
  ],
  ["the text of a body", 1024, (n) => interactive({ type: "cta_url", body: { text: x(n) }, action: urlAction() })],
  [
    "the text of a footer",
    60,
    (n) => interactive({ type: "cta_url", ...body, footer: { text: x(n) }, action: urlAction() })
  ],
  ["the label of a link", 20, (n) => interactive({ type: "cta_url", ...body, action: urlAction(x(n)) })],
  ["the buttons", 3, (n) => buttons(...Array.from({ length: n }, (_, i) => reply(`${i}`, `B${i}`)))],
  ["the id of a button", 256, (n) => buttons(reply(x(n)))],
  ["the title of a button", 20, (n) => buttons(reply("a", x(n)))],
  [
    "the text of a list",
    4096,
    (n) =>
      interactive({ type: "list", body: { text: x(n) }, action: { button: "Pick", sections: [{ rows: rows(1) }] } })
  ],
  [
    "the button of a list",
    20,
    (n) => interactive({ type: "list", ...body, action: { button: x(n), sections: [{ rows: rows(1) }] } })
  ],
  [
    "the rows of a list over all sections",
    10,
    (n) => listOf({ title: "A", rows: rows(5) }, { title: "B", rows: rows(n - 5, 5) })
  ],
  ["the title of a section", 24, (n) => listOf({ title: x(n), rows: rows(1) })],
  ["the id of a row", 200, (n) => row({ id: x(n) })],
  ["the title of a row", 24, (n) => row({ title: x(n) })],
  ["the description of a row", 72, (n) => row({ description: x(n) })],
  ["the button of a flow", 30, (n) => flow({ flow_cta: x(n) })],
  ["the sections of products", 10, (n) => products(...Array.from({ length: n }, () => 1))],
  ["the products over all sections", 30, (n) => products(15, n - 15)],
  ["the label of a call", 20, (n) => call({ display_text: x(n) })],
  ["the minutes of a call", 43_200, (n) => call({ ttl_minutes: n })],
  ["the payload of a call", 512, (n) => call({ payload: x(n) })],
  ["the cards", 10, (n) => carousel(...Array.from({ length: n }, (_, i) => card(Math.min(i, 9))))],
  ["the place of a card", 9, (n) => carousel(card(0), card(n))],
  ["the text of a card", 160, (n) => carousel(card(0, { body: { text: x(n) } }), card(1))],
  ["the line breaks of a card", 2, (n) => carousel(card(0, { body: { text: `a${"\n".repeat(n)}b` } }), card(1))],
  ["the label of a card", 20, (n) => carousel(card(0, { action: urlAction(x(n)) }), card(1))],
  ["the reference of an order", 35, (n) => pay({ reference_id: x(n) })],
  ["what is said of a tax", 60, (n) => free({ tax: { value: 0, offset: 100, description: x(n) } })],
  ["what is said of a discount", 60, (n) => free({ discount: { value: 0, offset: 100, description: x(n) } })],
  ["what is said of an end", 120, (n) => free({ expiration: { timestamp: "1893456000", description: x(n) } })],
  ["what is said of a status", 120, (n) => shipped(x(n))],
  [
    "the PIN code of an address",
    6,
    (n) =>
      interactive({
        type: "address_message",
        ...body,
        action: { name: "address_message", parameters: { country: "IN", values: { in_pin_code: x(n) } } }
      })
  ],
  ["the name of a template", 512, (n) => to({ type: "template", template: { name: x(n), language: { code: "en" } } })],
  ["the text of a template's header", 60, (n) => template({ ...values(x(n)), type: "header" }), 132005],
  ["a body beside other components", 1024, (n) => template({ type: "header" }, values(x(500), x(n - 500))), 132005],
  ["a body that stands alone", 32_768, (n) => template(values(x(n))), 132005],
  ["the text of a template's card", 160, (n) => templateCards(2, x(n)), 132005],
  ["the cards of a template", 10, (n) => templateCards(n)],
  ["the payload of a quick reply", 256, (n) => templateButton("quick_reply", { type: "payload", payload: x(n) })],
  ["a coupon", 20, (n) => templateButton("copy_code", { type: "coupon_code", coupon_code: x(n) })],
  ["the place of a button", 9, (n) => templateButton("url", { type: "text", text: "x" }, n)],
  [
    "the seconds that a code lives",
    900,
    (n) => to({ text: { body: "x" }, category: "authentication", ttl_seconds: n })
  ],
  ["the seconds that news live", 43_200, (n) => to({ text: { body: "x" }, category: "utility", ttl_seconds: n })]
]

type Refusal = readonly [name: string, body: Fields, code: number, details: RegExp]
const media = (type: string, content: Fields) => to({ type, [type]: content })
const refusals: ReadonlyArray<Refusal> = [
  ["a file with id and link", media("image", { id: "1", link: "https://a.example" }), 100, /either id or link/],
  ["a file without id and link", media("image", { caption: "x" }), 100, /either id or link/],
  ["a link that nobody can fetch", media("image", { link: "file:///etc/passwd" }), 100, /image\['link'\].*http/],
  ["an audio file with a caption", media("audio", { id: "1", caption: "x" }), 100, /Unexpected key "caption"/],
  ["a sticker with a caption", media("sticker", { id: "1", caption: "x" }), 100, /Unexpected key "caption"/],
  ["an image with a file name", media("image", { id: "1", filename: "x" }), 100, /Unexpected key "filename"/],
  ["the content of another type", to({ type: "image", video: { id: "1" } }), 100, /Unexpected key "video"/],
  ["a type without its content", to({ type: "sticker" }), 131008, /sticker is required/],
  ["a location without longitude", media("location", { latitude: 1 }), 131008, /longitude/],
  ["a latitude that is no number", media("location", { latitude: "north", longitude: 1 }), 100, /latitude/],
  ["an empty latitude", media("location", { latitude: "", longitude: 1 }), 100, /latitude/],
  ["no contacts", to({ type: "contacts", contacts: [] }), 100, /1 to 257/],
  ["a contact without name", to({ type: "contacts", contacts: [{}] }), 131008, /name/],
  [
    "a contact with one name only",
    to({ type: "contacts", contacts: [{ name: { formatted_name: "A" } }] }),
    100,
    /one more part/
  ],
  ["a reaction without emoji", media("reaction", { message_id: "wamid.R" }), 131008, /emoji/],
  ["a reaction with two emoji", media("reaction", { message_id: "wamid.R", emoji: "👍👍" }), 100, /one emoji/],
  ["a reaction with a letter", media("reaction", { message_id: "wamid.R", emoji: "k" }), 100, /one emoji/],
  [
    "a reaction that quotes",
    to({ type: "reaction", reaction: { message_id: "wamid.R", emoji: "👍" }, context: { message_id: "wamid.R" } }),
    100,
    /Unexpected key "context"/
  ],
  ["a pin to one person", to({ type: "pin", pin: { type: "unpin", message_id: "wamid.P" } }), 100, /recipient_type/],
  ["a pin for ever", toGroup({ type: "pin", pin: { type: "pin", message_id: "wamid.P" } }), 100, /expiration_days/],
  ["an interactive message of no type", interactive({ ...body }), 100, /interactive is of a wrong type/],
  [
    "an interactive message of the name before May 2026",
    interactive({ type: "contact_request", ...body, action: { name: "contact_request" } }),
    100,
    /interactive/
  ],
  ["an interactive message without body", interactive({ type: "cta_url", action: urlAction() }), 131008, /body/],
  ["no buttons", buttons(), 100, /1 to 3 buttons/],
  ["two buttons with one id", buttons(reply("a", "A"), reply("a", "B")), 100, /ids differ/],
  ["two buttons with one title", buttons(reply("a", "A"), reply("b", "A")), 100, /titles differ/],
  ["an id with a space at its end", buttons(reply("a ", "A")), 100, /spaces/],
  ["a button without title", buttons({ id: "a" }), 131008, /title/],
  [
    "a list with a picture",
    interactive({
      type: "list",
      header: { type: "image", image: { id: "1" } },
      ...body,
      action: { button: "P", sections: [{ rows: rows(1) }] }
    }),
    100,
    /header/
  ],
  ["two sections without title", listOf({ rows: rows(1) }, { rows: rows(1, 1) }), 100, /title each/],
  ["two rows with one id", listOf({ title: "A", rows: rows(1) }, { title: "B", rows: rows(1) }), 100, /different ids/],
  [
    "eleven sections",
    listOf(...Array.from({ length: 11 }, (_, i) => ({ title: "A", rows: rows(1, i) }))),
    100,
    /1 to 10 sections/
  ],
  ["a flow with id and name", flow({ flow_name: "x" }), 100, /either flow_id or flow_name/],
  ["a flow of another version", flow({ flow_message_version: "4" }), 100, /flow_message_version/],
  ["a flow with empty data", flow({ flow_action_payload: { data: {} } }), 100, /not empty/],
  ["a flow with a text of empty data", flow({ flow_action_payload: { data: "{}" } }), 100, /not empty/],
  [
    "a payload of a flow that asks its endpoint",
    flow({ flow_action: "data_exchange", flow_action_payload: { screen: "A" } }),
    100,
    /without flow_action_payload/
  ],
  [
    "a product with a header",
    interactive({
      type: "product",
      header: { type: "text", text: "x" },
      action: { catalog_id: "1", product_retailer_id: "2" }
    }),
    100,
    /Unexpected key "header"/
  ],
  [
    "products without header",
    interactive({ type: "product_list", ...body, action: { catalog_id: "1", sections: [] } }),
    131008,
    /header/
  ],
  ["a call of no minutes", call({ ttl_minutes: 0 }), 100, /1 to 43200/],
  ["one card", carousel(card(0)), 100, /2 to 10 cards/],
  ["two cards in one place", carousel(card(0), card(0)), 100, /different card_index/],
  [
    "cards with different headers",
    carousel(card(0), card(1, { header: { type: "video", video: { id: "1" } } })),
    100,
    /one kind of header/
  ],
  [
    "cards of two types",
    carousel(card(0), { card_index: 1, type: "product", action: { catalog_id: "1", product_retailer_id: "2" } }),
    100,
    /one type/
  ],
  [
    "products of two catalogs",
    carousel(
      { card_index: 0, type: "product", action: { catalog_id: "1", product_retailer_id: "2" } },
      { card_index: 1, type: "product", action: { catalog_id: "2", product_retailer_id: "2" } }
    ),
    100,
    /one catalog/
  ],
  ["a reference with a space", pay({ reference_id: "a b" }), 100, /reference_id/],
  ["a total that is no sum", pay({ total_amount: { value: 1, offset: 100 } }), 100, /total is subtotal/],
  ["an amount in thousandths", pay({ total_amount: { value: 52_500, offset: 1000 } }), 100, /offset/],
  ["an unknown status of an order", pay({ order: { status: "lost" } }), 100, /status/],
  [
    "a value of a header in the body",
    template({ type: "body", parameters: [{ type: "image", image: { id: "1" } }] }),
    100,
    /parameters/
  ],
  ["two values of a header", template({ ...values("a", "b"), type: "header" }), 100, /0 to 1 parameters/],
  ["a value of a footer", template({ ...values("a"), type: "footer" }), 100, /0 to 0 parameters/],
  [
    "a button in no place",
    template({ type: "button", sub_type: "url", parameters: [{ type: "text", text: "x" }] }),
    131008,
    /index/
  ],
  ["a button of an unknown sub type", templateButton("otp", { type: "text", text: "x" }), 100, /components/],
  [
    "a coupon with a space",
    templateButton("copy_code", { type: "coupon_code", coupon_code: "A B" }),
    100,
    /letters and digits/
  ],
  ["one card of a template", templateCards(1), 100, /2 to 10 cards/],
  [
    "a name in capitals",
    template({ type: "body", parameters: [{ type: "text", text: "x", parameter_name: "Who" }] }),
    100,
    /lower case/
  ],
  [
    "values with and without names",
    template({
      type: "body",
      parameters: [
        { type: "text", text: "x", parameter_name: "who" },
        { type: "text", text: "y" }
      ]
    }),
    132018,
    /parameter_name/
  ],
  [
    "two values with one name",
    template({ type: "body", parameters: ["x", "y"].map((text) => ({ type: "text", text, parameter_name: "who" })) }),
    132018,
    /parameter_name/
  ],
  ["two lines in a card of a template", templateCards(2, "a\nb"), 132018, /new-line/],
  [
    "a GIF",
    template({ type: "header", parameters: [{ type: "gif", gif: { id: "1" } }] }),
    132012,
    /marketing_messages/
  ],
  ["what is for the marketing endpoint", to({ ...templateTo(phone), product_policy: "STRICT" }), 100, /product_policy/],
  ["a lifetime without category", to({ text: { body: "x" }, ttl_seconds: 60 }), 100, /category/],
  [
    "a template's name for a code",
    to({ text: { body: "x" }, category: "authentication", direct_send_config: { template_name: "x" } }),
    100,
    /direct_send_config/
  ],
  ["a category of an image", { ...media("image", { id: "1" }), category: "utility" }, 100, /Unexpected key "category"/]
]

describe("a message", () => {
  it.effect.each(limits)(
    "is accepted up to a limit and refused beyond it: %s, %i",
    Effect.fn(function* ([, max, make, code = 100]) {
      const emulator = yield* makeEmulator(open)
      const within = yield* post(emulator, make(max))
      assert.strictEqual(within.status, 200, within.text)
      const beyond = yield* post(emulator, make(max + 1))
      assert.deepStrictEqual([beyond.status, errorOf(beyond).code], [400, code])
    })
  )

  it.effect.each(refusals)(
    "is refused: %s",
    Effect.fn(function* ([, body, code, details]) {
      const emulator = yield* makeEmulator(open)
      const answer = yield* post(emulator, body)
      const error = errorOf(answer)
      assert.deepStrictEqual([answer.status, error.code], [400, code], answer.text)
      assert.match(error.error_data?.details ?? "", details)
      assert.deepStrictEqual(yield* emulator.sent, [])
    })
  )
})
