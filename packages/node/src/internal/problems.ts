/** What is wrong with an input, in words and without its values. */
import * as SchemaIssue from "effect/SchemaIssue"

export interface Problem {
  /** Where, as in `template.name`; empty when it is the whole. */
  readonly field: string
  /** On one line. */
  readonly details: string
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** All of it. */
export const problemsOf = (issue: SchemaIssue.Issue): ReadonlyArray<Problem> =>
  format(issue).issues.map(({ message, path = [] }) => ({
    field: path.map((key) => String(typeof key === "object" ? key.key : key)).join("."),
    details: message.replace(/\s*\n\s*/g, ", ")
  }))

/** The first of it, in one line. */
export const firstProblem = (issue: SchemaIssue.Issue): string => {
  const { details, field } = problemsOf(issue)[0] ?? { field: "", details: "not what was expected" }
  return field === "" ? details : `${field}: ${details}`
}
