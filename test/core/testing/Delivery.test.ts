import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { NodeCrypto } from "@effect/platform-node"
import { Effect, Redacted } from "effect"
import { json } from "../wire/deliveries.ts"

const decoder = new TextDecoder()
const text = (bytes: Uint8Array) => decoder.decode(bytes)

describe("a built delivery", () => {
  it("is written as Meta writes: lower-case escapes for all that is not ASCII, and escaped slashes", () => {
    assert.strictEqual(
      text(Delivery.encode({ Größe: 'Ł/\u{1F600}\u2028 a\n"' })),
      `{"Gr\\u00f6\\u00dfe":"\\u0141\\/\\ud83d\\ude00\\u2028 a\\n\\""}`
    )
  })

  it.prop("is ASCII and means what it was built from", { sent: json }, ({ sent }) => {
    const written = text(Delivery.encode(sent))
    assert.match(written, /^\p{ASCII}*$/u)
    assert.strictEqual(JSON.stringify(JSON.parse(written)), JSON.stringify(sent))
  })

  it("is the same byte for byte from the same arguments", () => {
    const options = { text: "Grüße", userId: "US.1", username: "ida.voss", groupId: "g", timestamp: 7 }
    assert.deepStrictEqual(Delivery.text("wamid.1", options), Delivery.text("wamid.1", options))
    assert.deepStrictEqual(Delivery.status("wamid.1", "read"), Delivery.status("wamid.1", "read"))
    assert.notDeepEqual(Delivery.text("wamid.1"), Delivery.text("wamid.2"))
  })

  it("of a person who hides the phone holds no phone at all", () => {
    assert.notInclude(text(Delivery.text("wamid.1", { from: null, userId: "US.1" })), Delivery.defaults.from)
  })
})

describe("the signature of a delivery", () => {
  const signed = (body: string, secret: Redacted.Redacted | string) =>
    Delivery.signature(new TextEncoder().encode(body), secret).pipe(Effect.provide(NodeCrypto.layerMac))

  // https://www.rfc-editor.org/rfc/rfc4231#section-4.3
  it.effect(
    "is the HMAC-SHA256 of RFC 4231, test case 2",
    Effect.fn(function* () {
      const expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      assert.strictEqual(yield* signed("what do ya want for nothing?", "Jefe"), expected)
      assert.strictEqual(yield* signed("what do ya want for nothing?", Redacted.make("Jefe")), expected)
    })
  )

  it.effect(
    "is another one for another body and for another secret",
    Effect.fn(function* () {
      const all = yield* Effect.all([signed("a", "s"), signed("b", "s"), signed("a", "t")])
      assert.strictEqual(new Set(all).size, 3)
    })
  )
})
