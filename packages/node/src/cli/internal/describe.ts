/** An event in one line for people. Everything that a customer could have chosen is escaped: it ends up in a terminal. */
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import * as DateTime from "effect/DateTime"

/** The text without what a terminal would obey: control characters, line ends, and what turns the direction of text. */
const harmless = (text: string): string => text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, "?")

/** A text in quotes, on one line. */
const plain = (text: string): string => harmless(JSON.stringify(text))

const nameOf = ({ profileName, userId, username, waId }: WhatsAppUser): string =>
  [profileName === undefined ? "" : plain(profileName), harmless(username ?? ""), harmless(waId ?? userId ?? "")]
    .filter((part) => part !== "")
    .join(" ") || "somebody"

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
      return `${event._tag} ${plain(event.path)}: ${harmless(event.reason)}`
    case "DeliveryUnreadable":
      return `${event._tag} ${harmless(event.reason)}`
  }
}

const time = (instant: DateTime.Utc): string => DateTime.formatIso(instant)
