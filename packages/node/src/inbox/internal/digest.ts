import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { hash } from "node:crypto"

/** The name of a delivery. Not its HMAC: secrets rotate, and the same bytes must keep their name. */
export const digestOf = (body: Uint8Array): DeliveryDigest => DeliveryDigest.make(hash("sha256", body, "hex"))
