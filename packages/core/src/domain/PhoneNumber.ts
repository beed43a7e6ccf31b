/**
 * Phone numbers as WhatsApp compares them. Brazil, Mexico and Argentina each spell one phone in two ways, with and
 * without a digit that marks mobiles, and Meta may answer in the spelling that was not asked for.
 */
import { areDigits } from "../internal/areDigits.ts"

const respellings: ReadonlyArray<readonly [spelling: RegExp, normal: string]> = [
  // Brazil: mobiles (subscriber digits 6 to 9) gained a leading 9; many accounts are still known without it.
  [/^55(\d\d)9([6-9]\d{7})$/, "55$1$2"],
  // Mexico: the 1 after the country code was abolished in 2019 and lives on in ids.
  [/^521(\d{10})$/, "52$1"],
  // Argentina: the 9 that marks a mobile.
  [/^549(\d{10})$/, "54$1"]
]

/** The digits of a phone number, without `+` and punctuation. */
export const digits = (phone: string): string => (areDigits(phone) ? phone : phone.replace(/\D/g, ""))

/** A phone number as WhatsApp spells it: with a plus in front, as some of Meta's pages have it, it is brought to digits. */
export const spelled = (phone: string): string => (phone.startsWith("+") ? digits(phone) || phone : phone)

/**
 * The form in which two spellings of one phone are equal. For comparing and for keys only: what is sent stays as it
 * was given.
 */
export const normalForm = (phone: string): string => {
  const plain = digits(phone)
  // An id without digits is no phone, and must not become the same as all others.
  if (plain === "") return phone
  if (!plain.startsWith("5")) return plain
  for (const [spelling, normal] of respellings) {
    if (spelling.test(plain)) return plain.replace(spelling, normal)
  }
  return plain
}
