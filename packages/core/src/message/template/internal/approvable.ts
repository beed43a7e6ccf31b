/** What Meta approves in no template, so that a description that has it fits none. */
import { firstRepeated } from "../../internal/distinct.ts"
import { describe, type Limit, limits } from "../../limits.ts"
import {
  arePositional,
  type ButtonDescription,
  type CardDescription,
  type Description,
  isNumber,
  keyOf,
  takesValue,
  variables
} from "../Description.ts"

interface Flaw {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

type Flaws = ReadonlyArray<Flaw>

const flaw = (path: Flaw["path"], message: string): Flaws => [{ path, message }]

/** The variables of one text: numbers from 1 without a gap, or names. */
const ofText = (text: string, path: Flaw["path"]): Flaws => {
  const names = variables(text)
  if (arePositional(names)) {
    return names.every((_, at) => names.includes(`${at + 1}`))
      ? []
      : flaw(path, "Expected variables {{1}}, {{2}} and so on, without a gap")
  }
  if (names.some(isNumber)) return flaw(path, "Expected variables that all have a name, or none")
  return names.every((name) => /^[a-z0-9_]+$/.test(name))
    ? []
    : flaw(path, "Expected names of lower-case letters, digits and underscores as variables")
}

const ofHeader = ({ body = "", header }: CardDescription): Flaws => {
  if (header?.type !== "text") return []
  const path = ["header", "text"]
  const names = variables(header.text)
  if (names.length > 1) return flaw(path, `Expected at most 1 variable, got ${names.length}`)
  const ofBody = variables(body)
  return names.length === 0 || ofBody.length === 0 || arePositional(names) === arePositional(ofBody)
    ? ofText(header.text, path)
    : flaw(path, "Expected a variable of the kind that the body has: a number, or a name")
}

const ofUrl = (button: ButtonDescription, at: number): Flaws => {
  const found = button.type === "url" ? variables(button.url).length : 0
  return found > 1 ? flaw(["buttons", at, "url"], `Expected at most 1 variable, got ${found}`) : []
}

const tooMany = (buttons: ReadonlyArray<ButtonDescription>, limit: Limit, what: string): Flaws =>
  buttons.length > limit.max ? flaw(["buttons"], `Expected ${describe(limit)} as ${what}, got ${buttons.length}`) : []

const ofButtons = ({ buttons = [] }: CardDescription): Flaws => {
  const filled = buttons.flatMap((button, at) => (takesValue(button) ? [{ at, key: keyOf(button) }] : []))
  const again = filled[firstRepeated(filled.map(({ key }) => key))]
  const of = (kind: "url" | "copy_code") =>
    tooMany(
      buttons.filter(({ type }) => type === kind),
      limits[`template.buttons.${kind}`],
      `buttons of the kind ${kind}`
    )
  return [
    ...tooMany(buttons, limits["template.buttons"], "buttons"),
    ...of("url"),
    ...of("copy_code"),
    ...buttons.flatMap(ofUrl),
    ...(again === undefined
      ? []
      : flaw(["buttons", again.at, "name"], "Expected a name, as another button has the same text"))
  ]
}

const ofParts = (parts: CardDescription): Flaws => [
  ...ofHeader(parts),
  ...ofText(parts.body ?? "", ["body"]),
  ...ofButtons(parts)
]

/** Media are sent as they were approved; of products one card says how all of them are. */
const ofCards = (cards: ReadonlyArray<CardDescription>): Flaws => {
  const limit = limits["template.cards"]
  const isOfProducts = cards[0]?.header?.type === "product"
  return [
    ...(cards.length > limit.max || (cards.length < limit.min && !isOfProducts)
      ? flaw(["carousel"], `Expected ${describe(limit)}, got ${cards.length}`)
      : []),
    ...cards.flatMap((card, at) =>
      ofParts(card).map(({ message, path }) => ({ message, path: ["carousel", at, ...path] }))
    )
  ]
}

/** The first thing in a description that keeps every message of it from being sent. */
export const flawOf = (description: Description): Flaw | undefined =>
  [...ofParts(description), ...(description.carousel === undefined ? [] : ofCards(description.carousel))][0]
