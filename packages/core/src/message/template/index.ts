/** Templates: what is approved at Meta, with its values. */
export * from "./Button.ts"
export * from "./Component.ts"
export * from "./Offer.ts"
export * from "./Order.ts"
export * from "./Parameter.ts"
export * from "./Template.ts"
