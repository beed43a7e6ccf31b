/** A local Meta: what a bot can be tried and tested against without an account. */
export * as CloudApiEmulator from "./CloudApiEmulator.ts"
