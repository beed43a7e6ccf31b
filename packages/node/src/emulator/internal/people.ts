/** Everybody whom this Meta knows: customers of the test, and whoever was sent something. */
import { PhoneNumber } from "@effect-whatsapp/core/domain"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Semaphore from "effect/Semaphore"
import type { Person, Profile, Sent } from "../Person.ts"
import { capacity } from "./bounded.ts"
import * as ids from "./ids.ts"

/** A message of a person. */
export interface Written {
  readonly wamid: string
  readonly phoneNumberId: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly isReaction: boolean
  readonly groupId: string | undefined
}

export interface Entry {
  person: Person
  /** When this person last wrote to a business number, in epoch milliseconds: opens the customer service window. */
  readonly wroteAt: Map<string, number>
  readonly written: Array<Written>
  readonly received: Array<Sent>
  readonly next: Queue.Queue<Sent>
  readonly seen: Map<string, true>
  /** What one person writes arrives in the order it was written. */
  readonly writing: Semaphore.Semaphore
}

export interface People {
  /** Finds or adds; what the profile says replaces what was known. */
  readonly add: (profile: Profile) => Effect.Effect<Entry>
  readonly of: (person: Person) => Entry | undefined
  readonly byPhone: (phone: string) => Entry | undefined
  readonly byUserId: (userId: string) => Entry | undefined
}

export const make = (): People => {
  const all: Array<Entry> = []
  const phones = new Map<string, Entry>()
  const userIds = new Map<string, Entry>()
  const entries = new WeakMap<Person, Entry>()
  const index = (entry: Entry, change: (map: Map<string, Entry>, key: string) => void) => {
    const { parentUserId, phone, userId } = entry.person
    if (phone !== undefined) change(phones, PhoneNumber.normalForm(phone))
    if (userId !== undefined) change(userIds, userId)
    if (parentUserId !== undefined) change(userIds, parentUserId)
  }
  const enter = (entry: Entry) => {
    entries.set(entry.person, entry)
    index(entry, (map, key) => map.set(key, entry))
  }
  const leave = (entry: Entry) => index(entry, (map, key) => map.get(key) === entry && map.delete(key))
  const byPhone = (phone: string) => phones.get(PhoneNumber.normalForm(phone))
  const byUserId = (userId: string) => userIds.get(userId)
  const add = Effect.fnUntraced(function* (profile: Profile) {
    const person = personOf(profile)
    const known =
      (person.userId === undefined ? undefined : byUserId(person.userId)) ??
      (person.phone === undefined ? undefined : byPhone(person.phone))
    if (known !== undefined) {
      leave(known)
      known.person = person
      enter(known)
      return known
    }
    const entry: Entry = {
      person,
      wroteAt: new Map(),
      written: [],
      received: [],
      next: yield* Queue.sliding<Sent>(capacity),
      seen: new Map(),
      writing: yield* Semaphore.make(1)
    }
    all.push(entry)
    enter(entry)
    const oldest = all.length > capacity ? all.shift() : undefined
    if (oldest !== undefined) leave(oldest)
    return entry
  })
  return { add, of: (person) => entries.get(person), byPhone, byUserId }
}

const personOf = (profile: Profile): Person => {
  const { name, parentUserId, username } = profile
  const phone = profile.phone === undefined ? undefined : PhoneNumber.digits(profile.phone)
  const userId = profile.userId ?? (phone === undefined ? undefined : ids.userIdOf(PhoneNumber.normalForm(phone)))
  return {
    ...(phone === undefined ? {} : { phone }),
    ...(userId === undefined || userId === false ? {} : { userId }),
    ...(parentUserId === undefined ? {} : { parentUserId }),
    ...(username === undefined ? {} : { username }),
    ...(name === undefined ? {} : { name })
  }
}
