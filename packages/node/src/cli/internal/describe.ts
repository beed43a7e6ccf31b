/** An event in one line for people. Everything that a customer could have chosen is escaped: it ends up in a terminal. */
import { isMessageEvent, type MessageEvent, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import * as DateTime from "effect/DateTime"

/** The text without what a terminal would obey: control characters, line ends, and what turns the direction of text. */
export const harmless = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, "?")

/** A text in quotes, on one line. */
const plain = (text: string): string => harmless(JSON.stringify(text))

const nameOf = ({ profileName, userId, username, waId }: WhatsAppUser): string =>
  [profileName === undefined ? "" : plain(profileName), harmless(username ?? ""), harmless(waId ?? userId ?? "")]
    .filter((part) => part !== "")
    .join(" ") || "somebody"

/** What a message says, as far as it fits on a line. */
const said = (event: MessageEvent): string => {
  switch (event._tag) {
    case "TextReceived":
      return plain(event.text)
    case "ImageReceived":
    case "VideoReceived":
    case "DocumentReceived":
      return event.caption === undefined ? event._tag : `${event._tag} ${plain(event.caption)}`
    case "ReactionReceived":
      return `${event._tag} ${event.emoji === undefined ? "(taken back)" : plain(event.emoji)}`
    case "ButtonPressed":
    case "ReplyButtonPressed":
    case "ListItemSelected":
      return `${event._tag} ${plain(event.title)}`
    case "LocationReceived":
      return `${event._tag} ${event.latitude},${event.longitude}`
    case "FlowCompleted":
      return `${event._tag} ${plain(JSON.stringify(event.response))}`
    case "OrderReceived":
      return `${event._tag} ${event.items.length} ${event.items.length === 1 ? "product" : "products"}`
    case "UnsupportedReceived":
    case "UnknownMessageReceived":
      return `${event._tag} ${plain(event.type)}`
    default:
      return event._tag
  }
}

export const describe = (event: WhatsAppEvent): string => {
  if (isMessageEvent(event)) {
    return `${time(event.timestamp)} ${event.sender._tag} ${nameOf(event.sender.user)}: ${said(event)}`
  }
  switch (event._tag) {
    case "StatusUpdate":
      return `${time(event.timestamp)} ${event.status}${event.stale ? " (stale)" : ""} ${plain(event.wamid)}`
    case "TemplateStatusChanged":
      return `${since(event)}${event._tag} ${plain(event.name ?? event.templateId)} ${plain(event.status)}`
    case "AccountUpdated":
    case "FlowUpdated":
      return `${since(event)}${event._tag} ${plain(event.event)}`
    case "ErrorReported":
      return `${since(event)}${event._tag} ${event.error.code} ${plain(event.error.title ?? "")}`
    case "UnknownFieldReceived":
      return `${event._tag} ${plain(event.field)}`
    case "Undecodable":
      return `${event._tag} ${plain(event.path)}: ${harmless(event.reason)}`
    case "DeliveryUnreadable":
      return `${event._tag} ${harmless(event.reason)}`
    default: {
      const when = "timestamp" in event ? since(event) : ""
      return "user" in event ? `${when}${nameOf(event.user)}: ${event._tag}` : `${when}${event._tag}`
    }
  }
}

const since = ({ timestamp }: { readonly timestamp?: DateTime.Utc }): string =>
  timestamp === undefined ? "" : `${time(timestamp)} `

const time = (instant: DateTime.Utc): string => DateTime.formatIso(instant)
