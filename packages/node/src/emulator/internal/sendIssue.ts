/** What is wrong with a message, as Meta says it. */
import type * as SchemaIssue from "effect/SchemaIssue"
import { Refused } from "./graphError.ts"

export const invalid = (details: string): Refused => new Refused({ code: 100, details })
export const wrongValue = (details: string): Refused => new Refused({ code: 131009, details })
export const missing = (param: string): Refused =>
  new Refused({ code: 131008, details: `The parameter ${param} is required.` })

export const toRefused = (issue: SchemaIssue.Issue): Refused => {
  const { at, leaf } = firstLeaf(issue, [])
  const param = at.map((key, i) => (i === 0 ? String(key) : `['${String(key)}']`)).join("")
  switch (leaf._tag) {
    case "MissingKey":
      return missing(param)
    case "UnexpectedKey": {
      const key = String(at.at(-1))
      const on = at.length === 1 ? "the message" : `param "${at.slice(0, -1).map(String).join(".")}"`
      return invalid(`Unexpected key "${key}" on ${on}.`)
    }
    case "Filter":
      return invalid(`Param ${param} must be ${leaf.filter.annotations?.expected ?? "valid"}.`)
    case "AnyOf":
      return at.length === 0
        ? invalid("Param type must be one of the documented types of a message.")
        : invalid(`Param ${param} is of a wrong type or value; Meta documents no such one.`)
    default:
      return invalid(`Param ${param} is of a wrong type or value.`)
  }
}

interface Leaf {
  readonly leaf: SchemaIssue.Issue
  readonly at: ReadonlyArray<PropertyKey>
}

/** The first thing that is wrong, and where; of several alternatives, the one that came closest. */
const firstLeaf = (issue: SchemaIssue.Issue, at: ReadonlyArray<PropertyKey>): Leaf => {
  switch (issue._tag) {
    case "Pointer":
      return firstLeaf(issue.issue, [...at, ...issue.path])
    case "Encoding":
      return firstLeaf(issue.issue, at)
    case "Composite":
    case "AnyOf":
      return issue.issues.reduce<Leaf>(
        (closest, next) => {
          const found = firstLeaf(next, at)
          return closest.leaf === issue || found.at.length > closest.at.length ? found : closest
        },
        { leaf: issue, at }
      )
    default:
      return { leaf: issue, at }
  }
}
