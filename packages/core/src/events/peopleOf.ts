/** Whom an event is about. */
import type { WhatsAppUser } from "../domain/WhatsAppUser.ts"
import type { GroupParticipant } from "./groups.ts"
import { phoneOf } from "./internal/named.ts"
import { isMessageEvent, type WhatsAppEvent } from "./WhatsAppEvent.ts"
import { present } from "../internal/present.ts"

/** One person, with everything that an event says of them: more than one of it where it tells who they were before. */
export type Person = ReadonlyArray<WhatsAppUser>

/** The people an event is about: who wrote, was written to, called, joined. None for events of the account and of groups. */
export const peopleOf = (event: WhatsAppEvent): ReadonlyArray<Person> => {
  switch (event._tag) {
    case "UserNumberChanged":
    case "UserIdChanged":
      return [[event.sender.user, event.previous, event.current]]
    case "UserIdsChanged":
      return event.changes.map(({ current, previous }) => [previous, current])
    case "GroupParticipantsChanged":
      return [...event.added, ...event.removed, ...event.failed].map((it) => [it, asRequested(it)])
    default:
      if (isMessageEvent(event)) return [[event.sender.user]]
      if ("user" in event) return [[event.user]]
      return "recipient" in event ? [[event.recipient]] : []
  }
}

/** A participant as the request named them, which is a phone number as somebody typed it. */
const asRequested = ({ input }: GroupParticipant): WhatsAppUser => present({ waId: phoneOf(input) })
