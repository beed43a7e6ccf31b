/** Identities in this process, in two generations of links: a link that is used stays, the others fall out. */
import type { PhoneNumberId } from "../domain/Ids.ts"
import type { Identities, Known } from "../services/Identities.ts"
import * as Method from "../services/Method.ts"
import { keysOf, knownAs, maxHops, nobody } from "./IdentitiesKey.ts"
import * as TwoGenerations from "./TwoGenerations.ts"

export interface Options {
  /** How many links are remembered at most: about one for each person. @default 200_000 */
  readonly capacity?: number | undefined
}

export const make = (options?: Options): Identities["Service"] => {
  const { get, set } = TwoGenerations.make<string>(options?.capacity ?? 200_000)

  /** The end of the links from `key`, each of which is young again. */
  const headOf = (number: PhoneNumberId, key: string): string => {
    let head = key
    for (let hop = 0; hop < maxHops; hop++) {
      const from = `${number}/${head}`
      const to = get(from)
      if (to === undefined) break
      set(from, to)
      head = to
    }
    return head
  }
  /** Links only to where a chain ends, and never to itself: so there is no loop. */
  const link = (number: PhoneNumberId, from: string, to: string): void => {
    if (from !== to && get(`${number}/${to}`) === undefined) set(`${number}/${from}`, to)
  }

  const find = (number: PhoneNumberId, user: Known): Known => {
    const keys = keysOf(user)
    return (keys && knownAs(headOf(number, keys.key))) ?? nobody
  }
  const observe = (number: PhoneNumberId, user: Known): Known => {
    const keys = keysOf(user)
    if (keys === undefined) return nobody
    const head = headOf(number, keys.key)
    if (keys.phone !== undefined && headOf(number, keys.phone) !== head) link(number, keys.phone, head)
    return knownAs(head) ?? nobody
  }
  const merge = (number: PhoneNumberId, previous: Known, current: Known): Known => {
    const was = keysOf(previous)
    const is = keysOf(current)
    if (was === undefined) return observe(number, current)
    if (is === undefined) return observe(number, previous)
    const head = headOf(number, is.key)
    link(number, headOf(number, was.key), head)
    // The old phone may be somebody else's by now: what is known of it is newer than this.
    if (was.phone !== undefined && get(`${number}/${was.phone}`) === undefined) link(number, was.phone, head)
    if (is.phone !== undefined) link(number, is.phone, head)
    return knownAs(head) ?? nobody
  }

  return {
    observe: Method.make(observe),
    find: Method.make(find),
    merge: Method.make(merge)
  }
}
