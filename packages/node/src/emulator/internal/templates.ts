/** Which templates exist, and what the person reads of one. */
import * as Effect from "effect/Effect"
import { Refused } from "./graphError.ts"
import { missing } from "./sendIssue.ts"
import { kindOf, type Template as Known, type TemplateStore } from "./templateStore.ts"
import * as TemplateFit from "./templateFit.ts"
import { allComponents, type BodyParameter, type Component, type Template } from "./sendSchema/template.ts"
import { isDistinct, lengthOf } from "./sendSchema/words.ts"

export interface Hydrated {
  readonly text: string
  /** Absent when no templates are defined. */
  readonly category: string | undefined
}

/** What the person reads. */
export const hydrate = Effect.fnUntraced(function* (
  template: Template,
  store: TemplateStore
): Effect.fn.Return<Hydrated, Refused> {
  const language = template.language.code
  const known = store.find(template.name, language)
  // A name that Meta would never have approved does not exist either, nor does one that was deleted.
  const isFree = !store.isClosed && /^[a-z0-9_]+$/.test(template.name) && !store.wasDeleted(template.name, language)
  if (known === undefined && !isFree) {
    const details = `template name (${template.name}) does not exist in ${language}`
    return yield* new Refused({ code: 132001, details })
  }
  if (known !== undefined) yield* checkStatus(known)
  yield* checkValues(template)
  const values = (template.components ?? []).flatMap((one) => (one.type === "body" ? (one.parameters ?? []) : []))
  if (known?.isWhole === true) yield* TemplateFit.check(known, template)
  const category = known?.category.toLowerCase()
  if (category === "authentication" && values.some((value) => lengthOf(read(value)) > 15)) {
    return yield* new Refused({ code: 132005, details: "body: a code may have at most 15 characters" })
  }
  const body = known === undefined ? undefined : bodyOf(known)
  if (body === undefined) {
    const text = [`[${template.name}]`, values.map(read).join(", ")].join(" ").trim()
    yield* checkLength(template, values.map(read).join(""))
    return { text, category }
  }
  const wanted = new Set(Array.from(body.matchAll(placeholder), (match) => match[1]))
  const byName = new Map(values.map((value, i) => [nameOf(value) ?? String(i + 1), read(value)]))
  if (wanted.size !== values.length) {
    const details = `body: number of localizable_params (${values.length}) does not match the expected number of params (${wanted.size})`
    return yield* new Refused({ code: 132000, details })
  }
  const lacking = Array.from(wanted).find((name) => name !== undefined && !byName.has(name))
  if (lacking !== undefined) {
    return yield* new Refused({ code: 132012, details: `body: parameter ${lacking} is missing` })
  }
  const text = body.replace(placeholder, (whole, name: string) => byName.get(name) ?? whole)
  yield* checkLength(template, text)
  return { text, category }
})

const bodyOf = ({ components }: Known): string | undefined => {
  const text = components.find((one) => kindOf(one) === "BODY")?.text
  return typeof text === "string" ? text : undefined
}

/** Only what is approved can be sent. */
const checkStatus = ({ language, name, status }: Known): Effect.Effect<void, Refused> => {
  switch (status) {
    case "APPROVED":
      return Effect.void
    case "PAUSED":
      return Effect.fail(new Refused({ code: 132015, details: `template ${name} is paused` }))
    case "DISABLED":
      return Effect.fail(new Refused({ code: 132016, details: `template ${name} is disabled` }))
    default:
      return Effect.fail(
        new Refused({ code: 132001, details: `template name (${name}) is not approved in ${language}` })
      )
  }
}

const placeholder = /\{\{\s*(\w+)\s*\}\}/g

const nameOf = (value: BodyParameter): string | undefined => value.parameter_name

const read = (value: BodyParameter): string => {
  switch (value.type) {
    case "text":
      return value.text
    case "currency":
      return value.currency.fallback_value
    case "date_time":
      return value.date_time.fallback_value
    case "group_id":
      return "https://chat.whatsapp.com/invite"
  }
}

/** Values stay on one line, and have all a name or all a place. */
const checkValues = Effect.fnUntraced(function* (template: Template) {
  for (const component of allComponents(template)) {
    for (const value of component.parameters ?? []) {
      if (value.type !== "text") continue
      if (value.text === "") return yield* missing(`${component.type}.parameters.text`)
      if (/[\n\t]| {5}/.test(value.text)) {
        const details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        return yield* new Refused({ code: 132018, details })
      }
      if (component.type === "header" && lengthOf(value.text) > 60) {
        return yield* new Refused({ code: 132005, details: "header: the text may have at most 60 characters" })
      }
    }
    if (component.type !== "body") continue
    const names = (component.parameters ?? []).map(nameOf)
    const given = names.filter((name) => name !== undefined)
    if (given.length > 0 && (given.length < names.length || !isDistinct(given))) {
      const details = "body: either every parameter has a parameter_name of its own, or none has one"
      return yield* new Refused({ code: 132018, details })
    }
  }
})

/** A body that stands alone may be long; that of a card is short. */
const checkLength = Effect.fnUntraced(function* (template: Template, text: string) {
  const components = template.components ?? []
  const max = components.every((one) => one.type === "body") ? 32_768 : 1024
  const isTooLong = lengthOf(text) > max || components.some((one) => one.type === "carousel" && hasLongCard(one))
  if (isTooLong) return yield* new Refused({ code: 132005, details: "The text is too long with its values filled in." })
})

const hasLongCard = (carousel: Extract<Component, { readonly type: "carousel" }>): boolean =>
  carousel.cards.some((card) =>
    card.components.some((one) => one.type === "body" && lengthOf((one.parameters ?? []).map(read).join("")) > 160)
  )
