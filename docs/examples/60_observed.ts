/**
 * A bot whose spans, metrics and logs go to an OpenTelemetry collector, when the environment says so:
 *
 * OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 \
 * OTEL_TRACES_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp node docs/examples/60_observed.ts
 */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Message } from "@effect-whatsapp/core/message"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { Otlp, OtlpSerialization } from "effect/observability"

const echo = Listener.make(
  "echo",
  "TextReceived",
  Effect.fn("echo")(function* (event) {
    const whatsapp = yield* WhatsAppClient.WhatsAppClient
    yield* whatsapp.reply(event, Message.text(event.text.slice(0, 4000)))
  })
)

const Telemetry = Otlp.layerFromConfig({ resource: { serviceName: "echo" } }).pipe(
  Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer])
)

const Main = WebhookServer.layer().pipe(
  Layer.provide(Listeners.layer(echo)),
  Layer.provide([
    WhatsAppClient.layerConfig,
    OwnerResolver.layerConfig,
    Deduplication.layerMemory(),
    Inbox.layerMemory()
  ]),
  // Last, so that everything above is seen, and the end of it too.
  Layer.provide(Telemetry)
)

NodeRuntime.runMain(Layer.launch(Main))
