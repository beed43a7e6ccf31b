/** The WhatsApp Business Cloud API for Effect. Import by folder, as in `@effect-whatsapp/core/events`, to load less. */
export * from "./client/index.ts"
export * from "./domain/index.ts"
export * from "./errors/index.ts"
export * from "./events/index.ts"
export * from "./message/index.ts"
export * from "./services/index.ts"
export * as Wire from "./wire/index.ts"
