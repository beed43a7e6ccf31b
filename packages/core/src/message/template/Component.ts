/**
 * The parts of a template that take values, by `type`. Meta reads it in either case, and samples of Meta's write it in
 * both. Meta pages: "Template messages", "Template components", "Media card carousel templates".
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { firstRepeated } from "../internal/distinct.ts"
import { bounded, guarded } from "../internal/guarded.ts"
import { count, describe, items, type Limit, limits, position } from "../limits.ts"
import { Button, subTypes } from "./Button.ts"
import { either, modelled } from "./internal/words.ts"
import { LimitedTimeOffer, TapTarget } from "./Offer.ts"
import { OrderStatus } from "./Order.ts"
import { BodyParameter, HeaderParameter, lengthOf } from "./Parameter.ts"

/** Either all parameters have a name or none has, and no name comes twice: Meta's 132000 and 132012 otherwise. */
const isNamedAlike = Schema.makeFilter((body: ReadonlyArray<BodyParameter>) => {
  const names = body.flatMap(({ parameter_name }) => (parameter_name === undefined ? [] : [parameter_name]))
  if (names.length === 0) return undefined
  if (names.length < body.length) {
    const at = body.findIndex(({ parameter_name }) => parameter_name === undefined)
    return { path: [at, "parameter_name"], issue: "Expected a name, as the other parameters have one" }
  }
  const at = firstRepeated(names)
  return at === -1 ? undefined : { path: [at, "parameter_name"], issue: "Expected a name that no other parameter has" }
})

/** Schema for the header. */
export const Header = Schema.Struct({
  type: either("header"),
  parameters: Schema.optionalKey(
    bounded(
      limits["template.header.parameters"],
      Schema.Array(HeaderParameter).check(items(limits["template.header.parameters"]))
    )
  )
})
export type Header = typeof Header.Type

/** Schema for the body. */
export const Body = Schema.Struct({
  type: either("body"),
  parameters: Schema.optionalKey(Schema.Array(BodyParameter).check(isNamedAlike))
})
export type Body = typeof Body.Type

/** Schema for the footer, which takes no values: older samples have it all the same. */
export const Footer = Schema.Struct({
  type: either("footer"),
  parameters: Schema.optionalKey(Schema.Array(Schema.Never).check(items({ min: 0, max: 0, unit: "items" })))
})
export type Footer = typeof Footer.Type

/** Components of these kinds come once; buttons come once for each index. */
const keyOf = (component: Piece): string =>
  isButton(component) ? `button ${component.index ?? ""}` : kindOf(component)

interface Piece {
  readonly type: string
  readonly sub_type?: string
  readonly index?: number | string
}

const kindOf = ({ type }: Piece): string => type.toLowerCase()
const isButton = (component: Piece) => kindOf(component) === "button"

/** What a valid component is, its type says. */
const isBody = (component: Piece): component is Body => kindOf(component) === "body"
const isHeader = (component: Piece): component is Header => kindOf(component) === "header"

/** A template has named variables or numbered ones, in its header as in its body: Meta's 132000 and 132012 otherwise. */
const isHeaderNamedAsBody = (components: ReadonlyArray<Piece>) => {
  const [ofBody] = components.find(isBody)?.parameters ?? []
  const at = components.findIndex(isHeader)
  const [ofHeader] = components.find(isHeader)?.parameters ?? []
  if (ofBody === undefined || ofHeader === undefined || !("text" in ofHeader)) return undefined
  const isNamed = ofBody.parameter_name !== undefined
  return isNamed === (ofHeader.parameter_name !== undefined)
    ? undefined
    : {
        path: [at, "parameters", 0, "parameter_name"],
        issue: isNamed
          ? "Expected a name, as the parameters of the body have one"
          : "Expected no name, as the parameters of the body have none"
      }
}

const isTooMany = (buttons: ReadonlyArray<Piece>, limit: Limit, what: string) =>
  buttons.length > limit.max ? `Expected ${describe(limit)} as ${what}, got ${buttons.length}` : undefined

/** How many buttons of some kinds there may be. */
const areButtonsFew = (components: ReadonlyArray<Piece>) => {
  const buttons = components.filter(isButton)
  const of = (kind: "url" | "copy_code") =>
    isTooMany(
      buttons.filter(({ sub_type = "" }) => sub_type.toLowerCase() === kind),
      limits[`template.buttons.${kind}`],
      `buttons of the kind ${kind}`
    )
  return of("url") ?? of("copy_code")
}

const isPiece = (component: unknown): component is Piece =>
  Predicate.isObject(component) && typeof component["type"] === "string"

/** Components that say first that their buttons are too many: at which positions they stand does not matter then. */
const withFewButtons = <T>(components: Schema.Codec<T>) =>
  guarded(components, (input) => {
    const pieces: ReadonlyArray<unknown> = Array.isArray(input) ? input : []
    const message = isTooMany(pieces.filter(isPiece).filter(isButton), limits["template.buttons"], "buttons")
    return message === undefined ? undefined : new SchemaIssue.InvalidValue({ message })
  })

/** Rules about several components at once; `bodyLimit` is that of all parameters of the body together. */
const isComposed = (bodyLimit: (components: ReadonlyArray<Piece>) => Limit) =>
  Schema.makeFilter(
    (components: ReadonlyArray<Piece>) => {
      const at = firstRepeated(components.map(keyOf))
      const again = components[at]
      if (again !== undefined) {
        return isButton(again)
          ? { path: [at, "index"], issue: "Expected an index that no other button has" }
          : { path: [at], issue: `Expected one ${kindOf(again)} component` }
      }
      const bodyAt = components.findIndex(isBody)
      const body = components[bodyAt]
      if (body !== undefined && isBody(body)) {
        const limit = bodyLimit(components)
        const length = (body.parameters ?? []).reduce((sum, parameter) => sum + lengthOf(parameter), 0)
        if (length > limit.max) {
          const issue = `Expected ${describe(limit)} in all parameters together, got ${length}`
          return { path: [bodyAt, "parameters"], issue }
        }
      }
      return isHeaderNamedAsBody(components) ?? areButtonsFew(components)
    },
    { arbitraryConstraint: { uniqueBy: keyOf, maxLength: limits["template.buttons"].max } }
  )

// Carousels

/** Schema for a card: a small template of its own. */
export const Card = Schema.Struct({
  /** Position, from 0. */
  card_index: position(limits["template.card.index"]),
  components: withFewButtons(
    Schema.Array(
      Schema.Union([Header, Body, Footer, ...Button.members]).annotate(
        modelled("a component of a card", ["header", "body", `button (${subTypes.join(", ")})`])
      )
    ).check(isComposed(() => limits["template.card.body"]))
  )
})
export type Card = typeof Card.Type

const indexOf = ({ card_index }: { readonly card_index: number | string }) => Number(card_index)

const isNumbered = Schema.makeFilter(
  (cards: ReadonlyArray<Card>) => {
    const at = firstRepeated(cards.map(indexOf))
    return at === -1 ? undefined : { path: [at, "card_index"], issue: "Expected an index that no other card has" }
  },
  { arbitraryConstraint: { uniqueBy: indexOf } }
)

/**
 * Schema for cards: of media as many as were approved, of products up to 10. Meta wants the same kinds of components on
 * all cards, and knows which.
 */
export const Carousel = Schema.Struct({
  type: either("carousel"),
  cards: bounded(limits["template.cards"], Schema.Array(Card).check(items(limits["template.cards"]), isNumbered))
})
export type Carousel = typeof Carousel.Type

// All of them

const others = [Header, Body, Footer, Carousel, LimitedTimeOffer, TapTarget, OrderStatus] as const

/** Schema for a part of a template that takes values. */
export const Component = Schema.Union([...others, ...Button.members]).annotate(
  modelled("a component", [...others.map(({ fields }) => fields.type.literals[0]), `button (${subTypes.join(", ")})`])
)
export type Component = typeof Component.Type

const isOffer = (component: Piece) => kindOf(component) === "limited_time_offer"

/** A footer says nothing here, as it takes no values. */
const isAlone = (components: ReadonlyArray<Piece>) =>
  components.filter((component) => kindOf(component) !== "footer").length === 1

/** Schema for the parts of a template, each of which comes once. */
export const Components = withFewButtons(
  Schema.Array(Component).check(
    isComposed((components) =>
      components.some(isOffer)
        ? limits["template.body.offer"]
        : isAlone(components)
          ? limits["template.body"]
          : limits["template.body.beside"]
    ),
    Schema.makeFilter((components: ReadonlyArray<Component>) => {
      if (!components.some(isOffer)) return undefined
      const limit = limits["template.button.code.offer"]
      for (const [at, component] of components.entries()) {
        const [code] = "sub_type" in component ? (component.parameters ?? []) : []
        if (code === undefined || !("coupon_code" in code)) continue
        const length = count(code.coupon_code)
        if (length > limit.max) {
          return {
            path: [at, "parameters", 0, "coupon_code"],
            issue: `Expected ${describe(limit)} beside a limited-time offer, got ${length}`
          }
        }
      }
      return undefined
    })
  )
)

/** Whether a GIF is shown, which the Marketing Messages API does alone. */
export const hasGif = (components: ReadonlyArray<Component> = []): boolean =>
  components.some((component) => {
    if ("cards" in component) return component.cards.some((card) => hasGif(card.components))
    const parameters: ReadonlyArray<{ readonly type: string }> = component.parameters ?? []
    return parameters.some(({ type }) => type.toLowerCase() === "gif")
  })
