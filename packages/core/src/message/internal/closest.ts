/**
 * What is wrong with a value that none of several schemas takes: the trouble of the one that came closest. All the others
 * only say that it is something else, which nobody asked. Reads issues of all errors, not of the first alone.
 */
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"

/** Members that say what a value is. */
const tags: ReadonlySet<PropertyKey> = new Set(["type", "sub_type"])

const isLiteral = (ast: SchemaAST.AST): boolean =>
  ast._tag === "Literal" || (ast._tag === "Union" && ast.types.every(isLiteral))

/** Whether a value says itself that it is something else. */
const isOther = (issue: SchemaIssue.Issue): boolean => {
  switch (issue._tag) {
    case "Encoding":
    case "Filter":
      return isOther(issue.issue)
    case "Composite":
      return issue.issues.some(isOther)
    case "Pointer": {
      const [key, ...deeper] = issue.path
      const { issue: leaf } = issue
      const isTag = key !== undefined && deeper.length === 0 && tags.has(key)
      return isTag && (leaf._tag === "InvalidType" || leaf._tag === "AnyOf") && isLiteral(leaf.ast)
    }
    default:
      return false
  }
}

/** How deep inside the value the trouble is; a rule that is broken is deeper than another type. */
const depthOf = (issue: SchemaIssue.Issue): number => {
  switch (issue._tag) {
    case "Pointer":
      return depthOf(issue.issue) + issue.path.length
    case "Encoding":
      return depthOf(issue.issue)
    case "Filter":
      return depthOf(issue.issue) + 0.5
    case "Composite":
    case "AnyOf":
      return Math.max(0, ...issue.issues.map(depthOf))
    default:
      return 0
  }
}

/** How much is wrong. */
const sizeOf = (issue: SchemaIssue.Issue): number => {
  switch (issue._tag) {
    case "Pointer":
    case "Encoding":
    case "Filter":
      return sizeOf(issue.issue)
    case "Composite":
      return issue.issues.reduce((sum, one) => sum + sizeOf(one), 0)
    default:
      return 1
  }
}

/** Whether less is wrong: with the trouble deeper inside, or as deep and with less of it. */
const isCloser = (one: SchemaIssue.Issue, other: SchemaIssue.Issue): boolean => {
  const deeper = depthOf(one) - depthOf(other)
  return deeper > 0 || (deeper === 0 && sizeOf(one) < sizeOf(other))
}

/** The issue with one branch of each union: the one that came closest, or the union's own words when none did. */
export const closest = (issue: SchemaIssue.Issue): SchemaIssue.Issue => {
  switch (issue._tag) {
    case "Pointer":
      return new SchemaIssue.Pointer(issue.path, closest(issue.issue))
    case "Encoding":
      return new SchemaIssue.Encoding(issue.ast, closest(issue.issue))
    case "Filter":
      return new SchemaIssue.Filter(issue.filter, closest(issue.issue))
    case "Composite": {
      const [first, ...others] = issue.issues
      return new SchemaIssue.Composite(issue.ast, [closest(first), ...others.map(closest)])
    }
    case "AnyOf": {
      const same = issue.issues.filter((one) => !isOther(one))
      const [first, ...others] = same.length === 0 ? issue.issues : same
      if (first === undefined || (same.length === 0 && issue.ast.annotations?.message !== undefined)) {
        return new SchemaIssue.AnyOf(issue.ast, [])
      }
      return closest(others.reduce((one, next) => (isCloser(next, one) ? next : one), first))
    }
    default:
      return issue
  }
}
