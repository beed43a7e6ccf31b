/** Receives, and nothing else. */
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const log = Listener.make("log", "TextReceived", ({ wamid }) => Effect.log(wamid))

const Main = WebhookServer.layer().pipe(
  Layer.provide(Listeners.layer(log)),
  Layer.provide([OwnerResolver.layerConfig, Deduplication.layerMemory(), Inbox.layerMemory()])
)

NodeRuntime.runMain(Layer.launch(Main))
