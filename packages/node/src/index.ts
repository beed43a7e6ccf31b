/** The WhatsApp Business Cloud API on Node.js. Import by folder, as in `@effect-whatsapp/node/server`, to load less. */
export * from "./events/index.ts"
export * from "./inbox/index.ts"
export * from "./server/index.ts"
export * from "./webhook/index.ts"
