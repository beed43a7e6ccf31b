/** From bytes to deliveries to events. */
export * as Signature from "./Signature.ts"
export * as WebhookConfig from "./WebhookConfig.ts"
export * as WebhookPipeline from "./WebhookPipeline.ts"
export * as WebhookRouter from "./WebhookRouter.ts"
