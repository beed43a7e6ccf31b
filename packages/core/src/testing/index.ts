/** The kit that our own tests are written with. */
export * as Delivery from "./Delivery.ts"
