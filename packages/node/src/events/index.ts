/** Events to work on (`Listener`) and to watch (`WhatsAppEvents`). */
export * as Listener from "./Listener.ts"
export * as Listeners from "./Listeners.ts"
export * as RetryPolicy from "./RetryPolicy.ts"
export * as WhatsAppEvents from "./WhatsAppEvents.ts"
