/**
 * A bot that answers: it echoes texts, offers a template, knows its owner, and logs how far its answers came.
 * `npm start` runs this very program against a local Meta; `node docs/examples/10_echo.ts` runs it against the real one.
 */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Layer } from "effect"

const offer = Message.template({ name: "spring_offer", language: "en", body: ["20%"] })

const echo = Listener.make(
  "echo",
  "TextReceived",
  Effect.fn("echo")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    if (event.text.toLowerCase() === "offer") return yield* whatsapp.reply(event, offer)
    // A customer may write more than the 4096 characters that an answer may have.
    const text = event.text.slice(0, 4000)
    return yield* whatsapp.reply(event, Message.text(event.sender._tag === "Owner" ? `Yes, boss: ${text}` : text))
  })
)

const ticks = Listener.make("ticks", "StatusUpdate", ({ status, wamid }) => Effect.log(`${status} ${wamid}`))

const Main = WebhookServer.layer().pipe(
  Layer.provide(Listeners.layer(echo, ticks)),
  Layer.provide([
    WhatsAppClient.layerConfig,
    OwnerResolver.layerConfig,
    Deduplication.layerMemory(),
    Inbox.layerMemory()
  ])
)

NodeRuntime.runMain(Layer.launch(Main))
