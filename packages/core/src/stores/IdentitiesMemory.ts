/** Identities in this process, in two generations of links: a link that is used stays, the others fall out. */
import type { PhoneNumberId } from "../domain/Ids.ts"
import type { Identities, Known } from "../services/Identities.ts"
import * as Method from "../services/Method.ts"
import { keysOf, keyWithin } from "./IdentitiesKey.ts"
import * as IdentitiesLinks from "./IdentitiesLinks.ts"
import * as TwoGenerations from "./TwoGenerations.ts"

export interface Options {
  /** How many links are remembered at most: about one for each person. @default 200_000 */
  readonly capacity?: number | undefined
}

export const make = (options?: Options): Identities["Service"] => {
  const links = TwoGenerations.make<string>(options?.capacity ?? 200_000)
  const { find, merge, observe } = IdentitiesLinks.make(links)
  const forget = (number: PhoneNumberId, user: Known): void => {
    const keys = keysOf(user)
    if (keys === undefined) return
    const head = IdentitiesLinks.headOf(links.get, number, keys.key)
    const leadsThere = (from: string) => {
      const key = keyWithin(number, from)
      return key !== undefined && IdentitiesLinks.headOf(links.get, number, key) === head
    }
    for (const from of links.keys().filter(leadsThere)) links.delete(from)
  }
  return {
    observe: Method.make(observe),
    find: Method.make(find),
    merge: Method.make(merge),
    forget: Method.make(forget)
  }
}
