/**
 * Whether a send gives what the template needs: each value in its place and of its kind, and none besides. The body's
 * values are counted where its text is filled in.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Refused } from "./graphError.ts"
import type { Component, Template } from "./sendSchema/template.ts"
import type { Template as Known } from "./templateStore.ts"

const Parts = Schema.Array(
  Schema.Struct({
    type: Schema.String,
    format: Schema.optionalKey(Schema.String),
    text: Schema.optionalKey(Schema.String),
    buttons: Schema.optionalKey(
      Schema.Array(Schema.Struct({ type: Schema.String, url: Schema.optionalKey(Schema.String) }))
    ),
    cards: Schema.optionalKey(Schema.Array(Schema.Struct({ components: Schema.Array(Schema.JsonObject) }))),
    limited_time_offer: Schema.optionalKey(Schema.Struct({ has_expiration: Schema.optionalKey(Schema.Boolean) }))
  })
)
type Part = (typeof Parts.Type)[number]
type Button = NonNullable<Part["buttons"]>[number]

type Given = ReadonlyArray<Component>
type GivenButton = Extract<Component, { readonly type: "button" }>

const decode = Schema.decodeUnknownEffect(Parts)

const count = (details: string) => new Refused({ code: 132000, details })
const mismatch = (details: string) => new Refused({ code: 132012, details })
/** The template has no place for it. */
const surplus = (details: string) => new Refused({ code: 132018, details })
const lacking = (details: string) => new Refused({ code: 131008, details })

export const check = Effect.fnUntraced(function* (known: Known, template: Template): Effect.fn.Return<void, Refused> {
  const parts = yield* partsOf(known.components)
  const given = template.components ?? []
  yield* checkParts(parts, given, "", known.isNamed)
  const cards = find(parts, "CAROUSEL")?.cards
  const carousel = given.find((one) => one.type === "carousel")
  if (cards !== undefined || carousel !== undefined) yield* checkCards(cards, carousel, known.isNamed)
  const expires = find(parts, "LIMITED_TIME_OFFER")?.limited_time_offer?.has_expiration === true
  const offers = given.some((one) => one.type === "limited_time_offer")
  if (expires && !offers) return yield* lacking("limited_time_offer: expiration_time_ms is required")
  if (!expires && offers) return yield* surplus("limited_time_offer: the template has no offer that expires")
  const isOfOrder = known.more.sub_category === "ORDER_STATUS" || find(parts, "ORDER_STATUS") !== undefined
  const tellsOrder = given.some((one) => one.type === "order_status")
  if (isOfOrder && !tellsOrder) return yield* lacking("order_status: the status of the order is required")
  if (!isOfOrder && tellsOrder) return yield* surplus("order_status: the template is of no order")
})

/** A template that cannot be read is one that Meta would not have. */
const partsOf = (components: unknown) =>
  Effect.mapError(
    decode(components),
    () => new Refused({ code: 132001, details: "The template has no readable components." })
  )

const find = (parts: ReadonlyArray<Part>, type: string): Part | undefined =>
  parts.find((one) => one.type.toUpperCase() === type)

/** Header, body and buttons, of the template itself or of a card. */
const checkParts = Effect.fnUntraced(function* (
  parts: ReadonlyArray<Part>,
  given: Given,
  where: string,
  isNamed: boolean
): Effect.fn.Return<void, Refused> {
  for (const type of ["header", "body"]) {
    if (given.filter((one) => one.type === type).length > 1)
      return yield* surplus(`${where}${type}: it stands there twice`)
  }
  yield* checkHeader(find(parts, "HEADER"), given, where, isNamed)
  if (where !== "") yield* checkBody(find(parts, "BODY"), given, where, isNamed)
  yield* checkButtons(find(parts, "BUTTONS")?.buttons ?? [], given, where)
})

const variables = (text = ""): ReadonlyArray<string> =>
  Array.from(new Set(Array.from(text.matchAll(/\{\{\s*(\w+)\s*\}\}/g), ([, name = ""]) => name)))

const differs = (where: string, found: number, expected: number): Refused =>
  count(`${where}: number of localizable_params (${found}) does not match the expected number of params (${expected})`)

const checkHeader = Effect.fnUntraced(function* (
  part: Part | undefined,
  given: Given,
  where: string,
  isNamed: boolean
): Effect.fn.Return<void, Refused> {
  const values = given.flatMap((one) => (one.type === "header" ? (one.parameters ?? []) : []))
  const [value] = values
  const format = part === undefined ? "TEXT" : (part.format ?? "TEXT").toUpperCase()
  if (format === "TEXT") {
    const names = variables(part?.text)
    if (value !== undefined && value.type !== "text") {
      return yield* mismatch(`${where}header: Format mismatch, expected TEXT, received ${value.type.toUpperCase()}`)
    }
    if (values.length !== names.length) return yield* differs(`${where}header`, values.length, names.length)
    if (isNamed && value !== undefined && value.parameter_name !== names[0]) {
      return yield* mismatch(`${where}header: parameter ${names[0] ?? ""} is missing`)
    }
    return undefined
  }
  if (value?.type.toUpperCase() === format) return undefined
  const received = value?.type.toUpperCase() ?? "UNKNOWN"
  return yield* mismatch(`${where}header: Format mismatch, expected ${format}, received ${received}`)
})

/** The body of a card; of the template itself the text is filled in, and so checked. */
const checkBody = Effect.fnUntraced(function* (
  part: Part | undefined,
  given: Given,
  where: string,
  isNamed: boolean
): Effect.fn.Return<void, Refused> {
  const names = variables(part?.text)
  const values = given.flatMap((one) => (one.type === "body" ? (one.parameters ?? []) : []))
  if (values.length !== names.length) return yield* differs(`${where}body`, values.length, names.length)
  const absent = names.find((name) => isNamed && !values.some((value) => value.parameter_name === name))
  if (absent !== undefined) return yield* mismatch(`${where}body: parameter ${absent} is missing`)
})

/** What a button takes at a send. */
const kinds: { readonly [type: string]: { readonly sub: GivenButton["sub_type"]; readonly isNeeded: boolean } } = {
  QUICK_REPLY: { sub: "quick_reply", isNeeded: false },
  OTP: { sub: "url", isNeeded: true },
  COPY_CODE: { sub: "copy_code", isNeeded: true },
  FLOW: { sub: "flow", isNeeded: true },
  CATALOG: { sub: "catalog", isNeeded: false },
  MPM: { sub: "mpm", isNeeded: true },
  ORDER_DETAILS: { sub: "order_details", isNeeded: true },
  VOICE_CALL: { sub: "voice_call", isNeeded: false }
}

const kindOf = ({ type, url }: Button) => {
  const name = type.toUpperCase()
  if (name === "URL") return variables(url).length === 0 ? undefined : { sub: "url" as const, isNeeded: true }
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined
}

const checkButtons = Effect.fnUntraced(function* (
  buttons: ReadonlyArray<Button>,
  given: Given,
  where: string
): Effect.fn.Return<void, Refused> {
  const seen = new Set<number>()
  for (const one of given) {
    if (one.type !== "button") continue
    const index = "index" in one && one.index !== undefined ? Number(one.index) : indexOf(buttons, one.sub_type)
    const button = buttons[index]
    const at = `${where}buttons: Button at index ${index}`
    if (button === undefined) return yield* surplus(`${at} does not exist in the template`)
    if (seen.has(index)) return yield* surplus(`${at} stands there twice`)
    seen.add(index)
    const kind = kindOf(button)
    if (kind === undefined) return yield* surplus(`${at} of type ${button.type} takes no parameters`)
    if (kind.sub !== one.sub_type) {
      return yield* mismatch(
        `${at}: Format mismatch, expected ${kind.sub.toUpperCase()}, received ${one.sub_type.toUpperCase()}`
      )
    }
  }
  const needy = buttons.findIndex((button, index) => kindOf(button)?.isNeeded === true && !seen.has(index))
  if (needy !== -1) {
    return yield* lacking(
      `${where}buttons: Button at index ${needy} of type ${buttons[needy]?.type ?? ""} requires a parameter`
    )
  }
})

const indexOf = (buttons: ReadonlyArray<Button>, subType: string): number =>
  buttons.findIndex((button) => kindOf(button)?.sub === subType)

const checkCards = Effect.fnUntraced(function* (
  approved: Part["cards"],
  carousel: Extract<Component, { readonly type: "carousel" }> | undefined,
  isNamed: boolean
): Effect.fn.Return<void, Refused> {
  if (approved === undefined) return yield* surplus("carousel: the template has no cards")
  const cards = yield* Effect.forEach(approved, (card) => partsOf(card.components))
  const [first] = cards
  const given = carousel?.cards ?? []
  if (carousel === undefined || first === undefined) return yield* lacking("carousel: the cards are required")
  const isOfProducts = find(first, "HEADER")?.format?.toUpperCase() === "PRODUCT"
  if (!isOfProducts && given.length !== cards.length) {
    return yield* count(
      `carousel: number of cards (${given.length}) does not match the expected number of cards (${cards.length})`
    )
  }
  for (const card of given) {
    const index = Number(card.card_index)
    const parts = isOfProducts && index < given.length ? first : cards[index]
    if (parts === undefined) return yield* surplus(`carousel: card ${index} does not exist in the template`)
    yield* checkParts(parts, card.components, `carousel: card ${index}: `, isNamed)
  }
})
