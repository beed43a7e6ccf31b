/** Which events `listen` prints: by what happened, and by whom it is about. */
import { peopleOf, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import { PhoneNumber, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import * as Effect from "effect/Effect"
import { words, tagsOf } from "./family.ts"
import { harmless } from "./harmless.ts"
import { closest } from "./closest.ts"
import { Usage } from "./outcome.ts"
import * as Person from "./person.ts"

export type EventFilter = (event: WhatsAppEvent) => boolean

export interface Options {
  /** Tags and families. None is all of them. */
  readonly on: ReadonlyArray<string>
  /** Phone numbers and BSUIDs. None is everybody, and what is about nobody. */
  readonly from: ReadonlyArray<string>
}

/** Longest word that an error repeats. */
const shown = 40

const unknown = (word: string): Usage => {
  const meant = closest(word, words)
  const hint =
    meant === undefined
      ? "--on takes a tag such as TextReceived, or message, status, account, …"
      : `did you mean ${meant}?`
  return new Usage({ message: `There is no event ${harmless(word.slice(0, shown))}: ${hint}` })
}

/** Fails with a wrong call. */
export const make = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<EventFilter, Usage> {
  const tags = new Set<string>()
  for (const word of options.on) {
    const found = tagsOf(word)
    if (found === undefined) return yield* unknown(word)
    for (const tag of found) tags.add(tag)
  }
  const phones = new Set<string>()
  const ids = new Set<string>()
  for (const text of options.from) {
    const person = Person.readPerson(text)
    if (person === undefined) return yield* new Usage({ message: `--from takes ${Person.expected}` })
    if (person.waId !== undefined) phones.add(PhoneNumber.normalForm(person.waId))
    if (person.userId !== undefined) ids.add(person.userId)
  }
  const isMeant = ({ parentUserId, userId, waId }: WhatsAppUser) =>
    (waId !== undefined && phones.has(PhoneNumber.normalForm(waId))) ||
    (userId !== undefined && ids.has(userId)) ||
    (parentUserId !== undefined && ids.has(parentUserId))
  const isOn: EventFilter = ({ _tag }) => tags.size === 0 || tags.has(_tag)
  const isFrom: EventFilter = (event) =>
    options.from.length === 0 || peopleOf(event).some((person) => person.some(isMeant))
  return (event) => isOn(event) && isFrom(event)
})
