/** Everything that can go wrong, one family per file. */
export { DeduplicationError } from "./DeduplicationError.ts"
export { InboxError } from "./InboxError.ts"
export { MessageStatesError } from "./MessageStatesError.ts"
export { OwnerResolverError } from "./OwnerResolverError.ts"
export { fromMetaCode, type Said, WhatsAppError } from "./WhatsAppError.ts"
export { type GraphCode, graphCodes, graphSubcodes, lookUp, type When } from "./graphCodes.ts"
export * from "./reasons.ts"
export { Verdict } from "./Verdict.ts"
