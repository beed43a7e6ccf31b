/** A program whose send fails and whose author forgot to handle it: run by secrets.test.ts in a process of its own. */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { Effect } from "effect"

void Effect.runPromise(
  Effect.flatMap(WhatsAppClient.WhatsAppClient, (it) =>
    it.send("+39 340 123 4567", Message.text("a private matter"))
  ).pipe(Effect.provide(WhatsAppClient.layerConfig))
)
