/** Deliveries turned into events, as these tests look at them. */
import { assert } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery, type Incoming, type Tag, type Tagged, WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Schema } from "effect"

export const digest = DeliveryDigest.make("digest")

export const incomingOf = (lists: Schema.JsonObject): ReadonlyArray<Incoming> =>
  fromDelivery(digest, Delivery.messages(lists))

/** The one event of a delivery. */
export const only = (bytes: Uint8Array): Incoming => {
  const [incoming, ...more] = fromDelivery(digest, bytes)
  assert(incoming !== undefined && more.length === 0)
  return incoming
}

/** The event, which must have this tag. */
export const tagged = <T extends Tag>(tag: T, { event }: Incoming): Tagged<T> => {
  const is = (event: WhatsAppEvent): event is Tagged<T> => event._tag === tag
  assert.strictEqual(event._tag, tag)
  assert(is(event))
  return event
}

/** Where within a change a broken item is broken, and what was expected there. Its reason says both, from the item on. */
export const brokenAt = (incoming: Incoming, item = ""): readonly [path: string, expected: string] => {
  const { path, reason } = tagged("Undecodable", incoming)
  const place = item === "" ? "entry[0].changes[0]" : `entry[0].changes[0].value.${item}`
  assert(path.startsWith(place), path)
  const inner = path.slice(place.length)
  const said = inner === "" ? "" : `${inner.replace(/^\./, "")}: `
  assert(reason.startsWith(said), reason)
  return [inner, reason.slice(said.length)]
}

/** What every text message has, for items that differ in one thing. */
export const minimal = { id: "wamid.1", timestamp: "1786500010", type: "text", text: { body: "hi" } } as const

/** An item of `messages` alone, with the contacts beside it. */
export const message = (item: Schema.Json, contacts?: ReadonlyArray<Schema.Json>): Incoming =>
  only(Delivery.messages({ messages: [item], ...(contacts === undefined ? {} : { contacts }) }))

/** An item of `statuses` alone, with the contacts beside it. */
export const status = (item: Schema.Json, contacts?: ReadonlyArray<Schema.Json>): Incoming =>
  only(Delivery.messages({ statuses: [item], ...(contacts === undefined ? {} : { contacts }) }))

/** An event as JSON, without `raw`. */
export const json = (event: WhatsAppEvent): { readonly [key: string]: unknown } => {
  const { raw: _, ...rest }: { readonly [key: string]: unknown } = Schema.encodeSync(WhatsAppEvent)(event)
  return rest
}
