/** The kit that our own tests are written with. */
export * as DeduplicationContract from "./DeduplicationContract.ts"
export * as Delivery from "./Delivery.ts"
export * as IdentitiesContract from "./IdentitiesContract.ts"
export { type Law, LawBroken } from "./Law.ts"
export * as MessageStatesContract from "./MessageStatesContract.ts"
