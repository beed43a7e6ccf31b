/**
 * Proof that a delivery comes from Meta: HMAC-SHA256 over the exact bytes, under the app secret. The signature holds no
 * time and no nonce, so only deduplication protects from a body that is sent again.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as Mac from "effect/crypto/Mac"
import * as Hex from "effect/encoding/Hex"

/** The header that carries it, as Node spells header names. */
export const header = "x-hub-signature-256"

/** The bytes are not signed by any of the secrets. `problem` says what is wrong with the header, or that it does not fit. */
export class InvalidSignature extends Data.TaggedError("InvalidSignature")<{
  readonly problem: "missing" | "malformed" | "mismatch"
}> {}

/** Checks a body against the value of its header. */
export type Verifier = (body: Uint8Array, signature: string | undefined) => Effect.Effect<void, InvalidSignature>

const prefix = "sha256="
const bytes = 32

/** The HMAC that a header carries, or what is wrong with it. The prefix must be spelled exactly so. */
export const tagOf = (signature: string | undefined): Uint8Array | "missing" | "malformed" => {
  if (signature === undefined) return "missing"
  if (signature.length !== prefix.length + 2 * bytes || !signature.startsWith(prefix)) return "malformed"
  // By hand: it is done for every delivery, and general decoders cost several times as much.
  const tag = new Uint8Array(bytes)
  for (let i = 0; i < bytes; i++) {
    const at = prefix.length + 2 * i
    const value = digit(signature.charCodeAt(at)) * 16 + digit(signature.charCodeAt(at + 1))
    if (Number.isNaN(value)) return "malformed"
    tag[i] = value
  }
  return tag
}

/** Value of a hexadecimal digit, or NaN. */
const digit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : Number.NaN
}

/**
 * Makes the check for a set of secrets, any of which may have signed: several are valid during a rotation, or when
 * several apps post to one address. Each is tried in constant time.
 */
export const makeVerifier = Effect.fnUntraced(function* (
  appSecrets: ReadonlyArray<Redacted.Redacted>
): Effect.fn.Return<Verifier, CryptoError.CryptoError, Mac.Mac> {
  const mac = yield* Mac.Mac
  const utf8 = new TextEncoder()
  const keys = yield* Effect.forEach(appSecrets, (secret) =>
    Mac.key(Mac.hmacSha256, utf8.encode(Redacted.value(secret)))
  )
  const [first, ...others] = keys
  const isSigned = (body: Uint8Array, tag: Uint8Array) => {
    const isFirst = first === undefined ? Effect.succeed(false) : mac.verify(first, tag, body)
    if (others.length === 0) return isFirst
    return Effect.flatMap(isFirst, (found) =>
      Effect.reduce(
        others,
        () => found,
        (found, key) => Effect.map(mac.verify(key, tag, body), (matches) => matches || found)
      )
    )
  }
  return (body, signature) => {
    const tag = tagOf(signature)
    if (!(tag instanceof Uint8Array)) return Effect.fail(new InvalidSignature({ problem: tag }))
    return Effect.flatMap(Effect.orDie(isSigned(body, tag)), (matches) =>
      matches ? Effect.void : Effect.fail(new InvalidSignature({ problem: "mismatch" }))
    )
  }
})

/** Gives the value of the header for a body. */
export type Signer = (body: Uint8Array) => Effect.Effect<string>

/** Makes the signature that Meta would make with this app secret, for whoever passes deliveries on. */
export const makeSigner = Effect.fnUntraced(function* (
  appSecret: Redacted.Redacted
): Effect.fn.Return<Signer, CryptoError.CryptoError, Mac.Mac> {
  const mac = yield* Mac.Mac
  const key = yield* Mac.key(Mac.hmacSha256, new TextEncoder().encode(Redacted.value(appSecret)))
  return (body) => Effect.map(Effect.orDie(mac.sign(key, body)), (tag) => prefix + Hex.encode(tag))
})
