/**
 * Deliveries that were read a moment ago, so that their tasks run without reading them again: a delivery may hold a
 * thousand items. What is forgotten too early is read once more, and then remembered for the tasks that follow.
 */
import type { Incoming, WhatsAppEvent } from "@effect-whatsapp/core/events"

export interface Recent {
  /** Remembers the items of a delivery; the longest unused go when there are too many. */
  readonly remember: (digest: string, items: ReadonlyArray<Incoming>) => void
  /** Says that this many more tasks of a delivery will ask. */
  readonly expect: (digest: string, tasks: number) => void
  readonly find: (digest: string, position: string) => WhatsAppEvent | undefined
  /** Says that a task will not ask again; after the last one the delivery is forgotten. */
  readonly release: (digest: string) => void
}

/** How many items are remembered, beside those of the newest delivery. */
const capacity = 10_000

export const make = (): Recent => {
  const deliveries = new Map<string, ReadonlyMap<string, WhatsAppEvent>>()
  const expected = new Map<string, number>()
  let size = 0
  const forget = (digest: string) => {
    size -= deliveries.get(digest)?.size ?? 0
    deliveries.delete(digest)
  }
  const put = (digest: string, items: ReadonlyMap<string, WhatsAppEvent>) => {
    forget(digest)
    for (const oldest of deliveries.keys()) {
      if (size <= capacity) break
      forget(oldest)
    }
    deliveries.set(digest, items)
    size += items.size
  }
  return {
    remember: (digest, items) => {
      if (!deliveries.has(digest)) put(digest, new Map(items.map(({ event, position }) => [position, event])))
    },
    expect: (digest, tasks) => {
      expected.set(digest, (expected.get(digest) ?? 0) + tasks)
    },
    find: (digest, position) => {
      const items = deliveries.get(digest)
      // Used, so it goes last.
      if (items !== undefined) put(digest, items)
      return items?.get(position)
    },
    release: (digest) => {
      const tasks = expected.get(digest)
      // Of an earlier process: nobody knows how many more will ask.
      if (tasks === undefined) return
      const left = tasks - 1
      if (left > 0) return void expected.set(digest, left)
      expected.delete(digest)
      return forget(digest)
    }
  }
}
