/** Work: runs the listeners on what the inbox hands out, and tells it what became of each task. */
import { decide, fromDelivery, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import type { LazyArg } from "effect/Function"
import * as Latch from "effect/Latch"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import type { Listener } from "../../events/Listener.ts"
import { admissionTask, Listeners } from "../../events/Listeners.ts"
import * as RetryPolicy from "../../events/RetryPolicy.ts"
import * as Inbox from "../../inbox/Inbox.ts"
import type { Admission } from "./admission.ts"
import * as Metrics from "./metrics.ts"
import { nameOf } from "./nameOf.ts"
import type { Persistently } from "./persistently.ts"
import type { Recent } from "./recent.ts"
import * as Spans from "./spans.ts"
import { within } from "./timeLimit.ts"

export interface Options {
  readonly admission: Admission
  readonly concurrency: number
  readonly recent: Recent
  readonly persistently: Persistently
}

/** Longest cause that is kept with a dead letter, in characters. */
const maxCause = 4000

export const make = Effect.fnUntraced(function* ({ admission, concurrency, persistently, recent }: Options) {
  const inbox = yield* Inbox.Inbox
  const metrics = yield* Metrics.make
  const listeners = new Map((yield* Listeners).map((listener) => [listener.name, listener]))
  const names = [...listeners.keys(), admissionTask]
  // A scope of its own: a listener that cannot be interrupted must not hold up whoever closes the pipeline's.
  const scope = yield* Scope.make()
  const running = yield* Scope.provide(FiberSet.make<void>(), scope)
  const room = Latch.makeUnsafe(true)
  let busy = 0
  /** Attempts that are not marked: at the end those that a shutdown stopped. */
  let unfinished = 0
  let closing = false
  const retryAdmission = RetryPolicy.make()

  /**
   * The event of a task, read from the delivery unless it is still at hand. Nothing, when its bytes were erased; an item
   * that another version of this package kept and this one does not find is a failure that a person should see.
   */
  const eventOf = Effect.fnUntraced(function* ({ decision, digest, position }: Inbox.Task) {
    let event = recent.find(digest, position)
    if (event === undefined) {
      const body = yield* inbox.body(digest)
      if (body === undefined) return undefined
      recent.remember(digest, fromDelivery(digest, body))
      event = recent.find(digest, position)
    }
    return event === undefined
      ? Exit.die(new Error(`The delivery holds no item at ${position}`))
      : Exit.succeed(decide(event, decision))
  })

  const runOn = (listener: Listener, task: Inbox.Task, event: WhatsAppEvent) =>
    Effect.suspend(() => {
      const since = metrics.now()
      const handle = Effect.suspend(() => listener.handle(event))
      const exit = Effect.exit(within(handle, listener.timeout))
      const counted = Effect.map(exit, (exit) => {
        // A shutdown is no attempt.
        if (!closing || !Exit.hasInterrupts(exit)) metrics.ended(listener, since, exit)
        return exit
      })
      return Spans.attempt(task, event._tag, counted)
    })

  const handle = (task: Inbox.Task, event: WhatsAppEvent) => {
    const listener = listeners.get(task.listener)
    return listener === undefined ? Effect.exit(admission.again(task, event)) : runOn(listener, task, event)
  }

  const failed = Effect.fnUntraced(function* (lease: Inbox.Lease, cause: Cause.Cause<unknown>) {
    const { task } = lease
    const attempts = task.attempts + 1
    const next = judge(listeners.get(task.listener)?.retry ?? retryAdmission, { cause, attempts })
    // The cause may quote a customer, so it stays out of the log unless the log is for debugging.
    yield* Effect.logDebug(`Listener "${task.listener}" failed on ${task.tag}`, cause)
    if (next._tag === "Retry") {
      yield* inbox.retryAt(lease, DateTime.addDuration(yield* DateTime.now, next.after))
      return metrics.retried(task.listener)
    }
    yield* inbox.dead(lease, Cause.pretty(cause).slice(0, maxCause))
    metrics.died(task.listener)
    recent.release(task.digest)
    yield* Effect.logError(
      `Listener "${task.listener}" failed on ${task.tag} and will not be run again by itself (attempt ${attempts}, ` +
        `${nameOf(Cause.squash(cause))}); its cause is kept with the dead letter ${task.id}`
    )
  })

  const attempt = (lease: Inbox.Lease) =>
    Effect.uninterruptibleMask((restore) => {
      /**
       * Marks what became of the attempt. A shutdown lets the first try through, since what was done must not be done
       * again; a store that is down must not hold the shutdown up.
       */
      const mark = (become: LazyArg<Effect.Effect<void, InboxError>>) =>
        Effect.catchCause(Effect.suspend(become), () => restore(persistently("Inbox", become)))
      return Effect.gen(function* () {
        const { task } = lease
        const found = yield* restore(persistently("Inbox", () => eventOf(task)))
        const exit =
          found === undefined || Exit.isFailure(found)
            ? (found ?? Exit.void)
            : flatten(yield* Effect.exit(restore(handle(task, found.value))))
        // A shutdown is no attempt: the task is as it was.
        if (closing && Exit.hasInterrupts(exit)) return yield* mark(() => inbox.release(lease))
        if (Exit.isFailure(exit)) yield* mark(() => failed(lease, exit.cause))
        else {
          recent.release(task.digest)
          yield* mark(() => inbox.done(lease))
        }
        unfinished--
      })
    })

  const start = (lease: Inbox.Lease) => {
    busy++
    unfinished++
    const ended = Effect.sync(() => {
      busy--
      room.openUnsafe()
    })
    return FiberSet.run(running, Effect.ensuring(attempt(lease), ended), { startImmediately: true })
  }

  const run = Effect.gen(function* () {
    if (busy >= concurrency) {
      room.closeUnsafe()
      yield* room.await
    }
    if (closing) return yield* Effect.never
    const leases = yield* persistently("Inbox", () => inbox.next(names, concurrency - busy))
    for (const lease of leases) {
      if (closing) yield* persistently("Inbox", () => inbox.release(lease))
      else yield* start(lease)
    }
  }).pipe(Effect.forever)
  /** Says that the listeners exist, however long each of them is busy. */
  const present = Effect.repeat(
    persistently("Inbox", () => inbox.next(names, 0)),
    Schedule.spaced("10 minutes")
  )

  return {
    /** Starts listeners on whatever is due, until the shutdown. */
    run: Effect.andThen(Effect.forkScoped(present), run),
    /** Starts no more, and waits for those that run. */
    finish: Effect.suspend(() => {
      closing = true
      return FiberSet.awaitEmpty(running)
    }),
    /** Stops those that run, gives their tasks back, and tells how many there were. Waits no longer than `grace`. */
    stop: (grace: Duration.Input) =>
      Effect.gen(function* () {
        closing = true
        const stopping = yield* Effect.forkDetach(Scope.close(scope, Exit.void))
        yield* Effect.timeoutOption(Fiber.await(stopping), grace)
        return unfinished
      })
  }
})

const flatten = <A, E, E2>(exit: Exit.Exit<Exit.Exit<A, E>, E2>): Exit.Exit<A, E | E2> =>
  Exit.isSuccess(exit) ? exit.value : Exit.failCause(exit.cause)

/** What a policy says. One that throws says nothing, so its task is kept for a person to look at. */
const judge = (policy: RetryPolicy.RetryPolicy, failure: Parameters<RetryPolicy.RetryPolicy>[0]): RetryPolicy.Next =>
  Result.getOrElse(
    Result.try(() => policy(failure)),
    () => RetryPolicy.Next.Dead()
  )
