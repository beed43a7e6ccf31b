/**
 * Under what deduplication knows an item: Meta redelivers for seven days, in other batches and other bytes, so an item is
 * known by its own ids. The one table of it; every key also begins with the webhook field and the phone number id.
 */

/** What makes an item of each kind itself. What stands in no row is known by its delivery and its position there. */
export const itemKeys = {
  message: { items: "messages, edits, revocations, reactions, system messages, history", parts: ["id"] },
  "history media": { items: "media that were placeholders in the history before", parts: ["id"] },
  echo: { items: "echoes of what another app or the Business app sent", parts: ["id"] },
  status: { items: "statuses of messages", parts: ["id", "participant of a group", "status"] },
  payment: {
    items: "statuses of payments",
    parts: ["transaction id", "its status", "status", "gateway's payment id", "refunds with their statuses"]
  },
  call: {
    items: "calls and their statuses",
    parts: ["id", "event or status", "instant of an event that is not modelled"]
  }
} as const

/** The key of an item within its field and number. */
export const itemKey = (kind: keyof typeof itemKeys, ...parts: ReadonlyArray<string>): string => {
  let key: string = kind
  for (const part of parts) key += `/${part}`
  return key
}
