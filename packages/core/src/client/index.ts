/** Sends messages and moves media, and knows from which number and with which token. */
export type * as Download from "./Download.ts"
export * as Environment from "./Environment.ts"
export * as Retry from "./Retry.ts"
export * as Upload from "./Upload.ts"
export * as WhatsAppClient from "./WhatsAppClient.ts"
export * as WhatsAppConfig from "./WhatsAppConfig.ts"
