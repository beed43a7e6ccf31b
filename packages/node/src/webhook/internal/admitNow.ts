/**
 * Admission of an item without an Effect, for when every store that has to be asked has its answers at hand. It decides
 * what `admission.ts` decides, in the same order. Where an answer is not at hand after all, nothing has happened yet, and
 * the item is admitted in the other way.
 */
import { decide, type Decision, isMessageEvent, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { Deduplication, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import type { WhatsAppEvents } from "../../events/WhatsAppEvents.ts"
import type * as Inbox from "../../inbox/Inbox.ts"
import type { Work } from "./admission.ts"
import type { Located } from "./conversations.ts"

export interface Options {
  readonly deduplication: Deduplication.Deduplication["Service"]
  readonly events: WhatsAppEvents["Service"]
  readonly inbox: Inbox.Inbox["Service"]
  /** Whether deduplication remembers items for the inbox too. */
  readonly known: boolean
  readonly owner: OwnerResolver.OwnerResolver["Service"]
  readonly states: MessageStates.MessageStates["Service"]
  readonly locate: ((incoming: Work["incoming"]) => Located) | undefined
  readonly tasksFor: (
    work: Work,
    lane: string,
    event: WhatsAppEvent,
    decision: Decision
  ) => ReadonlyArray<Inbox.NewTask>
  readonly onAdmitted: (event: WhatsAppEvent) => void
  /** An item that was admitted before. */
  readonly onDuplicate: () => void
  /** An event that a watcher is too slow for. */
  readonly onUnpublished: (event: WhatsAppEvent) => void
}

/** Admits an item, and tells whether it did. Nothing where a store has to be waited for. */
export const make = (options: Options): ((work: Work) => boolean) | undefined => {
  const { known, locate, onAdmitted, onDuplicate, onUnpublished, tasksFor } = options
  const claimNow = options.deduplication.claim.now
  const completeNow = options.deduplication.complete.now
  const releaseNow = options.deduplication.release.now
  const resolveNow = options.owner.resolve.now
  const observeNow = options.states.observe.now
  const admitNow = options.inbox.admit.now
  const publishNow = options.events.publish.now
  if (claimNow === undefined || completeNow === undefined || releaseNow === undefined) return undefined
  if (resolveNow === undefined || observeNow === undefined || admitNow === undefined) return undefined
  if (publishNow === undefined || locate === undefined) return undefined

  const admit = (work: Work): boolean => {
    const { delivery, incoming } = work
    const { event: undecided, key } = incoming
    const settled = delivery.left === 1
    const { found, lane } = locate(incoming)
    // Should it be admitted in the other way after all, it is located.
    work.found = found
    work.lane = lane
    const owned = isMessageEvent(undecided) && resolveNow(undecided.sender.user)._tag === "Owner"
    const stale = undecided._tag === "StatusUpdate" && observeNow(undecided)
    const claim = claimNow(key)
    if (claim._tag === "Busy") return false
    if (claim._tag === "Done") {
      if (settled) admitNow(delivery.digest, [], { settled, known })
      onDuplicate()
      return true
    }
    let decision: Decision = found
    if (owned) decision = { ...decision, owner: true }
    if (stale) decision = { ...decision, stale }
    const event = decide(undecided, decision)
    // Plain, because this is called for every item and must let go of its claim.
    try {
      const tasks = tasksFor(work, lane, event, decision)
      if (settled || tasks.length > 0) admitNow(delivery.digest, tasks, { settled, known })
      completeNow(claim.token)
    } catch {
      releaseNow(claim.token)
      return false
    }
    onAdmitted(event)
    publish(event)
    return true
  }

  const publish = (event: WhatsAppEvent): void => {
    try {
      publishNow(event)
    } catch {
      onUnpublished(event)
    }
  }

  return (work) => {
    try {
      return admit(work)
    } catch {
      // Somebody has to be waited for, or asked again.
      return false
    }
  }
}
