/** Work: runs the listeners on what the inbox hands out, and tells it what became of each task. */
import { decide, fromDelivery, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import type { LazyArg } from "effect/Function"
import * as Latch from "effect/Latch"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import { admissionTask, Listeners } from "../../events/Listeners.ts"
import * as RetryPolicy from "../../events/RetryPolicy.ts"
import * as Inbox from "../../inbox/Inbox.ts"
import type { Admission } from "./admission.ts"
import * as Metrics from "./metrics.ts"
import { nameOf } from "./nameOf.ts"
import type { Persistently } from "./persistently.ts"
import type { Recent } from "./recent.ts"
import * as Spans from "./spans.ts"

export interface Options {
  readonly admission: Admission
  readonly concurrency: number
  readonly recent: Recent
  readonly persistently: Persistently
}

/** One run of a listener on one event. */
interface Attempt {
  readonly lease: Inbox.Lease
  /** It was not over as soon as it was begun. */
  isLate: boolean
  /** Its time is over. */
  isOver: boolean
  /** How long the listener may take, once it is known. */
  timeout: Duration.Duration | undefined
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
  const eventOf = Effect.fnUntraced(function* ({ digest, position }: Inbox.Task) {
    let event = recent.find(digest, position)
    if (event === undefined) {
      const body = yield* inbox.body(digest)
      if (body === undefined) return undefined
      recent.remember(digest, fromDelivery(digest, body))
      event = recent.find(digest, position)
    }
    return event === undefined ? Exit.die(new Error(`The delivery holds no item at ${position}`)) : Exit.succeed(event)
  })

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

  /**
   * Marks what became of attempts. A shutdown lets the first try through, since what was done must not be done again; a
   * store that is down must not hold the shutdown up. Who marks may be interrupted already, so another fiber goes on.
   * Tells whether it is marked.
   */
  const mark = (become: LazyArg<Effect.Effect<void, InboxError>>): Effect.Effect<boolean> =>
    Effect.matchCauseEffect(Effect.suspend(become), {
      onSuccess: () => Effect.succeed(true),
      onFailure: () =>
        Effect.map(
          Effect.flatMap(FiberSet.run(running, persistently("Inbox", become)), (fiber) => Fiber.await(fiber)),
          Exit.isSuccess
        )
    })
  const ended = (count: number) => {
    busy -= count
    room.openUnsafe()
  }
  const markDone = (leases: ReadonlyArray<Inbox.Lease>) =>
    Effect.uninterruptible(
      Effect.map(
        mark(() => inbox.done(...leases)),
        (isMarked) => {
          if (isMarked) unfinished -= leases.length
          ended(leases.length)
        }
      )
    )
  const markEnd = Effect.fnUntraced(function* ({ lease }: Attempt, exit: Exit.Exit<unknown, unknown>) {
    // A shutdown is no attempt: the task is as it was.
    if (closing && Exit.hasInterrupts(exit)) {
      yield* mark(() => inbox.release(lease))
      return ended(1)
    }
    if (Exit.isSuccess(exit)) recent.release(lease.task.digest)
    const isMarked = yield* mark(() => (Exit.isSuccess(exit) ? inbox.done(lease) : failed(lease, exit.cause)))
    if (isMarked) unfinished--
    ended(1)
  })

  /** Listeners that ended as soon as they were begun; they are marked together. */
  let prompt: Array<Inbox.Lease> = []

  /** Interrupts the listener when its time is over. */
  const limit = (it: Attempt, fiber: Fiber.Fiber<unknown, unknown>, timeout: Duration.Duration) => {
    if (!Duration.isFinite(timeout)) return Effect.void
    const over = Effect.sync(() => {
      it.isOver = true
      fiber.interruptUnsafe()
    })
    const timer = Effect.forkChild(Effect.delay(over, timeout), { startImmediately: true })
    return Effect.flatMap(timer, (timer) => Effect.sync(() => void fiber.addObserver(() => timer.interruptUnsafe())))
  }
  const handle = (it: Attempt, event: WhatsAppEvent): Effect.Effect<Exit.Exit<unknown, unknown>> => {
    const { task } = it.lease
    const listener = listeners.get(task.listener)
    if (listener === undefined) return Effect.exit(Effect.interruptible(admission.again(task, event)))
    it.timeout = listener.timeout
    const limited = it.isLate ? Effect.withFiber((fiber) => limit(it, fiber, listener.timeout)) : Effect.void
    const since = metrics.now()
    const handled = Effect.exit(Effect.interruptible(Effect.suspend(() => listener.handle(event))))
    const counted = Effect.map(handled, (exit) => {
      const outcome = it.isOver && Exit.hasInterrupts(exit) ? Exit.fail(new Cause.TimeoutError()) : exit
      // A shutdown is no attempt.
      if (!closing || !Exit.hasInterrupts(outcome)) metrics.ended(listener, since, outcome)
      return outcome
    })
    return Effect.andThen(limited, Spans.attempt(task, event._tag, counted))
  }
  const attempt = (it: Attempt): Effect.Effect<void> => {
    const { task } = it.lease
    const run = (event: WhatsAppEvent): Effect.Effect<void> =>
      Effect.flatMap(handle(it, decide(event, task.decision)), (exit) => {
        if (it.isLate || Exit.isFailure(exit)) return markEnd(it, exit)
        recent.release(task.digest)
        prompt.push(it.lease)
        return Effect.void
      })
    const event = recent.find(task.digest, task.position)
    if (event !== undefined) return Effect.uninterruptible(run(event))
    it.isLate = true
    return Effect.uninterruptible(
      Effect.flatMap(Effect.exit(Effect.interruptible(persistently("Inbox", () => eventOf(task)))), (exit) => {
        if (Exit.isFailure(exit)) return markEnd(it, exit)
        const found = exit.value
        if (found === undefined) return markEnd(it, Exit.void)
        return Exit.isSuccess(found) ? run(found.value) : markEnd(it, found)
      })
    )
  }

  let isStarting = false
  const start = Effect.fnUntraced(function* (leases: ReadonlyArray<Inbox.Lease>) {
    isStarting = true
    for (const lease of leases) {
      const it: Attempt = { lease, isLate: false, isOver: false, timeout: undefined }
      busy++
      unfinished++
      const fiber = yield* FiberSet.run(running, attempt(it), { startImmediately: true })
      if (fiber.pollUnsafe() !== undefined) continue
      it.isLate = true
      if (it.timeout !== undefined) yield* limit(it, fiber, it.timeout)
    }
    const done = prompt
    prompt = []
    if (done.length > 0) yield* FiberSet.run(running, markDone(done), { startImmediately: true })
    isStarting = false
    // In one piece: what ended promptly must be marked, also when this is interrupted.
  }, Effect.uninterruptible)

  const run = Effect.gen(function* () {
    if (busy >= concurrency) {
      room.closeUnsafe()
      yield* room.await
    }
    if (closing) return yield* Effect.never
    const leases = yield* persistently("Inbox", () => inbox.next(names, concurrency - busy))
    if (!closing) return yield* start(leases)
    for (const lease of leases) yield* persistently("Inbox", () => inbox.release(lease))
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
    finish: Effect.gen(function* () {
      closing = true
      yield* Effect.repeat(Effect.yieldNow, { until: () => !isStarting })
      yield* FiberSet.awaitEmpty(running)
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

/** What a policy says. One that throws says nothing, so its task is kept for a person to look at. */
const judge = (policy: RetryPolicy.RetryPolicy, failure: Parameters<RetryPolicy.RetryPolicy>[0]): RetryPolicy.Next =>
  Result.getOrElse(
    Result.try(() => policy(failure)),
    () => RetryPolicy.Next.Dead()
  )
