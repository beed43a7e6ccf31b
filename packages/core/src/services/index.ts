/** The contracts an application swaps, each in one line. */
export * as Deduplication from "./Deduplication.ts"
export * as Identities from "./Identities.ts"
export * as MessageStates from "./MessageStates.ts"
export type { Method } from "./Method.ts"
export * as OwnerResolver from "./OwnerResolver.ts"
export * as SqlJournal from "./SqlJournal.ts"
