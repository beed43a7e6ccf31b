/** Texts. Meta page: "Text messages". */
import * as Schema from "effect/Schema"
import { limits, text as within } from "./limits.ts"
import { type Options, quote, quotes } from "./Quote.ts"

/** Schema for a text of 1 to 4096 characters, in WhatsApp's markdown: `*bold*`, `_italic_`, `~struck~`. */
export const TextMessage = Schema.Struct({
  type: Schema.Literal("text"),
  text: Schema.Struct({
    body: within(limits["text.body"]),
    /** Shows a preview of the first `http(s)` link. */
    preview_url: Schema.optionalKey(Schema.Boolean)
  }),
  ...quotes
})
export type TextMessage = typeof TextMessage.Type

export interface TextOptions extends Options {
  /** Shows a preview of the first link, which must start with `http://` or `https://`. @default Meta's: no preview */
  readonly previewUrl?: boolean | undefined
}

/**
 * A text message.
 *
 * **Details**
 *
 * A plain value, made without a check, so that a customer's text can be passed on without a thought: what is over the
 * limit of 4096 characters fails when it is sent, as a `WhatsAppError` with the reason `InvalidMessage`, before anything
 * leaves. Use `validate` to know at once.
 *
 * **Example** (An answer that quotes)
 *
 * ```ts
 * import { MessageId } from "@effect-whatsapp/core/domain"
 * import { Message } from "@effect-whatsapp/core/message"
 *
 * const answer = Message.text("On our way: https://shop.example/t/77", {
 *   previewUrl: true,
 *   replyTo: MessageId.make("wamid.AAAA")
 * })
 * ```
 */
export const text = (body: string, options?: TextOptions): TextMessage => ({
  type: "text",
  text: { body, ...(options?.previewUrl === undefined ? {} : { preview_url: options.previewUrl }) },
  ...quote(options)
})
