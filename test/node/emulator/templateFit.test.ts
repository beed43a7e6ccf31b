/** A template given as Meta's whole node: a send has to give every value that it needs, and nothing that it does not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { errorOf, type Fields, makeEmulator, makeWorld, phone, post } from "./world.ts"

const node = (...components: ReadonlyArray<Fields>) => ({
  name: "offer",
  language: "en",
  category: "MARKETING",
  components
})

const send = (...components: ReadonlyArray<Schema.Json>): Fields => ({
  messaging_product: "whatsapp",
  to: phone,
  type: "template",
  template: { name: "offer", language: { code: "en" }, components }
})

const text = (value: string, more: Fields = {}) => ({ type: "text", text: value, ...more })
const header = (...parameters: ReadonlyArray<Fields>) => ({ type: "header", parameters })
const body = (...values: ReadonlyArray<Fields>) => ({ type: "body", parameters: values })
const button = (sub_type: string, index: number, ...parameters: ReadonlyArray<Fields>) => ({
  type: "button",
  sub_type,
  index,
  parameters
})
const image = { type: "image", image: { link: "https://shop.example/a.jpg" } }
const suffix = text("t/77")
const payload = { type: "payload", payload: "stop" }
const coupon = { type: "coupon_code", coupon_code: "SPRING25" }
const flow = { type: "action", action: { flow_token: "t-9" } }
const products = {
  type: "action",
  action: {
    thumbnail_product_retailer_id: "SKU-1",
    sections: [{ title: "Pots", product_items: [{ product_retailer_id: "SKU-1" }] }]
  }
}
const product = { type: "product", product: { product_retailer_id: "SKU-2", catalog_id: "551" } }
const offer = {
  type: "limited_time_offer",
  parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_790_000_000_000 } }]
}
const card = (card_index: number, ...components: ReadonlyArray<Fields>): Fields => ({ card_index, components })
const carousel = (...cards: ReadonlyArray<Fields>): Fields => ({ type: "carousel", cards })

const words: Fields = { type: "BODY", text: "Spring is here." }
const hello: Fields = { type: "BODY", text: "Hi {{1}}, spring is here." }
const buttons = (...all: ReadonlyArray<Fields>): Fields => ({ type: "BUTTONS", buttons: all })
const stop: Fields = { type: "QUICK_REPLY", text: "Stop" }
const call: Fields = { type: "PHONE_NUMBER", text: "Call", phone_number: "+4930123456" }
const link: Fields = { type: "URL", text: "Track", url: "https://shop.example/{{1}}" }
const shop: Fields = { type: "URL", text: "Shop", url: "https://shop.example" }
const imageHeader: Fields = { type: "HEADER", format: "IMAGE" }
const mediaCard: Fields = {
  components: [imageHeader, { type: "BODY", text: "{{1}} off today" }, buttons(stop, link)]
}
const productCard: Fields = {
  components: [{ type: "HEADER", format: "PRODUCT" }, buttons({ type: "SPM", text: "View" })]
}

const approved = (...cards: ReadonlyArray<Fields>): Fields => ({ type: "CAROUSEL", cards })

const kinds = {
  plain: node(words),
  greeting: node(hello),
  named: { ...node({ type: "BODY", text: "Hi {{name}}, spring is here." }), parameter_format: "NAMED" },
  titled: node({ type: "HEADER", format: "TEXT", text: "For {{1}}" }, words),
  namedTitle: {
    ...node({ type: "HEADER", format: "TEXT", text: "For {{name}}" }, words),
    parameter_format: "NAMED"
  },
  pictured: node(imageHeader, words),
  located: node({ type: "HEADER", format: "LOCATION" }, words),
  linked: node(words, buttons(stop, call, shop, link)),
  coded: node(words, buttons({ type: "COPY_CODE", example: "SPRING" })),
  flowing: node(words, buttons({ type: "FLOW", text: "Book", flow_id: "9" })),
  catalogued: node(words, buttons({ type: "CATALOG", text: "View" })),
  shelved: node(words, buttons({ type: "MPM", text: "View" })),
  limited: node(words, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Now", has_expiration: true } }),
  unlimited: node(words, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Now" } }),
  cards: node(words, approved(mediaCard, mediaCard)),
  products: node(words, approved(productCard, productCard)),
  code: {
    ...node({ type: "BODY", add_security_recommendation: true }, buttons({ type: "OTP", otp_type: "COPY_CODE" })),
    category: "AUTHENTICATION"
  }
}

const goodCard = (index: number) => card(index, header(image), body(text("20%")), button("url", 1, suffix))
const productOf = (index: number) => card(index, header(product))

type Kind = keyof typeof kinds

describe("a send of a template that is known whole", () => {
  const taken: ReadonlyArray<readonly [kind: Kind, name: string, message: Fields]> = [
    ["plain", "nothing", send()],
    ["greeting", "its value", send(body(text("Ana")))],
    ["named", "its value by name", send(body(text("Ana", { parameter_name: "name" })))],
    ["titled", "a title", send(header(text("Ana")))],
    ["namedTitle", "a title by name", send(header(text("Ana", { parameter_name: "name" })))],
    ["pictured", "a picture", send(header(image))],
    [
      "located",
      "a place",
      send(
        header({ type: "location", location: { latitude: "52.5", longitude: "13.4", name: "Depot", address: "Weg 1" } })
      )
    ],
    ["linked", "the link alone", send(button("url", 3, suffix))],
    ["linked", "the link and what is pressed", send(button("quick_reply", 0, payload), button("url", 3, suffix))],
    ["coded", "a coupon", send(button("copy_code", 0, coupon))],
    ["flowing", "a flow", send(button("flow", 0, flow))],
    ["catalogued", "nothing for a catalogue", send()],
    ["shelved", "products", send(button("mpm", 0, products))],
    ["limited", "the end of the offer", send(offer)],
    ["unlimited", "no end", send()],
    ["cards", "both cards", send(carousel(goodCard(0), goodCard(1)))],
    ["products", "three cards", send(carousel(productOf(0), productOf(1), productOf(2)))],
    ["code", "the code twice", send(body(text("J7Q")), button("url", 0, text("J7Q")))]
  ]
  it.effect.each(taken)(
    "of the kind %s takes %s",
    Effect.fn(function* ([kind, , message]) {
      const { emulator } = yield* makeWorld({ templates: [kinds[kind]] })
      const answer = yield* post(emulator, message)
      assert.strictEqual(answer.status, 200, answer.text)
    })
  )

  const refused: ReadonlyArray<readonly [kind: Kind, name: string, message: Fields, code: number, details: RegExp]> = [
    ["plain", "a value", send(body(text("Ana"))), 132000, /body: number of localizable_params \(1\).*\(0\)/],
    ["plain", "a title", send(header(text("Ana"))), 132000, /header: number/],
    ["plain", "a picture", send(header(image)), 132012, /expected TEXT, received IMAGE/],
    ["plain", "a button", send(button("quick_reply", 0, payload)), 132018, /index 0 does not exist/],
    ["plain", "cards", send(carousel(goodCard(0), goodCard(1))), 132018, /no cards/],
    ["plain", "the end of an offer", send(offer), 132018, /no offer/],
    ["greeting", "no value", send(), 132000, /\(0\).*\(1\)/],
    ["greeting", "a name", send(body(text("Ana", { parameter_name: "name" }))), 132012, /parameter 1 is missing/],
    ["greeting", "its body twice", send(body(text("Ana")), body()), 132018, /body: it stands there twice/],
    ["named", "no name", send(body(text("Ana"))), 132012, /parameter name is missing/],
    ["titled", "no title", send(), 132000, /header: number of localizable_params \(0\)/],
    ["namedTitle", "a title without name", send(header(text("Ana"))), 132012, /parameter name is missing/],
    ["pictured", "no picture", send(), 132012, /expected IMAGE, received UNKNOWN/],
    ["pictured", "a text", send(header(text("a"))), 132012, /expected IMAGE, received TEXT/],
    ["located", "a picture", send(header(image)), 132012, /expected LOCATION, received IMAGE/],
    ["linked", "no link", send(), 131008, /index 3 of type URL requires a parameter/],
    ["linked", "a value for a link without", send(button("url", 2, suffix)), 132018, /index 2 of type URL takes no/],
    ["linked", "a value for a call", send(button("url", 1, suffix)), 132018, /PHONE_NUMBER takes no/],
    ["linked", "another kind", send(button("copy_code", 3, coupon)), 132012, /expected URL, received COPY_CODE/],
    ["linked", "the link twice", send(button("url", 3, suffix), button("url", 3, suffix)), 132018, /twice/],
    ["linked", "a fifth button", send(button("url", 4, suffix)), 132018, /index 4 does not exist/],
    ["coded", "no coupon", send(), 131008, /COPY_CODE requires/],
    ["flowing", "no flow", send(), 131008, /FLOW requires/],
    ["shelved", "no products", send(), 131008, /MPM requires/],
    ["limited", "no end", send(), 131008, /limited_time_offer/],
    ["unlimited", "an end", send(offer), 132018, /limited_time_offer/],
    ["cards", "no cards", send(), 131008, /carousel/],
    ["cards", "three cards", send(carousel(goodCard(0), goodCard(1), goodCard(2))), 132000, /cards \(3\).*\(2\)/],
    ["cards", "a card that there is not", send(carousel(goodCard(0), goodCard(5))), 132018, /card 5/],
    [
      "cards",
      "a card without link",
      send(carousel(goodCard(0), card(1, header(image), body(text("a"))))),
      131008,
      /card 1: buttons/
    ],
    [
      "cards",
      "a card without words",
      send(carousel(goodCard(0), card(1, header(image), button("url", 1, suffix)))),
      132000,
      /card 1: body/
    ],
    ["cards", "a card of a product", send(carousel(goodCard(0), productOf(1))), 132012, /card 1: header/],
    [
      "products",
      "a card of a picture",
      send(carousel(productOf(0), card(1, header(image)))),
      132012,
      /expected PRODUCT/
    ],
    ["code", "no code for the button", send(body(text("J7Q"))), 131008, /URL requires/],
    ["code", "no code", send(button("url", 0, text("J7Q"))), 132000, /body/]
  ]
  it.effect.each(refused)(
    "of the kind %s refuses %s",
    Effect.fn(function* ([kind, , message, code, details]) {
      const emulator = yield* makeEmulator({ templates: [kinds[kind]] })
      const error = errorOf(yield* post(emulator, message))
      assert.strictEqual(error.code, code)
      assert.match(error.error_data?.details ?? "", details)
    })
  )

  it.effect(
    "shows the person the words of the node",
    Effect.fn(function* () {
      const { emulator, ida } = yield* makeWorld({ templates: [kinds.greeting] })
      yield* post(emulator, send(body(text("Ana"))))
      assert.strictEqual((yield* ida.next).text, "Hi Ana, spring is here.")
    })
  )
})
