/**
 * What tells Meta that a message was read, and that an answer is being typed: a body of `POST /messages` that is no
 * message. Meta pages: "Mark messages as read", "Typing indicators".
 */
import * as Schema from "effect/Schema"
import { MessageId } from "../domain/Ids.ts"

export const ReadReceipt = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  status: Schema.Literal("read"),
  /** Of a message that the person wrote. */
  message_id: MessageId.check(Schema.isNonEmpty()),
  typing_indicator: Schema.optionalKey(Schema.Struct({ type: Schema.Literal("text") }))
})
export type ReadReceipt = typeof ReadReceipt.Type
