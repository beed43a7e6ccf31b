/** Quoting: what every kind of message has that can be an answer. Meta page: "Contextual replies". */
import * as Schema from "effect/Schema"
import { MessageId } from "../domain/Ids.ts"

/** The message that is quoted. WhatsApp shows no quote when it was deleted, is over 30 days old, or for templates. */
export const quotes = {
  context: Schema.optionalKey(Schema.Struct({ message_id: MessageId.check(Schema.isNonEmpty()) }))
}

export interface Options {
  /** The message to quote. @default none */
  readonly replyTo?: MessageId | undefined
}

export const quote = (options: Options | undefined) =>
  options?.replyTo === undefined ? {} : { context: { message_id: options.replyTo } }
