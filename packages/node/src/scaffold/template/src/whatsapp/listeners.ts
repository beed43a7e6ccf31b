/**
 * What the bot does. A listener is called at least once for each event that it wants, in the order of the conversation,
 * and again when it fails. So let each do one thing: one that succeeded is not run again because another failed.
 */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Effect } from "effect"

/** Answers a text; for now with the same text. */
const answer = Listener.make(
  "answer",
  "TextReceived",
  Effect.fn("answer")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    const greeting = event.sender._tag === "Owner" ? "Boss, you wrote: " : ""
    yield* whatsapp.reply(event, Message.text(greeting + event.text))
  })
)

/** Notes what became of a message that was sent. */
const note = Listener.make(
  "note",
  "StatusUpdate",
  Effect.fn("note")(function* (event) {
    yield* Effect.logInfo(`${event.status} ${event.wamid}`)
  })
)

export const Bot = Listeners.layer(answer, note)
