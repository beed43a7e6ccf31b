/** What the rules for a template that is handed in are written with: problems, lengths and variables. */
import { describe, type Limit } from "@effect-whatsapp/core/message"
import type { Problem } from "../../../internal/problems.ts"
import type { Creation } from "../../Creation.ts"

export type Problems = ReadonlyArray<Problem>

export const none: Problems = []
export const problem = (field: string, details: string): Problems => [{ field, details }]
export const when = (isWrong: boolean, field: string, details: string): Problems =>
  isWrong ? problem(field, details) : none

/** Code points, as limits are counted. */
const lengthOf = (text: string): number => Array.from(text).length

export const within = (limit: Limit, field: string, size: number): Problems =>
  when(size < limit.min || size > limit.max, field, `expected ${describe(limit)}, got ${size}`)
export const textWithin = (limit: Limit, field: string, text: string): Problems => within(limit, field, lengthOf(text))

export const kindOf = ({ type }: { readonly type: string }): string => type.toUpperCase()

export const kindOfCategory = ({ category }: Creation): string => category.toUpperCase()

const variable = /\{\{(.*?)\}\}/gs
export const variablesOf = (text: string): ReadonlyArray<string> =>
  Array.from(new Set(Array.from(text.matchAll(variable), ([, name = ""]) => name.trim())))
const isNumber = (name: string) => /^\d+$/.test(name)

/** Numbers without a gap, or names; of the kind that the template says it has. */
export const ofVariables = ({ parameter_format = "positional" }: Creation, field: string, text: string): Problems => {
  const names = variablesOf(text)
  if (names.length === 0) return none
  if (parameter_format.toLowerCase() === "named") {
    return names.flatMap((name) =>
      when(
        !/^[a-z_][a-z0-9_]*$/.test(name),
        field,
        "expected variables whose names are lower-case letters, digits and underscores, as parameter_format is named"
      )
    )
  }
  return names.every(isNumber)
    ? when(
        !names.every((_, at) => names.includes(`${at + 1}`)),
        field,
        "expected variables {{1}}, {{2}} and so on, without a gap"
      )
    : problem(field, `expected variables {{1}}, {{2}} and so on, or "parameter_format": "named"`)
}

/** Meta's sub-code 2388299. */
export const notAtAnEnd = (field: string, text: string): Problems =>
  when(
    /^\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*$/.test(text),
    field,
    "expected words before the first and behind the last variable"
  )

type Named = ReadonlyArray<{ readonly param_name: string; readonly example: string }>

/** An example for each variable, without which Meta refuses the template. */
export const exampled = (
  field: string,
  text: string,
  positional: { readonly key: string; readonly values: ReadonlyArray<string> },
  named: { readonly key: string; readonly values: Named | undefined }
): Problems => {
  const names = variablesOf(text)
  if (names.length === 0) return none
  if (names.every(isNumber)) {
    return when(
      positional.values.length !== names.length,
      `${field}.example.${positional.key}`,
      `expected ${names.length} ${names.length === 1 ? "example" : "examples"}, one for each variable, got ${positional.values.length}`
    )
  }
  const given = new Set((named.values ?? []).map(({ param_name }) => param_name))
  const lacking = names.filter((name) => !given.has(name))
  return when(
    lacking.length > 0,
    `${field}.example.${named.key}`,
    `expected an example for each variable, and there is none for ${lacking.join(", ")}`
  )
}

export const flat = (
  values: string | ReadonlyArray<string | ReadonlyArray<string>> | undefined
): ReadonlyArray<string> => (values === undefined ? [] : typeof values === "string" ? [values] : values.flat())
