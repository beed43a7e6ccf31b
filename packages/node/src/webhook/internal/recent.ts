/** The events of tasks that were admitted a moment ago, so that most tasks run without reading their delivery again. */
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import type * as Inbox from "../../inbox/Inbox.ts"

export interface Recent {
  /** Remembers an event for this many tasks, unless there are too many already. */
  readonly remember: (digest: string, position: string, event: WhatsAppEvent, tasks: number) => void
  readonly find: (task: Inbox.Task) => WhatsAppEvent | undefined
  /** Says that a task will not ask again. */
  readonly release: (task: Inbox.Task) => void
}

const capacity = 10_000

export const make = (): Recent => {
  const events = new Map<string, { readonly event: WhatsAppEvent; tasks: number }>()
  const keyOf = (digest: string, position: string) => `${digest}/${position}`
  return {
    remember: (digest, position, event, tasks) => {
      if (tasks > 0 && events.size < capacity) events.set(keyOf(digest, position), { event, tasks })
    },
    find: ({ digest, position }) => events.get(keyOf(digest, position))?.event,
    release: ({ digest, position }) => {
      const key = keyOf(digest, position)
      const held = events.get(key)
      if (held !== undefined && --held.tasks === 0) events.delete(key)
    }
  }
}
