/** Where deliveries and tasks are kept until they are done. */
export * as Inbox from "./Inbox.ts"
export * as InboxFile from "./InboxFile.ts"
export * as SqliteClient from "./SqliteClient.ts"
