/** What follows a failed attempt of a listener. Decided from the attempt alone, so that it holds across restarts. */
import { WhatsAppError } from "@effect-whatsapp/core/errors"
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
    const error = Cause.squash(cause)
    const verdict = isWhatsAppError(error) ? error.verdict : undefined
    if (attempts >= limit || verdict?._tag === "Never" || verdict?._tag === "Ambiguous") return Next.Dead()
    if (verdict?._tag === "After") return Next.Retry({ after: verdict.duration })
    return Next.Retry({ after: Duration.millis(Math.min(longest, first * 2 ** (attempts - 1))) })
  }
}
