/** Who wrote what to whom, and so what can be read and reacted to: both for 30 days. */
import * as DateTime from "effect/DateTime"
import type { MessagePart } from "../Delivery.ts"
import type { Sent } from "../Person.ts"
import * as Bounded from "./bounded.ts"
import type { Entry, People, Written } from "./people.ts"

const thirtyDays = 30 * 86_400_000

export const make = (people: People, millis: () => number) => {
  const inbound = new Map<string, Entry>()
  const outbound = new Map<string, { readonly sent: Sent; readonly entry: Entry | undefined }>()

  /** What this number and this person have said to each other. */
  const find = (wamid: string, entry: Entry | undefined) => {
    const theirs = entry?.written.find((one) => one.wamid === wamid)
    if (theirs !== undefined) return theirs
    const ours = outbound.get(wamid)
    if (ours === undefined || ours.entry !== entry) return undefined
    const { at, phoneNumberId, type } = ours.sent
    return { phoneNumberId, at: DateTime.toEpochMillis(at), isReaction: type === "reaction" }
  }

  return {
    /** Writing opens the window, whether or not the webhook hears of it. */
    wrote: ({ message, person, phoneNumberId, wamid }: MessagePart): void => {
      const entry = people.of(person)
      if (entry === undefined) return
      const groupId = typeof message.group_id === "string" ? message.group_id : undefined
      // What is said in a group opens no window to the person.
      if (groupId === undefined) entry.wroteAt.set(phoneNumberId, millis())
      const isReaction = message.type === "reaction"
      Bounded.push(entry.written, { wamid, phoneNumberId, at: millis(), isReaction, groupId })
      Bounded.set(inbound, wamid, entry)
    },
    sent: (sent: Sent, entry: Entry | undefined): void => Bounded.set(outbound, sent.wamid, { sent, entry }),
    /** Why a reaction to this message cannot be shown; `undefined` when it can. */
    cannotReact: (wamid: string, phoneNumberId: string, entry: Entry | undefined): string | undefined => {
      const target = find(wamid, entry)
      if (target?.phoneNumberId !== phoneNumberId) return "The message is not in this conversation."
      if (target.isReaction) return "A reaction cannot be reacted to."
      return millis() - target.at > thirtyDays ? "The message is older than 30 days." : undefined
    },
    /** `false` when this number never got the message, or too long ago. */
    markRead: (wamid: string, phoneNumberId: string): boolean => {
      const entry = inbound.get(wamid)
      const isIt = (one: Written) => one.wamid === wamid && one.phoneNumberId === phoneNumberId
      const upTo = entry?.written.findIndex(isIt) ?? -1
      const last = entry?.written[upTo]
      if (entry === undefined || last === undefined || millis() - last.at > thirtyDays) return false
      // Earlier ones are read with it; in a group, each has to be marked.
      for (const one of entry.written.slice(0, upTo + 1)) {
        const isRead = one === last || (last.groupId === undefined && one.groupId === undefined)
        if (isRead && one.phoneNumberId === phoneNumberId) Bounded.set(entry.seen, one.wamid, true)
      }
      return true
    }
  }
}
