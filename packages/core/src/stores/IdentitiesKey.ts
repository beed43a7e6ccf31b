/** What the stores of identities link: a key for each BSUID and each phone, `u/…` and `p/…`. */
import { BusinessScopedUserId, WaId } from "../domain/Ids.ts"
import { normalForm } from "../domain/PhoneNumber.ts"
import type { Known } from "../services/Identities.ts"

/** A guard against damaged stores: nobody changes their number so often. */
export const maxHops = 32

/** The key under which a person is looked for, and the key of the phone that goes with it when that is another one. */
export interface Keys {
  readonly key: string
  readonly phone: string | undefined
}

/** Nothing for a user without an id; an empty id is none, or all who have it would be one person. */
export const keysOf = ({ userId, waId }: Known): Keys | undefined => {
  const phone = waId === undefined || waId === "" ? undefined : `p/${normalForm(waId)}`
  if (userId !== undefined && userId !== "") return { key: `u/${userId}`, phone }
  return phone === undefined ? undefined : { key: phone, phone: undefined }
}

/** The key of a link of a number, as it stands in a store of all numbers; nothing when it is another number's. */
export const keyWithin = (number: string, from: string): string | undefined => {
  const key = from.slice(number.length + 1)
  return from.startsWith(`${number}/`) && knownAs(key) !== undefined ? key : undefined
}

export const nobody: Known = {}

/** What a key says; nothing for a text that is no key. */
export const knownAs = (key: string): Known | undefined => {
  const id = key.slice(2)
  if (key.startsWith("u/")) return { userId: BusinessScopedUserId.make(id) }
  return key.startsWith("p/") ? { waId: WaId.make(id) } : undefined
}
