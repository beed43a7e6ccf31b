/** What can go wrong on Meta's side, to be played at the next send. */
import * as Data from "effect/Data"

/** `accepted` says whether the message is sent although the caller does not hear of it: the case that nobody can tell. */
export type Fault = Data.TaggedEnum<{
  /** Meta refuses with this code, as in 131056; the HTTP status and the title are those Meta documents for it. */
  Refuse: {
    readonly code: number
    readonly subcode?: number
    readonly details?: string
    readonly status?: number
    readonly isTransient?: boolean
  }
  /** The HTML page of a gateway stands where JSON should. */
  Page: { readonly status: number; readonly accepted: boolean }
  /** The connection breaks without an answer. */
  Drop: { readonly accepted: boolean }
  /** No answer comes until the caller gives up. */
  Silence: { readonly accepted: boolean }
  /** Meta accepts, and then reports `failed` with this code, as in 131026, in place of the ticks. */
  Undelivered: { readonly code: number; readonly details?: string }
}>
export const Fault = Data.taggedEnum<Fault>()
