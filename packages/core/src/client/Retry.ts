/**
 * Tries again what may be tried again: never what Meta will refuse alike, and never what Meta may have accepted already,
 * because Meta has no idempotency key and a second send may be a second copy on somebody's phone.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { WhatsAppError } from "../errors/WhatsAppError.ts"

export interface Options {
  /** How often it is tried at most, the first time included. @default 5 */
  readonly attempts?: number | undefined
  /**
   * How long it goes on, tries and waits together: a wait that would end later is not begun, and an `After` that is
   * longer is not waited for. @default "5 minutes"
   */
  readonly within?: Duration.Input | undefined
}

const isWhatsAppError = Schema.is(WhatsAppError)

/** First wait of a `Backoff`, doubled with each try up to the longest. Meta documents both for trouble on its side. */
const first = 1000
const longest = 60_000

/** Milliseconds to wait after so many tries; `undefined` when there may be no other. */
const waitAfter = Effect.fnUntraced(function* (error: unknown, tries: number) {
  if (!isWhatsAppError(error)) return undefined
  const { reason, verdict } = error
  switch (verdict._tag) {
    case "Never":
    case "Ambiguous":
      return undefined
    case "After":
      return Duration.toMillis(verdict.duration)
    case "Backoff": {
      // As Meta asks: 4^n seconds, for messages to one person.
      if (reason._tag === "PairRateLimited") return first * 4 ** (tries - 1)
      // Between half of it and the whole, so that those who failed together do not come back together.
      return Math.min(longest, first * 2 ** (tries - 1)) * (yield* Random.nextBetween(0.5, 1))
    }
  }
})

/** The longest of the waits; `undefined` when one of several failures forbids another try. */
const waitFor = Effect.fnUntraced(function* <E>(cause: Cause.Cause<E>, tries: number) {
  let wait: number | undefined
  for (const reason of cause.reasons) {
    const one = Cause.isFailReason(reason) ? yield* waitAfter(reason.error, tries) : undefined
    if (one === undefined) return undefined
    wait = Math.max(wait ?? 0, one)
  }
  return wait
})

/**
 * Makes an effect obey the verdicts of its `WhatsAppError`s. `Never` and `Ambiguous` are not tried again. `After` waits
 * for its duration. `Backoff` waits for 1 second, doubled with each try up to 60, and cut by up to half at random; a
 * `PairRateLimited` waits 4^n seconds: 1, 4, 16, 64. The error of the last try comes out as it is. Other errors, defects
 * and interruptions are not tried again, and of several failures at once each has to allow it.
 *
 * All of the effect is done again: give it one send, and one `callbackData` for all of its tries.
 *
 * **Example** (A patient send)
 *
 * ```ts
 * import { Retry, WhatsAppClient } from "@effect-whatsapp/core/client"
 * import { Message } from "@effect-whatsapp/core/message"
 * import { Effect } from "effect"
 *
 * const patient = Effect.gen(function*() {
 *   const whatsapp = yield* WhatsAppClient.WhatsAppClient
 *   return yield* whatsapp.send("+39 340 123 4567", Message.text("On our way"), { callbackData: "order:31" }).pipe(
 *     Retry.byVerdict({ attempts: 3, within: "2 minutes" })
 *   )
 * })
 * ```
 */
export const byVerdict = (options?: Options) => {
  const attempts = options?.attempts ?? 5
  const within = Duration.toMillis(options?.within ?? "5 minutes")
  return <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.gen(function* () {
      const end = (yield* Clock.currentTimeMillis) + within
      const attempt = (tries: number): Effect.Effect<A, E, R> =>
        Effect.catchCause(
          self,
          Effect.fnUntraced(function* (cause) {
            const wait = tries < attempts ? yield* waitFor(cause, tries) : undefined
            if (wait === undefined || (yield* Clock.currentTimeMillis) + wait > end) {
              return yield* Effect.failCause(cause)
            }
            yield* Effect.sleep(wait)
            return yield* attempt(tries + 1)
          })
        )
      return yield* attempt(1)
    })
}
