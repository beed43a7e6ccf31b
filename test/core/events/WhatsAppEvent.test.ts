import { assert, describe, it } from "@effect/vitest"
import { fromDelivery, MessageEvent, WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Equal, Schema } from "effect"
import * as Deliveries from "../wire/deliveries.ts"
import { digest, only } from "./delivered.ts"

const encode = Schema.encodeSync(WhatsAppEvent)
const decode = Schema.decodeUnknownSync(WhatsAppEvent)
const written = (event: WhatsAppEvent) => JSON.stringify(encode(event))
const back = (event: WhatsAppEvent) => decode(JSON.parse(written(event)))

describe("an event", () => {
  it.prop(
    "of any kind encodes to JSON and back unchanged",
    { event: WhatsAppEvent },
    ({ event }) => {
      // Not deepStrictEqual: an arbitrary event may hold a negative zero, and JSON writes it as 0.
      assert.isTrue(Equal.equals(back(event), event))
      assert.strictEqual(written(back(event)), written(event))
    },
    { arbitrary: { runs: 500 } }
  )

  it.prop(
    "from any delivery encodes to JSON and back unchanged",
    { envelope: Deliveries.envelope },
    ({ envelope }) => {
      for (const { event } of fromDelivery(digest, Delivery.encode(envelope))) {
        assert.deepStrictEqual(back(event), event)
        assert.strictEqual(written(back(event)), written(event))
      }
    },
    { arbitrary: { runs: 500, size: 12 } }
  )

  it.prop("from any bytes encodes to JSON and back unchanged", { bytes: Schema.Uint8Array }, ({ bytes }) => {
    const { event } = only(bytes)
    assert.deepStrictEqual(back(event), event)
  })

  it("that cannot be read holds its bytes as base64", () => {
    const { event } = only(Uint8Array.of(0xff, 0x00))
    assert.deepStrictEqual(encode(event), {
      _tag: "DeliveryUnreadable",
      digest,
      reason: "not UTF-8",
      bytes: "/wA="
    })
  })

  it.each([`"\\u0000\\ud83d"`, `{"__proto__":{"a":1},"b":2}`, "9007199254740993", "1e400", "-0", "1e-7"])(
    "survives being written with %s in its raw part",
    (raw) => {
      const text = `{"entry":[{"id":"1","changes":[{"field":"later","value":${raw}}]}]}`
      const { event } = only(new TextEncoder().encode(text))
      assert.strictEqual(written(back(event)), written(event))
      assert.deepStrictEqual(back(event), event)
    }
  )

  it("keeps keys like __proto__ in its raw part when it is written", () => {
    const text = `{"entry":[{"id":"1","changes":[{"field":"later","value":{"__proto__":{"a":1}}}]}]}`
    assert.include(written(only(new TextEncoder().encode(text)).event), `{"__proto__":{"a":1}}`)
  })
})

describe("telling events apart", () => {
  const { event: text } = only(Delivery.text("wamid.1", { text: "hello" }))
  const { event: status } = only(Delivery.status("wamid.1", "read"))

  it("works by guards", () => {
    assert.isTrue(WhatsAppEvent.guards.TextReceived(text))
    assert.isFalse(WhatsAppEvent.guards.TextReceived(status))
    assert.isTrue(MessageEvent.guards.TextReceived(text))
    assert.deepStrictEqual(Object.keys(WhatsAppEvent.guards).toSorted(), Object.keys(WhatsAppEvent.cases).toSorted())
  })

  it("works by match, with a default for all others", () => {
    const describe = WhatsAppEvent.matchOrElse(
      { TextReceived: ({ text }) => text, StatusUpdate: ({ status }) => status },
      ({ _tag }) => _tag
    )
    assert.deepStrictEqual(
      [describe(text), describe(status), describe(only(new Uint8Array()).event)],
      ["hello", "Read", "DeliveryUnreadable"]
    )
  })
})
