/**
 * What the two samples of @great-detail/whatsapp share. The `await`s are ours: without them the samples throw, because
 * `eventNotification` gives a promise, and refuse nothing, because `verifySignature` gives one too.
 */
import { Client } from "@great-detail/whatsapp"
import { appSecret, handle } from "../driven.ts"

const sdk = new Client({ request: { headers: { Authorization: "Bearer token" } } })

/** It hands out Meta's envelope, and leaves the walk through it to the program. */
export const receive = async (notification) => {
  const event = await sdk.webhook.eventNotification(notification)
  await event.verifySignature(appSecret)
  for (const { changes } of event.eventNotification.entry) {
    for (const { value } of changes) {
      for (const { id } of value.messages ?? []) await handle(id)
    }
  }
  return event.accept()
}
