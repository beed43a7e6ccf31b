/** People who are named by a word that others typed, or that does not say what it is. */
import type * as Schema from "effect/Schema"
import { asBusinessScopedUserId, asWaId } from "../../domain/brands.ts"
import { bsuidPattern, type WaId } from "../../domain/Ids.ts"
import { digits } from "../../domain/PhoneNumber.ts"
import type { WhatsAppUser } from "../../domain/WhatsAppUser.ts"
import { first } from "../../internal/present.ts"
import { isJsonObject } from "../../wire/Json.ts"

/** A phone number as somebody typed it, in WhatsApp's spelling. */
export const phoneOf = (...typed: ReadonlyArray<string | null | undefined>): WaId | undefined => {
  const phone = first(...typed)
  return phone === undefined ? undefined : asWaId(digits(phone) || phone)
}

/** Whom a word names, be it a phone number or a BSUID. */
export const namedBy = (word: string | null | undefined): Pick<WhatsAppUser, "waId" | "userId" | "parentUserId"> => {
  const waId = phoneOf(word)
  if (waId === undefined) return {}
  if (!word || !bsuidPattern.test(word)) return { waId }
  const bsuid = asBusinessScopedUserId(word)
  return word.includes(".ENT.") ? { parentUserId: bsuid } : { userId: bsuid }
}

/** The phone number of the business, as Meta displays it beside an item. */
export const businessPhoneOf = ({ metadata }: Schema.JsonObject): string | undefined => {
  const phone = isJsonObject(metadata) ? metadata.display_phone_number : undefined
  return typeof phone === "string" || typeof phone === "number" ? String(phone) : undefined
}
