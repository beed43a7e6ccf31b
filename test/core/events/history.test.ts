import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, WaId } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import type { JsonObject } from "../wire/deliveries.ts"
import { brokenAt, digest, json, only, tagged } from "./delivered.ts"

const { businessAccountId, displayPhoneNumber, phoneNumberId } = Delivery.defaults
const metadata = { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId }
const phone = WaId.make("16505550177")
const bsuid = BusinessScopedUserId.make("US.48210773395516620014")
const parent = BusinessScopedUserId.make("US.ENT.90417735520018846271")

const history = (value: JsonObject) => only(Delivery.change("history", { metadata, ...value }))
const piece = { metadata: { phase: 1, chunk_order: 3, progress: 61 } }
const inThread = (item: Schema.Json, thread: JsonObject = { id: phone }, rest: JsonObject = {}) =>
  history({ history: [{ ...piece, threads: [{ ...thread, messages: [item] }] }], ...rest })
const received = (item: Schema.Json, thread?: JsonObject, rest?: JsonObject) =>
  tagged("HistoryMessageReceived", inThread(item, thread, rest))
const media = (list: "messages" | "message_echoes", item: Schema.Json, contacts: ReadonlyArray<Schema.Json> = []) =>
  history({ [list]: [item], contacts })

const minimal = { id: "wamid.1", timestamp: "1781000044" } as const
const text = { ...minimal, from: phone, type: "text", text: { body: "lovely" } } as const
const image = { ...minimal, type: "image", image: { id: "m1", mime_type: "image/jpeg" } } as const
const declined = { code: 2593109, title: "Sharing off", error_data: { details: "The history is private." } }

describe("a message of the history", () => {
  it("is a HistoryMessageReceived with all that Meta tells", () => {
    const item = { ...text, context: { id: "wamid.0" }, history_context: { status: "READ" } }
    const context = { wa_id: phone, user_id: bsuid, parent_user_id: parent, username: "@ida.voss" }
    const event = received(item, { id: phone, context })
    assert.deepStrictEqual(json(event), {
      _tag: "HistoryMessageReceived",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${bsuid}`,
      user: { waId: phone, userId: bsuid, parentUserId: parent, username: "ida.voss" },
      fromBusiness: false,
      timestamp: "2026-06-09T10:14:04.000Z",
      status: "Read",
      phase: 1,
      chunkOrder: 3,
      progress: 61,
      context: { wamid: "wamid.0" },
      content: { _tag: "Text", text: "lovely" }
    })
    assert.deepStrictEqual(event.raw, item)
  })

  it("needs no more than id and timestamp", () => {
    const event = tagged("HistoryMessageReceived", history({ history: [{ threads: [{ messages: [minimal] }] }] }))
    assert.deepStrictEqual(json(event), {
      _tag: "HistoryMessageReceived",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/wamid.1`,
      user: {},
      fromBusiness: false,
      timestamp: "2026-06-09T10:14:04.000Z",
      content: { _tag: "Unsupported", type: "unknown", errors: [] }
    })
  })

  it("may be the placeholder of a file", () => {
    assert.deepStrictEqual(json(received({ ...minimal, from: phone, type: "media_placeholder" })).content, {
      _tag: "Unsupported",
      type: "media_placeholder",
      errors: []
    })
  })

  it.each([
    ["SENT", "Sent"],
    ["DELIVERED", "Delivered"],
    ["READ", "Read"],
    ["PLAYED", "Played"],
    ["ERROR", "Failed"],
    ["PENDING", "Pending"],
    ["read", "Read"],
    ["LATER", "Unknown"],
    ["constructor", "Unknown"],
    ["", undefined],
    [null, undefined],
    [{}, undefined]
  ])("of status %j is %s", (status, expected) => {
    assert.strictEqual(received({ ...text, history_context: { status } }).status, expected)
  })

  it("loses no more than an odd ornament", () => {
    const odd = {
      history: [{ metadata: { phase: "1", progress: [] }, threads: [{ id: {}, context: 7, messages: [text] }] }]
    }
    const event = tagged("HistoryMessageReceived", history(odd))
    assert.deepStrictEqual([event.phase, event.progress, event.user], [1, undefined, { waId: phone }])
    assert.strictEqual(received({ ...text, history_context: "READ" }).status, undefined)
  })

  it.each([
    ["no id", { timestamp: "1" }, ".id", "missing"],
    ["an empty id", { ...text, id: "" }, ".id", "expected an id"],
    ["no timestamp", { id: "1" }, ".timestamp", "missing"],
    ["no body", { ...text, text: {} }, ".text.body", "missing"],
    ["a recipient of another kind", { ...text, to: [] }, ".to", "expected string | number | null"]
  ])("with %s is Undecodable", (_, item, path, reason) => {
    assert.deepStrictEqual(brokenAt(inThread(item), "history[0].threads[0].messages[0]"), [path, reason])
  })
})

describe("the two sides of a message of the history", () => {
  const side = (item: JsonObject, thread?: JsonObject, rest?: JsonObject) => {
    const { fromBusiness, user } = received({ ...minimal, type: "text", text: { body: "x" }, ...item }, thread, rest)
    return [fromBusiness ? "business" : "customer", user] as const
  }

  it.each<[what: string, side: string, item: JsonObject, thread?: JsonObject]>([
    ["our number wrote it", "business", { from: displayPhoneNumber }],
    ["our number wrote it, in another spelling", "business", { from: "+1 555-730-0142", to: phone }],
    ["the customer of the thread wrote it", "customer", { from: phone }],
    ["the customer of the thread wrote it to us", "customer", { from: phone, to: displayPhoneNumber }],
    [
      "the customer of the thread wrote it to a number that we had before",
      "customer",
      { from: phone, to: "15557300199" }
    ],
    ["it went to the customer from a number that we had before", "business", { from: "15557300199", to: phone }],
    ["it went to a BSUID", "business", { to_user_id: bsuid }, { context: { wa_id: phone } }],
    [
      "a BSUID wrote it",
      "customer",
      { from_user_id: bsuid, to: "15557300199" },
      { context: { wa_id: phone, user_id: "US.1" } }
    ],
    ["somebody wrote it to our number", "customer", { from: "16505550188", to: displayPhoneNumber }],
    ["nothing tells who did", "customer", {}]
  ])("are told apart where %s: %s", (_, expected, item, thread) => {
    const [who, user] = side(item, thread)
    assert.deepStrictEqual([who, user.waId], [expected, phone])
  })

  it("are told apart without the number of the business, as far as the rest tells", () => {
    const rest = { metadata: { phone_number_id: phoneNumberId } }
    assert.deepStrictEqual(side({ from: displayPhoneNumber, to: phone }, {}, rest), ["business", { waId: phone }])
    assert.deepStrictEqual(side({ from: phone }, { id: phone }, rest), ["customer", { waId: phone }])
  })

  it("know the customer by the thread, and by the message where the thread is silent", () => {
    const theirs = { from: phone, from_user_id: bsuid, from_parent_user_id: parent }
    const ours = { from: displayPhoneNumber, to: phone, to_user_id: bsuid, to_parent_user_id: parent }
    const all = { waId: phone, userId: bsuid, parentUserId: parent }
    assert.deepStrictEqual(side(theirs, {}), ["customer", all])
    assert.deepStrictEqual(side(ours, {}), ["business", all])
    assert.deepStrictEqual(side({ from_user_id: "US.1" }, { id: phone, context: { user_id: bsuid } }), [
      "customer",
      { waId: phone, userId: bsuid }
    ])
  })

  it.each([
    [{ id: "+16505550177" }, { waId: phone }],
    [{ id: 16505550177 }, { waId: phone }],
    [{ id: bsuid }, { userId: bsuid }],
    [{ id: parent }, { parentUserId: parent }],
    [{ id: "", context: { wa_id: "", user_id: bsuid } }, { userId: bsuid }],
    [{ id: "1", context: { wa_id: phone } }, { waId: phone }]
  ])("know the customer of the thread %j", (thread, user) => {
    assert.deepStrictEqual(side({ from: displayPhoneNumber }, thread), ["business", user])
  })
})

describe("a file of the history", () => {
  it("comes with its content after its placeholder, under the same id, and is no duplicate of it", () => {
    const placeholder = inThread({ ...minimal, from: phone, type: "media_placeholder" })
    const content = media("messages", { ...image, from: phone })
    const event = tagged("HistoryMessageReceived", content)
    assert.deepStrictEqual(json(event), {
      _tag: "HistoryMessageReceived",
      wamid: "wamid.1",
      phoneNumberId,
      businessAccountId,
      conversationId: `${phoneNumberId}/${phone}`,
      user: { waId: phone },
      fromBusiness: false,
      timestamp: "2026-06-09T10:14:04.000Z",
      content: { _tag: "Image", media: { id: "m1", mimeType: "image/jpeg" } }
    })
    assert.strictEqual(placeholder.key, `history/${phoneNumberId}/message/wamid.1`)
    assert.strictEqual(content.key, `history/${phoneNumberId}/history media/wamid.1`)
    assert.strictEqual(content.lane, placeholder.lane)
    assert.notStrictEqual(media("messages", { ...image, id: "wamid.2" }).key, content.key)
  })

  it("is from the business among the echoes, to the customer that it names or the only contact", () => {
    const sent = tagged("HistoryMessageReceived", media("message_echoes", { ...image, from: "1", to: phone }))
    assert.deepStrictEqual([sent.fromBusiness, sent.user], [true, { waId: phone }])
    const ida = { wa_id: phone, user_id: bsuid, profile: { username: "ida.voss" } }
    const incoming = media("message_echoes", image, [ida])
    const user = { waId: phone, userId: bsuid, username: "ida.voss" }
    const nameless = tagged("HistoryMessageReceived", incoming)
    assert.deepStrictEqual([nameless.fromBusiness, nameless.user], [true, user])
    assert.deepStrictEqual(incoming.person, { user, otherwise: "wamid.1" })
    assert.strictEqual(incoming.key, media("messages", image).key)
  })
})

describe("the history itself", () => {
  it("that is not shared is a HistoryDeclined", () => {
    const incoming = history({ history: [{ errors: [declined] }] })
    const event = tagged("HistoryDeclined", incoming)
    assert.deepStrictEqual(json(event), {
      _tag: "HistoryDeclined",
      businessAccountId,
      phoneNumberId,
      error: { code: 2593109, title: "Sharing off", details: "The history is private." }
    })
    assert.deepStrictEqual(event.raw, declined)
    assert.strictEqual(incoming.lane, `history/${businessAccountId}/${phoneNumberId}`)
    assert.strictEqual(tagged("HistoryDeclined", history({ history: [{ errors: [{}] }] })).error.code, 0)
    const broken = tagged("Undecodable", history({ history: [{ errors: ["private"] }] }))
    assert.strictEqual(broken.path, "entry[0].changes[0].value.history[0].errors[0]")
  })

  it("without any message is a HistoryProgressed of all its pieces", () => {
    const value = { metadata, history: [{ ...piece, threads: [] }, { metadata: { progress: "100" } }, null, {}] }
    const incoming = history(value)
    const event = tagged("HistoryProgressed", incoming)
    assert.deepStrictEqual(json(event), {
      _tag: "HistoryProgressed",
      businessAccountId,
      phoneNumberId,
      chunks: [{ phase: 1, chunkOrder: 3, progress: 61 }, { progress: 100 }, {}]
    })
    assert.deepStrictEqual(event.raw, { field: "history", value })
    assert.strictEqual(incoming.key, "digest/entry[0].changes[0]")
    assert.strictEqual(incoming.lane, `history/${businessAccountId}/${phoneNumberId}`)
  })

  it("is unknown where it holds nothing that we know", () => {
    assert.deepStrictEqual(tagged("UnknownFieldReceived", history({ later: [] })).field, "history")
  })

  it("reads what its messages share once, whatever stands there", () => {
    const many = Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`later${i}`, i]))
    const messages = Array.from({ length: 1500 }, (_, i) => ({ ...text, id: `wamid.${i}` }))
    const odd = { ...many, metadata: { phase: "1" }, threads: [{ ...many, id: 16505550177, messages }] }
    const bytes = Delivery.change("history", { metadata, history: [odd] })
    // A message that reads all of it takes ten milliseconds: together more than a test may.
    const events = fromDelivery(digest, bytes).map((it) => tagged("HistoryMessageReceived", it))
    assert.deepStrictEqual(
      events.map(({ phase, user }) => `${phase} ${user.waId}`),
      messages.map(() => `1 ${phone}`)
    )
  })

  it("gives each message the piece that it came in", () => {
    const piece = (chunk_order: number, ...ids: ReadonlyArray<string>) => ({
      metadata: { chunk_order },
      threads: ids.map((id) => ({ id, messages: [{ ...text, from: id, id: `wamid.${id}` }] }))
    })
    const bytes = Delivery.change("history", { metadata, history: [piece(2, "1", "2"), piece(1, "3")] })
    assert.deepStrictEqual(
      fromDelivery(digest, bytes).map((it) => {
        const { chunkOrder, user } = tagged("HistoryMessageReceived", it)
        return `${user.waId} in ${chunkOrder}`
      }),
      ["1 in 2", "2 in 2", "3 in 1"]
    )
  })
})
