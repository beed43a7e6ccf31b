/** Which templates exist, and what the person reads of one. */
import * as Effect from "effect/Effect"
import { Refused } from "./graphError.ts"
import type { Parameter, Template } from "./sendSchema.ts"

export interface TemplateDefinition {
  readonly name: string
  /** Language code, matched exactly: `en` is not `en_US`. */
  readonly language: string
  /** Text with `{{1}}` or `{{name}}`; a send must give exactly these values. Without it, any values are taken. */
  readonly body?: string
  /** @default "utility" */
  readonly category?: "utility" | "marketing" | "authentication"
}

/** What the person reads. */
export const hydrate = Effect.fnUntraced(function* (
  template: Template,
  definitions: ReadonlyArray<TemplateDefinition> | undefined
): Effect.fn.Return<{ readonly text: string; readonly category: string }, Refused> {
  const language = template.language.code
  const definition = definitions?.find((one) => one.name === template.name && one.language === language)
  // A name that Meta would never have approved does not exist either.
  if (definition === undefined && (definitions !== undefined || !/^[a-z0-9_]+$/.test(template.name))) {
    const details = `template name (${template.name}) does not exist in ${language}`
    return yield* new Refused({ code: 132001, details })
  }
  const values = bodyValues(template)
  const category = definition?.category ?? "utility"
  if (definition?.body === undefined) {
    return { text: [`[${template.name}]`, values.map(read).join(", ")].join(" ").trim(), category }
  }
  const wanted = new Set(Array.from(definition.body.matchAll(placeholder), (match) => match[1]))
  const byName = new Map(values.map((value, i) => [nameOf(value) ?? String(i + 1), read(value)]))
  if (wanted.size !== values.length) {
    const details = `body: number of localizable_params (${values.length}) does not match the expected number of params (${wanted.size})`
    return yield* new Refused({ code: 132000, details })
  }
  const lacking = Array.from(wanted).find((name) => name !== undefined && !byName.has(name))
  if (lacking !== undefined) {
    return yield* new Refused({ code: 132012, details: `body: parameter ${lacking} is missing` })
  }
  const text = definition.body.replace(placeholder, (whole, name: string) => byName.get(name) ?? whole)
  return { text, category }
})

const placeholder = /\{\{\s*(\w+)\s*\}\}/g

const bodyValues = (template: Template): ReadonlyArray<Parameter> =>
  (template.components ?? []).flatMap((component) =>
    component.type.toLowerCase() === "body" && "parameters" in component ? (component.parameters ?? []) : []
  )

const nameOf = (value: Parameter): string | undefined => ("parameter_name" in value ? value.parameter_name : undefined)

const read = (value: Parameter): string => {
  switch (value.type) {
    case "text":
      return value.text
    case "currency":
      return value.currency.fallback_value
    case "date_time":
      return value.date_time.fallback_value
    default:
      return ""
  }
}
