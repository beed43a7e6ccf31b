/** How the stores of one process follow and make links, whatever the links are kept in. */
import type { PhoneNumberId } from "../domain/Ids.ts"
import type { Known } from "../services/Identities.ts"
import { keysOf, knownAs, maxHops, nobody } from "./IdentitiesKey.ts"

/** The links of all numbers: from `<number>/<key>` to a key. */
export interface Links {
  readonly get: (from: string) => string | undefined
  /** Also told of a link that was followed, which makes it young again. */
  readonly set: (from: string, to: string) => void
}

export interface Answers {
  readonly observe: (number: PhoneNumberId, user: Known) => Known
  readonly find: (number: PhoneNumberId, user: Known) => Known
  readonly merge: (number: PhoneNumberId, previous: Known, current: Known) => Known
}

/** The end of the links from `key`. */
export const headOf = (get: Links["get"], number: PhoneNumberId, key: string): string => {
  let head = key
  for (let hop = 0; hop < maxHops; hop++) {
    const to = get(`${number}/${head}`)
    if (to === undefined) break
    head = to
  }
  return head
}

export const make = ({ get, set }: Links): Answers => {
  /** The end of the links from `key`, each of which is young again. */
  const follow = (number: PhoneNumberId, key: string): string => headOf(touch, number, key)
  const touch = (from: string): string | undefined => {
    const to = get(from)
    if (to !== undefined) set(from, to)
    return to
  }
  /** Links only to where a chain ends, and never to itself: so there is no loop. */
  const link = (number: PhoneNumberId, from: string, to: string): void => {
    if (from !== to && get(`${number}/${to}`) === undefined) set(`${number}/${from}`, to)
  }

  const find = (number: PhoneNumberId, user: Known): Known => {
    const keys = keysOf(user)
    return (keys && knownAs(follow(number, keys.key))) ?? nobody
  }
  const observe = (number: PhoneNumberId, user: Known): Known => {
    const keys = keysOf(user)
    if (keys === undefined) return nobody
    const head = follow(number, keys.key)
    if (keys.phone !== undefined && follow(number, keys.phone) !== head) link(number, keys.phone, head)
    return knownAs(head) ?? nobody
  }
  const merge = (number: PhoneNumberId, previous: Known, current: Known): Known => {
    const was = keysOf(previous)
    const is = keysOf(current)
    if (was === undefined) return observe(number, current)
    if (is === undefined) return observe(number, previous)
    const head = follow(number, is.key)
    link(number, follow(number, was.key), head)
    // The old phone may be somebody else's by now: what is known of it is newer than this.
    if (was.phone !== undefined && get(`${number}/${was.phone}`) === undefined) link(number, was.phone, head)
    if (is.phone !== undefined) link(number, is.phone, head)
    return knownAs(head) ?? nobody
  }
  return { observe, find, merge }
}
