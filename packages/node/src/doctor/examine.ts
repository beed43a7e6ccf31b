/** Runs checks: side by side, each with a time limit, and none before what it needs. */
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import * as Semaphore from "effect/Semaphore"
import type * as HttpClient from "effect/http/HttpClient"
import { type Check, failure, type Outcome, type Services, skipped } from "./Check.ts"
import * as Meta from "./Meta.ts"
import { Setup } from "./Setup.ts"

/** What came of a check. */
export interface Result {
  readonly check: Check
  readonly outcome: Outcome
}

export interface Options {
  /** Called after each check. @default nothing */
  readonly onSettled?: (settled: number) => Effect.Effect<void>
}

/** How many run at once. */
const width = 8

/** Longer than the longest two answers that a check waits for. */
const limit = "45 seconds"

const unsettled = (what: string): Outcome =>
  failure(`the check ${what}`, "Run it once more; if it stays so, tell us with --json.")

/** Examines what `Setup` names. Meta is asked anew each time. */
export const examine = Effect.fnUntraced(function* (
  checks: ReadonlyArray<Check>,
  { onSettled = () => Effect.void }: Options = {}
): Effect.fn.Return<ReadonlyArray<Result>, never, Exclude<Services, Meta.Meta> | HttpClient.HttpClient> {
  const { isOffline } = yield* Setup
  const room = yield* Semaphore.make(width)
  const outcomes = new Map<string, Deferred.Deferred<Outcome>>()
  for (const { id } of checks) outcomes.set(id, yield* Deferred.make<Outcome>())
  let settled = 0

  /** Why it cannot be looked at; nothing when it can. */
  const hindrance = Effect.fnUntraced(function* ({ isRemote, needs }: Check) {
    if (isRemote && isOffline) return "--offline"
    for (const need of needs) {
      const before = outcomes.get(need)
      const outcome = before === undefined ? undefined : yield* Deferred.await(before)
      if (outcome?.status === "failure") return `because of ${need}`
      if (outcome?.status === "skipped") return outcome.what
    }
    return undefined
  })

  const settle = Effect.fnUntraced(function* (check: Check) {
    const why = yield* hindrance(check)
    const outcome =
      why === undefined
        ? yield* room.withPermit(check.run).pipe(
            Effect.timeoutOrElse({ duration: limit, orElse: () => Effect.succeed(unsettled(`took over ${limit}`)) }),
            Effect.catchDefect(() => Effect.succeed(unsettled("broke down")))
          )
        : skipped(why)
    const own = outcomes.get(check.id)
    if (own !== undefined) yield* Deferred.succeed(own, outcome)
    settled += 1
    yield* onSettled(settled)
    return { check, outcome }
  })

  return yield* Effect.forEach(checks, settle, { concurrency: "unbounded" }).pipe(
    Effect.provideServiceEffect(Meta.Meta, Meta.make)
  )
})

/** Something that can be mended. */
export interface Repair {
  readonly will: string
  readonly run: Effect.Effect<void, WhatsAppError | PlatformError, Exclude<Services, Meta.Meta>>
}

/** What can be mended of what was found. */
export const repairs = (
  results: ReadonlyArray<Result>
): Effect.Effect<ReadonlyArray<Repair>, never, Exclude<Services, Meta.Meta>> =>
  Effect.gen(function* () {
    const found: Array<Repair> = []
    for (const { check, outcome } of results) {
      if (check.fix === undefined || (outcome.status !== "failure" && outcome.status !== "warning")) continue
      const will = yield* check.fix.will
      const run = Effect.provideServiceEffect(check.fix.run, Meta.Meta, Meta.make)
      if (will !== undefined) found.push({ will, run })
    }
    return found
  }).pipe(Effect.provideServiceEffect(Meta.Meta, Meta.make))
