/** Schema issues in the words of an `InvalidMessage`: where and what was expected, never what stood there. */
import * as SchemaIssue from "effect/SchemaIssue"
import { InvalidMessage } from "../../errors/reasons.ts"
import { WhatsAppError } from "../../errors/WhatsAppError.ts"
import { closest } from "./closest.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** A path as one would write it, as in `template.body[2].text`. */
export const pathOf = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (before, key) =>
      typeof key === "number" ? `${before}[${key}]` : before === "" ? String(key) : `${before}.${String(key)}`,
    ""
  )

const segment = (part: unknown): string | number =>
  typeof part === "string" || typeof part === "number" ? part : String(part)

/** What is wrong first: where, and what was expected there. */
export const firstOf = (issue: SchemaIssue.Issue) => {
  const [first] = format(closest(issue)).issues
  return { path: (first?.path ?? []).map(segment), message: first?.message ?? "Expected a message" }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** The path of a body is the path in what was given: the message stands under `message` only in a body. */
const within = (path: ReadonlyArray<PropertyKey>) => (path[0] === "message" ? path.slice(1) : path)

/** The error for a message that does not hold against its schema; `at` is the argument that was checked on its own. */
export const invalidMessage =
  (method: string, at: ReadonlyArray<PropertyKey> = []) =>
  (issue: SchemaIssue.Issue): WhatsAppError => {
    const { message, path } = firstOf(issue)
    const field = pathOf([...at, ...within(path)])
    const expected = lower(message).replace(/\s*\n\s*/g, ", ")
    return new WhatsAppError({
      method,
      reason: new InvalidMessage({ field, details: field === "" ? expected : `${field}: ${expected}` })
    })
  }
