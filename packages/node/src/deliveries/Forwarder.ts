/**
 * Passes every delivery on to another endpoint, behind the answer. A delivery that is to be passed on is a task of the
 * inbox like any other, so it is kept for as long as the inbox keeps anything, and done at least once.
 */
import type { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery, type Tag } from "@effect-whatsapp/core/events"
import { Deduplication } from "@effect-whatsapp/core/services"
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
/** How often a delivery is refused before it is given up. */
const maxRefusals = 5

/** Wait after so many attempts, in seconds: 1, doubling to 30. */
const pause = (attempts: number): number => Math.min(30, 2 ** (attempts - 1))

/**
 * Makes an inbox whose deliveries are also passed on to `target`, for as long as the scope is open.
 *
 * **Details**
 *
 * The next delivery is sent when the one before is taken. What is not taken is sent again after 1 second, doubling to
 * 30, for as long as it takes, with a warning a minute, and a line when it is over; a delivery that the target refuses
 * for what it holds (400, 413, 415, 422) becomes a dead letter with the fifth refusal. A durable inbox goes on with it
 * after a crash.
 *
 * The same bytes are passed on once for as long as `Deduplication` remembers, so what comes back from where it was passed
 * on to ends there.
 */
export const make: (
  inbox: Inbox.Inbox["Service"],
  target: Target
) => Effect.Effect<Inbox.Inbox["Service"], never, Scope.Scope | Deduplication.Deduplication> = Effect.fnUntraced(
  function* (inbox, target) {
    const deduplication = yield* Deduplication.Deduplication
    const persistently = Persistently.make()
    let trouble = ""
    let isToldOfTrouble = false
    const warn = OnceAMinute.make(
      Effect.suspend(() => {
        isToldOfTrouble = true
        return Effect.logWarning(
          `${target.origin} ${trouble}. What is to be forwarded waits, and is not lost; it is sent again.`
        )
      })
    )
    const reassure = Effect.suspend(() => {
      if (!isToldOfTrouble) return Effect.void
      isToldOfTrouble = false
      return Effect.logWarning(`${target.origin} takes deliveries again, and is sent what waited.`)
    })

    /** Only the first in the lane is ever sent. */
    let refused = { id: "", times: 0 }
    const failed = Effect.fnUntraced(function* (lease: Inbox.Lease, { details, status }: NotTaken) {
      const { attempts, id } = lease.task
      if (status !== undefined && refusals.has(status)) {
        const times = refused.id === id ? refused.times + 1 : 1
        refused = { id, times }
        if (times >= maxRefusals) {
          refused = { id: "", times: 0 }
          yield* persistently("Inbox", () => inbox.dead(lease, `${target.origin} ${details}`))
          return yield* Effect.logError(
            `${target.origin} ${details} to a delivery, ${times} times; it is the dead letter ${id}`
          )
        }
      }
      trouble = status === 401 ? `${details}, as to a signature by another app secret` : details
      yield* warn
      const at = DateTime.add(yield* DateTime.now, { seconds: pause(attempts + 1) })
      yield* persistently("Inbox", () => inbox.retryAt(lease, at))
    })

    const forwardNext = Effect.gen(function* () {
      const [lease] = yield* persistently("Inbox", () => inbox.next([listener], 1))
      if (lease === undefined) return
      const body = yield* persistently("Inbox", () => inbox.body(lease.task.digest))
      yield* Effect.matchEffect(body === undefined ? Effect.void : target.post(body), {
        onFailure: (error) => failed(lease, error),
        onSuccess: () =>
          Effect.andThen(
            persistently("Inbox", () => inbox.done(lease)),
            reassure
          )
      })
    })
    yield* Effect.forkScoped(Effect.forever(forwardNext))

    /** Does it unless it was done before for the same bytes. Deliveries are taken by one, so a claim is its own. */
    const once = Effect.fnUntraced(function* <E>(digest: DeliveryDigest, step: Effect.Effect<void, E>) {
      const claim = yield* persistently("Deduplication", () => deduplication.claim(`${listener}/${digest}`))
      if (claim._tag === "Done") return
      if (claim._tag === "Busy") return yield* step
      const { token } = claim
      yield* Effect.tapError(step, () => persistently("Deduplication", () => deduplication.release(token)))
      yield* persistently("Deduplication", () => deduplication.complete(token))
    })

    // Kept no later than that the delivery is admitted, without which it is taken again.
    return onTake(inbox, ({ body, digest }) => {
      const task = { position, listener, lane, tag: tagOf(digest, body), decision: {} }
      return once(digest, inbox.admit(digest, [task], { settled: false, soon: true }))
    })
  }
)

/** A dead letter says what it is about; of a delivery it is the first item. */
const tagOf = (...delivery: Parameters<typeof fromDelivery>): Tag =>
  Result.getOrUndefined(Result.try(() => fromDelivery(...delivery)))?.[0]?.event._tag ?? "UnknownFieldReceived"
