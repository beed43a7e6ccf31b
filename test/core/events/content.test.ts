import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { brokenAt, json, message, tagged } from "./delivered.ts"

const header = { from: "16505550177", id: "wamid.1", timestamp: "1786500010" } as const

/** What a message event has beside what every message event has. */
const own = (item: { readonly [key: string]: Schema.Json }) => {
  const { event } = message({ ...header, ...item })
  const {
    businessAccountId: _b,
    conversationId: _c,
    phoneNumberId: _p,
    sender: _s,
    timestamp: _t,
    wamid: _w,
    ...rest
  } = json(event)
  return rest
}

/** Where a message is broken, seen from the message. */
const broken = (item: { readonly [key: string]: Schema.Json }) =>
  brokenAt(message({ ...header, ...item }), "messages[0]")

const media = {
  id: "771200345566",
  mime_type: "audio/ogg; codecs=opus",
  sha256: "c2VsZm1hZGU=",
  url: "https://lookaside.example/a?mid=1"
}
const received = {
  id: "771200345566",
  mimeType: "audio/ogg; codecs=opus",
  sha256: "c2VsZm1hZGU=",
  url: "https://lookaside.example/a?mid=1"
}

describe("a file", () => {
  it.each([
    ["image", "ImageReceived", { caption: "c" }, { caption: "c" }],
    ["video", "VideoReceived", { caption: "c" }, { caption: "c" }],
    ["audio", "AudioReceived", { voice: true }, { voice: true }],
    ["document", "DocumentReceived", { filename: "f.pdf", caption: "c" }, { fileName: "f.pdf", caption: "c" }],
    ["sticker", "StickerReceived", { animated: false }, { animated: false }]
  ] as const)("of type %s becomes an %s with all that Meta tells", (type, _tag, more, mine) => {
    assert.deepStrictEqual(own({ type, [type]: { ...media, ...more } }), { _tag, media: received, ...mine })
    assert.deepStrictEqual(own({ type, [type]: { id: 771200345566 } }), { _tag, media: { id: "771200345566" } })
    assert.deepStrictEqual(own({ [type]: { id: "1" } }), { _tag, media: { id: "1" } })
    assert.deepStrictEqual(broken({ type, [type]: { ...media, id: null } }), [
      `.${type}.id`,
      "expected string | number"
    ])
    assert.deepStrictEqual(broken({ type, [type]: [] })[0], `.${type}`)
    assert.deepStrictEqual(own({ type, [type]: null }), { _tag: "UnsupportedReceived", type, errors: [] })
  })

  it("left as voicemail has the id of the call", () => {
    const { event } = message({ ...header, id: "wacid.1", type: "audio", audio: { id: "1" } })
    assert.deepStrictEqual([event._tag, "wamid" in event && event.wamid], ["AudioReceived", "wacid.1"])
  })
})

describe("a place", () => {
  it("has its coordinates as numbers", () => {
    const place = { latitude: 52.37, longitude: -4.89, name: "Shop", address: "Dam 1", url: "https://a.example" }
    assert.deepStrictEqual(own({ type: "location", location: place }), { _tag: "LocationReceived", ...place })
    assert.deepStrictEqual(own({ type: "location", location: { latitude: "52.37", longitude: 0, name: "" } }), {
      _tag: "LocationReceived",
      latitude: 52.37,
      longitude: 0
    })
    assert.deepStrictEqual(broken({ type: "location", location: { latitude: "north", longitude: 1 } }), [
      ".location.latitude",
      "expected a number"
    ])
  })
})

describe("contact cards", () => {
  it("have everything that is in them, and nothing must be", () => {
    const card = {
      name: { formatted_name: "Ida Voss", first_name: "Ida", last_name: "Voss", prefix: "Dr", suffix: "MD" },
      phones: [{ phone: "+1 650", wa_id: 1650, type: "CELL" }, 7, {}],
      emails: [{ email: "not an address", type: "WORK" }],
      addresses: [{ street: "Dam 1", country_code: "nl", zip: 1012 }],
      urls: [{ url: "meta.com" }],
      org: { company: "Voss", department: "Lamps", title: "Owner" },
      birthday: "1980-01-02",
      vcard: "BEGIN:VCARD",
      origin: "contact_request"
    }
    assert.deepStrictEqual(own({ type: "contacts", contacts: [card, {}] }), {
      _tag: "ContactsReceived",
      contacts: [
        {
          name: { formattedName: "Ida Voss", firstName: "Ida", lastName: "Voss", prefix: "Dr", suffix: "MD" },
          phones: [{ phone: "+1 650", waId: "1650", type: "CELL" }, {}],
          emails: [{ email: "not an address", type: "WORK" }],
          addresses: [{ street: "Dam 1", countryCode: "nl", zip: "1012" }],
          urls: [{ url: "meta.com" }],
          org: { company: "Voss", department: "Lamps", title: "Owner" },
          birthday: "1980-01-02",
          vcard: "BEGIN:VCARD",
          origin: "contact_request"
        },
        { phones: [], emails: [], addresses: [], urls: [] }
      ],
      origin: "contact_request"
    })
    assert.strictEqual(own({ type: "contacts", contacts: [{}], origin: "other" })["origin"], "other")
    assert.deepStrictEqual(broken({ type: "contacts", contacts: [{}, 7] })[0], ".contacts[1]")
    assert.deepStrictEqual(broken({ type: "contacts", contacts: {} })[0], ".contacts")
  })
})

describe("a reaction", () => {
  it("has the message, and no emoji when it was taken back", () => {
    const reaction = { message_id: "wamid.0", emoji: "👍" }
    assert.deepStrictEqual(own({ type: "reaction", reaction }), {
      _tag: "ReactionReceived",
      reactedTo: "wamid.0",
      emoji: "👍"
    })
    const taken = { _tag: "ReactionReceived", reactedTo: "wamid.0" }
    assert.deepStrictEqual(own({ type: "reaction", reaction: { ...reaction, emoji: "" } }), taken)
    assert.deepStrictEqual(own({ type: "reaction", reaction: { message_id: "wamid.0" } }), taken)
    assert.deepStrictEqual(broken({ type: "reaction", reaction: { emoji: "👍" } }), [".reaction.message_id", "missing"])
  })
})

describe("a pressed button", () => {
  it("of a template has a payload and a title, each in place of the other", () => {
    const both = { payload: "p", text: "t" }
    assert.deepStrictEqual(own({ type: "button", button: both }), { _tag: "ButtonPressed", payload: "p", title: "t" })
    assert.deepStrictEqual(own({ button: { text: "t" } }), { _tag: "ButtonPressed", payload: "t", title: "t" })
    assert.deepStrictEqual(own({ button: { payload: "p" } }), { _tag: "ButtonPressed", payload: "p", title: "p" })
    assert.deepStrictEqual(broken({ type: "button", button: {} }), [".button", "expected a payload or a text"])
  })

  it("of an interactive message has its id", () => {
    const pressed = { _tag: "ReplyButtonPressed", buttonId: "7", title: "Yes" }
    const reply = { id: 7, title: "Yes" }
    assert.deepStrictEqual(
      own({ type: "interactive", interactive: { type: "button_reply", button_reply: reply } }),
      pressed
    )
    assert.deepStrictEqual(own({ interactive: { button_reply: reply } }), pressed)
    assert.deepStrictEqual(broken({ interactive: { type: "button_reply", button_reply: { title: "Yes" } } }), [
      ".interactive.button_reply.id",
      "missing"
    ])
  })

  it("whose payload Meta left out is unsupported, with what Meta says about it", () => {
    const item = { type: "interactive", errors: [{ code: 131000 }] }
    const unsupported = { _tag: "UnsupportedReceived", type: "interactive", errors: [{ code: 131000 }] }
    assert.deepStrictEqual(own(item), unsupported)
    assert.deepStrictEqual(own({ ...item, interactive: { type: "button_reply" } }), {
      ...unsupported,
      unsupportedType: "button_reply"
    })
  })
})

describe("a chosen row", () => {
  it("has its id, title and description", () => {
    const row = { id: "eve", title: "Evening", description: "18 to 22" }
    assert.deepStrictEqual(own({ interactive: { type: "list_reply", list_reply: row } }), {
      _tag: "ListItemSelected",
      itemId: "eve",
      title: "Evening",
      description: "18 to 22"
    })
    assert.deepStrictEqual(own({ interactive: { type: "list_reply", list_reply: { id: "eve", description: "" } } }), {
      _tag: "ListItemSelected",
      itemId: "eve",
      title: "eve"
    })
  })
})

const native = (nfm_reply: Schema.Json) => ({ type: "interactive", interactive: { type: "nfm_reply", nfm_reply } })

describe("a finished flow", () => {
  it("has the answers that stand as JSON inside a string, with every digit", () => {
    const response_json = '{"flow_token":"order-55","rating":4,"id":123456789012345678901}'
    assert.deepStrictEqual(own(native({ name: "flow", body: "Sent", response_json })), {
      _tag: "FlowCompleted",
      response: { flow_token: "order-55", rating: 4, id: "123456789012345678901" },
      flowToken: "order-55",
      name: "flow",
      body: "Sent"
    })
  })

  it("may have no token, no name, and no answers", () => {
    assert.deepStrictEqual(own(native({ response_json: "{}" })), { _tag: "FlowCompleted", response: {} })
    assert.deepStrictEqual(own(native({ response_json: "" })), { _tag: "FlowCompleted", response: {} })
    assert.deepStrictEqual(own(native({})), { _tag: "FlowCompleted", response: {} })
    assert.deepStrictEqual(own(native({ response_json: { a: 1 } })), { _tag: "FlowCompleted", response: { a: 1 } })
  })

  it.each([
    ["{", "not JSON"],
    ["[]", "not a JSON object"],
    [`{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, "nested deeper than 256 levels"]
  ])("is Undecodable when the string holds no answers", (response_json, reason) => {
    assert.deepStrictEqual(broken(native({ response_json })), [
      ".interactive.nfm_reply.response_json",
      `expected a JSON object: ${reason}`
    ])
  })
})

describe("an address", () => {
  it("has whatever the form of its country has", () => {
    const values = '{"name":"Ida","in_pin_code":400063,"city":"Mumbai","tower_number":null}'
    const response_json = `{"saved_address_id":"a1","values":${values}}`
    assert.deepStrictEqual(own(native({ name: "address_message", body: "Ida", response_json })), {
      _tag: "AddressReceived",
      values: { name: "Ida", in_pin_code: "400063", city: "Mumbai" },
      savedAddressId: "a1",
      body: "Ida"
    })
    assert.deepStrictEqual(own(native({ name: "address_message" })), { _tag: "AddressReceived", values: {} })
  })
})

describe("other interactive messages", () => {
  it("tell whether the business may call", () => {
    const call_permission_reply = {
      response: "accept",
      is_permanent: false,
      expiration_timestamp: 1787104828,
      response_source: "automatic"
    }
    const answered = {
      _tag: "CallPermissionAnswered",
      response: "accept",
      isPermanent: false,
      expiresAt: "2026-08-19T02:00:28.000Z",
      source: "automatic"
    }
    const interactive = { type: "call_permission_reply", call_permission_reply }
    assert.deepStrictEqual(own({ interactive }), answered)
    const asText = { ...call_permission_reply, expiration_timestamp: "1787104828" }
    assert.deepStrictEqual(own({ interactive: { call_permission_reply: asText } }), answered)
    assert.deepStrictEqual(own({ interactive: { call_permission_reply: { response: "reject" } } }), {
      _tag: "CallPermissionAnswered",
      response: "reject"
    })
  })

  it("tell with which card the customer pays", () => {
    const payment_method = {
      payment_method: "offsite_card_pay",
      payment_timestamp: 1786500028,
      reference_id: "ord-740",
      last_four_digits: "0417",
      credential_id: "cred-5582"
    }
    assert.deepStrictEqual(own({ interactive: { type: "payment_method", payment_method } }), {
      _tag: "PaymentMethodChosen",
      paymentMethod: "offsite_card_pay",
      chosenAt: "2026-08-12T02:00:28.000Z",
      referenceId: "ord-740",
      lastFourDigits: "0417",
      credentialId: "cred-5582"
    })
  })

  it("may have the time in the wrong place, as in one example, and only then is it read there", () => {
    const nested = (interactive: Schema.Json, timestamp?: Schema.Json) => {
      const item = { id: "wamid.1", type: "interactive", interactive }
      return message(timestamp === undefined ? item : { ...item, timestamp })
    }
    const misnested = { type: "interactive", action: "address_message", timestamp: "1786501902" }
    for (const nothing of [undefined, null, ""]) {
      const event = tagged("UnknownMessageReceived", nested(misnested, nothing))
      assert.deepStrictEqual([event.subtype, json(event).timestamp], ["interactive", "2026-08-12T02:31:42.000Z"])
    }
    const { timestamp } = json(nested(misnested, "1786500010").event)
    assert.strictEqual(timestamp, "2026-08-12T02:00:10.000Z")
    for (const odd of ["soon", null, {}, ""]) {
      const broken = nested({ ...misnested, timestamp: odd })
      assert.deepStrictEqual(brokenAt(broken, "messages[0]"), [".timestamp", "missing"])
    }
    const worded = nested(misnested, "soon")
    assert.deepStrictEqual(brokenAt(worded, "messages[0]"), [".timestamp", "expected Unix seconds"])
  })

  it("that nobody knows yet keep their kind", () => {
    assert.deepStrictEqual(own({ interactive: { type: "product", product: {} } }), {
      _tag: "UnknownMessageReceived",
      type: "interactive",
      subtype: "product"
    })
    assert.deepStrictEqual(own({ interactive: { type: "constructor", constructor: {} } })["subtype"], "constructor")
    assert.deepStrictEqual(own({ interactive: {} }), { _tag: "UnknownMessageReceived", type: "interactive" })
  })
})

describe("an order", () => {
  const item = { product_retailer_id: "lamp", quantity: 2, item_price: 24.95, currency: "EUR" }

  it("has every line of the cart", () => {
    const order = { catalog_id: 88120034411, text: "by noon", product_items: [item, { ...item, quantity: "3" }] }
    const line = { productRetailerId: "lamp", quantity: 2, price: 24.95, currency: "EUR" }
    assert.deepStrictEqual(own({ type: "order", order }), {
      _tag: "OrderReceived",
      catalogId: "88120034411",
      text: "by noon",
      items: [line, { ...line, quantity: 3 }]
    })
  })

  it("never loses a line silently", () => {
    const order = { product_items: [item, { quantity: 1 }] }
    assert.deepStrictEqual(broken({ type: "order", order }), [".order.product_items[1].product_retailer_id", "missing"])
    assert.deepStrictEqual(broken({ type: "order", order: { product_items: 7 } })[0], ".order.product_items")
  })
})

describe("a change of a message", () => {
  it("has the message and its new content", () => {
    const edit = {
      original_message_id: "wamid.0",
      message: { type: "text", text: { body: "GREEN" }, context: { id: "M0" } }
    }
    assert.deepStrictEqual(own({ type: "edit", edit }), {
      _tag: "MessageEdited",
      originalWamid: "wamid.0",
      content: { _tag: "Text", text: "GREEN" }
    })
    const image = { original_message_id: "wamid.0", message: { image: { id: "1", caption: "c" } } }
    assert.deepStrictEqual(own({ edit: image })["content"], { _tag: "Image", media: { id: "1" }, caption: "c" })
  })

  it("is Undecodable without the message or its new content", () => {
    assert.deepStrictEqual(broken({ type: "edit", edit: { message: {} } }), [".edit.original_message_id", "missing"])
    assert.deepStrictEqual(broken({ edit: { original_message_id: "wamid.0" } }), [".edit.message", "missing"])
    assert.deepStrictEqual(
      broken({ edit: { original_message_id: "wamid.0", message: { type: "text", text: { body: 7 } } } }),
      [".edit.message.text.body", "expected string"]
    )
    assert.deepStrictEqual(own({ type: "edit" }), { _tag: "UnsupportedReceived", type: "edit", errors: [] })
  })

  it("may be its end", () => {
    assert.deepStrictEqual(own({ type: "revoke", revoke: { original_message_id: "wamid.0" } }), {
      _tag: "MessageRevoked",
      originalWamid: "wamid.0"
    })
  })
})

describe("a message without content", () => {
  it("asks for a welcome", () => {
    assert.deepStrictEqual(own({ type: "request_welcome" }), { _tag: "WelcomeRequested" })
  })

  it.each(["unsupported", "unknown", "ephemeral", "errors", "media_placeholder"])(
    "of type %s is unsupported",
    (type) => {
      const errors = [{ code: 131051, title: "t", details: "flat" }]
      assert.deepStrictEqual(own({ type, unsupported: { type: "poll_creation" }, errors }), {
        _tag: "UnsupportedReceived",
        type,
        unsupportedType: "poll_creation",
        errors
      })
      assert.deepStrictEqual(own({ type }), { _tag: "UnsupportedReceived", type, errors: [] })
    }
  )
})
