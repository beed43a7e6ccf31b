/** The rules by which Meta takes a template for review, as far as its pages say. */
import type { Limit } from "@effect-whatsapp/core/message"
import type { Component, Creation, Part } from "../../Creation.ts"
import { compare } from "../../Entry.ts"
import { isReply, knownButtons, ofButtons } from "./buttons.ts"
import { creationLimits as limits } from "./limits.ts"
import { ofBody, ofFooter, ofHeader } from "./texts.ts"
import { kindOf, kindOfCategory, none, problem, type Problems, textWithin, when, within } from "./words.ts"

const shapeOf = (components: ReadonlyArray<Part>): string =>
  components
    .map((part) => [kindOf(part), (part.format ?? "").toUpperCase(), ...(part.buttons ?? []).map(kindOf)].join(" "))
    .toSorted(compare)
    .join(", ")

const ofCards = (creation: Creation, part: string, { cards = [] }: Component): Problems => {
  const field = `${part}.cards`
  const [first] = cards
  return [
    ...within(limits.cards, field, cards.length),
    ...cards.flatMap(({ components }, at) => [
      ...when(
        first !== undefined && shapeOf(components) !== shapeOf(first.components),
        `${field}.${at}`,
        "expected the same kinds of components and buttons as on the first card"
      ),
      ...ofParts(creation, `${field}.${at}.components`, components, limits.bodyOfCard)
    ])
  ]
}

const ofOffer = (creation: Creation, field: string, { limited_time_offer: offer }: Part): Problems => {
  const buttons = (creation.components ?? []).flatMap((part) => part.buttons ?? []).map(kindOf)
  const codeAt = buttons.indexOf("COPY_CODE")
  const urlAt = buttons.indexOf("URL")
  return [
    ...when(kindOfCategory(creation) !== "MARKETING", field, "expected the category MARKETING"),
    ...(offer?.text === undefined
      ? problem(`${field}.limited_time_offer.text`, "expected a text")
      : textWithin(limits.offer, `${field}.limited_time_offer.text`, offer.text)),
    ...when(
      codeAt !== -1 && urlAt !== -1 && urlAt < codeAt,
      field,
      "expected the button to copy a code before the link"
    )
  ]
}

const knownParts = new Set(["HEADER", "BODY", "FOOTER", "BUTTONS"])
const knownComponents = new Set([...knownParts, "CAROUSEL", "LIMITED_TIME_OFFER", "CALL_PERMISSION_REQUEST"])

const ofPart = (creation: Creation, field: string, limit: Limit, part: Part): Problems => {
  switch (kindOf(part)) {
    case "HEADER":
      return ofHeader(creation, field, part)
    case "BODY":
      return ofBody(creation, field, limit, part)
    case "FOOTER":
      return ofFooter(creation, field, part)
    case "BUTTONS":
      return ofButtons(creation, field, part)
    default:
      return none
  }
}

const ofParts = (creation: Creation, field: string, parts: ReadonlyArray<Part>, limit: Limit): Problems => [
  ...parts.flatMap((part, at) =>
    when(
      parts.findIndex((other) => kindOf(other) === kindOf(part)) < at,
      `${field}.${at}`,
      `expected one ${kindOf(part)}`
    )
  ),
  ...parts.flatMap((part, at) => ofPart(creation, `${field}.${at}`, limit, part))
]

const ofComponents = (creation: Creation, components: ReadonlyArray<Component>): Problems => {
  const has = (kind: string) => components.some((component) => kindOf(component) === kind)
  const otp = components.flatMap(({ buttons = [] }) => buttons).some((button) => kindOf(button) === "OTP")
  return [
    ...when(!has("BODY"), "components", "expected a BODY"),
    ...when(
      kindOfCategory(creation) === "AUTHENTICATION" && !otp,
      "components",
      "expected a button of the type OTP, as the category is AUTHENTICATION"
    ),
    ...ofParts(creation, "components", components, has("LIMITED_TIME_OFFER") ? limits.bodyOfOffer : limits.body),
    ...components.flatMap((component, at) => {
      const field = `components.${at}`
      switch (kindOf(component)) {
        case "CAROUSEL":
          return ofCards(creation, field, component)
        case "LIMITED_TIME_OFFER":
          return ofOffer(creation, field, component)
        default:
          return none
      }
    })
  ]
}

const ofFacts = (creation: Creation): Problems => [
  ...textWithin(limits.name, "name", creation.name),
  ...when(!/^[a-z0-9_]*$/.test(creation.name), "name", "expected lower-case letters, digits and underscores"),
  ...when(
    !["AUTHENTICATION", "MARKETING", "UTILITY"].includes(kindOfCategory(creation)),
    "category",
    "expected AUTHENTICATION, MARKETING or UTILITY"
  ),
  ...when(
    !["named", "positional"].includes((creation.parameter_format ?? "positional").toLowerCase()),
    "parameter_format",
    "expected named or positional"
  ),
  ...ofTimeToLive(creation)
]

/** In seconds; -1 is Meta's 30 days. */
const lives = new Map([
  ["AUTHENTICATION", { min: 30, max: 900 }],
  ["UTILITY", { min: 30, max: 43_200 }],
  ["MARKETING", { min: 43_200, max: 2_592_000 }]
])

const ofTimeToLive = (creation: Creation): Problems => {
  const { message_send_ttl_seconds: seconds } = creation
  const life = lives.get(kindOfCategory(creation))
  if (seconds === undefined || life === undefined) return none
  if (seconds === -1 && kindOfCategory(creation) !== "MARKETING") return none
  return within({ ...life, unit: "seconds" }, "message_send_ttl_seconds", seconds)
}

const notesOf = (components: ReadonlyArray<Component>): Problems =>
  components.flatMap(({ buttons = [], ...component }, at) => {
    const field = `components.${at}`
    return [
      ...when(
        !knownComponents.has(kindOf(component)),
        field,
        "a kind of component that is not known here, and is left to Meta"
      ),
      ...buttons.flatMap((button, at) =>
        when(
          !knownButtons.has(kindOf(button)),
          `${field}.buttons.${at}`,
          "a kind of button that is not known here, and is left to Meta"
        )
      ),
      ...when(
        buttons.length > 3 || (buttons.some(isReply) && !buttons.every(isReply)),
        `${field}.buttons`,
        "WhatsApp on desktops does not show a template with four buttons, or with quick replies beside others"
      )
    ]
  })

export const check = (creation: Creation): { readonly problems: Problems; readonly notes: Problems } => {
  const { components, library_template_name } = creation
  if (components === undefined) {
    const lacking = when(library_template_name === undefined, "components", "expected the components of the template")
    return { problems: [...ofFacts(creation), ...lacking], notes: none }
  }
  return { problems: [...ofFacts(creation), ...ofComponents(creation, components)], notes: notesOf(components) }
}
