/** Everything that both packages export. */
export * from "@effect-whatsapp/core"
export * from "@effect-whatsapp/node"
export * as Testing from "@effect-whatsapp/core/testing"
export * as Contracts from "@effect-whatsapp/node/testing"
export * as Emulator from "@effect-whatsapp/node/emulator"
