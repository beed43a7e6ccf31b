/** An event in one line for people. Everything that a customer could have chosen is escaped: it ends up in a terminal. */
import { isMessageEvent, type MessageEvent, type StatusUpdate, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import * as DateTime from "effect/DateTime"
import { harmless } from "./harmless.ts"

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

/** How far a message came, to whom, and why no further. */
const came = ({ errors: [error], recipient, stale, status, wamid }: StatusUpdate): string => {
  const why = error === undefined ? "" : `: ${error.code} ${plain(error.title ?? error.message ?? "")}`
  return `${harmless(status)}${stale ? " (stale)" : ""} ${plain(wamid)} to ${nameOf(recipient)}${why}`
}

/** An event in the pieces that a person looks for. */
export interface Described {
  /** When it happened, if that is known. */
  readonly at: DateTime.Utc | undefined
  /** Who did it, if somebody did. */
  readonly who: string | undefined
  readonly what: string
}

export const piecesOf = (event: WhatsAppEvent): Described => {
  const at = "timestamp" in event ? event.timestamp : undefined
  if (isMessageEvent(event)) {
    return { at, who: `${event.sender._tag} ${nameOf(event.sender.user)}`, what: said(event) }
  }
  return { at, who: "user" in event ? nameOf(event.user) : undefined, what: happened(event) }
}

const happened = (event: Exclude<WhatsAppEvent, MessageEvent>): string => {
  switch (event._tag) {
    case "StatusUpdate":
      return came(event)
    case "TemplateStatusChanged":
      return `${event._tag} ${plain(event.name ?? event.templateId)} ${plain(event.status)}`
    case "AccountUpdated":
    case "FlowUpdated":
      return `${event._tag} ${plain(event.event)}`
    case "ErrorReported":
      return `${event._tag} ${event.error.code} ${plain(event.error.title ?? "")}`
    case "UnknownFieldReceived":
      return `${event._tag} ${plain(event.field)}`
    case "Undecodable":
      return `${event._tag} ${plain(event.path)}: ${harmless(event.reason)}`
    case "DeliveryUnreadable":
      return `${event._tag} ${harmless(event.reason)}`
    default:
      return event._tag
  }
}

/** The line where nobody watches: the same for the same event, wherever and whenever it is printed. */
export const describe = (event: WhatsAppEvent): string => {
  const { at, what, who } = piecesOf(event)
  return `${at === undefined ? "" : `${DateTime.formatIso(at)} `}${who === undefined ? "" : `${who}: `}${what}`
}
