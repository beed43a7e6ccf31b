/** One row of the table of Meta's codes. */
import type { GraphReason } from "../graphReasons.ts"
import type { Verdict } from "../Verdict.ts"

/**
 * Where a code shows up: in the answer to a call, in a webhook later (a failed status, or the errors of a call or of
 * another event), in both, or only in the `health_status` of an account, a number or a template.
 */
export type When = "answer" | "status" | "both" | "health"

export interface GraphCode {
  readonly reason: GraphReason["_tag"]
  readonly verdict: Verdict
  readonly when: When
  /** One sentence on what to do. */
  readonly advice: string
  /** Meta may say in a header of the answer how long to wait; then that is the verdict. @default false */
  readonly isHinted?: boolean
}

export type GraphCodes = { readonly [code: number]: GraphCode }

const row =
  (when: When) =>
  (reason: GraphCode["reason"], verdict: Verdict, advice: string): GraphCode => ({ reason, verdict, when, advice })

export const answer = row("answer")
export const status = row("status")
export const both = row("both")
export const health = row("health")
