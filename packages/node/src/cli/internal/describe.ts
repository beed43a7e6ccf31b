/** An event in one line for people. Everything that a customer could have chosen is escaped: it ends up in a terminal. */
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import * as DateTime from "effect/DateTime"

/** A text on one line, with no character that a terminal would obey. */
const plain = (text: string): string => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "?")

const nameOf = ({ profileName, userId, username, waId }: WhatsAppUser): string =>
  [profileName === undefined ? undefined : plain(profileName), username, waId ?? userId].filter(Boolean).map(String).join(" ") ||
  "somebody"

export const describe = (event: WhatsAppEvent): string => {
  switch (event._tag) {
    case "TextReceived":
      return `${time(event.timestamp)} ${event.sender._tag} ${nameOf(event.sender.user)}: ${plain(event.text)}`
    case "UnsupportedReceived":
    case "UnknownMessageReceived":
      return `${time(event.timestamp)} ${event.sender._tag} ${nameOf(event.sender.user)}: ${event._tag} ${plain(event.type)}`
    case "StatusUpdate":
      return `${time(event.timestamp)} ${event.status}${event.stale ? " (stale)" : ""} ${plain(event.wamid)}`
    case "UnknownFieldReceived":
      return `${event._tag} ${plain(event.field)}`
    case "Undecodable":
      return `${event._tag} ${plain(event.path)}: ${event.reason}`
    case "DeliveryUnreadable":
      return `${event._tag} ${event.reason}`
  }
}

const time = (instant: DateTime.Utc): string => DateTime.formatIso(instant)
