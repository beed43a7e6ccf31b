/** The whole server as one layer. */
export * as WebhookServer from "./WebhookServer.ts"
