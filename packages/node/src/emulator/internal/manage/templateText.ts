/** Variables in the words of a template, and the examples that go with them. */
import * as Effect from "effect/Effect"
import { type Refused, refusedChange } from "../graphError.ts"

/** The names of the variables, each once, in their order. */
export const variables = (text: string): ReadonlyArray<string> =>
  Array.from(new Set(Array.from(text.matchAll(/\{\{(.*?)\}\}/gs), ([, name = ""]) => name.trim())))

/** Whether they are written as the format of the template asks for: `{{1}}`, `{{2}}`, … or `{{first_name}}`. */
export const isWellFormed = (text: string, isNamed: boolean): boolean => {
  const names = variables(text)
  const rest = text.replace(/\{\{.*?\}\}/gs, "")
  if (rest.includes("{{") || rest.includes("}}")) return false
  return isNamed
    ? names.every((name) => /^[a-z_][a-z0-9_]*$/.test(name))
    : names.every((name) => /^[1-9]\d{0,3}$/.test(name)) && names.every((_, i) => names.includes(String(i + 1)))
}

export interface Examples {
  readonly positional: ReadonlyArray<string> | undefined
  readonly named: ReadonlyArray<{ readonly param_name: string; readonly example: string }> | undefined
}

/** There must be one for each variable. */
export const checkExamples = (
  component: string,
  text: string,
  isNamed: boolean,
  { named, positional }: Examples
): Effect.Effect<void, Refused> => {
  const names = variables(text)
  if (names.length === 0) return Effect.void
  const given = isNamed ? (named ?? []).map((one) => one.param_name) : (positional ?? []).map((_, i) => String(i + 1))
  const isComplete = given.length === names.length && names.every((name) => given.includes(name))
  return isComplete ? Effect.void : Effect.fail(missingExample(component))
}

export const missingExample = (component: string): Refused =>
  refusedChange(
    2388043,
    'Message template "components" param is missing expected field(s)',
    `component of type ${component} is missing expected field(s) (example)`
  )

/** Of words that are no variable there must be two for each variable, and one more. */
export const isTooDense = (text: string): boolean => {
  const words = text.replace(/\{\{.*?\}\}/gs, " ").match(/[\p{L}\p{N}]+/gu) ?? []
  // Where no spaces are written, one letter is worth a word.
  const count = Math.max(words.length, /[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]/.test(text) ? text.length : 0)
  const names = variables(text)
  return names.length > 0 && count < 2 * names.length + 1
}

export const hasVariableAtEdge = (text: string): boolean => /^\s*\{\{|\}\}\s*$/.test(text)
