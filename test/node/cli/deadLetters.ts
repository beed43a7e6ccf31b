/** Dead letters, made without the pipeline. */
import { assert } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox, InboxFile } from "@effect-whatsapp/node/inbox"
import { Effect } from "effect"

const at = "entry[0].changes[0].value.messages[0]"

/** Keeps a delivery whose only task is a dead letter. */
export const kill = Effect.fnUntraced(function* (wamid: string, cause: string, from?: string) {
  const inbox = yield* Inbox.Inbox
  yield* inbox.append(Delivery.text(wamid, from === undefined ? {} : { from }))
  const [delivery] = yield* inbox.take
  assert.isDefined(delivery)
  const task = { position: at, listener: "print", lane: wamid, tag: "TextReceived", decision: {}, dead: cause } as const
  yield* inbox.admit(delivery.digest, [task], { settled: true })
})

/** The ids of the dead letters, oldest first. */
export const ids = (file: { readonly path: string }) =>
  Effect.map(InboxFile.list(file), (letters) => letters.map(({ task }) => task.id))
