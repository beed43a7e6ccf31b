/** Promise 1: only Meta gets in. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Signature } from "@effect-whatsapp/node/webhook"
import { Effect, Layer, Redacted, Result, Schema } from "effect"
import { Mac, SecureRandom } from "effect/crypto"

const utf8 = new TextEncoder()
const verifier = (...secrets: ReadonlyArray<string>) =>
  Signature.makeVerifier(secrets.map((secret) => Redacted.make(secret)))
const problem = Effect.fnUntraced(function* (check: Effect.Effect<void, Signature.InvalidSignature>) {
  const result = yield* Effect.result(check)
  return Result.isFailure(result) ? result.failure.problem : "none"
})

// RFC 4231, test case 2
const data = utf8.encode("what do ya want for nothing?")
const tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

const implementations = {
  "node:crypto": NodeCrypto.layerMac,
  WebCrypto: Mac.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto))
}
for (const [name, mac] of Object.entries(implementations)) {
  describe(`a signature, by ${name}`, () => {
    it.effect("is HMAC-SHA256 as in RFC 4231, in hex after sha256=", () =>
      Effect.gen(function* () {
        const verify = yield* verifier("Jefe")
        assert.strictEqual(yield* problem(verify(data, `sha256=${tag}`)), "none")
        assert.strictEqual(yield* problem(verify(data, `sha256=${tag.replace("5", "6")}`)), "mismatch")
        assert.strictEqual(yield* problem(verify(data.slice(1), `sha256=${tag}`)), "mismatch")
        const other = yield* verifier("jefe")
        assert.strictEqual(yield* problem(other(data, `sha256=${tag}`)), "mismatch")
      }).pipe(Effect.provide(mac))
    )

    it.effect("fits when any of several secrets signed, wherever it stands among them", () =>
      Effect.gen(function* () {
        const verify = yield* verifier("old", "new", "of another app")
        for (const secret of ["old", "new", "of another app"]) {
          assert.strictEqual(yield* problem(verify(data, yield* Delivery.signature(data, secret))), "none")
        }
        const forged = yield* Delivery.signature(data, "older")
        assert.strictEqual(yield* problem(verify(data, forged)), "mismatch")
      }).pipe(Effect.provide(mac))
    )

    it.effect("covers an empty body too", () =>
      Effect.gen(function* () {
        const verify = yield* verifier("secret")
        const empty = new Uint8Array()
        assert.strictEqual(yield* problem(verify(empty, yield* Delivery.signature(empty, "secret"))), "none")
      }).pipe(Effect.provide(mac))
    )
  })
}

const malformed = [
  "",
  tag,
  `sha1=${tag}`,
  `SHA256=${tag}`,
  `Sha256=${tag}`,
  ` sha256=${tag}`,
  `sha256=${tag} `,
  `sha256= ${tag}`,
  `sha256=${tag}, sha256=${tag}`,
  `sha256=${tag}0`,
  `sha256=${tag.slice(2)}`,
  `sha256=${tag.slice(1)}`,
  "sha256=",
  `sha256=${"g".repeat(64)}`,
  `sha256=${tag}\n`
]
it.effect.each(malformed)("refuses the header %j as malformed", (header) =>
  Effect.gen(function* () {
    const verify = yield* verifier("Jefe")
    assert.strictEqual(yield* problem(verify(data, header)), "malformed")
  }).pipe(Effect.provide(NodeCrypto.layerMac))
)

it.effect("refuses a delivery without the header", () =>
  Effect.gen(function* () {
    const verify = yield* verifier("Jefe")
    assert.strictEqual(yield* problem(verify(data, undefined)), "missing")
  }).pipe(Effect.provide(NodeCrypto.layerMac))
)

const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

it.effect.prop(
  "fits exactly these bytes: one flipped bit in the body or in the signature, and it does not",
  [
    Schema.NonEmptyArray(Byte),
    Schema.NonEmptyString,
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9999 }))
  ],
  ([bytes, secret, at]) =>
    Effect.gen(function* () {
      const body = Uint8Array.from(bytes)
      const verify = yield* verifier(secret)
      const signature = yield* Delivery.signature(body, secret)
      assert.strictEqual(yield* problem(verify(body, signature)), "none")
      const flipped = body.with(at % body.length, (body[at % body.length] ?? 0) ^ (1 << (at % 8)))
      assert.strictEqual(yield* problem(verify(flipped, signature)), "mismatch")
      const i = "sha256=".length + (at % 64)
      const digit = (Number.parseInt(signature[i] ?? "0", 16) ^ 1).toString(16)
      const forged = signature.slice(0, i) + digit + signature.slice(i + 1)
      assert.strictEqual(yield* problem(verify(body, forged)), "mismatch")
    }).pipe(Effect.provide(NodeCrypto.layerMac))
)
