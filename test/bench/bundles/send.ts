/** Sends a text, and nothing else. */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import * as Effect from "effect/Effect"

const main = Effect.gen(function* () {
  const whatsapp = yield* WhatsAppClient.WhatsAppClient
  yield* whatsapp.send("16505550177", Message.text("hello"))
})

await Effect.runPromise(Effect.provide(main, WhatsAppClient.layerConfig))
