import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { MessageId } from "@effect-whatsapp/core/domain"
import { type Media, Message, Template } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { DateTime, Effect, Schema } from "effect"

const orderUpdate = Template.define({
  name: "order_update",
  language: "en_US",
  category: "utility",
  header: { type: "text", text: "Order {{order_no}}" },
  body: "Hi {{first_name}}, {{total}} is on its way, {{first_name}}.",
  footer: "Shop Example",
  buttons: [
    { type: "quick_reply", text: "Stop" },
    { type: "url", text: "Track", url: "https://shop.example/t/{{1}}" },
    { type: "url", text: "Shop", url: "https://shop.example" },
    { type: "phone_number", text: "Call", phoneNumber: "+4930123456" }
  ]
})
const total = Template.currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" })
const values = {
  header: { order_no: "A-31" },
  body: { first_name: "Ana", total },
  buttons: { Stop: "stop:31", Track: "77" }
}

const positional = Template.define({ name: "receipt", language: "it", body: "{{1}}: {{2}}, grazie {{ 1 }}" })
const hello = Template.define({ name: "hello_world", language: "en_US", body: "Hello World" })
const code = Template.define({
  name: "login_code",
  language: "en_US",
  category: "authentication",
  body: "*{{1}}* is your verification code.",
  buttons: [{ type: "otp", text: "Copy code" }]
})
const cards = Template.define({
  name: "plants",
  language: "en",
  body: "Hi {{1}}",
  carousel: [
    { header: { type: "image" }, body: "{{1}} off", buttons: [{ type: "quick_reply", text: "More" }] },
    { header: { type: "video" }, buttons: [{ type: "url", text: "Look", url: "https://shop.example/{{1}}" }] }
  ]
})
const products = Template.define({
  name: "plants",
  language: "en",
  carousel: [{ header: { type: "product" }, buttons: [{ type: "spm", text: "View" }] }]
})
const offer = Template.define({
  name: "spring",
  language: "en",
  limitedTimeOffer: { text: "Ends soon", hasExpiration: true },
  buttons: [{ type: "copy_code" }, { type: "catalog", name: "catalog", text: "See all" }]
})

/** The components alone. */
const components = ({ template }: Message.TemplateMessage) => template.components

describe("a template that is described", () => {
  it("is a function of its named values", () => {
    const message = orderUpdate(values, { replyTo: MessageId.make("wamid.A") })
    assert.deepStrictEqual(message, {
      type: "template",
      template: {
        name: "order_update",
        language: { code: "en_US" },
        components: [
          { type: "header", parameters: [{ type: "text", text: "A-31", parameter_name: "order_no" }] },
          {
            type: "body",
            parameters: [
              { type: "text", text: "Ana", parameter_name: "first_name" },
              { ...total, parameter_name: "total" }
            ]
          },
          Template.quickReply(0, "stop:31"),
          Template.url(1, "77")
        ]
      },
      context: { message_id: MessageId.make("wamid.A") }
    })
  })
  it("is a function of the list of its values", () => {
    assert.deepStrictEqual(
      positional({ body: ["Ana", total] }),
      Message.template({ name: "receipt", language: "it", body: ["Ana", total] })
    )
  })
  it("takes nothing when it has no values", () => {
    assert.deepStrictEqual(hello(), Message.template({ name: "hello_world", language: "en_US" }))
    assert.deepStrictEqual(hello({}), hello())
  })
  it("of a one-time password takes the code alone, and sends it twice", () => {
    assert.deepStrictEqual(
      code({ code: "J7Q-22" }),
      Template.oneTimePassword({ name: "login_code", language: "en_US", code: "J7Q-22" })
    )
  })
  it("takes a value for each card", () => {
    const image = { id: "1" }
    const message = cards({
      body: ["Ana"],
      carousel: [
        { header: image, body: ["20%"], buttons: { More: "more:1" } },
        { header: { link: "https://cdn.example/v.mp4" }, buttons: { Look: "fern" } }
      ]
    })
    assert.deepStrictEqual(
      components(message),
      Template.make({
        name: "plants",
        language: "en",
        body: ["Ana"],
        carousel: [
          { header: Template.image(image), body: ["20%"], buttons: [Template.quickReply(0, "more:1")] },
          { header: Template.video({ link: "https://cdn.example/v.mp4" }), buttons: [Template.url(0, "fern")] }
        ]
      }).components
    )
  })
  it("takes as many cards of products as one likes", () => {
    const card = (retailerId: string) => ({ header: { catalogId: "551", retailerId } })
    const [carousel] = components(products({ carousel: [card("A"), card("B"), card("C")] })) ?? []
    assert.deepStrictEqual(
      carousel !== undefined && "cards" in carousel && carousel.cards.map(({ card_index }) => card_index),
      [0, 1, 2]
    )
  })
  it("takes the end of an offer as any instant, and leaves out what is optional", () => {
    const ends = DateTime.makeUnsafe("2027-03-03T00:00:00Z")
    const buttons = { copy_code: "SPRING25" }
    const expected = [Template.limitedTimeOffer(ends), Template.copyCode(0, "SPRING25")]
    for (const limitedTimeOffer of [ends, DateTime.toDateUtc(ends), DateTime.toEpochMillis(ends)]) {
      assert.deepStrictEqual(components(offer({ limitedTimeOffer, buttons })), expected)
    }
    assert.deepStrictEqual(
      components(offer({ limitedTimeOffer: ends, buttons: { ...buttons, catalog: { thumbnail: "SKU" } } })),
      [...expected, Template.catalog(1, { thumbnail: "SKU" })]
    )
  })
  it("takes where a tap leads as an option", () => {
    const tapTarget = { url: "https://shop.example", title: "Deal" }
    assert.deepStrictEqual(components(hello({}, { tapTarget })), [Template.tapTarget(tapTarget)])
  })
  it("takes what each kind of header and button needs", () => {
    const place = { latitude: "52.51", longitude: 13.37 }
    const header = (type: "location" | "document") => Template.define({ name: "a", language: "en", header: { type } })
    assert.deepStrictEqual(components(header("location")({ header: place })), [
      { type: "header", parameters: [Template.location(place)] }
    ])
    const file = { id: "9", filename: "a.pdf" }
    assert.deepStrictEqual(components(header("document")({ header: file })), [
      { type: "header", parameters: [Template.document({ id: "9" }, { filename: "a.pdf" })] }
    ])
    const all = Template.define({
      name: "a",
      language: "en",
      buttons: [
        { type: "flow", text: "Book" },
        { type: "mpm", text: "Items" },
        { type: "order_details", text: "Pay" },
        { type: "voice_call", text: "Call" },
        { type: "request_contact_info" },
        { type: "app" }
      ],
      orderStatus: true,
      callPermissionRequest: true
    })
    const sections = [{ title: "Pots", products: ["SKU-1"] }] as const
    const order = {
      reference_id: "ORD-12",
      currency: "INR",
      total_amount: { value: 11_000, offset: 100 }
    } as const
    assert.deepStrictEqual(
      components(
        all({
          buttons: { Book: {}, Items: { sections }, Pay: order, Call: { payload: "p" } },
          orderStatus: { referenceId: "ORD-12", status: "shipped" }
        })
      ),
      [
        Template.flow(0),
        Template.multiProduct(1, { sections }),
        Template.orderDetails(2, order),
        Template.voiceCall(3, { payload: "p" }),
        Template.orderStatus({ referenceId: "ORD-12", status: "shipped" })
      ]
    )
  })
  it("keeps its description", () => {
    assert.strictEqual(hello.description.name, "hello_world")
  })
})

describe("the compiler", () => {
  type First<F> = F extends (...args: infer Args) => unknown ? Args[0] : never

  it("knows the values", () => {
    type Body = string | Template.BodyParameter
    expectTypeOf<First<typeof orderUpdate>>().toEqualTypeOf<{
      readonly header: { readonly order_no: string }
      readonly body: { readonly first_name: Body; readonly total: Body }
      readonly buttons: { readonly Stop: string; readonly Track: string }
    }>()
    expectTypeOf<First<typeof positional>>().toEqualTypeOf<{ readonly body: readonly [Body, Body] }>()
    expectTypeOf<First<typeof code>>().toEqualTypeOf<{ readonly code: string }>()
    expectTypeOf<First<typeof cards>["carousel"]>().toEqualTypeOf<
      readonly [
        { readonly header: Media; readonly body: readonly [Body]; readonly buttons: { readonly More: string } },
        { readonly header: Media; readonly buttons: { readonly Look: string } }
      ]
    >()
    expectTypeOf(hello).returns.toEqualTypeOf<Message.TemplateMessage>()
    expectTypeOf<Parameters<typeof hello>>().toExtend<readonly [values?: unknown, options?: Template.DefinedOptions]>()
  })

  /** Never run: each line is there to be refused. */
  const refused = () => [
    // @ts-expect-error -- no values
    orderUpdate(),
    // @ts-expect-error -- a missing value of the body
    orderUpdate({ ...values, body: { first_name: "Ana" } }),
    // @ts-expect-error -- a value that the body does not have
    orderUpdate({ ...values, body: { first_name: "Ana", total, last_name: "B" } }),
    // @ts-expect-error -- a number
    orderUpdate({ ...values, body: { first_name: 1, total } }),
    // @ts-expect-error -- no amounts in the header
    orderUpdate({ ...values, header: { order_no: total } }),
    // @ts-expect-error -- a missing part
    orderUpdate({ header: values.header, body: values.body }),
    // @ts-expect-error -- a missing button
    orderUpdate({ ...values, buttons: { Stop: "stop:31" } }),
    // @ts-expect-error -- a button that takes nothing
    orderUpdate({ ...values, buttons: { Stop: "stop:31", Track: "77", Shop: "x" } }),
    // @ts-expect-error -- too few
    positional({ body: ["Ana"] }),
    // @ts-expect-error -- too many
    positional({ body: ["Ana", "B", "C"] }),
    // @ts-expect-error -- not by name
    positional({ body: { first_name: "Ana" } }),
    // @ts-expect-error -- a part that the template does not have
    positional({ body: ["Ana", "B"], header: "x" }),
    // @ts-expect-error -- nothing is taken
    hello({ body: ["Ana"] }),
    // @ts-expect-error -- the code stands in the body by itself
    code({ body: ["J7Q-22"] }),
    // @ts-expect-error -- as many cards as were approved
    cards({ body: ["Ana"], carousel: [{ header: { id: "1" }, body: ["20%"], buttons: { More: "m" } }] }),
    // @ts-expect-error -- no end of the offer
    offer({ buttons: { copy_code: "SPRING25" } }),
    // @ts-expect-error -- no second variable
    Template.define({ name: "a", language: "en", body: "{{1}} {{3}}" })({ body: ["a"] }),
    // @ts-expect-error -- no first variable
    Template.define({ name: "a", language: "en", body: "{{0}}" })({ body: [] }),
    // @ts-expect-error -- no name of Meta's
    Template.define({ name: "a", language: "en", body: "{{First}}" })({ body: { First: "a" } }),
    // @ts-expect-error -- names and numbers
    Template.define({ name: "a", language: "en", body: "{{1}} {{name}}" })({ body: { "1": "a", name: "b" } }),
    // @ts-expect-error -- no sections
    Template.define({ name: "a", language: "en", buttons: [{ type: "mpm" }] })({ buttons: { mpm: { sections: [] } } }),
    // @ts-expect-error -- no cards of products
    products({ carousel: [] }),
    // @ts-expect-error -- a kind of header that there is not
    Template.define({ name: "a", language: "en", header: { type: "hologram" } })
  ]

  it("takes any values where it does not know the text", () => {
    const loaded = (text: string, buttons: ReadonlyArray<{ readonly type: "quick_reply" }>, hasExpiration: boolean) =>
      Template.define({
        name: "a",
        language: "en",
        header: { type: "text", text },
        body: text,
        buttons,
        limitedTimeOffer: { hasExpiration }
      })
    const wide = loaded("Hi {{1}}", [{ type: "quick_reply" }], false)
    expectTypeOf<Exclude<First<typeof wide>, undefined>>().toEqualTypeOf<{
      readonly header?: unknown
      readonly body?: unknown
      readonly buttons?: unknown
      readonly limitedTimeOffer?: unknown
    }>()
    assert.strictEqual(components(wide({ header: "a", body: ["a"], buttons: { quick_reply: "a" } }))?.length, 3)
    const header = ({ carousel, header }: Required<Pick<Template.Description, "carousel" | "header">>) =>
      Template.define({ name: "a", language: "en", header, carousel })
    expectTypeOf<Exclude<First<ReturnType<typeof header>>, undefined>>().toEqualTypeOf<{
      readonly header?: unknown
      readonly carousel?: unknown
    }>()
    // One of the buttons may be that of a one-time password, whose code is the only value.
    const buttons = ({ buttons }: Required<Pick<Template.Description, "buttons">>) =>
      Template.define({ name: "a", language: "en", body: "{{1}}", buttons })
    expectTypeOf<First<ReturnType<typeof buttons>>>().toEqualTypeOf<unknown>()
    assert.strictEqual(components(buttons({ buttons: [{ type: "otp" }] })({ code: "J7Q" }))?.length, 2)
  })

  it("refuses others", () => {
    expectTypeOf(refused).toBeFunction()
  })
})

describe("values that the compiler did not see", () => {
  const any = (description: Template.Description) => Template.define(description)
  const reason = Effect.fnUntraced(function* (message: Message.TemplateMessage) {
    const { reason } = yield* Effect.flip(Message.validate(message))
    return reason._tag === "InvalidMessage" ? reason : assert.fail(reason._tag)
  })
  const ana = { header: { order_no: "A-31" }, buttons: { Stop: "stop:31", Track: "77" } }

  it.effect.each([
    ["nothing", orderUpdate.description, undefined, "header.order_no", "expected a value"],
    ["a missing value", orderUpdate.description, { ...ana, body: { total } }, "body.first_name", "expected a value"],
    ["a number", orderUpdate.description, { ...ana, body: { first_name: 7, total } }, "body.first_name", "string"],
    ["null", orderUpdate.description, { ...ana, body: { first_name: null, total } }, "body.first_name", "string"],
    [
      "a line break",
      orderUpdate.description,
      { ...ana, body: { first_name: "A\nB", total } },
      "body.first_name",
      "line breaks"
    ],
    [
      "a value too many",
      orderUpdate.description,
      { ...ana, body: { first_name: "Ana", total, last_name: "B" } },
      "body.last_name",
      "no such value"
    ],
    [
      "an amount without a code",
      orderUpdate.description,
      { ...ana, body: { first_name: "Ana", total: { type: "currency", currency: { fallback_value: "€1" } } } },
      "body.total.currency.code",
      "missing"
    ],
    ["a list for names", orderUpdate.description, { ...ana, body: ["Ana"] }, "body", "by name"],
    ["a string for a record", orderUpdate.description, { ...ana, body: "Ana" }, "body", "by name"],
    [
      "a missing button",
      orderUpdate.description,
      { ...ana, body: { first_name: "Ana", total }, buttons: { Stop: "s" } },
      "buttons.Track",
      "expected a value"
    ],
    ["too few", positional.description, { body: ["Ana"] }, "body[1]", "{{2}}"],
    ["too many", positional.description, { body: ["Ana", "B", "C"] }, "body[2]", "no such value"],
    [
      "a name in a list",
      positional.description,
      { body: [Template.text("Ana", { name: "foo" }), "B"] },
      "body[0].parameter_name",
      "no name"
    ],
    ["a gap", { ...hello.description, body: "{{1}} {{3}}" }, {}, "description.body", "without a gap"],
    ["a zeroth variable", { ...hello.description, body: "{{0}}" }, {}, "description.body", "without a gap"],
    ["a name in capitals", { ...hello.description, body: "{{First}}" }, {}, "description.body", "lower-case"],
    ["names and numbers", { ...hello.description, body: "{{1}} {{a}}" }, {}, "description.body", "or none"],
    [
      "two variables in the header",
      { ...hello.description, header: { type: "text", text: "{{a}} {{b}}" } },
      {},
      "description.header.text",
      "at most 1 variable, got 2"
    ],
    [
      "a number in the header and a name in the body",
      { ...hello.description, header: { type: "text", text: "{{1}}" }, body: "{{a}}" },
      {},
      "description.header.text",
      "that the body has"
    ],
    [
      "two variables in a link",
      { ...hello.description, buttons: [{ type: "url", url: "https://a.example/{{1}}/{{2}}" }] },
      {},
      "description.buttons[0].url",
      "got 2"
    ],
    [
      "three links",
      {
        ...hello.description,
        buttons: ["a", "b", "c"].map((text) => ({ type: "url" as const, text, url: "https://a.example" }))
      },
      {},
      "description.buttons",
      "got 3"
    ],
    [
      "a single card",
      { ...hello.description, carousel: [{ header: { type: "image" } }] },
      {},
      "description.carousel",
      "2 to 10 items, got 1"
    ],
    [
      "a wrong card",
      { ...hello.description, carousel: [{ body: "a" }, { body: "{{2}}" }] },
      {},
      "description.carousel[1].body",
      "without a gap"
    ],
    [
      "no sections",
      { name: "a", language: "en", buttons: [{ type: "mpm" }] },
      { buttons: { mpm: { sections: [] } } },
      "buttons.mpm.sections[0]",
      ""
    ],
    ["a blank code", code.description, { code: "  " }, "code", "blank"],
    ["a URL as a code", code.description, { code: "https://a.b/c" }, "code", "URL"],
    ["a code with emoji", code.description, { code: "12👍" }, "code", "emoji"],
    ["names for a list", positional.description, { body: { a: "Ana" } }, "body", "a list"],
    ["an unknown part", hello.description, { text: "x" }, "text", "no such value"],
    ["no object at all", hello.description, "x", "", "by name"],
    ["a code that is too long", code.description, { code: "1".repeat(16) }, "code", "got 16"],
    ["no code", code.description, {}, "code", "the code"],
    ["a card too few", cards.description, { body: ["A"], carousel: [] }, "carousel[0].header", "expected a value"],
    [
      "a card too many",
      { ...cards.description, body: "Hi", carousel: [{ header: { type: "image" } }, { header: { type: "image" } }] },
      { carousel: [1, 2, 3].map((id) => ({ header: { id: `${id}` } })) },
      "carousel[2]",
      "no such value"
    ],
    ["no cards of products", products.description, {}, "carousel", "cards"],
    [
      "no instant",
      offer.description,
      { limitedTimeOffer: "soon", buttons: { copy_code: "A" } },
      "limitedTimeOffer",
      "an instant"
    ],
    [
      "two buttons of one name",
      { name: "a", language: "en", buttons: [{ type: "quick_reply" }, { type: "quick_reply" }] },
      { buttons: { quick_reply: "a" } },
      "description.buttons[1].name",
      "the same text"
    ]
  ] as const)("are refused by name: %s", ([, description, values, field, details]) =>
    Effect.gen(function* () {
      const define: (values: unknown) => Message.TemplateMessage = Template.define<Template.Description>(description)
      const found = yield* reason(define(values))
      assert.strictEqual(found.field, field === "" ? "template" : `template.${field}`)
      assert.include(found.details, details)
    })
  )
  it.effect(
    "are told all at once, and never repeated",
    Effect.fn(function* () {
      const found = yield* reason(
        any(orderUpdate.description)({ ...ana, body: { first_name: "secret\n", name: "secret" } })
      )
      assert.strictEqual(found.field, "template.body.name")
      assert.include(found.details, "body.first_name: ")
      assert.include(found.details, "body.total: ")
      assert.notInclude(found.details, "secret")
    })
  )
  it.effect(
    "never leave",
    Effect.fn(function* () {
      const message = any(orderUpdate.description)({})
      const body = { to: { _tag: "Phone", digits: "393401234567" }, message } as const
      const issue = yield* Effect.flip(Schema.encodeEffect(SendMessage.Body)(body))
      assert.include(String(issue), '["template"]["header"]["order_no"]')
    })
  )
  it.effect(
    "make no message that could be sent after a copy lost what is wrong with it",
    Effect.fn(function* () {
      for (const message of [
        any(orderUpdate.description)({}),
        Template.oneTimePassword({ name: "a", language: "en", code: "1".repeat(16) })
      ]) {
        const copy: unknown = JSON.parse(JSON.stringify(message))
        const issue = yield* Effect.flip(Schema.decodeUnknownEffect(SendMessage.MessageBody)(copy))
        assert.include(String(issue), '["template"]["components"][0]')
        assert.notInclude(JSON.stringify(message), "1111")
        const { reason } = yield* Effect.flip(Message.validate({ ...message, template: { ...message.template } }))
        assert.match(reason._tag === "InvalidMessage" ? reason.field : "", /^template\.(header|code)/)
      }
    })
  )
  it.effect(
    "do not matter when the description itself is of no kind that is known",
    Effect.fn(function* () {
      const isTrusted = (description: unknown): description is Template.Description => description !== null
      for (const [description, field] of [
        [undefined, "description"],
        [{ name: "a" }, "description.language"],
        [{ name: "a", language: "en", header: { type: "hologram" } }, "description.header.type"],
        [{ name: "a", language: "en", buttons: [{ type: "dance" }] }, "description.buttons[0].type"]
      ] as const) {
        if (!isTrusted(description)) return assert.fail()
        const found = yield* reason(any(description)({ header: "x" }))
        assert.strictEqual(found.field, `template.${field}`)
      }
    })
  )
  it.effect(
    "are taken when they fit",
    Effect.fn(function* () {
      const message = any(orderUpdate.description)(values)
      assert.deepStrictEqual(message, orderUpdate(values))
      assert.deepStrictEqual(yield* Message.validate(message), message)
    })
  )
})
