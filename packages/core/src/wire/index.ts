/** Meta's words: what webhooks and sends carry, under Meta's own field names. */
export * as Contact from "./Contact.ts"
export * as Envelope from "./Envelope.ts"
export * as InboundMessage from "./InboundMessage.ts"
export * as Json from "./Json.ts"
export * as MetaError from "./MetaError.ts"
export * as Scalars from "./scalars.ts"
export * as SendMessage from "./SendMessage.ts"
export * as Status from "./Status.ts"
