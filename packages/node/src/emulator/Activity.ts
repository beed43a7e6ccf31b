/** What happens in the emulator, as it happens: for a page or a terminal that shows it. */
import * as Data from "effect/Data"
import type { Attempt, MessagePart } from "./Delivery.ts"
import type { Sent } from "./Person.ts"

/** What was reported of a message. */
export type Tick = "sent" | "delivered" | "read" | "failed"

export type Activity = Data.TaggedEnum<{
  /** A customer wrote. */
  Wrote: { readonly part: MessagePart }
  /** The webhook was tried. */
  Attempted: { readonly attempt: Attempt }
  /** Meta accepted a message of the business, and the person has it. */
  Accepted: { readonly sent: Sent }
  /** Meta refused a request; `details` holds no text of a message. */
  Refused: { readonly code: number; readonly details: string }
  /** The webhook acknowledged a status. */
  Ticked: { readonly wamid: string; readonly tick: Tick }
  /** The business read a customer's message, and may be typing. */
  Seen: { readonly wamid: string; readonly typing: boolean }
}>
export const Activity = Data.taggedEnum<Activity>()
