/** Ids that look like Meta's. */
import { createHash } from "node:crypto"
import * as SecureRandom from "effect/crypto/SecureRandom"

/** 25 bytes, so that the id ends in `=` and may hold `+` and `/`, like Meta's: nobody may put one into a URL unescaped. */
export const wamid = (): string => {
  const bytes = SecureRandom.randomBytesUnsafe(25)
  bytes.set([0x1c, 0x18, 0x0b])
  return `wamid.${Buffer.from(bytes).toString("base64")}`
}

/** What Meta's support asks for. */
export const trace = (): string => `A${Buffer.from(SecureRandom.randomBytesUnsafe(16)).toString("base64url")}`

/** 16 digits, as of a file. */
export const digits = (): string =>
  String(1_000_000_000_000_000n + BigInt(`0x${Buffer.from(SecureRandom.randomBytesUnsafe(6)).toString("hex")}`))

/** A BSUID, the same for the same phone. */
export const userIdOf = (phone: string): string =>
  `US.${BigInt(`0x${createHash("sha256").update(phone).digest("hex").slice(0, 16)}`)}`
