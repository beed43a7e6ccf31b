import { assert, describe, it } from "@effect/vitest"
import { Result, type Schema } from "effect"
import * as Creation from "../../../packages/node/src/templates/Creation.ts"

type Json = Readonly<Record<string, Schema.Json>>

const letters = (length: number) => "a".repeat(length)
const quickReply = (text = "Stop") => ({ type: "QUICK_REPLY", text })
const link = (rest: Json = {}) => ({ type: "URL", text: "Track", url: "https://shop.example/t", ...rest })
const phone = (rest: Json = {}) => ({ type: "PHONE_NUMBER", text: "Call", phone_number: "+4930123456", ...rest })
const code = (example = "SPRING25") => ({ type: "COPY_CODE", example: [example] })
const otp = (rest: Json = {}) => ({ type: "OTP", otp_type: "COPY_CODE", text: "Copy code", ...rest })
const app = { package_name: "com.example.shop", signature_hash: "K8a/AINcGX7" }
const bodyOf = (text: string, rest: Json = {}) => ({ type: "BODY", text, ...rest })
const body = bodyOf("Hello")
const headerOf = (text: string, rest: Json = {}) => ({ type: "HEADER", format: "TEXT", text, ...rest })
const media = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW"] } }
const buttons = (...buttons: ReadonlyArray<Json>) => ({ type: "BUTTONS", buttons })
const offer = { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: true } }
const card = (...components: ReadonlyArray<Json>) => ({ components: [media, ...components] })
const cards = (...cards: ReadonlyArray<Json>) => ({ type: "CAROUSEL", cards })

const template = (components: ReadonlyArray<Json>, rest: Json = {}): Json => ({
  name: "order_update",
  language: "en_US",
  category: "UTILITY",
  components,
  ...rest
})
const named = { parameter_format: "named" }
const marketing = { category: "MARKETING" }
const authentication = { category: "AUTHENTICATION" }

const problemsOf = (node: Json): ReadonlyArray<string> =>
  Result.match(Creation.read(node), {
    onSuccess: () => [],
    onFailure: (problems) => problems.map(({ details, field }) => `${field}: ${details}`)
  })

describe("a template that is handed in", () => {
  it.each<readonly [string, Json]>([
    ["with a body alone", template([body])],
    [
      "with named variables and every example",
      template(
        [
          headerOf("Order {{order_no}}", {
            example: { header_text_named_params: [{ param_name: "order_no", example: "A-31" }] }
          }),
          bodyOf("Hi {{first_name}}, it ships today.", {
            example: { body_text_named_params: [{ param_name: "first_name", example: "Ana" }] }
          }),
          { type: "FOOTER", text: "Shop Example" },
          buttons(quickReply(), link({ url: "https://shop.example/t/{{1}}", example: ["t/77"] }), phone())
        ],
        { ...named, message_send_ttl_seconds: 3600 }
      )
    ],
    [
      "with numbered variables",
      template([
        headerOf("Order {{1}}", { example: { header_text: ["A-31"] } }),
        bodyOf("Hi {{1}}, {{2}} ships.", { example: { body_text: [["Ana", "A-31"]] } })
      ])
    ],
    ["with examples that are not nested", template([bodyOf("Hi {{1}}, hello.", { example: { body_text: ["Ana"] } })])],
    ["with a picture", template([media, body])],
    ["with a place", template([{ type: "HEADER", format: "LOCATION" }, body])],
    [
      "of a code",
      template(
        [
          { type: "BODY", add_security_recommendation: true },
          { type: "FOOTER", code_expiration_minutes: 5 },
          buttons(otp())
        ],
        authentication
      )
    ],
    [
      "of a code that is filled in",
      template(
        [
          { type: "BODY" },
          buttons(otp({ otp_type: "ZERO_TAP", supported_apps: [app], zero_tap_terms_accepted: true }))
        ],
        authentication
      )
    ],
    ["with an offer", template([media, body, offer, buttons(code(), link())], marketing)],
    ["with cards", template([body, cards(card(bodyOf("One")), card(bodyOf("Two")))], marketing)],
    ["with a flow", template([body, buttons({ type: "FLOW", text: "Book", flow_id: "1" })])],
    ["that asks for a call", template([body, { type: "CALL_PERMISSION_REQUEST" }])],
    ["from the library", { name: "a", language: "en", category: "UTILITY", library_template_name: "x" }],
    ["of a kind that is newer", template([body, { type: "HOLOGRAM" }, buttons({ type: "DANCE" })])],
    ["in lower case", template([{ type: "body", text: "Hello" }], { category: "utility" })],
    ["that is kept for 30 days", template([body], { message_send_ttl_seconds: -1 })]
  ])("%s is fine", (_, node) => {
    assert.deepStrictEqual(problemsOf(node), [])
  })

  it.each<readonly [string, Json, string]>([
    ["a name in capitals", template([body], { name: "Order" }), "name: expected lower-case letters"],
    ["a long name", template([body], { name: letters(513) }), "name: expected 1 to 512 characters, got 513"],
    ["no name", { language: "en", category: "UTILITY", components: [body] }, "name: "],
    ["no language", template([body], { language: "" }), "language: "],
    ["another category", template([body], { category: "NEWS" }), "category: expected AUTHENTICATION, MARKETING or"],
    ["another format", template([body], { parameter_format: "both" }), "parameter_format: expected named or"],
    ["a short life", template([body], { message_send_ttl_seconds: 29 }), "message_send_ttl_seconds: expected 30 to"],
    [
      "the life of another category",
      template([body], { ...marketing, message_send_ttl_seconds: 3600 }),
      "message_send_ttl_seconds: expected 43200 to 2592000 seconds, got 3600"
    ],
    ["no components", { name: "a", language: "en", category: "UTILITY" }, "components: expected the components"],
    ["no body", template([media]), "components: expected a BODY"],
    ["two bodies", template([body, body]), "components.1: expected one BODY"],
    ["a component without a type", template([{ text: "Hello" }]), "components.0.type: "],
    ["an empty body", template([bodyOf("")]), "components.0.text: expected 1 to 1024 characters, got 0"],
    ["a long body", template([bodyOf(letters(1025))]), "components.0.text: expected 1 to 1024 characters, got 1025"],
    [
      "a long body beside an offer",
      template([media, bodyOf(letters(601)), offer, buttons(link())], marketing),
      "components.1.text: expected 1 to 600 characters, got 601"
    ],
    ["a body without a text", template([{ type: "BODY" }]), "components.0.text: expected a text"],
    ["a gap", template([bodyOf("a {{1}} {{3}} b", { example: { body_text: [["a", "b"]] } })]), "without a gap"],
    [
      "names that were not announced",
      template([
        bodyOf("Hi {{name}}.", { example: { body_text_named_params: [{ param_name: "name", example: "A" }] } })
      ]),
      `or "parameter_format": "named"`
    ],
    ["names in capitals", template([bodyOf("Hi {{Name}}.")], named), "whose names are lower-case letters"],
    ["a variable at the end", template([bodyOf("Hi {{1}}", { example: { body_text: [["A"]] } })]), "behind the last"],
    [
      "a variable at the start",
      template([bodyOf("{{1}} hi", { example: { body_text: [["A"]] } })]),
      "before the first"
    ],
    ["no example", template([bodyOf("Hi {{1}}.")]), "components.0.example.body_text: expected 1 example"],
    [
      "an example too few",
      template([bodyOf("Hi {{1}}, {{2}}.", { example: { body_text: [["Ana"]] } })]),
      "expected 2 examples, one for each variable, got 1"
    ],
    [
      "an example of another name",
      template(
        [bodyOf("Hi {{name}}.", { example: { body_text_named_params: [{ param_name: "nome", example: "A" }] } })],
        named
      ),
      "components.0.example.body_text_named_params: expected an example for each variable, and there is none for name"
    ],
    [
      "a long header",
      template([headerOf(letters(61)), body]),
      "components.0.text: expected 1 to 60 characters, got 61"
    ],
    [
      "two variables in the header",
      template([headerOf("{{1}} {{2}}", { example: { header_text: ["a", "b"] } }), body]),
      "components.0.text: expected at most 1 variable, got 2"
    ],
    ["a header without an example", template([headerOf("Order {{1}}"), body]), "components.0.example.header_text: "],
    ["a header without a text", template([{ type: "HEADER", format: "TEXT" }, body]), "components.0.text: expected a"],
    [
      "a header of no kind",
      template([{ type: "HEADER", text: "Hi" }, body]),
      "components.0.format: expected TEXT, IMAGE"
    ],
    [
      "a picture without a sample",
      template([{ type: "HEADER", format: "IMAGE" }, body]),
      "components.0.example.header_handle: expected one sample"
    ],
    ["a long footer", template([body, { type: "FOOTER", text: letters(61) }]), "components.1.text: expected 1 to 60"],
    ["a variable in the footer", template([body, { type: "FOOTER", text: "a {{1}} b" }]), "expected no variables"],
    ["no buttons", template([body, buttons()]), "components.1.buttons: expected at least 1 button"],
    [
      "eleven buttons",
      template([body, buttons(...Array.from({ length: 11 }, (_, at) => quickReply(`${at}`)))]),
      "components.1.buttons: expected at most 10 items, got 11"
    ],
    ["three links", template([body, buttons(link(), link(), link())]), "of the kind URL, got 3"],
    ["two phones", template([body, buttons(phone(), phone())]), "of the kind PHONE_NUMBER, got 2"],
    ["two codes", template([body, buttons(code(), code())], marketing), "of the kind COPY_CODE, got 2"],
    [
      "buttons in between",
      template([body, buttons(quickReply("A"), link(), quickReply("B"))]),
      "components.1.buttons: expected quick replies beside each other"
    ],
    ["a long label", template([body, buttons(quickReply(letters(26)))]), "buttons.0.text: expected 1 to 25 characters"],
    ["no label", template([body, buttons({ type: "QUICK_REPLY" })]), "components.1.buttons.0.text: expected a text"],
    ["no address", template([body, buttons({ type: "URL", text: "a" })]), "buttons.0.url: expected an address"],
    ["another scheme", template([body, buttons(link({ url: "tel:1" }))]), "buttons.0.url: expected an http or https"],
    ["a long address", template([body, buttons(link({ url: `https://a.example/${letters(2000)}` }))]), "1 to 2000"],
    [
      "a variable inside the address",
      template([body, buttons(link({ url: "https://a.example/{{1}}/b", example: ["a"] }))]),
      "components.1.buttons.0.url: expected the variable at the end"
    ],
    [
      "an address without an example",
      template([body, buttons(link({ url: "https://a.example/{{1}}" }))]),
      "components.1.buttons.0.example: expected 1 example"
    ],
    ["a long phone", template([body, buttons(phone({ phone_number: letters(21) }))]), "phone_number: expected 1 to 20"],
    ["a long code", template([body, buttons(code(letters(16)))], marketing), "buttons.0.example: expected 1 to 15"],
    ["no code", template([body, buttons({ type: "COPY_CODE" })], marketing), "buttons.0.example: expected an example"],
    ["no flow", template([body, buttons({ type: "FLOW", text: "a" })]), "expected one of flow_id, flow_name and"],
    [
      "a long call",
      template([body, buttons({ type: "VOICE_CALL", text: "a", ttl_minutes: 43_201 })]),
      "buttons.0.ttl_minutes: expected 1 to 43200 minutes, got 43201"
    ],
    [
      "a code elsewhere",
      template([body, buttons(otp())]),
      "components.1.buttons.0: expected the category AUTHENTICATION"
    ],
    [
      "a code without a button",
      template([{ type: "BODY" }], authentication),
      "components: expected a button of the type"
    ],
    ["a code with words", template([body, buttons(otp())], authentication), "components.0.text: expected no text"],
    [
      "a code of another kind",
      template([{ type: "BODY" }, buttons(otp({ otp_type: "SMELL" }))], authentication),
      "components.1.buttons.0.otp_type: expected COPY_CODE, ONE_TAP or ZERO_TAP"
    ],
    [
      "a code of no app",
      template([{ type: "BODY" }, buttons(otp({ otp_type: "ONE_TAP" }))], authentication),
      "supported_apps: expected 1 to 5 items, got 0"
    ],
    [
      "a short hash",
      template(
        [{ type: "BODY" }, buttons(otp({ otp_type: "ONE_TAP", supported_apps: [{ ...app, signature_hash: "a" }] }))],
        authentication
      ),
      "supported_apps.0.signature_hash: expected 11 to 11 characters, got 1"
    ],
    [
      "terms that were not accepted",
      template([{ type: "BODY" }, buttons(otp({ otp_type: "ZERO_TAP", supported_apps: [app] }))], authentication),
      "zero_tap_terms_accepted: expected true"
    ],
    [
      "a code for hours",
      template([{ type: "BODY" }, { type: "FOOTER", code_expiration_minutes: 91 }, buttons(otp())], authentication),
      "components.1.code_expiration_minutes: expected 1 to 90 minutes, got 91"
    ],
    [
      "an offer elsewhere",
      template([media, body, offer, buttons(link())]),
      "components.2: expected the category MARKETING"
    ],
    [
      "a long offer",
      template([body, { ...offer, limited_time_offer: { text: letters(17) } }, buttons(link())], marketing),
      "limited_time_offer.text: expected 1 to 16 characters, got 17"
    ],
    [
      "a link before the code",
      template([body, offer, buttons(link(), code())], marketing),
      "components.1: expected the button to copy a code before the link"
    ],
    ["one card", template([body, cards(card())], marketing), "components.1.cards: expected 2 to 10 items, got 1"],
    [
      "cards of several kinds",
      template([body, cards(card(body), card())], marketing),
      "components.1.cards.1: expected the same kinds of components"
    ],
    [
      "a long card",
      template([body, cards(card(body), card(bodyOf(letters(161))))], marketing),
      "components.1.cards.1.components.1.text: expected 1 to 160 characters, got 161"
    ]
  ])("with %s is refused before it leaves", (_, node, words) => {
    assert.include(problemsOf(node).join("\n"), words)
  })

  it.each<readonly [string, Json, ReadonlyArray<string>]>([
    ["a kind that is not known", template([body, { type: "HOLOGRAM" }]), ["components.1"]],
    ["a button that is not known", template([body, buttons({ type: "DANCE" })]), ["components.1.buttons.0"]],
    ["buttons that desktops hide", template([body, buttons(quickReply(), link())]), ["components.1.buttons"]]
  ])("with %s is noted", (_, node, fields) => {
    const { notes } = Result.getOrThrow(Creation.read(node))
    assert.deepStrictEqual(
      notes.map(({ field }) => field),
      fields
    )
  })
})
