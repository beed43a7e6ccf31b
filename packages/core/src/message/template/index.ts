/** Templates: what is approved at Meta, with its values. */
export * from "./Button.ts"
export * from "./Component.ts"
export { define, type DefinedOptions, type Definition, type Values } from "./Definition.ts"
export { ButtonDescription, CardDescription, Description, HeaderDescription } from "./Description.ts"
export * from "./Offer.ts"
export * from "./Order.ts"
export * from "./Parameter.ts"
export * from "./Template.ts"
