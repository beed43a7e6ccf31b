/** What goes to the webhook: one POST with any number of parts, sent again as the same bytes until it is answered 200. */
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Person } from "./Person.ts"

/** One try to deliver. It has a `status`, or a `failure` when nobody answered. */
export interface Attempt {
  readonly deliveryId: string
  /** 1 for the first try. */
  readonly number: number
  /** When the answer came. */
  readonly at: DateTime.Utc
  /** The HTTP status of the answer; only 200 ends the redeliveries. */
  readonly status?: number
  /** `NotSubscribed`: the app does not hear of this, so Meta sends nothing, and does not try again. */
  readonly failure?: "NoAnswer" | "Timeout" | "NoWebhookUrl" | "NotSubscribed"
}

/** How a delivery ended. */
export interface Settled {
  /** `false` when the emulator gave up, as Meta does after seven days. */
  readonly acknowledged: boolean
  readonly attempts: ReadonlyArray<Attempt>
}

export interface Delivery {
  readonly id: string
  /** The text of the bytes that were signed and sent; it is ASCII, as everything else is escaped. */
  readonly body: string
  /** The value of `X-Hub-Signature-256`. */
  readonly signature: string
  /** The messages inside, or the messages that the statuses inside are about. */
  readonly wamids: ReadonlyArray<string>
  readonly first: Attempt
  /** Waits until the webhook answered 200 or the emulator gave up. */
  readonly settled: Effect.Effect<Settled>
}

/** A delivery of a single message. */
export interface MessageDelivery extends Delivery {
  readonly wamid: string
}

/** Something that a customer wrote, not yet delivered. */
export interface MessagePart {
  readonly phoneNumberId: string
  readonly wamid: string
  readonly person: Person
  /** The item of `messages`, in Meta's words. */
  readonly message: Schema.JsonObject
}

/** A status of a message that the business sent. */
export interface StatusPart {
  readonly phoneNumberId: string
  readonly wamid: string
  /** Becomes the entry of `contacts`; Meta leaves it out of `failed`. */
  readonly person?: Person
  /** The item of `statuses`, in Meta's words. */
  readonly status: Schema.JsonObject
}

/** A change of any webhook field, in Meta's words. */
export interface ChangePart {
  readonly field: string
  readonly value: Schema.Json
}

export type Part = MessagePart | StatusPart | ChangePart
