/** Templates of the account: listed, made, changed, reviewed and deleted. */
import { assert, describe, it } from "@effect/vitest"
import type { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Array, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { codesOf, type Emulator, get, listOf, objectOf, orderUpdate, postJson, refusalOf, templates } from "./manage.ts"
import { call, errorOf, type Fields, makeEmulator, makeWorld, phone, post, templateTo, valueOf } from "./world.ts"

type Definition = NonNullable<CloudApiEmulator.Options["templates"]>[number]

const approved = { review: "APPROVED" } as const

const numbered = (count: number): ReadonlyArray<Definition> =>
  Array.makeBy(count, (i) => ({ name: `offer_${i}`, language: "en", category: i % 2 === 0 ? "utility" : "marketing" }))

const create = (emulator: Emulator, template: Schema.Json = orderUpdate) => postJson(emulator, templates, template)

const created = (emulator: Emulator, template?: Schema.Json) =>
  Effect.map(create(emulator, template), (answer) =>
    Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String, status: Schema.String, category: Schema.String }))(
      answer.json()
    )
  )

/** Every page, along the cursors. */
const pagesOf = Effect.fnUntraced(function* (emulator: Emulator, query: string) {
  const pages: Array<ReadonlyArray<Schema.Json | undefined>> = []
  let after = ""
  do {
    const { data, paging } = listOf(yield* call(emulator, "GET", `${templates}?${query}${after}`))
    pages.push(data.map((one) => one.name))
    after = paging?.next === undefined ? "" : `&after=${paging.cursors.after}`
  } while (after !== "")
  return pages
})

describe("the list of templates", () => {
  it.effect(
    "comes in pages of 25",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templates: numbered(60) })
      const pages = yield* pagesOf(emulator, "fields=name")
      assert.deepStrictEqual(
        pages.map((page) => page.length),
        [25, 25, 10]
      )
      assert.deepStrictEqual(
        pages.flat(),
        numbered(60).map((one) => one.name)
      )
    })
  )

  it.effect(
    "goes back by `before`",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templates: numbered(6) })
      const page = (query: string) =>
        Effect.map(call(emulator, "GET", `${templates}?limit=2&fields=name${query}`), listOf)
      const first = yield* page("")
      const second = yield* page(`&after=${first.paging?.cursors.after}`)
      const third = yield* page(`&after=${second.paging?.cursors.after}`)
      assert.deepStrictEqual((yield* page(`&before=${third.paging?.cursors.before}`)).data, second.data)
      assert.isUndefined(first.paging?.previous)
      assert.isString(second.paging?.previous)
    })
  )

  it.effect(
    "goes on where it was when what a cursor points to is deleted",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templates: numbered(4) })
      const first = listOf(yield* call(emulator, "GET", `${templates}?limit=2&fields=name`))
      yield* call(emulator, "DELETE", `${templates}?name=offer_1`)
      const rest = listOf(yield* call(emulator, "GET", `${templates}?fields=name&after=${first.paging?.cursors.after}`))
      assert.deepStrictEqual(
        rest.data.map((one) => one.name),
        ["offer_2", "offer_3"]
      )
    })
  )

  it.effect(
    "may come in short pages, and with empty ones between",
    Effect.fn(function* () {
      const short = yield* makeEmulator({ templates: numbered(5), templateStanding: { pages: "short" } })
      assert.deepStrictEqual(
        (yield* pagesOf(short, "limit=4")).map((page) => page.length),
        [2, 2, 1]
      )
      const sparse = yield* makeEmulator({ templates: numbered(5), templateStanding: { pages: "withEmpty" } })
      assert.deepStrictEqual(
        (yield* pagesOf(sparse, "limit=2")).map((page) => page.length),
        [2, 0, 2, 0, 1]
      )
    })
  )

  it.effect(
    "shows what is asked for",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({
        templates: [
          ...numbered(4),
          { name: "offer_1", language: "de", category: "marketing", status: "REJECTED", rejected_reason: "SCAM" }
        ]
      })
      const names = (query: string) => Effect.map(pagesOf(emulator, query), (pages) => pages.flat())
      assert.deepStrictEqual(yield* names("name=offer_1"), ["offer_1", "offer_1"])
      // Meta takes a part of the name.
      assert.strictEqual((yield* names("name=offer")).length, 5)
      assert.deepStrictEqual(yield* names("name=offer_1&language=de"), ["offer_1"])
      assert.deepStrictEqual(yield* names("status=REJECTED"), ["offer_1"])
      assert.deepStrictEqual(yield* names("category=UTILITY"), ["offer_0", "offer_2"])
      const one = listOf(
        yield* call(emulator, "GET", `${templates}?status=REJECTED&fields=name,rejected_reason,quality_score{score}`)
      )
      const { id, ...rest } = one.data[0] ?? {}
      assert.isString(id)
      assert.deepStrictEqual(rest, {
        name: "offer_1",
        rejected_reason: "SCAM",
        quality_score: { score: "UNKNOWN" }
      })
      const { summary } = listOf(
        yield* call(emulator, "GET", `${templates}?category=UTILITY&summary=total_count,message_template_count`)
      )
      assert.deepStrictEqual(summary, { total_count: 2, message_template_count: 5 })
    })
  )

  const wrong = [
    "limit=0",
    "limit=-1",
    "limit=101",
    "limit=1e9",
    "limit=99999999999999999999",
    "limit=x",
    "after=%00%ff",
    "after=bm90IGEgY3Vyc29y",
    `after=${"9".repeat(5000)}`,
    "before=..%2f..",
    "fields=colour"
  ]
  it.effect.each(wrong.map((query) => [query] as const))(
    "is refused with %s",
    Effect.fn(function* ([query]) {
      const emulator = yield* makeEmulator({ templates: numbered(3) })
      const answer = yield* call(emulator, "GET", `${templates}?${query}`)
      assert.deepStrictEqual([answer.status, ...codesOf(answer)], [400, 100])
    })
  )
})

describe("a new template", () => {
  it.effect(
    "waits for a review, can be sent once it is approved, and the webhook hears of it",
    Effect.fn(function* () {
      const { emulator, webhook } = yield* makeWorld({ templates: [] })
      const { id, ...rest } = yield* created(emulator)
      assert.deepStrictEqual(rest, { status: "PENDING", category: "UTILITY" })
      const send = post(emulator, templateTo(phone, "order_update", "Ana", "A-31"))
      assert.strictEqual(errorOf(yield* send).code, 132001)
      yield* emulator.setTemplateStatus(orderUpdate, "APPROVED")
      assert.deepStrictEqual(valueOf(yield* webhook.next), {
        event: "APPROVED",
        message_template_id: Number(id),
        message_template_name: "order_update",
        message_template_language: "en_US",
        message_template_category: "UTILITY",
        reason: "NONE"
      })
      assert.strictEqual((yield* send).status, 200)
      assert.deepStrictEqual(yield* get(emulator, `/v23.0/${id}?fields=name,status,components,parameter_format`), {
        id,
        name: "order_update",
        status: "APPROVED",
        components: orderUpdate.components,
        parameter_format: "POSITIONAL"
      })
      assert.deepStrictEqual(
        (yield* emulator.templates).map((one) => [one.id, one.name]),
        [[id, "order_update"]]
      )
    })
  )

  it.effect(
    "is not sent while it is paused or disabled",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ templates: [], templateStanding: approved })
      yield* created(emulator)
      const codeAs = (status: string) =>
        Effect.andThen(
          emulator.setTemplateStatus(orderUpdate, status, "ABUSIVE_CONTENT"),
          Effect.map(post(emulator, templateTo(phone, "order_update", "a", "b")), (answer) => errorOf(answer).code)
        )
      assert.strictEqual(yield* codeAs("PAUSED"), 132015)
      assert.strictEqual(yield* codeAs("DISABLED"), 132016)
      assert.strictEqual(yield* codeAs("REJECTED"), 132001)
    })
  )

  it.effect(
    "is heard of only by those who are subscribed",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ templates: [], subscription: { fields: ["messages"] } })
      yield* created(emulator)
      const { first } = yield* emulator.setTemplateStatus(orderUpdate, "APPROVED")
      assert.strictEqual(first.failure, "NotSubscribed")
    })
  )

  it.effect(
    "of codes gets Meta's words, and its button is read back as a link",
    Effect.fn(function* () {
      const { emulator } = yield* makeWorld({ templates: [], templateStanding: approved })
      const { id } = yield* created(emulator, {
        name: "login_code",
        language: "en_US",
        category: "authentication",
        components: [
          { type: "body", add_security_recommendation: true },
          { type: "footer", code_expiration_minutes: 10 },
          { type: "buttons", buttons: [{ type: "otp", otp_type: "copy_code", text: "Copy" }] }
        ]
      })
      const node = yield* get(emulator, `/v23.0/${id}`)
      const text = JSON.stringify(node.components)
      assert.include(text, "*{{1}}* is your verification code. For your security, do not share this code.")
      assert.include(text, "This code expires in 10 minutes.")
      assert.include(text, `"type":"URL","text":"Copy"`)
    })
  )

  const body = (text: string, more: Fields = {}): Schema.JsonObject => ({ type: "BODY", text, ...more })
  const fine = body("Your order ships today.")
  const two = { example: { body_text: [["Ana", "A-31"]] } }
  const button = (more: Fields): Schema.JsonObject => ({ type: "BUTTONS", buttons: [more] })
  const header = (more: Fields): Schema.JsonObject => ({ type: "HEADER", ...more })
  const withParts = (...components: ReadonlyArray<Schema.Json>): Fields => ({ ...orderUpdate, components })
  const card: Schema.JsonObject = { components: [header({ format: "LOCATION" }), body("A lamp.")] }

  const refused: ReadonlyArray<readonly [name: string, template: Schema.JsonObject, subcode: number | undefined]> = [
    ["a name in capitals", { ...orderUpdate, name: "Order" }, undefined],
    ["an empty name", { ...orderUpdate, name: "" }, undefined],
    ["a name of 513", { ...orderUpdate, name: "a".repeat(513) }, 2388040],
    ["a name that is no text", { ...orderUpdate, name: { a: 1 } }, undefined],
    ["a language that there is not", { ...orderUpdate, language: "xx_YY" }, undefined],
    ["a category that there is not", { ...orderUpdate, category: "NEWS" }, undefined],
    ["components that are none", { ...orderUpdate, components: "x" }, undefined],
    ["components that are no objects", withParts(1, null), undefined],
    ["no body", withParts(header({ format: "LOCATION" })), undefined],
    ["two bodies", withParts(fine, fine), undefined],
    ["an unknown component", withParts(fine, { type: "FOOTNOTE" }), undefined],
    ["an empty body", withParts(body(" ")), 2388072],
    ["a body of 1025", withParts(body("a".repeat(1025))), 2388040],
    ["variables out of order", withParts(body("Hi {{2}}, it ships to you today.", two)), 2388072],
    ["a broken variable", withParts(body("Hi {{1}, it ships to you today.")), 2388072],
    ["a name in place of a number", withParts(body("Hi {{name}}, it ships today.", two)), 2388072],
    ["a variable at the start", withParts(body("{{1}} ships today to you.", two)), 2388299],
    ["a variable at the end", withParts(body("Your order is now {{1}}", two)), 2388299],
    ["more variables than words", withParts(body("Hi {{1}} and {{2}}.", two)), 2388293],
    ["no example", withParts(body("Hi {{1}}, it ships today.")), 2388043],
    [
      "an example too few",
      withParts(body("Hi {{1}}, order {{2}} ships today at noon.", { example: { body_text: [["a"]] } })),
      2388043
    ],
    ["a header of 61", withParts(fine, header({ format: "TEXT", text: "a".repeat(61) })), 2388040],
    ["a header of two lines", withParts(fine, header({ format: "TEXT", text: "a\nb" })), 2388047],
    ["two variables in the header", withParts(fine, header({ format: "TEXT", text: "{{1}} {{2}}" })), 2388047],
    ["no example of the header", withParts(fine, header({ format: "TEXT", text: "No {{1}}" })), 2388043],
    ["no sample of an image", withParts(fine, header({ format: "IMAGE" })), 2388043],
    [
      "a sample that nobody uploaded",
      withParts(fine, header({ format: "IMAGE", example: { header_handle: ["4::x"] } })),
      undefined
    ],
    ["a header of another kind", withParts(fine, header({ format: "SOUND" })), undefined],
    ["a variable in the footer", withParts(fine, { type: "FOOTER", text: "To {{1}}" }), 2388073],
    ["a footer of 61", withParts(fine, { type: "FOOTER", text: "a".repeat(61) }), 2388040],
    ["no button", withParts(fine, { type: "BUTTONS", buttons: [] }), undefined],
    ["a label of 26", withParts(fine, button({ type: "QUICK_REPLY", text: "a".repeat(26) })), undefined],
    ["a link that is none", withParts(fine, button({ type: "URL", text: "Go", url: "shop" })), undefined],
    ["a link without example", withParts(fine, button({ type: "URL", text: "Go", url: "https://a.b/{{1}}" })), 2388043],
    [
      "a variable inside a link",
      withParts(fine, button({ type: "URL", text: "Go", url: "https://a.b/{{1}}/c", example: ["x"] })),
      undefined
    ],
    ["a code without example", withParts(fine, button({ type: "COPY_CODE" })), 2388043],
    [
      "a code button outside authentication",
      withParts(fine, button({ type: "OTP", otp_type: "COPY_CODE" })),
      undefined
    ],
    ["a flow without a flow", withParts(fine, button({ type: "FLOW", text: "Book" })), undefined],
    [
      "three links",
      withParts(fine, {
        type: "BUTTONS",
        buttons: ["a", "b", "c"].map((text) => ({ type: "URL", text, url: "https://a.b" }))
      }),
      undefined
    ],
    [
      "replies here and there",
      withParts(fine, {
        type: "BUTTONS",
        buttons: [
          { type: "QUICK_REPLY", text: "a" },
          { type: "PHONE_NUMBER", text: "b", phone_number: "+4930123456" },
          { type: "QUICK_REPLY", text: "c" }
        ]
      }),
      undefined
    ],
    ["one card", withParts(fine, { type: "CAROUSEL", cards: [card] }), undefined],
    [
      "cards of two kinds",
      withParts(fine, { type: "CAROUSEL", cards: [card, { components: [body("x")] }] }),
      undefined
    ],
    [
      "a card with a long body",
      withParts(fine, {
        type: "CAROUSEL",
        cards: [card, { components: [header({ format: "LOCATION" }), body("a".repeat(161))] }]
      }),
      2388040
    ],
    [
      "an offer that is no marketing",
      withParts(fine, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Now" } }),
      undefined
    ],
    [
      "words in a template of codes",
      { ...withParts(body("Code"), button({ type: "OTP", otp_type: "COPY_CODE" })), category: "AUTHENTICATION" },
      undefined
    ],
    ["a template of codes without a button", { ...withParts({ type: "BODY" }), category: "AUTHENTICATION" }, undefined],
    ["a lifetime of a second", { ...orderUpdate, message_send_ttl_seconds: 1 }, undefined],
    ["a format that there is not", { ...orderUpdate, parameter_format: "ORDERED" }, undefined]
  ]
  it.effect.each(refused)(
    "is refused with %s",
    Effect.fn(function* ([, template, subcode]) {
      const emulator = yield* makeEmulator()
      const answer = yield* create(emulator, template)
      const refusal = refusalOf(answer)
      assert.deepStrictEqual([answer.status, refusal.code, refusal.error_subcode], [400, 100, subcode])
      assert.strictEqual(refusal.error_user_msg === undefined, subcode === undefined)
      assert.deepStrictEqual(yield* emulator.templates, [])
    })
  )

  it.effect(
    "may have every component that Meta documents",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      yield* created(emulator, {
        name: "order_update",
        language: "en_US",
        category: "UTILITY",
        parameter_format: "named",
        message_send_ttl_seconds: 3600,
        components: [
          header({
            format: "TEXT",
            text: "Order {{order_no}}",
            example: { header_text_named_params: [{ param_name: "order_no", example: "A-31" }] }
          }),
          body("Hi {{first_name}}, it ships today.", {
            example: { body_text_named_params: [{ param_name: "first_name", example: "Ana" }] }
          }),
          { type: "FOOTER", text: "Shop Example" },
          {
            type: "BUTTONS",
            buttons: [
              { type: "QUICK_REPLY", text: "Stop" },
              { type: "URL", text: "Track", url: "https://shop.example/t/{{1}}", example: ["t/77"] },
              { type: "PHONE_NUMBER", text: "Call", phone_number: "+4930123456" }
            ]
          }
        ]
      })
      yield* created(emulator, { ...withParts(fine, { type: "CAROUSEL", cards: [card, card] }), name: "cards" })
      const [first] = yield* emulator.templates
      assert.deepInclude(first, { parameter_format: "NAMED", message_send_ttl_seconds: 3600 })
    })
  )

  it.effect(
    "is there once in a language, and not again for 30 days after it was deleted",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templateStanding: approved })
      yield* created(emulator)
      assert.deepStrictEqual(codesOf(yield* create(emulator)), [100, 2388024])
      yield* created(emulator, { ...orderUpdate, language: "de" })
      assert.deepStrictEqual(objectOf(yield* call(emulator, "DELETE", `${templates}?name=order_update`)), {
        success: true
      })
      assert.deepStrictEqual(codesOf(yield* create(emulator)), [100, 2388023])
      assert.strictEqual(errorOf(yield* post(emulator, templateTo(phone, "order_update", "a", "b"))).code, 132001)
      yield* TestClock.adjust("30 days")
      yield* created(emulator)
    })
  )

  it.effect(
    "does not fit into an account that is full",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templates: numbered(2), account: { templateLimit: 2 } })
      assert.deepStrictEqual(codesOf(yield* create(emulator)), [100, 2388019])
    })
  )

  it.effect(
    "may come as a form",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const { components, ...rest } = orderUpdate
      const form = new URLSearchParams({ ...rest, components: JSON.stringify(components) }).toString()
      const answer = yield* call(emulator, "POST", templates, {
        body: form,
        headers: { "content-type": "application/x-www-form-urlencoded" }
      })
      assert.strictEqual(answer.status, 200)
    })
  )

  const deep = 400_000
  const bodies = [
    "{",
    "[]",
    "null",
    "5",
    '"x"',
    `{"components":${"[".repeat(deep)}${"]".repeat(deep)}}`,
    `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    "\u0000"
  ]
  it.effect.each(bodies.map((text) => [text.slice(0, 20), text] as const))(
    "is not made of %j",
    Effect.fn(function* ([, text]) {
      const emulator = yield* makeEmulator()
      const answer = yield* call(emulator, "POST", templates, {
        body: text,
        headers: { "content-type": "application/json" }
      })
      assert.deepStrictEqual([answer.status, ...codesOf(answer)], [400, 100])
    })
  )
})

describe("a change of a template", () => {
  const other = [{ type: "BODY", text: "Your order has arrived." }]

  it.effect(
    "replaces what is given, and is reviewed again",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const { id } = yield* created(emulator)
      yield* emulator.setTemplateStatus(orderUpdate, "REJECTED", "INVALID_FORMAT")
      assert.strictEqual(
        (yield* get(emulator, `/v23.0/${id}?fields=rejected_reason`)).rejected_reason,
        "INVALID_FORMAT"
      )
      const answer = yield* postJson(emulator, `/v23.0/${id}`, { category: "MARKETING", components: other })
      assert.deepInclude(objectOf(answer), { success: true })
      assert.deepInclude(yield* get(emulator, `/v23.0/${id}?fields=status,category,components,rejected_reason`), {
        status: "PENDING",
        category: "MARKETING",
        components: other,
        rejected_reason: "NONE"
      })
    })
  )

  it.effect(
    "is refused in a state that does not allow it, and of an approved one twice a day",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templateStanding: approved })
      const { id } = yield* created(emulator)
      const change = (body: Schema.Json) => postJson(emulator, `/v23.0/${id}`, body)
      for (const status of ["PENDING", "DISABLED", "IN_APPEAL"]) {
        yield* emulator.setTemplateStatus(orderUpdate, status)
        assert.deepStrictEqual(codesOf(yield* change({ components: other })), [100, 2388039])
      }
      yield* emulator.setTemplateStatus(orderUpdate, "APPROVED")
      assert.deepStrictEqual(codesOf(yield* change({ category: "MARKETING", components: other })), [100, 2388039])
      assert.deepStrictEqual(codesOf(yield* change({})), [100])
      assert.deepStrictEqual(codesOf(yield* change({ components: [{ type: "BODY", text: "" }] })), [100, 2388072])
      assert.strictEqual((yield* change({ components: other })).status, 200)
      assert.deepStrictEqual(codesOf(yield* change({ components: other })), [100, 2388039])
      yield* TestClock.adjust("1 day")
      assert.strictEqual((yield* change({ components: other })).status, 200)
    })
  )
})

describe("a deletion", () => {
  const both = [
    { name: "order_update", language: "en", id: "901" },
    { name: "order_update", language: "de", id: "902" },
    { name: "blocked", language: "en", id: "903", status: "DISABLED" }
  ]
  const left = (emulator: Emulator) => Effect.map(emulator.templates, (all) => all.map((one) => one.id))

  it.effect(
    "is of one language, of all, or of a list",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator({ templates: both })
      yield* call(emulator, "DELETE", `${templates}?name=order_update&hsm_id=902`)
      assert.deepStrictEqual(yield* left(emulator), ["901", "903"])
      const again = yield* makeEmulator({ templates: both })
      yield* call(again, "DELETE", `${templates}?name=order_update`)
      assert.deepStrictEqual(yield* left(again), ["903"])
      const listed = yield* makeEmulator({ templates: both })
      yield* call(listed, "DELETE", `${templates}?hsm_ids=${encodeURIComponent("[901,902]")}`)
      assert.deepStrictEqual(yield* left(listed), ["903"])
    })
  )

  const wrong: ReadonlyArray<readonly [query: string, codes: ReadonlyArray<number>]> = [
    ["", [100]],
    ["name=", [100]],
    ["name=nothing", [100, 2593002]],
    ["name=order_update&hsm_id=903", [100, 2593002]],
    ["hsm_ids=901,999", [100, 2593002]],
    ["hsm_ids=901&name=order_update", [100]],
    ["name=blocked", [100]]
  ]
  it.effect.each(wrong)(
    "deletes nothing with %j",
    Effect.fn(function* ([query, codes]) {
      const emulator = yield* makeEmulator({ templates: both })
      assert.deepStrictEqual(codesOf(yield* call(emulator, "DELETE", `${templates}?${query}`)), codes)
      assert.deepStrictEqual(yield* left(emulator), ["901", "902", "903"])
    })
  )
})
