/** An event for who watches a terminal: the time of day where they are, the day when it changes, and colours. */
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import * as DateTime from "effect/DateTime"
import { piecesOf } from "./describe.ts"
import { familyOf } from "./family.ts"
import type { Style } from "./style.ts"

type Format = Parameters<Style>[0]

/** What is new to this version, or not understood. */
const warning: Format = "yellow"

const statuses: { readonly [status: string]: Format } = {
  Sent: "dim",
  Delivered: "blue",
  Read: "green",
  Played: "green",
  Failed: "red"
}

/** The colour of what happened. */
export const formatOf = (event: WhatsAppEvent): Format => {
  switch (event._tag) {
    case "StatusUpdate":
      return event.stale ? "dim" : (statuses[event.status] ?? warning)
    case "UnsupportedReceived":
    case "UnknownMessageReceived":
      return warning
    case "ErrorReported":
      return "red"
    default:
  }
  switch (familyOf(event._tag)) {
    case "message":
      return "cyan"
    case "account":
    case "template":
      return "magenta"
    case "problem":
      return warning
    default:
      return "blue"
  }
}

const two = (n: number): string => String(n).padStart(2, "0")
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

/** Makes what an event is shown as: a line, and above it the day unless it is that of the event before. */
export const make = (style: Style, zone: DateTime.TimeZone): ((event: WhatsAppEvent) => string) => {
  let shown = ""
  return (event) => {
    const { at, what, who } = piecesOf(event)
    const parts = at === undefined ? undefined : DateTime.toParts(DateTime.setZone(at, zone))
    const time = parts === undefined ? " ".repeat(8) : [parts.hour, parts.minute, parts.second].map(two).join(":")
    const line = `${style("dim", time)} ${who === undefined ? "" : `${style("bold", who)}: `}${style(formatOf(event), what)}`
    if (parts === undefined) return line
    const day = `${parts.year}-${two(parts.month)}-${two(parts.day)} ${weekdays[parts.weekDay] ?? ""}`
    if (day === shown) return line
    shown = day
    return `${style("dim", `--- ${day} ---`)}\n${line}`
  }
}
