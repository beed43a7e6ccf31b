/** Where Meta delivers to. */
import { WebhookServer } from "@effect-whatsapp/node/server"

/**
 * The server with Meta's two routes, `GET` for the handshake and `POST` for deliveries, both at /whatsapp/webhook, and
 * `GET /health`. Routes of your own go into the option `routes`.
 */
export const Webhook = WebhookServer.layer()
