/** What the doctor found, for people and for programs. What Meta or a file said is made harmless for a terminal. */
import type { Result } from "../../doctor/examine.ts"
import { harmless } from "./harmless.ts"
import type { Style } from "./style.ts"

const groups: { readonly [prefix: string]: string } = {
  env: "Environment",
  project: "Project",
  versions: "Versions",
  api: "Graph API",
  token: "Access token",
  app: "App",
  number: "Phone number",
  account: "Business account",
  webhook: "Webhook"
}

const groupOf = ({ check: { id } }: Result) => id.slice(0, id.indexOf("."))
const nameOf = ({ check: { id } }: Result) => id.slice(id.indexOf(".") + 1)

/** Name and finding; a finding that begins with the name says it once. */
const told = (style: Style, result: Result): string => {
  const name = nameOf(result)
  const what = harmless(result.outcome.what)
  const rest = what.startsWith(name) ? what.slice(name.length) : `: ${what}`
  return `${result.outcome.status === "ok" ? name : style("bold", name)}${rest}`
}

const line = (style: Style, result: Result): ReadonlyArray<string> => {
  const { check, outcome } = result
  switch (outcome.status) {
    case "ok":
      return [`  ${style("green", "✓")} ${told(style, result)}`]
    case "skipped":
      return []
    case "warning":
    case "failure": {
      const mark = outcome.status === "warning" ? style("yellow", "!") : style("red", "✗")
      return [
        `  ${mark} ${told(style, result)}`,
        `      Why: ${harmless(outcome.why ?? check.why)}`,
        `      Mend: ${harmless(outcome.mend)}`
      ]
    }
  }
}

/** What was not looked at, together where the reason is the same. */
const unseen = (style: Style, results: ReadonlyArray<Result>): ReadonlyArray<string> => {
  const byReason = new Map<string, Array<string>>()
  for (const result of results) {
    if (result.outcome.status !== "skipped") continue
    const names = byReason.get(result.outcome.what) ?? []
    byReason.set(result.outcome.what, names)
    names.push(nameOf(result))
  }
  return Array.from(byReason, ([why, names]) => style("dim", `  - ${names.join(", ")}: skipped, ${harmless(why)}`))
}

const count = (results: ReadonlyArray<Result>, status: Result["outcome"]["status"]) =>
  results.filter(({ outcome }) => outcome.status === status).length

const many = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`

/** How it stands, in one line. */
export const summary = (results: ReadonlyArray<Result>): string =>
  `${count(results, "ok")} fine, ${many(count(results, "warning"), "warning")}, ` +
  `${many(count(results, "failure"), "failure")}, ${count(results, "skipped")} skipped`

/** All of it, by groups. */
export const describeResults = (style: Style, results: ReadonlyArray<Result>): ReadonlyArray<string> => {
  const found = Array.from(new Set(results.map(groupOf)))
  return found.flatMap((group) => {
    const own = results.filter((result) => groupOf(result) === group)
    return [
      style("bold", groups[group] ?? group),
      ...own.flatMap((result) => line(style, result)),
      ...unseen(style, own),
      ""
    ]
  })
}

/** One check, for a program. */
export const resultJson = ({ check, outcome }: Result): string => {
  const { status, what } = outcome
  const isProblem = outcome.status === "warning" || outcome.status === "failure"
  return JSON.stringify({
    check: check.id,
    status,
    what,
    ...(isProblem ? { why: outcome.why ?? check.why, mend: outcome.mend } : {})
  })
}
