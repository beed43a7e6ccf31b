/** Sends messages, and knows from which number and with which token. */
export * as Environment from "./Environment.ts"
export * as Retry from "./Retry.ts"
export * as WhatsAppClient from "./WhatsAppClient.ts"
export * as WhatsAppConfig from "./WhatsAppConfig.ts"
