/** What follows a failed attempt of a listener. Decided from the attempt alone, so that it holds across restarts. */
import { type Verdict, WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

const isWhatsAppError = Schema.is(WhatsAppError)

/** Try again after a while, or never again by itself. */
export type Next = Data.TaggedEnum<{
  Retry: { readonly after: Duration.Duration }
  Dead: {}
}>
export const Next = Data.taggedEnum<Next>()

/** Decides by the cause and by how many attempts have failed, this one included. */
export type RetryPolicy = (failure: { readonly cause: Cause.Cause<unknown>; readonly attempts: number }) => Next

export interface Options {
  /** How often it is tried at most, the first time included. @default 5 */
  readonly attempts?: number | undefined
  /** Wait after the first failure; doubles with every other. @default "1 second" */
  readonly first?: Duration.Input | undefined
  /** Longest wait. @default "30 seconds" */
  readonly longest?: Duration.Input | undefined
}

/**
 * A policy that obeys the verdict of a `WhatsAppError`: what Meta will never accept, and what it may have accepted
 * already (`Ambiguous`), is not tried again; a wait that Meta asked for is kept.
 */
export const make = (options?: Options): RetryPolicy => {
  const limit = options?.attempts ?? 5
  const first = Duration.toMillis(options?.first ?? "1 second")
  const longest = Duration.toMillis(options?.longest ?? "30 seconds")
  return ({ attempts, cause }) => {
    const verdicts = verdictsOf(cause)
    const isFinal = verdicts.some(({ _tag }) => _tag === "Never" || _tag === "Ambiguous")
    if (attempts >= limit || isFinal) return Next.Dead()
    const asked = verdicts.map((verdict) => (verdict._tag === "After" ? Duration.toMillis(verdict.duration) : 0))
    const after = Math.max(...asked, 0)
    return Next.Retry({ after: Duration.millis(after > 0 ? after : Math.min(longest, first * 2 ** (attempts - 1))) })
  }
}

/** How far an error is followed into its causes. */
const depth = 8

/** What every `WhatsAppError` says that had a part in the failure: several may fail at once, or be wrapped in others. */
const verdictsOf = (cause: Cause.Cause<unknown>): ReadonlyArray<Verdict> =>
  cause.reasons.flatMap((reason) => {
    const found: Array<Verdict> = []
    let error: unknown = Cause.isFailReason(reason)
      ? reason.error
      : Cause.isDieReason(reason)
        ? reason.defect
        : undefined
    for (let level = 0; level < depth && error instanceof Error; level++) {
      if (isWhatsAppError(error)) found.push(error.verdict)
      error = error.cause
    }
    return found
  })
