/** What happened: the only shapes an application has to know. */
export { decide, type Decision, type Incoming, fromDelivery, unreadable } from "./Incoming.ts"
export { MessageEvent, TextReceived, UnknownMessageReceived, UnsupportedReceived } from "./messages.ts"
export { DeliveryUnreadable, Undecodable, UnknownFieldReceived } from "./openWorld.ts"
export { Context, Referral } from "./shared.ts"
export { Conversation, Pricing, StatusUpdate } from "./StatusUpdate.ts"
export { isMessageEvent, type Tag, type Tagged, WhatsAppEvent } from "./WhatsAppEvent.ts"
