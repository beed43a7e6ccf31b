/** Checks a send as Meta does: the product first, then the members, then who it is for. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import { compact, type Fields } from "./envelope.ts"
import type { Refused } from "./graphError.ts"
import { invalid, missing, toRefused, wrongValue } from "./sendIssue.ts"
import { MarketingMessage, MarkRead, Message } from "./sendSchema/message.ts"

export type Recipient =
  | { readonly _tag: "Phone"; readonly input: string; readonly digits: string }
  | { readonly _tag: "UserId"; readonly input: string }
  | { readonly _tag: "Group"; readonly input: string }

export interface Send {
  readonly recipient: Recipient
  readonly message: Message
  readonly body: Schema.JsonObject
}

type Body =
  | { readonly _tag: "Send"; readonly send: Send }
  | { readonly _tag: "MarkRead"; readonly wamid: string; readonly typing: boolean }

const options = { onExcessProperty: "error" } as const
const decodeJson = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(Schema.JsonObject))
const decodeMessage = SchemaParser.decodeUnknownEffect(Message, options)
const decodeMarketing = SchemaParser.decodeUnknownEffect(MarketingMessage, options)
const decodeMarkRead = SchemaParser.decodeUnknownEffect(MarkRead, options)

const parseJson = Effect.fnUntraced(function* (
  contentType: string | undefined,
  text: string
): Effect.fn.Return<Fields, Refused> {
  // Graph reads any other body as a form, in which it then finds nothing.
  const isJson = contentType !== undefined && /^application\/json\b/i.test(contentType)
  const body = isJson ? yield* Effect.mapError(decodeJson(text), () => invalid("The body is not a JSON object.")) : {}
  if (body.messaging_product === undefined) return yield* invalid("The parameter messaging_product is required.")
  if (body.messaging_product !== "whatsapp") return yield* invalid("Param messaging_product must be one of {WHATSAPP}.")
  return body
})

/** The body of `POST /messages`. */
export const parse = Effect.fnUntraced(function* (
  contentType: string | undefined,
  text: string
): Effect.fn.Return<Body, Refused> {
  const body = yield* parseJson(contentType, text)
  if (body.status !== undefined) {
    const read = yield* Effect.mapError(decodeMarkRead(body), toRefused)
    return { _tag: "MarkRead", wamid: read.message_id, typing: read.typing_indicator !== undefined }
  }
  // A message without a type is a text.
  const message = yield* Effect.mapError(decodeMessage(lowerCase({ type: "text", ...body })), toRefused)
  return { _tag: "Send", send: { recipient: yield* Effect.fromResult(recipientOf(message)), message, body } }
})

/** The body of `POST /marketing_messages`. */
export const parseMarketing = Effect.fnUntraced(function* (
  contentType: string | undefined,
  text: string
): Effect.fn.Return<Send, Refused> {
  const body = yield* parseJson(contentType, text)
  if (body.type !== "template") return yield* invalid("Param type must be one of {TEMPLATE}.")
  const decoded = yield* Effect.mapError(decodeMarketing(lowerCase(body)), toRefused)
  const { message_activity_sharing: _, product_policy: __, ...message } = decoded
  return { recipient: yield* Effect.fromResult(recipientOf(message)), message, body }
})

/** Meta takes the types of a template's components and parameters in any case; its own examples have both. */
const lowerCase = (body: Fields): Fields =>
  isObject(body.template) ? { ...body, template: inComponents(body.template) } : body

const inComponents = (owner: Fields): Fields =>
  isArray(owner.components)
    ? { ...owner, components: owner.components.map((one) => (isObject(one) ? inComponent(one) : one)) }
    : owner

const inComponent = (component: Fields): Fields => {
  const { cards, parameters, sub_type, type } = component
  return {
    ...component,
    ...compact({
      type: typeof type === "string" ? type.toLowerCase() : type,
      sub_type: typeof sub_type === "string" ? sub_type.toLowerCase() : sub_type,
      parameters: isArray(parameters) ? parameters.map((one) => (isObject(one) ? lowerType(one) : one)) : parameters,
      cards: isArray(cards) ? cards.map((card) => (isObject(card) ? inComponents(card) : card)) : cards
    })
  }
}

const lowerType = ({ type, ...rest }: Fields): Fields =>
  typeof type === "string" ? { type: type.toLowerCase(), ...rest } : { ...rest, ...compact({ type }) }

const isArray: (value: Schema.Json | undefined) => value is Schema.JsonArray = Array.isArray
const isObject = (value: Schema.Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !isArray(value)

/** When both are given, `to` wins. */
const recipientOf = (message: Message): Result.Result<Recipient, Refused> => {
  const { recipient, recipient_type, to } = message
  if (recipient_type === "group") {
    if (to === undefined) return Result.fail(missing("to"))
    return isGroup(to)
      ? Result.succeed({ _tag: "Group", input: to })
      : Result.fail(wrongValue("Param to must be a group id when recipient_type is group."))
  }
  if (to !== undefined) {
    // Meta tolerates punctuation.
    const digits = to.replace(/^\s*\+/, "").replace(/[\s().-]/g, "")
    return /^\d{7,15}$/.test(digits)
      ? Result.succeed({ _tag: "Phone", input: to, digits })
      : Result.fail(wrongValue("Param to must be a phone number of 7 to 15 digits."))
  }
  if (recipient === undefined) return Result.fail(missing("to"))
  return /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(recipient)
    ? Result.succeed({ _tag: "UserId", input: recipient })
    : Result.fail(wrongValue("Param recipient must be a business-scoped user id."))
}

/** Group ids are opaque, but all of Meta's are base64 of `capi_group:`. */
const isGroup = (to: string): boolean => to.startsWith("Y2FwaV9ncm91cDo")
