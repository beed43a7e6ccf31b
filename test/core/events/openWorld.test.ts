import { assert, describe, it } from "@effect/vitest"
import { BusinessAccountId, PhoneNumberId } from "@effect-whatsapp/core/domain"
import { fromDelivery, isMessageEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Arbitrary, Schema } from "effect"
import * as Deliveries from "../wire/deliveries.ts"
import { digest, incomingOf, message, minimal, only, status, tagged } from "./delivered.ts"

const secret = "hunter2"
const phoneNumberId = PhoneNumberId.make(Delivery.defaults.phoneNumberId)
const businessAccountId = BusinessAccountId.make(Delivery.defaults.businessAccountId)
const positioned = (path: string) => `entry[0].changes[0].value.${path}`

describe("a message of a type we do not know", () => {
  it.prop(
    "is an UnknownMessageReceived that keeps all of it",
    {
      type: Arbitrary.schema(Schema.NonEmptyString),
      extra: Deliveries.jsonObject,
      payload: Deliveries.json
    },
    ({ extra, payload, type }) => {
      const item = { ...extra, context: null, referral: null, errors: null, [type]: payload, ...sent, type: `${type}x` }
      const event = tagged("UnknownMessageReceived", message(item))
      assert.strictEqual(event.type, `${type}x`)
      assert.strictEqual(JSON.stringify(event.raw), JSON.stringify(item))
    }
  )
  const sent = {
    id: "wamid.1",
    timestamp: "1",
    from: "16505550177",
    from_user_id: null,
    from_parent_user_id: null,
    group_id: null
  }

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("may be called %s", (type) => {
    assert.strictEqual(tagged("UnknownMessageReceived", message({ ...sent, type })).type, type)
  })

  it("may have a number as its type", () => {
    assert.strictEqual(tagged("UnknownMessageReceived", message({ ...sent, type: 5 })).type, "5")
  })

  it("has a sender, a conversation and a place in the order of it", () => {
    const { event, lane } = message({ ...sent, type: "poll" })
    assert(isMessageEvent(event))
    assert.strictEqual(event.sender.user.waId, "16505550177")
    assert.strictEqual(lane, message({ ...minimal, from: "16505550177" }).lane)
  })
})

describe("a webhook field we do not know", () => {
  it.prop(
    "is an UnknownFieldReceived that keeps the whole change",
    { field: Arbitrary.schema(Schema.String), value: Deliveries.json },
    ({ field, value }) => {
      const { key, event } = only(Delivery.change(`${field}_later`, value))
      assert(event._tag === "UnknownFieldReceived")
      assert.strictEqual(event.field, `${field}_later`)
      assert.strictEqual(event.businessAccountId, businessAccountId)
      assert.strictEqual(event.list, undefined)
      assert.strictEqual(JSON.stringify(event.raw), JSON.stringify({ field: `${field}_later`, value }))
      assert.strictEqual(key, `${digest}/entry[0].changes[0]`)
    }
  )

  it.each(["messages/messages", "messages/statuses", "standby/standby.messages"])("may be called %s", (field) => {
    const metadata = { phone_number_id: phoneNumberId }
    tagged("UnknownFieldReceived", only(Delivery.change(field, { ...minimal, status: "sent", metadata })))
  })

  it("may be a list whose items nobody has described, of a field we know", () => {
    const [one, other] = [{ id: "wamid.1" }, { text: "hi" }]
    const value = { metadata: { phone_number_id: phoneNumberId }, message_echoes: [one, other] }
    const events = fromDelivery(digest, Delivery.change("message_echoes", value)).map((it) =>
      tagged("UnknownFieldReceived", it)
    )
    assert.deepStrictEqual(
      events.map(({ list, phoneNumberId, raw }) => [list, phoneNumberId, raw]),
      [one, other].map((raw) => ["message_echoes", phoneNumberId, raw])
    )
  })
})

describe("a broken item", () => {
  const broken: ReadonlyArray<readonly [what: string, item: Schema.Json, path: string, reason: string]> = [
    ["is no object", secret, "", "expected object"],
    ["has no id", { timestamp: "1", type: "text", text: { body: "x" } }, ".id", "id: missing"],
    ["has an empty id", { ...minimal, id: "" }, ".id", "id: expected an id"],
    ["has an id of another kind", { ...minimal, id: [secret] }, ".id", "id: expected string | number"],
    ["has no timestamp", { id: "1", type: "text", text: { body: "x" } }, ".timestamp", "timestamp: missing"],
    ["has a timestamp in words", { ...minimal, timestamp: secret }, ".timestamp", "timestamp: expected Unix seconds"],
    ["has a blank timestamp", { ...minimal, timestamp: " " }, ".timestamp", "timestamp: expected Unix seconds"],
    ...["8640000000000001", -8640000000000001, 1e300].map(
      (timestamp) =>
        [
          "has a timestamp beyond all calendars",
          { ...minimal, timestamp },
          ".timestamp",
          "timestamp: expected Unix seconds"
        ] as const
    ),
    ["has a type of another kind", { ...minimal, type: [secret] }, ".type", "type: expected string | number | null"],
    ["has an object as its type", { ...minimal, type: {} }, ".type", "type: expected string | number | null"],
    ["has a boolean as its type", { ...minimal, type: true }, ".type", "type: expected string | number | null"],
    ["has a payload of another kind", { ...minimal, text: secret }, ".text", "text: expected object"],
    ["has a payload that is a list", { ...minimal, text: [secret] }, ".text", "text: expected object"],
    ["has no body", { ...minimal, text: { [secret]: secret } }, ".text.body", "text.body: missing"],
    [
      "has a body of another kind",
      { ...minimal, text: { body: { secret } } },
      ".text.body",
      "text.body: expected string"
    ],
    ["has a sender of another kind", { ...minimal, from: [secret] }, ".from", "from: expected string | number | null"]
  ]

  it.each(broken)(
    "that %s is Undecodable, with the path and a reason that says nothing of its value",
    (_, item, path, reason) => {
      const event = tagged("Undecodable", message(item))
      assert.deepStrictEqual([event.path, event.reason], [positioned("messages[0]") + path, reason])
      assert.deepStrictEqual(event.raw, item)
      assert.deepStrictEqual(
        [event.field, event.phoneNumberId, event.businessAccountId],
        ["messages", phoneNumberId, businessAccountId]
      )
    }
  )

  it.prop(
    "never has its values in the reason",
    { item: Arbitrary.map(Deliveries.message, (item) => mark(item)) },
    ({ item }) => {
      const { event } = message(item)
      if (event._tag === "Undecodable") assert.notInclude(event.reason, secret)
      const other = status(item)
      if (other.event._tag === "Undecodable") assert.notInclude(other.event.reason, secret)
    },
    { arbitrary: { runs: 500 } }
  )

  it.each([undefined, {}, { phone_number_id: "" }, { phone_number_id: null }, "x"])(
    "is any message or status whose business number nobody tells: %j",
    (metadata) => {
      const around = metadata === undefined ? {} : { metadata }
      for (const list of ["messages", "statuses"]) {
        const item = list === "messages" ? minimal : Delivery.statusItem("wamid.1", "sent")
        const event = tagged("Undecodable", only(Delivery.change("messages", { ...around, [list]: [item] })))
        assert.include(event.reason, "metadata.phone_number_id")
        assert.strictEqual(event.path, positioned(`${list}[0]`))
        assert.strictEqual(event.phoneNumberId, undefined)
      }
    }
  )

  it("is Undecodable where the envelope around it is broken", () => {
    const event = tagged("Undecodable", only(Delivery.encode({ entry: [{ id: "1", changes: secret }] })))
    assert.deepStrictEqual([event.path, event.reason], ["entry[0].changes", "expected a list"])
    assert.deepStrictEqual(event.raw, { id: "1", changes: secret })
  })

  it("changes no event beside it", () => {
    for (const [, item] of broken) {
      const [before, , after] = incomingOf({ messages: [{ ...minimal, id: "a" }, item, { ...minimal, id: "b" }] })
      assert(before !== undefined && after !== undefined)
      assert.strictEqual(tagged("TextReceived", before).wamid, "a")
      assert.strictEqual(tagged("TextReceived", after).wamid, "b")
    }
  })

  it.prop(
    "changes no event beside it, whatever it and its neighbours are",
    {
      neighbours: Arbitrary.array(Deliveries.oneOf<Schema.Json>(Deliveries.message, Deliveries.json), { maxLength: 4 }),
      statuses: Arbitrary.array(Deliveries.oneOf<Schema.Json>(Deliveries.status, Deliveries.json), { maxLength: 4 }),
      bad: Deliveries.oneOf<Schema.Json>(Deliveries.message, Deliveries.json)
    },
    ({ bad, neighbours, statuses }) => {
      const contacts = [{ wa_id: "16505550177", user_id: "US.1" }]
      const messages = [minimal, ...neighbours]
      const without = incomingOf({ contacts, messages, statuses })
      const beside = incomingOf({ contacts, messages: [...messages, bad], statuses: [...statuses, bad] })
      assert.strictEqual(beside.length, without.length + 2)
      assert.deepStrictEqual([...beside.slice(0, messages.length), ...beside.slice(messages.length + 1, -1)], without)
    },
    { arbitrary: { runs: 500 } }
  )
})

/** Puts the secret into every string but the words that the decoder looks for. */
const mark = (json: Schema.Json): Schema.Json =>
  Deliveries.mapLeaves(json, (leaf, key) => (typeof leaf === "string" && key !== "type" ? secret + leaf : leaf))
