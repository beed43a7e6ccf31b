import { assert, describe, it } from "@effect/vitest"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Envelope } from "@effect-whatsapp/core/wire"
import { Arbitrary, Schema } from "effect"
import { envelope } from "./deliveries.ts"

type Json = Schema.Json | undefined

const isObject = (json: Json): json is Schema.JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json)
const sum = (json: ReadonlyArray<Schema.Json>, count: (element: Schema.Json) => number): number =>
  json.reduce<number>((total, element) => total + count(element), 0)

/** Every element of a list is an item; what stands in place of a list is one, and what is absent is none. */
const listed = (json: Json, count: (element: Schema.Json) => number = () => 1): number =>
  json === undefined || json === null ? 0 : Array.isArray(json) ? sum(json, count) : 1
/** What is in an object; what stands in place of the object is one item, and what is absent is none. */
const within = (json: Json, count: (object: Schema.JsonObject) => number): number =>
  json === undefined || json === null ? 0 : isObject(json) ? count(json) : 1

/** The rule of design §4.4, written a second time. */
const counted: { readonly [field: string]: (value: Schema.JsonObject) => number } = {
  messages: (value) =>
    listed(value.messages) + listed(value.statuses) + listed(value.errors) + listed(value.user_actions),
  calls: (value) => listed(value.calls) + listed(value.statuses) || listed(value.errors),
  smb_message_echoes: (value) => listed(value.message_echoes),
  message_echoes: (value) => listed(value.message_echoes),
  group_lifecycle_update: (value) => listed(value.groups),
  group_participants_update: (value) => listed(value.groups),
  group_participant_update: (value) => listed(value.groups),
  group_settings_update: (value) => listed(value.groups),
  group_status_update: (value) => listed(value.groups),
  user_preferences: (value) => listed(value.user_preferences),
  smb_app_state_sync: (value) => listed(value.state_sync),
  history: (value) =>
    listed(value.history, (chunk) =>
      within(
        chunk,
        ({ errors, threads }) =>
          listed(threads, (thread) => within(thread, ({ messages }) => listed(messages))) + listed(errors)
      )
    ) +
    listed(value.messages) +
    listed(value.message_echoes) +
    listed(value.errors),
  standby: (value) =>
    within(
      value.standby,
      ({ message_echoes, messages, statuses }) => listed(messages) + listed(statuses) + listed(message_echoes)
    )
}
const ofChange = (change: Schema.Json): number => {
  if (!isObject(change) || typeof change.field !== "string" || !isObject(change.value)) return 1
  const count = Object.hasOwn(counted, change.field) ? counted[change.field] : undefined
  return Math.max(1, count?.(change.value) ?? 1)
}
const expected = (entries: ReadonlyArray<Schema.Json>): number =>
  sum(entries, (entry) => (isObject(entry) && Array.isArray(entry.changes) ? sum(entry.changes, ofChange) : 1))

const digest = DeliveryDigest.make("digest")
const tags = (bytes: Uint8Array) => fromDelivery(digest, bytes).map(({ event }) => event._tag)
const positions = (field: string, value: Schema.Json) =>
  Envelope.items({ entry: [{ id: "1", changes: [{ field, value }] }] }).map(({ position }) =>
    position.replace("entry[0].changes[0]", "")
  )
const utf8 = new TextEncoder()

describe("items of an envelope", () => {
  it.prop(
    "are as many as the table of items says, whatever the envelope holds",
    { envelope },
    ({ envelope }) => {
      const items = Envelope.items(envelope)
      assert.strictEqual(items.length, expected(envelope.entry))
      assert.strictEqual(new Set(items.map(({ position }) => position)).size, items.length)
    },
    { arbitrary: { runs: 1500, size: 12 } }
  )

  it.prop(
    "become exactly one event each, under a key, a position and in a lane",
    { envelope },
    ({ envelope }) => {
      const incoming = fromDelivery(digest, Delivery.encode(envelope))
      assert.strictEqual(incoming.length, expected(envelope.entry))
      assert.strictEqual(new Set(incoming.map(({ position }) => position)).size, incoming.length)
      for (const { key, lane } of incoming) assert.isTrue(key !== "" && lane !== "")
    },
    { arbitrary: { runs: 1500, size: 12 } }
  )

  it("stand in Meta's order over entries, changes and lists", () => {
    const change = (...ids: ReadonlyArray<string>) => ({
      field: "messages",
      value: { statuses: ids.map((id) => ({ id: `${id}s` })), messages: ids.map((id) => ({ id })) }
    })
    const items = Envelope.items({
      entry: [
        { id: "1", changes: [change("a", "b"), change("c")] },
        { id: "2", changes: [change("d")] }
      ]
    })
    assert.deepStrictEqual(
      items.map(({ raw }) => (isObject(raw) ? raw.id : undefined)),
      ["a", "b", "as", "bs", "c", "cs", "d", "ds"]
    )
    assert.deepStrictEqual(
      items.map(({ entryId }) => entryId),
      ["1", "1", "1", "1", "1", "1", "2", "2"]
    )
  })

  it("are a thousand when a delivery carries a thousand", () => {
    const statuses = Array.from({ length: 1000 }, (_, i) => Delivery.statusItem(`wamid.${i}`, "sent"))
    const incoming = fromDelivery(digest, Delivery.messages({ statuses }))
    assert.strictEqual(incoming.length, 1000)
    assert.strictEqual(new Set(incoming.map(({ key }) => key)).size, 1000)
  })

  it("are the errors of a call only when no call stands beside them", () => {
    assert.deepStrictEqual(positions("calls", { calls: [{}], errors: [{}, {}] }), [".value.calls[0]"])
    assert.deepStrictEqual(positions("calls", { calls: [], errors: [{}, {}] }), [
      ".value.errors[0]",
      ".value.errors[1]"
    ])
  })

  it("are the messages of every thread of a history, and its errors", () => {
    const history = [{ threads: [{ messages: [{}, {}] }, { messages: [{}] }] }, { errors: [{}] }]
    assert.deepStrictEqual(positions("history", { history }), [
      ".value.history[0].threads[0].messages[0]",
      ".value.history[0].threads[0].messages[1]",
      ".value.history[0].threads[1].messages[0]",
      ".value.history[1].errors[0]"
    ])
  })

  it("are nested one level deeper on standby", () => {
    const standby = { messages: [{}], statuses: [{}], message_echoes: [{}], contacts: [{}] }
    assert.deepStrictEqual(positions("standby", { standby }), [
      ".value.standby.messages[0]",
      ".value.standby.statuses[0]",
      ".value.standby.message_echoes[0]"
    ])
  })

  it("are the whole change where no list is known, or none holds anything", () => {
    for (const field of ["account_update", "__proto__", "constructor", "messages", "history", "standby", "calls"]) {
      for (const value of [{}, { later: [{}, {}] }]) assert.deepStrictEqual(positions(field, value), [""])
    }
    assert.deepStrictEqual(positions("security", null), [""])
  })

  it("are one where the envelope is broken, and harm nothing beside it", () => {
    const good = { field: "messages", value: { messages: [{}] } }
    const entries: ReadonlyArray<Schema.Json> = [
      null,
      7,
      { id: "1" },
      { changes: {} },
      { changes: [null, {}, { field: 1 }, { field: "messages" }, { field: "messages", value: [] }, good] }
    ]
    const items = Envelope.items({ entry: entries })
    assert.deepStrictEqual(
      items.map(({ broken, position }) => (broken ? `${broken.path}: ${broken.reason}` : `${position} is fine`)),
      [
        "entry[0]: expected an object",
        "entry[1]: expected an object",
        "entry[2].changes: expected a list",
        "entry[3].changes: expected a list",
        "entry[4].changes[0]: expected an object",
        "entry[4].changes[1].field: expected a string",
        "entry[4].changes[2].field: expected a string",
        "entry[4].changes[3].value: expected an object",
        "entry[4].changes[4].value: expected an object",
        "entry[4].changes[5].value.messages[0] is fine"
      ]
    )
  })

  it("are one where a list is broken that several paths share", () => {
    assert.deepStrictEqual(positions("history", { history: "x" }), [".value.history"])
    assert.deepStrictEqual(positions("history", { history: ["x", { threads: 1 }] }), [
      ".value.history[0]",
      ".value.history[1].threads"
    ])
    assert.deepStrictEqual(positions("standby", { standby: [] }), [".value.standby"])
  })
})

describe("a delivery", () => {
  it("without entries is no event", () => {
    assert.deepStrictEqual(tags(Delivery.encode({ object: "whatsapp_business_account", entry: [] })), [])
    assert.deepStrictEqual(tags(Delivery.encode({ entry: [{ id: "1", changes: [] }] })), [])
  })

  it.each([
    ["no bytes", new Uint8Array(), "not JSON"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), "not UTF-8"],
    ["a text that is cut short", Delivery.text("wamid.1").subarray(0, 40), "not JSON"],
    ["HTML", utf8.encode("<html></html>"), "not JSON"],
    ["null", utf8.encode("null"), "not a JSON object"],
    ["a list", utf8.encode("[]"), "not a JSON object"],
    ["a string", utf8.encode(`"entry"`), "not a JSON object"],
    ["an empty object", utf8.encode("{}"), "no entry list"],
    ["an entry that is an object", utf8.encode(`{"entry":{"0":{}}}`), "no entry list"],
    ["an entry that is null", utf8.encode(`{"entry":null}`), "no entry list"]
  ])("of %s is one DeliveryUnreadable that keeps the bytes and says why", (_, bytes, reason) => {
    assert.deepStrictEqual(fromDelivery(digest, bytes), [
      { position: "", key: "digest", lane: "digest", event: { _tag: "DeliveryUnreadable", digest, reason, bytes } }
    ])
  })

  it.prop("of any bytes is read or is one DeliveryUnreadable, and nothing throws", [Schema.Uint8Array], ([bytes]) => {
    assert.deepStrictEqual(tags(bytes), ["DeliveryUnreadable"])
  })

  it.prop(
    "that was cut, lengthened or scratched on the way throws nothing",
    {
      envelope,
      at: Arbitrary.schema(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
      length: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 }))),
      by: Schema.Uint8Array
    },
    ({ at, by, envelope, length }) => {
      const bytes = Delivery.encode(envelope)
      const from = Math.floor(at * bytes.length)
      const scratched = Uint8Array.of(...bytes.subarray(0, from), ...by, ...bytes.subarray(from + length))
      const found = tags(scratched)
      assert.isTrue(found.length !== 1 || typeof found[0] === "string")
    }
  )

  it.prop("with JSON anywhere is never unreadable as long as it has an entry list", { envelope }, ({ envelope }) => {
    assert.notInclude(tags(Delivery.encode(envelope)), "DeliveryUnreadable")
  })
})
