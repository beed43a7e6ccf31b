/** Messages on top of a group. Meta page: "Group messaging". */
import * as Schema from "effect/Schema"
import { MessageId } from "../domain/Ids.ts"
import { integer, limits } from "./limits.ts"
import { type Options, quote, quotes } from "./Quote.ts"

const message_id = MessageId.check(Schema.isNonEmpty())
const days = integer(limits["pin.expiration_days"])

/** Schema for pinning a message of a group for 1 to 30 days, or for unpinning it. Refused unless it goes to a group. */
export const PinMessage = Schema.Struct({
  type: Schema.Literal("pin"),
  pin: Schema.Union([
    Schema.Struct({ type: Schema.Literal("pin"), message_id, expiration_days: days }),
    Schema.Struct({ type: Schema.Literal("unpin"), message_id, expiration_days: Schema.optionalKey(days) })
  ]).annotate({ message: "Expected a type, pin or unpin, with a message_id" }),
  ...quotes
})
export type PinMessage = typeof PinMessage.Type

export interface PinOptions extends Options {
  /** How long it stays pinned: 1 to 30. */
  readonly days: number
}

/**
 * Pins a message of a group. Three can be pinned; a fourth takes the place of the oldest.
 *
 * **Example** (For a week)
 *
 * ```ts
 * import { MessageId } from "@effect-whatsapp/core/domain"
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const agenda = MessageId.make("wamid.BBBB")
 *
 * const pinned = Message.pin(agenda, { days: 7 })
 * const unpinned = Message.unpin(agenda)
 * ```
 */
export const pin = (messageId: MessageId, options: PinOptions): PinMessage => ({
  type: "pin",
  pin: { type: "pin", message_id: messageId, expiration_days: options.days },
  ...quote(options)
})

/** Unpins a message of a group. */
export const unpin = (messageId: MessageId, options?: Options): PinMessage => ({
  type: "pin",
  pin: { type: "unpin", message_id: messageId },
  ...quote(options)
})
