/** What an inbox of your own must obey. */
export * as InboxContract from "./InboxContract.ts"
