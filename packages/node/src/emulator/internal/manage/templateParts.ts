/** The components of a new template, one after the other, and then together. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type { Fields } from "../envelope.ts"
import { type Refused, refusedChange } from "../graphError.ts"
import { invalid, toRefused } from "../sendIssue.ts"
import { lengthOf, optional, Several, Text, Whole } from "../sendSchema/words.ts"
import { kindOf } from "../templateStore.ts"
import * as TemplateButtons from "./templateButtons.ts"
import * as TemplateText from "./templateText.ts"

/** What the rules depend on beside the component itself. */
export interface Context {
  readonly category: string
  readonly isNamed: boolean
  /** Whether a file was uploaded under this handle. */
  readonly isHandle: (handle: string) => boolean
}

type Check = Effect.Effect<unknown, Refused>

const Named = Schema.Array(Schema.Struct({ param_name: Text, example: Text }))

const Header = Schema.Struct({
  format: Text,
  text: optional(Text),
  example: optional(
    Schema.Struct({
      header_text: optional(Schema.Array(Text)),
      header_text_named_params: optional(Named),
      header_handle: optional(Schema.Array(Text))
    })
  )
})
const Body = Schema.Struct({
  text: optional(Text),
  add_security_recommendation: optional(Schema.Boolean),
  example: optional(
    Schema.Struct({
      body_text: optional(Schema.Union([Schema.Array(Schema.Array(Text)), Schema.Array(Text)])),
      body_text_named_params: optional(Named)
    })
  )
})
const Footer = Schema.Struct({ text: optional(Text), code_expiration_minutes: optional(Whole(1, 90)) })
const Offer = Schema.Struct({
  limited_time_offer: Schema.Struct({ text: optional(Text), has_expiration: optional(Schema.Boolean) })
})
const Carousel = Schema.Struct({
  cards: Several(Schema.Struct({ components: Schema.Array(Schema.JsonObject) }), 2, 10, "cards")
})

/** Reads a component, or says what of it is no such thing. */
const reading = <A, R>(schema: Schema.Decoder<A, R>, component: Fields): Effect.Effect<A, Refused, R> =>
  SchemaParser.decodeUnknownEffect(schema)(component).pipe(
    Effect.mapError((issue) => invalid(`${kindOf(component)}: ${toRefused(issue).details ?? ""}`))
  )

export const tooLong = (what: string, text: string, max: number): Effect.Effect<void, Refused> =>
  lengthOf(text) <= max
    ? Effect.void
    : Effect.fail(refusedChange(2388040, "Character limit exceeded", `The ${what} may have at most ${max} characters.`))

const media = new Set(["IMAGE", "VIDEO", "DOCUMENT", "GIF"])

const header = Effect.fnUntraced(function* (component: Fields, { isHandle, isNamed }: Context) {
  const wrong = (message: string) => refusedChange(2388047, "Message header format is incorrect", message)
  const { example, format, text } = yield* reading(Header, component)
  const kind = format.toUpperCase()
  if (media.has(kind)) {
    const handle = example?.header_handle?.[0]
    if (handle === undefined || handle === "") return yield* TemplateText.missingExample("HEADER")
    return isHandle(handle) ? undefined : yield* invalid("Param header_handle must be the handle of an upload.")
  }
  if (kind === "LOCATION" || kind === "PRODUCT") return undefined
  if (kind !== "TEXT")
    return yield* invalid("Param format must be one of {TEXT, IMAGE, VIDEO, DOCUMENT, GIF, LOCATION, PRODUCT}.")
  if (text === undefined || text.trim() === "") return yield* wrong("The header has no text.")
  yield* tooLong("header", text, 60)
  if (/[\n*]|\p{Extended_Pictographic}/u.test(text.replace(/\d/g, ""))) {
    return yield* wrong("The header can't have new lines, formatting characters, emojis or asterisks.")
  }
  if (!TemplateText.isWellFormed(text, isNamed) || TemplateText.variables(text).length > 1) {
    return yield* wrong("The header can have one variable, in the format of the template.")
  }
  return yield* TemplateText.checkExamples("HEADER", text, isNamed, {
    positional: example?.header_text,
    named: example?.header_text_named_params
  })
})

const firstRow = (rows: ReadonlyArray<string> | ReadonlyArray<ReadonlyArray<string>> | undefined) => {
  const first = rows?.[0]
  return typeof first === "string" ? rows?.filter((one) => typeof one === "string") : first
}

const body = Effect.fnUntraced(function* (component: Fields, { category, isNamed }: Context, max: number) {
  const { example, text } = yield* reading(Body, component)
  if (category === "AUTHENTICATION") {
    return text === undefined
      ? undefined
      : yield* invalid("The body of an authentication template has words of Meta's own.")
  }
  const wrong = (message: string) => refusedChange(2388072, "Message body format is incorrect", message)
  if (text === undefined || text.trim() === "") return yield* wrong("The body has no text.")
  yield* tooLong("body", text, max)
  if (!TemplateText.isWellFormed(text, isNamed)) {
    return yield* wrong(
      "Variables must be {{1}}, {{2}}, … in order, or names of lower case letters if the format is NAMED."
    )
  }
  if (TemplateText.hasVariableAtEdge(text)) {
    return yield* refusedChange(2388299, "Variables can't be at the start or end", "Put words before and after them.")
  }
  if (TemplateText.isTooDense(text)) {
    const title = "This template has too many variables for its length"
    return yield* refusedChange(2388293, title, "Reduce the number of variables, or increase the length.")
  }
  return yield* TemplateText.checkExamples("BODY", text, isNamed, {
    positional: firstRow(example?.body_text),
    named: example?.body_text_named_params
  })
})

const footer = Effect.fnUntraced(function* (component: Fields, { category }: Context) {
  const { code_expiration_minutes, text } = yield* reading(Footer, component)
  if (category === "AUTHENTICATION") {
    return text === undefined && code_expiration_minutes !== undefined
      ? undefined
      : yield* invalid("The footer of an authentication template has code_expiration_minutes, and no text.")
  }
  if (text === undefined || text.trim() === "" || text.includes("{{") || text.includes("\n")) {
    const title = "Message footer format is incorrect"
    return yield* refusedChange(2388073, title, "The footer must have a text, and can't have variables or new lines.")
  }
  return yield* tooLong("footer", text, 60)
})

const offer = Effect.fnUntraced(function* (component: Fields, { category }: Context) {
  const { text = "" } = (yield* reading(Offer, component)).limited_time_offer
  if (category !== "MARKETING") return yield* invalid("A limited-time offer must be of the category MARKETING.")
  return yield* tooLong("text of the offer", text, 16)
})

const upper = (component: Fields): Fields => ({ ...component, type: kindOf(component) })

const formatOf = ({ format }: Fields): string => kindOf({ type: format ?? "" })

const carousel = Effect.fnUntraced(function* (component: Fields, context: Context) {
  const { cards } = yield* reading(Carousel, component)
  const normal = cards.map((card) => card.components.map((one) => TemplateButtons.normal(upper(one))))
  const kinds = normal.map((parts) =>
    parts
      .map((one) => `${kindOf(one)} ${formatOf(one)}`)
      .toSorted()
      .join()
  )
  if (new Set(kinds).size !== 1) return yield* invalid("All cards must have the same components.")
  for (const parts of normal) {
    if (!parts.some((one) => one.type === "HEADER")) return yield* invalid("Every card must have a header.")
    const other = parts.find((one) => !["HEADER", "BODY", "BUTTONS"].includes(kindOf(one)))
    if (other !== undefined) return yield* invalid(`A card has no component ${kindOf(other)}.`)
    yield* Effect.forEach(parts, (one) => part(one, context, 160), { discard: true })
  }
  return normal
})

const part = (component: Fields, context: Context, maxBody: number): Check => {
  switch (component.type) {
    case "HEADER":
      return header(component, context)
    case "BODY":
      return body(component, context, maxBody)
    case "FOOTER":
      return footer(component, context)
    case "BUTTONS":
      return TemplateButtons.check(component, context)
    case "LIMITED_TIME_OFFER":
      return offer(component, context)
    case "CAROUSEL":
      return carousel(component, context)
    case "CALL_PERMISSION_REQUEST":
    case "ORDER_STATUS":
      return Effect.void
    default:
      return Effect.fail(invalid("Param type of a component must be one of those that Meta documents."))
  }
}

/** The components as they are kept: kinds are in upper case. */
export const check = Effect.fnUntraced(function* (
  given: ReadonlyArray<Fields>,
  context: Context
): Effect.fn.Return<ReadonlyArray<Fields>, Refused> {
  const all = given.map((one) => TemplateButtons.normal(upper(one)))
  const kinds = all.map((one) => one.type)
  if (new Set(kinds).size !== kinds.length) return yield* invalid("Param components has a component twice.")
  if (!kinds.includes("BODY")) return yield* invalid("Param components must have a component of type BODY.")
  const isCode = context.category === "AUTHENTICATION"
  if (isCode && !kinds.every((kind) => kind === "BODY" || kind === "FOOTER" || kind === "BUTTONS")) {
    return yield* invalid("An authentication template has a body, a footer and a button alone.")
  }
  if (isCode && !kinds.includes("BUTTONS"))
    return yield* invalid("An authentication template needs a button of type OTP.")
  const maxBody = kinds.includes("LIMITED_TIME_OFFER") ? 600 : 1024
  yield* Effect.forEach(all, (one) => part(one, context, maxBody), { discard: true })
  return all.map((one) => (one.type === "CAROUSEL" ? normalCards(one) : one))
})

const isObject = Schema.is(Schema.JsonObject)
const isObjects = Schema.is(Schema.Array(Schema.JsonObject))

const normalCards = (component: Fields): Fields => {
  const { cards } = component
  if (!isObjects(cards)) return component
  return {
    ...component,
    cards: cards.map((card) =>
      isObject(card) && isObjects(card.components)
        ? { ...card, components: card.components.map((one) => TemplateButtons.normal(upper(one))) }
        : card
    )
  }
}
