/**
 * What can be sent, as plain values. A kind of message is a schema, which holds its documented limits, and a
 * constructor; how Meta spells it is the business of `wire/SendMessage.ts`.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import { MessageId } from "../domain/Ids.ts"
import type { WhatsAppError } from "../errors/WhatsAppError.ts"
import { invalidMessage } from "./internal/invalid.ts"
import { limits, text as within } from "./limits.ts"
import * as Template from "./Template.ts"

/** What every kind that can be an answer has. */
const reply = {
  /** The message that is quoted. WhatsApp shows no quote when it was deleted, is over 30 days old, or for templates. */
  replyTo: Schema.optionalKey(MessageId.check(Schema.isNonEmpty()))
}

/** Schema for a text of 1 to 4096 characters, in WhatsApp's markdown: `*bold*`, `_italic_`, `~struck~`. */
export const TextMessage = Schema.TaggedStruct("Text", {
  text: within(limits["text.body"]),
  /** Shows a preview of the first `http(s)` link. */
  previewUrl: Schema.optionalKey(Schema.Boolean),
  ...reply
})
export type TextMessage = typeof TextMessage.Type

/** Schema for a template with its values: the only kind that may be sent outside the 24-hour window. */
export const TemplateMessage = Schema.TaggedStruct("Template", { template: Template.Template, ...reply })
export type TemplateMessage = typeof TemplateMessage.Type

/** Schema for a message of any kind; a new kind is a minor version. */
export const Message = Schema.Union([TextMessage, TemplateMessage])
  .annotate({ message: "Expected a message that is modelled: Text, Template" })
  .pipe(Schema.toTaggedUnion("_tag"))
export type Message = typeof Message.Type

export interface Options {
  /** The message to quote. @default none */
  readonly replyTo?: MessageId | undefined
}

export interface TextOptions extends Options {
  /** Shows a preview of the first link, which must start with `http://` or `https://`. @default Meta's: no preview */
  readonly previewUrl?: boolean | undefined
}

const quote = (options: Options | undefined) => (options?.replyTo === undefined ? {} : { replyTo: options.replyTo })

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
export const text = (text: string, options?: TextOptions): TextMessage => ({
  _tag: "Text",
  text,
  ...(options?.previewUrl === undefined ? {} : { previewUrl: options.previewUrl }),
  ...quote(options)
})

/**
 * A template message.
 *
 * **Details**
 *
 * A plain value like `text`: limits are checked when it is sent, or by `validate`. Number and kinds of the parameters
 * are checked by Meta, who alone knows the template; see `TemplateParameterMismatch`.
 *
 * **Example** (All kinds of parameters)
 *
 * ```ts
 * import { Message, Template } from "@effect-whatsapp/core/message"
 *
 * const receipt = Message.template({
 *   name: "receipt",
 *   language: "en_US",
 *   header: Template.document({ link: "https://shop.example/i/31.pdf" }, { filename: "invoice-31.pdf" }),
 *   body: ["Ana", Template.currency({ code: "EUR", amount1000: 19_900, fallback: "€19.90" }), Template.dateTime("3 March")],
 *   buttons: [Template.quickReply(0, "thanks:31"), Template.url(1, "t/77")]
 * })
 * ```
 */
export const template = (template: Template.Input, options?: Options): TemplateMessage => ({
  _tag: "Template",
  template: Template.make(template),
  ...quote(options)
})

const check = SchemaParser.decodeUnknownEffect(Schema.toType(Message), { onExcessProperty: "error" })

/**
 * Holds a message against the documented limits, as `WhatsAppClient.send` does. Fails with the reason `InvalidMessage`,
 * which names the field, the limit and the size that was found, and never holds the message itself.
 */
export const validate = (message: Message): Effect.Effect<Message, WhatsAppError> =>
  Effect.mapError(check(message), invalidMessage("Message.validate"))
