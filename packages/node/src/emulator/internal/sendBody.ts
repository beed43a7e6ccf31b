/** Checks a send as Meta does: the product first, then the members, then who it is for. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { Refused } from "./graphError.ts"
import { laterTypes, MarkRead, type Template, TemplateMessage, TextMessage } from "./sendSchema.ts"

export type Recipient =
  | { readonly _tag: "Phone"; readonly input: string; readonly digits: string }
  | { readonly _tag: "UserId"; readonly input: string }
  | { readonly _tag: "Group"; readonly input: string }

export interface Send {
  readonly recipient: Recipient
  readonly content:
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "template"; readonly template: Template }
  readonly body: Schema.JsonObject
  readonly callbackData: string | undefined
  readonly replyTo: string | undefined
}

type Body =
  | { readonly _tag: "Send"; readonly send: Send }
  | { readonly _tag: "MarkRead"; readonly wamid: string; readonly typing: boolean }

const invalid = (details: string) => new Refused({ code: 100, details })
const wrongValue = (details: string) => new Refused({ code: 131009, details })

const options = { onExcessProperty: "error" } as const
const decodeJson = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(Schema.JsonObject))
const decodeText = SchemaParser.decodeUnknownEffect(TextMessage, options)
const decodeTemplate = SchemaParser.decodeUnknownEffect(TemplateMessage, options)
const decodeMarkRead = SchemaParser.decodeUnknownEffect(MarkRead, options)

export const parse = Effect.fnUntraced(function* (contentType: string | undefined, text: string) {
  // Graph reads any other body as a form, in which it then finds nothing.
  const isJson = contentType !== undefined && /^application\/json\b/i.test(contentType)
  const body = isJson ? yield* Effect.mapError(decodeJson(text), () => invalid("The body is not a JSON object.")) : {}
  if (body.messaging_product === undefined) return yield* invalid("The parameter messaging_product is required.")
  if (body.messaging_product !== "whatsapp") return yield* invalid("Param messaging_product must be one of {WHATSAPP}.")
  if (body.status !== undefined) {
    const read = yield* Effect.mapError(decodeMarkRead(body), toRefused)
    const typing = read.typing_indicator !== undefined
    return { _tag: "MarkRead", wamid: read.message_id, typing } satisfies Body
  }
  return { _tag: "Send", send: yield* toSend(body) } satisfies Body
})

const toSend = Effect.fnUntraced(function* (body: Schema.JsonObject): Effect.fn.Return<Send, Refused> {
  if (body.type === "template") {
    const message = yield* Effect.mapError(decodeTemplate(body), toRefused)
    yield* checkParameters(message.template)
    return yield* withRecipient(message, { type: "template", template: message.template }, body)
  }
  if (body.type !== undefined && body.type !== "text") {
    const type =
      typeof body.type === "string" && laterTypes.has(body.type)
        ? `type ${body.type}, which this emulator does not answer for yet`
        : "this type"
    return yield* invalid(`Param type must be one of {TEXT, TEMPLATE}; not ${type}.`)
  }
  const message = yield* Effect.mapError(decodeText(body), toRefused)
  return yield* withRecipient(message, { type: "text", text: message.text.body }, body)
})

type Addressed = Omit<(typeof TextMessage)["Type"], "type" | "text">

const withRecipient = (
  message: Addressed,
  content: Send["content"],
  body: Schema.JsonObject
): Effect.Effect<Send, Refused> =>
  Effect.map(Effect.fromResult(recipientOf(message)), (recipient) => ({
    recipient,
    content,
    body,
    callbackData: message.biz_opaque_callback_data,
    replyTo: message.context?.message_id
  }))

/** When both are given, `to` wins. */
const recipientOf = (message: Addressed): Result.Result<Recipient, Refused> => {
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

const missing = (param: string) => new Refused({ code: 131008, details: `The parameter ${param} is required.` })

/** A value of a template must stay on one line. */
const checkParameters = Effect.fnUntraced(function* (template: Template) {
  for (const component of template.components ?? []) {
    if ("cards" in component) continue
    for (const parameter of component.parameters ?? []) {
      if (parameter.type !== "text") continue
      if (parameter.text === "") return yield* missing(`${component.type}.parameters.text`)
      if (/[\n\t]| {5}/.test(parameter.text)) {
        const details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        return yield* new Refused({ code: 132018, details })
      }
    }
  }
})

const toRefused = (issue: SchemaIssue.Issue): Refused => {
  const { at, leaf } = firstLeaf(issue, [])
  const param = at.map((key, i) => (i === 0 ? String(key) : `['${String(key)}']`)).join("")
  switch (leaf._tag) {
    case "MissingKey":
      return missing(param)
    case "UnexpectedKey": {
      const key = String(at.at(-1))
      const on = at.length === 1 ? "the message" : `param "${at.slice(0, -1).map(String).join(".")}"`
      return invalid(`Unexpected key "${key}" on ${on}.`)
    }
    case "Filter":
      return invalid(`Param ${param} must be ${leaf.filter.annotations?.expected ?? "valid"}.`)
    default:
      return invalid(`Param ${param} is of a wrong type or value.`)
  }
}

interface Leaf {
  readonly leaf: SchemaIssue.Issue
  readonly at: ReadonlyArray<PropertyKey>
}

/** The first thing that is wrong, and where; of several alternatives, the one that came closest. */
const firstLeaf = (issue: SchemaIssue.Issue, at: ReadonlyArray<PropertyKey>): Leaf => {
  switch (issue._tag) {
    case "Pointer":
      return firstLeaf(issue.issue, [...at, ...issue.path])
    case "Encoding":
      return firstLeaf(issue.issue, at)
    case "Composite":
    case "AnyOf":
      return issue.issues.reduce<Leaf>(
        (closest, next) => {
          const found = firstLeaf(next, at)
          return closest.leaf === issue || found.at.length > closest.at.length ? found : closest
        },
        { leaf: issue, at }
      )
    default:
      return { leaf: issue, at }
  }
}
