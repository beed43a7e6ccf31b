/** The rules for header, body and footer. */
import type { Limit } from "@effect-whatsapp/core/message"
import type { Creation, Part } from "../../Creation.ts"
import { creationLimits as limits } from "./limits.ts"
import {
  exampled,
  flat,
  kindOfCategory,
  none,
  notAtAnEnd,
  ofVariables,
  problem,
  type Problems,
  textWithin,
  variablesOf,
  when,
  within
} from "./words.ts"

const media = new Set(["IMAGE", "VIDEO", "DOCUMENT", "GIF"])

export const ofHeader = (creation: Creation, field: string, { example, format, text }: Part): Problems => {
  const kind = (format ?? "").toUpperCase()
  if (kind === "") return problem(`${field}.format`, "expected TEXT, IMAGE, VIDEO, DOCUMENT, GIF, LOCATION or PRODUCT")
  if (media.has(kind)) {
    return when(
      example?.header_handle?.length !== 1,
      `${field}.example.header_handle`,
      `expected one sample, as the handle of an upload or as "file:PATH"`
    )
  }
  if (kind !== "TEXT") return none
  if (text === undefined) return problem(`${field}.text`, "expected a text")
  const found = variablesOf(text).length
  return [
    ...textWithin(limits.headerText, `${field}.text`, text),
    ...when(found > 1, `${field}.text`, `expected at most 1 variable, got ${found}`),
    ...ofVariables(creation, `${field}.text`, text),
    ...exampled(
      field,
      text,
      { key: "header_text", values: flat(example?.header_text) },
      { key: "header_text_named_params", values: example?.header_text_named_params }
    )
  ]
}

/** Meta nests the list, and takes it flat as well. */
const row = (values: ReadonlyArray<string | ReadonlyArray<string>> = []): ReadonlyArray<string> => {
  const [first = []] = values
  return typeof first === "string" ? flat(values) : first
}

export const ofBody = (creation: Creation, field: string, limit: Limit, { example, text }: Part): Problems => {
  if (kindOfCategory(creation) === "AUTHENTICATION") {
    return when(text !== undefined, `${field}.text`, "expected no text, as Meta writes that of a one-time password")
  }
  if (text === undefined) return problem(`${field}.text`, "expected a text")
  return [
    ...textWithin(limit, `${field}.text`, text),
    ...ofVariables(creation, `${field}.text`, text),
    ...notAtAnEnd(`${field}.text`, text),
    ...exampled(
      field,
      text,
      { key: "body_text", values: row(example?.body_text) },
      { key: "body_text_named_params", values: example?.body_text_named_params }
    )
  ]
}

export const ofFooter = (
  creation: Creation,
  field: string,
  { code_expiration_minutes: minutes, text }: Part
): Problems => {
  if (kindOfCategory(creation) === "AUTHENTICATION") {
    return [
      ...when(text !== undefined, `${field}.text`, "expected no text, as Meta writes that of a one-time password"),
      ...(minutes === undefined ? none : within(limits.expirationMinutes, `${field}.code_expiration_minutes`, minutes))
    ]
  }
  if (text === undefined) return problem(`${field}.text`, "expected a text")
  return [
    ...textWithin(limits.footer, `${field}.text`, text),
    ...when(variablesOf(text).length > 0, `${field}.text`, "expected no variables")
  ]
}
