import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, PhoneNumberId, WaId } from "@effect-whatsapp/core/domain"
import { Delivery } from "@effect-whatsapp/core/testing"
import type { Schema } from "effect"
import * as Deliveries from "../wire/deliveries.ts"
import { incomingOf, json, message, minimal, only, tagged } from "./delivered.ts"

const text = (item: Schema.Json, contacts?: ReadonlyArray<Schema.Json>) =>
  tagged("TextReceived", message(item, contacts))
const sender = (item: Schema.Json, contacts?: ReadonlyArray<Schema.Json>) => text(item, contacts).sender.user

const ida = {
  profile: { name: "Ida Voss", username: "ida.voss" },
  wa_id: "16505550177",
  user_id: "US.1",
  parent_user_id: "US.ENT.1"
}
const jon = { profile: { name: "Jon" }, wa_id: "16505550188", user_id: "US.2" }

const everything = {
  from: "16505550177",
  from_user_id: "US.1",
  from_parent_user_id: "US.ENT.1",
  group_id: "group",
  id: "wamid.HBg/+=",
  timestamp: "1786500010",
  type: "text",
  text: { body: "Zażółć 👍\u0000\ud83d" },
  context: {
    from: "15557300142",
    id: "wamid.0",
    forwarded: true,
    frequently_forwarded: false,
    referred_product: { catalog_id: 88120034411, product_retailer_id: "lamp-blue-02" }
  },
  referral: {
    source_url: "https://fb.example/ad9",
    source_id: "120990011223344",
    source_type: "ad",
    headline: "Lamps",
    body: "Warm light",
    media_type: "video",
    image_url: "https://cdn.example/i.jpg",
    video_url: "https://cdn.example/v.mp4",
    thumbnail_url: "https://cdn.example/t.jpg",
    ctwa_clid: "Afx",
    welcome_message: { text: "Hello!" },
    ref: "r"
  }
}

describe("a text message", () => {
  it("becomes a TextReceived with all that Meta tells", () => {
    const event = text(everything, [ida])
    assert.deepStrictEqual(json(event), {
      _tag: "TextReceived",
      wamid: "wamid.HBg/+=",
      phoneNumberId: Delivery.defaults.phoneNumberId,
      businessAccountId: Delivery.defaults.businessAccountId,
      conversationId: `${Delivery.defaults.phoneNumberId}/group`,
      groupId: "group",
      timestamp: "2026-08-12T02:00:10.000Z",
      sender: {
        _tag: "Customer",
        user: {
          waId: "16505550177",
          userId: "US.1",
          parentUserId: "US.ENT.1",
          username: "ida.voss",
          profileName: "Ida Voss"
        }
      },
      context: {
        wamid: "wamid.0",
        from: "15557300142",
        forwarded: true,
        frequentlyForwarded: false,
        referredProduct: { catalogId: "88120034411", productRetailerId: "lamp-blue-02" }
      },
      referral: {
        sourceUrl: "https://fb.example/ad9",
        sourceId: "120990011223344",
        sourceType: "ad",
        headline: "Lamps",
        body: "Warm light",
        mediaType: "video",
        imageUrl: "https://cdn.example/i.jpg",
        videoUrl: "https://cdn.example/v.mp4",
        thumbnailUrl: "https://cdn.example/t.jpg",
        clickId: "Afx",
        welcomeMessage: "Hello!",
        ref: "r"
      },
      text: "Zażółć 👍\u0000\ud83d"
    })
    assert.deepStrictEqual(event.raw, everything)
  })

  it("needs no more than id, timestamp, type and text", () => {
    assert.deepStrictEqual(json(text(minimal)), {
      _tag: "TextReceived",
      wamid: "wamid.1",
      phoneNumberId: Delivery.defaults.phoneNumberId,
      businessAccountId: Delivery.defaults.businessAccountId,
      conversationId: `${Delivery.defaults.phoneNumberId}/wamid.1`,
      timestamp: "2026-08-12T02:00:10.000Z",
      sender: { _tag: "Customer", user: {} },
      text: "hi"
    })
  })

  it("has its sender as digits, also where Meta writes a plus", () => {
    assert.deepStrictEqual(json(text({ ...minimal, from: "+16505550177" }))["sender"], {
      _tag: "Customer",
      user: { waId: "16505550177" }
    })
    const joined = sender({ ...minimal, from: "16505550177" }, [{ wa_id: "+16505550177", profile: { name: "Ida" } }])
    assert.strictEqual(joined.profileName, "Ida")
    assert.strictEqual(sender({ ...minimal, from: "+" }).waId, "+")
  })

  it("may be empty", () => {
    assert.strictEqual(text({ ...minimal, text: { body: "" } }).text, "")
  })

  it("has its ids as strings, also where Meta sends numbers", () => {
    const event = text({
      ...minimal,
      id: 12,
      timestamp: 1786500010,
      from: 16505550177,
      group_id: 9,
      context: { id: 3 }
    })
    assert.deepStrictEqual(json(event), {
      ...json(text({ ...minimal, id: "12", from: "16505550177", group_id: "9", context: { id: "3" } }))
    })
  })

  it("has the business number as a string, also where Meta sends a number", () => {
    const metadata = { phone_number_id: 207311904455012 }
    const event = tagged("TextReceived", only(Delivery.messages({ messages: [minimal], metadata })))
    assert.strictEqual(event.phoneNumberId, PhoneNumberId.make(Delivery.defaults.phoneNumberId))
  })

  it.each([null, ""])("lacks what Meta sends as %j", (nothing) => {
    const item = {
      ...minimal,
      from: nothing,
      from_user_id: nothing,
      from_parent_user_id: nothing,
      group_id: nothing,
      context: { id: nothing, from: nothing },
      referral: { source_url: nothing, ctwa_clid: nothing }
    }
    const contacts = [{ wa_id: nothing, user_id: nothing, profile: { name: nothing, username: nothing } }]
    assert.deepStrictEqual(json(text(item, contacts)), { ...json(text(minimal)), context: {}, referral: {} })
    assert.deepStrictEqual(json(text({ ...minimal, type: nothing })), json(text(minimal)))
  })

  it.each(["context", "referral", "errors", "from", "from_user_id", "group_id"])("lacks %s where it is null", (key) => {
    assert.deepStrictEqual(json(text({ ...minimal, [key]: null })), json(text(minimal)))
  })

  it("is the same whatever the order of its members", () => {
    const reversed = (value: Deliveries.JsonObject) => Object.fromEntries(Object.entries(value).toReversed())
    const bytes = Delivery.encode(
      reversed({
        object: "whatsapp_business_account",
        entry: [
          reversed({
            id: Delivery.defaults.businessAccountId,
            changes: [
              reversed({
                field: "messages",
                value: reversed({
                  metadata: { phone_number_id: Delivery.defaults.phoneNumberId },
                  contacts: [reversed(ida)],
                  messages: [reversed(everything)]
                })
              })
            ]
          })
        ]
      })
    )
    assert.deepStrictEqual(json(only(bytes).event), json(text(everything, [ida])))
  })

  it("without type is told by its only payload", () => {
    const { type: _, ...untyped } = minimal
    assert.strictEqual(text({ ...untyped, from: "1", identity: {}, from_logical_id: "x" }).text, "hi")
    assert.strictEqual(tagged("UnknownMessageReceived", message({ id: "1", timestamp: "1", poll: {} })).type, "poll")
  })

  it("keeps the instant of fractions of a second, and of any year up to 5138", () => {
    for (const [seconds, instant] of [
      ["0", "1970-01-01T00:00:00.000Z"],
      ["-1", "1969-12-31T23:59:59.000Z"],
      ["1786500010.5", "2026-08-12T02:00:10.500Z"],
      ["99999999999", "5138-11-16T09:46:39.000Z"],
      [99999999999, "5138-11-16T09:46:39.000Z"]
    ] as const) {
      assert.strictEqual(json(text({ ...minimal, timestamp: seconds })).timestamp, instant)
    }
  })

  it("takes an instant of more than 11 digits as milliseconds", () => {
    for (const [millis, instant] of [
      ["100000000000", "1973-03-03T09:46:40.000Z"],
      ["1786500010500", "2026-08-12T02:00:10.500Z"],
      [1786500010500, "2026-08-12T02:00:10.500Z"],
      ["8640000000000000", "+275760-09-13T00:00:00.000Z"]
    ] as const) {
      assert.strictEqual(json(text({ ...minimal, timestamp: millis })).timestamp, instant)
    }
  })

  it.prop(
    "is read the same with any other properties beside those we know",
    { extra: Deliveries.jsonObject },
    ({ extra }) => {
      const bytes = Delivery.encode({
        ...extra,
        entry: [
          {
            ...extra,
            id: Delivery.defaults.businessAccountId,
            changes: [
              {
                ...extra,
                field: "messages",
                value: {
                  ...extra,
                  metadata: { ...extra, phone_number_id: Delivery.defaults.phoneNumberId },
                  contacts: [{ ...extra, ...ida, profile: { ...extra, ...ida.profile } }],
                  messages: [
                    {
                      ...extra,
                      ...everything,
                      text: { ...extra, ...everything.text },
                      context: { ...extra, ...everything.context },
                      referral: { ...extra, ...everything.referral }
                    }
                  ]
                }
              }
            ]
          }
        ]
      })
      assert.deepStrictEqual(json(only(bytes).event), json(text(everything, [ida])))
    }
  )
})

describe("an odd ornament", () => {
  const context = { id: "wamid.0", forwarded: true }
  const referral = { source_id: "1", ref: "r" }

  it.each([
    [{ context: [] }, {}],
    [{ context: "x" }, {}],
    [{ context: { ...context, forwarded: "maybe" } }, { context: { wamid: "wamid.0" } }],
    [{ context: { ...context, id: {} } }, { context: { forwarded: true } }],
    [{ context: { ...context, referred_product: 7 } }, { context: { wamid: "wamid.0", forwarded: true } }],
    [{ referral: 7 }, {}],
    [{ referral: { ...referral, welcome_message: "hi" } }, { referral: { sourceId: "1", ref: "r" } }],
    [{ referral: { ...referral, ref: [] } }, { referral: { sourceId: "1" } }],
    [{ errors: [{ code: null }] }, {}],
    [{ errors: "x" }, {}]
  ] as const)("is dropped from a message that is good, and stays in raw: %j", (ornament, rest) => {
    const event = text({ ...minimal, ...ornament })
    assert.deepStrictEqual(json(event), { ...json(text(minimal)), ...rest })
    assert.deepStrictEqual(event.raw, { ...minimal, ...ornament })
  })
})

describe("the sender of a message", () => {
  it("has a username without the @ of early payloads", () => {
    for (const [username, expected] of [
      ["@ida.voss", "ida.voss"],
      ["ida.voss", "ida.voss"],
      ["@ida@voss", "ida@voss"],
      [7, "7"],
      ["@", undefined]
    ] as const) {
      assert.strictEqual(sender(minimal, [{ user_id: "US.1", profile: { username } }]).username, expected)
    }
  })

  it("is joined to the contact with the same id, in whatever order contacts stand", () => {
    for (const contacts of [
      [ida, jon],
      [jon, ida]
    ]) {
      assert.strictEqual(sender({ ...minimal, from_user_id: "US.2" }, contacts).profileName, "Jon")
      assert.strictEqual(sender({ ...minimal, from: "16505550177" }, contacts).username, "ida.voss")
      const [one, other] = incomingOf({
        contacts,
        messages: [
          { ...minimal, id: "1", from: "16505550188" },
          { ...minimal, id: "2", from: "16505550177" }
        ]
      })
      assert(one !== undefined && other !== undefined)
      assert.strictEqual(tagged("TextReceived", one).sender.user.userId, "US.2")
      assert.strictEqual(tagged("TextReceived", other).sender.user.userId, "US.1")
    }
  })

  it("is joined by BSUID before phone", () => {
    const user = sender({ ...minimal, from: "16505550177", from_user_id: "US.2" }, [ida, jon])
    assert.deepStrictEqual([user.userId, user.waId, user.profileName], ["US.2", "16505550177", "Jon"])
  })

  it("is joined over both spellings of a Brazilian phone, and keeps the spelling of the message", () => {
    const spellings = ["551187654321", "5511987654321"]
    for (const [from, wa_id] of [spellings, spellings.toReversed()]) {
      assert(from !== undefined && wa_id !== undefined)
      const user = sender({ ...minimal, from }, [{ wa_id, user_id: "BR.1" }])
      assert.deepEqual([user.waId, user.userId], [WaId.make(from), BusinessScopedUserId.make("BR.1")])
    }
  })

  it("is not joined to another person, though it be the only contact", () => {
    assert.deepStrictEqual(sender({ ...minimal, from: "1" }, [ida]), sender({ ...minimal, from: "1" }))
  })

  it("is not joined to the person who has the phone number now", () => {
    const contacts = [{ wa_id: "16505550177", user_id: "US.2", parent_user_id: "US.ENT.2", profile: { name: "New" } }]
    const item = { ...minimal, from: "16505550177", from_user_id: "US.1" }
    assert.deepStrictEqual(sender(item, contacts), sender(item))
  })

  it.each([[], "", "Ida", { name: {} }, { name: ["Ida"], username: 7 }])(
    "has its ids from a contact whose profile is %j",
    (profile) => {
      const user = sender({ ...minimal, from: "16505550177" }, [{ wa_id: "16505550177", user_id: "US.1", profile }])
      assert.strictEqual(user.userId, "US.1")
    }
  )

  it("may be known by BSUID alone", () => {
    const { conversationId, sender } = text({ ...minimal, from_user_id: "US.1" })
    assert.strictEqual(sender.user.waId, undefined)
    assert.strictEqual(conversationId, `${Delivery.defaults.phoneNumberId}/US.1`)
  })

  it("is the only contact when the message names nobody", () => {
    assert.strictEqual(sender(minimal, [ida]).userId, "US.1")
    assert.deepStrictEqual(sender(minimal, [ida, jon]), {})
    const parent = { ...minimal, from_parent_user_id: "US.ENT.1" }
    assert.strictEqual(sender(parent, [{ ...ida, parent_user_id: "US.ENT.1" }]).userId, "US.1")
    assert.deepStrictEqual(sender(parent, [{ ...ida, parent_user_id: "US.ENT.2" }]), sender(parent))
  })

  it("survives contacts that are missing, broken or no list", () => {
    const item = { ...minimal, from: "16505550177" }
    const named = { waId: WaId.make("16505550177") }
    assert.deepEqual(sender(item), named)
    assert.deepEqual(sender(item, []), named)
    assert.deepEqual(sender(item, [null, "x", { wa_id: {} }, {}]), named)
    for (const contacts of [null, "x", {}]) {
      const event = tagged("TextReceived", only(Delivery.messages({ messages: [item], contacts })))
      assert.deepEqual(event.sender.user, named)
    }
  })

  it("is a customer until somebody says otherwise", () => {
    assert.strictEqual(text(minimal).sender._tag, "Customer")
  })
})

describe("a message in a group", () => {
  it("belongs to the conversation of the group, whoever writes", () => {
    const one = text({ ...minimal, from_user_id: "US.1", group_id: "group" })
    const other = text({ ...minimal, from: "16505550188", group_id: "group" })
    assert.strictEqual(one.conversationId, other.conversationId)
    assert.strictEqual(one.groupId, "group")
    assert.notStrictEqual(one.conversationId, text({ ...minimal, from_user_id: "US.1" }).conversationId)
  })
})

describe("a message that Meta could not deliver", () => {
  const error = { code: "131051", title: "Unknown kind", error_data: { details: "Not available." }, href: "/docs" }
  const ofError = { code: 131051, title: "Unknown kind", details: "Not available.", href: "/docs" }

  it.each(["unsupported", "unknown"])("of type %s is an UnsupportedReceived with its errors", (type) => {
    const item = { id: "1", timestamp: "1", type, unsupported: { type: "poll_creation" }, errors: [error] }
    const event = tagged("UnsupportedReceived", message(item))
    assert.deepEqual(
      [event.type, event.unsupportedType, event.errors, event.raw],
      [type, "poll_creation", [ofError], item]
    )
  })

  it("is an UnsupportedReceived when its payload is missing, with the errors of the value", () => {
    for (const item of [
      { id: "1", timestamp: "1", type: "text" },
      { id: "1", timestamp: "1", type: "text", text: null }
    ]) {
      const [event, ...more] = incomingOf({ messages: [item], errors: [error] })
      assert(event !== undefined)
      assert.deepEqual(tagged("UnsupportedReceived", event).errors, [ofError])
      assert.strictEqual(tagged("UnsupportedReceived", event).type, "text")
      assert.deepStrictEqual(
        more.map(({ event }) => event._tag),
        ["ErrorReported"]
      )
    }
  })

  it("shares the errors of the value with its neighbours, however many they are", () => {
    const messages = ["1", "2"].map((id) => ({ id, timestamp: "1", type: "unsupported" }))
    const [one, other] = incomingOf({ messages, errors: [error] })
    assert(one !== undefined && other !== undefined)
    const { errors } = tagged("UnsupportedReceived", one)
    assert.deepEqual(errors, [ofError])
    assert.strictEqual(tagged("UnsupportedReceived", other).errors, errors)
  })

  it("is an UnsupportedReceived when it has no type and no payload", () => {
    const event = tagged("UnsupportedReceived", message({ id: "1", timestamp: "1", from: "1" }))
    assert.deepEqual([event.type, event.errors], ["unknown", []])
  })

  it("keeps each error that can be read, also one without a code", () => {
    const errors = [null, "x", [], { code: null, title: "Odd" }, { code: {}, error_data: { details: "why" } }, error]
    const expected = [{ code: 0, title: "Odd" }, { code: 0, details: "why" }, ofError]
    const item = { id: "1", timestamp: "1", type: "unknown" }
    for (const incoming of [message({ ...item, errors }), incomingOf({ messages: [item], errors })[0]]) {
      assert(incoming !== undefined)
      assert.deepEqual(tagged("UnsupportedReceived", incoming).errors, expected)
    }
  })

  it("reads the flat details of old errors, also beside empty ones", () => {
    for (const error_data of [undefined, {}, { details: "" }, null]) {
      const error = { code: 501, details: "old", ...(error_data === undefined ? {} : { error_data }) }
      const event = tagged(
        "UnsupportedReceived",
        message({ id: "1", timestamp: "1", type: "unknown", errors: [error] })
      )
      assert.deepEqual(event.errors, [{ code: 501, details: "old" }])
    }
  })
})
