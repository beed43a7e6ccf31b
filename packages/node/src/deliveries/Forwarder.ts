/**
 * Passes every delivery on to another endpoint, behind the answer. A delivery that is to be passed on is a task of the
 * inbox like any other, so it is kept for as long as the inbox keeps anything, and done at least once.
 */
import { fromDelivery, type Tag } from "@effect-whatsapp/core/events"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type * as Inbox from "../inbox/Inbox.ts"
import * as OnceAMinute from "../webhook/internal/onceAMinute.ts"
import * as Persistently from "../webhook/internal/persistently.ts"
import { onTake } from "./internal/onTake.ts"
import type { NotTaken, Target } from "./Target.ts"

/** Names the work in the inbox. */
const listener = "forward"
/** There is one lane, so that deliveries arrive in the order in which they came. */
const lane = "(deliveries)"
/** Where no item of a delivery stands. */
const position = "(delivery)"

/** Answers that are about this one delivery. It must not hold up all that follow, for ever. */
const refusals: ReadonlySet<number> = new Set([400, 413, 415, 422])
/** How often a delivery is sent that is refused. */
const maxAttempts = 5

/** Wait after so many attempts, in seconds: 1, doubling to 30. */
const pause = (attempts: number): number => Math.min(30, 2 ** (attempts - 1))

/**
 * Makes an inbox whose deliveries are also passed on to `target`, for as long as the scope is open.
 *
 * **Details**
 *
 * The next delivery is sent when the one before is taken. What is not taken is sent again after 1 second, doubling to
 * 30, for as long as it takes, with a warning a minute; a delivery that the target refuses for what it holds (400, 413,
 * 415, 422) becomes a dead letter after 5 attempts. A durable inbox goes on with it after a crash.
 */
export const make: (
  inbox: Inbox.Inbox["Service"],
  target: Target
) => Effect.Effect<Inbox.Inbox["Service"], never, Scope.Scope> = Effect.fnUntraced(function* (inbox, target) {
  const persistently = Persistently.make()
  let trouble = ""
  const warn = OnceAMinute.make(
    Effect.suspend(() =>
      Effect.logWarning(
        `${target.origin} ${trouble}. What is to be forwarded waits, and is not lost; it is sent again.`
      )
    )
  )

  const failed = Effect.fnUntraced(function* (lease: Inbox.Lease, { details, status }: NotTaken) {
    const attempts = lease.task.attempts + 1
    if (status !== undefined && refusals.has(status) && attempts >= maxAttempts) {
      yield* persistently("Inbox", () => inbox.dead(lease, `${target.origin} ${details}`))
      return yield* Effect.logError(
        `${target.origin} ${details} to a delivery, ${attempts} times; it is the dead letter ${lease.task.id}`
      )
    }
    trouble = details
    yield* warn
    const at = DateTime.add(yield* DateTime.now, { seconds: pause(attempts) })
    yield* persistently("Inbox", () => inbox.retryAt(lease, at))
  })

  const forwardNext = Effect.gen(function* () {
    const [lease] = yield* persistently("Inbox", () => inbox.next([listener], 1))
    if (lease === undefined) return
    const body = yield* persistently("Inbox", () => inbox.body(lease.task.digest))
    yield* Effect.matchEffect(body === undefined ? Effect.void : target.post(body), {
      onFailure: (error) => failed(lease, error),
      onSuccess: () => persistently("Inbox", () => inbox.done(lease))
    })
  })
  yield* Effect.forkScoped(Effect.forever(forwardNext))

  // Kept no later than that the delivery is admitted, without which it is taken again.
  return onTake(inbox, ({ body, digest }) =>
    inbox.admit(digest, [{ position, listener, lane, tag: tagOf(digest, body), decision: {} }], {
      settled: false,
      soon: true
    })
  )
})

/** A dead letter says what it is about; of a delivery it is the first item. */
const tagOf = (...delivery: Parameters<typeof fromDelivery>): Tag =>
  Result.getOrUndefined(Result.try(() => fromDelivery(...delivery)))?.[0]?.event._tag ?? "UnknownFieldReceived"
