/** The service over an engine and whoever keeps what the engine knows. */
import type { DeliveryDigest } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import type { Deduplication } from "@effect-whatsapp/core/services"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type * as Inbox from "../Inbox.ts"
import type * as Engine from "./engine.ts"
import type { Entry, Kept } from "./kept.ts"
import * as Forget from "./forget.ts"
import * as Metrics from "./metrics.ts"
import { noSuchListener, orphanedAfter } from "./orphans.ts"

export interface Options {
  readonly engine: Engine.Engine
  readonly durable: boolean
  readonly keptBy?: Deduplication.KeptBy | undefined
  readonly append: Inbox.Inbox["Service"]["append"]
  /** Waits until what the engine was told is kept. */
  readonly kept: Effect.Effect<void, InboxError>
  /** The bytes of a delivery. */
  readonly read: (kept: Kept) => Effect.Effect<Uint8Array | undefined, InboxError>
  /** Is told what takes the place of a delivery's bytes when a person is erased. */
  readonly rewritten?: Forget.Options["rewritten"] | undefined
  readonly keepDeadLetters: Duration.Input | undefined
}

/** How much is handed out at once. */
const maxTaken = 1000
const maxTakenBytes = 16_777_216

/** Makes the service, and tends the engine until the scope closes. */
export const make = Effect.fnUntraced(function* ({
  append,
  durable,
  engine,
  keepDeadLetters,
  kept,
  keptBy,
  read,
  rewritten = () => {}
}: Options): Effect.fn.Return<Inbox.Inbox["Service"], never, Scope.Scope> {
  const scope = yield* Effect.scope
  const clock = yield* Clock.Clock
  const context = yield* Effect.context()
  const now = () => clock.currentTimeMillisUnsafe()
  const keepLetters = Duration.toMillis(keepDeadLetters ?? "30 days")
  const orphanAfter = Duration.toMillis(orphanedAfter)
  const forget = Forget.make({ engine, read, rewritten })
  /** In the life of this process: while none ran nobody could ask, and a clock that is set makes no listener disappear. */
  const lived = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
  const began = lived()
  /** By how many each listener is asked for now, and when it was last. */
  const asked = new Map<string, { readonly by: number; readonly at: number }>()

  const sweep = Effect.sync(() => {
    const at = now()
    engine.expire(at - keepLetters)
    const isAsked = (listener: string) => {
      const { at: last, by } = asked.get(listener) ?? { at: began, by: 0 }
      return by > 0 || last > lived() - orphanAfter
    }
    const orphans = engine.orphan(at - orphanAfter, isAsked, noSuchListener)
    for (const listener of orphans) Metrics.deadLetters(listener).updateUnsafe(1, context)
  })
  yield* Metrics.watch(engine)
  yield* Effect.forkScoped(Effect.repeat(sweep, Schedule.spaced("5 minutes")))

  /** Lets a task that is held back run in time. A clock that was set back must not hold it for longer than was meant. */
  const wake = (entry: Entry) => {
    const { held } = entry
    if (held === undefined) return Effect.void
    const left = Math.min(held.until - now(), held.until - held.since)
    const due = Effect.sync(() => {
      if (entry.held === held) engine.due(entry)
    })
    return Effect.asVoid(Effect.forkIn(Effect.delay(due, Math.max(0, left)), scope))
  }
  for (const entry of engine.held()) yield* wake(entry)

  const handOut = (found: Kept, body: Uint8Array): Inbox.Delivery => {
    const { digest, receivedAt, trace } = found
    // Whoever took it has it, and it can be read again.
    if (durable) found.body = undefined
    return { digest, body, receivedAt: DateTime.makeUnsafe(receivedAt), trace }
  }

  /** Changes something, and waits until that is kept. */
  const telling = (change: () => void): Effect.Effect<void, InboxError> =>
    Effect.suspend(() => {
      change()
      return kept
    })

  return {
    durable,
    keptBy,
    append,
    take: Effect.suspend(function take(): Effect.Effect<ReadonlyArray<Inbox.Delivery>, InboxError> {
      const taken = engine.take(maxTaken, maxTakenBytes)
      if (taken.length === 0) {
        engine.arrived.closeUnsafe()
        return Effect.flatMap(engine.arrived.await, take)
      }
      const atHand = taken.flatMap((one) => (one.body === undefined ? [] : [handOut(one, one.body)]))
      if (atHand.length === taken.length) return Effect.succeed(atHand)
      return Effect.forEach(taken, (one) => Effect.map(read(one), (body) => body && handOut(one, body))).pipe(
        Effect.onError(() => Effect.sync(() => engine.giveBack(taken))),
        Effect.map((all) => all.filter((one) => one !== undefined))
      )
    }),
    admit: Object.assign(
      (digest: DeliveryDigest, tasks: ReadonlyArray<Inbox.NewTask>, options: Inbox.Admission) =>
        Effect.suspend(() => {
          engine.admit(digest, tasks, options, false)
          return options.soon === true ? Effect.void : kept
        }),
      {
        now: (digest: DeliveryDigest, tasks: ReadonlyArray<Inbox.NewTask>, options: Inbox.Admission) =>
          engine.admit(digest, tasks, options, true)
      }
    ),
    body: (digest) =>
      Effect.suspend(() => {
        const found = engine.find(digest)
        return found === undefined || found.erased ? Effect.undefined : read(found)
      }),
    next: (listeners, max) => {
      const names = new Set(listeners)
      const lease = Effect.suspend(function next(): Effect.Effect<ReadonlyArray<Inbox.Lease>> {
        const leases = engine.collect(names, max)
        if (leases.length === 0 && max > 0) {
          engine.runnable.closeUnsafe()
          return Effect.flatMap(engine.runnable.await, next)
        }
        return Effect.succeed(leases)
      })
      const asks = (count: 1 | -1) =>
        Effect.sync(() => {
          for (const name of names) asked.set(name, { by: (asked.get(name)?.by ?? 0) + count, at: lived() })
        })
      return Effect.acquireUseRelease(
        asks(1),
        () => lease,
        () => asks(-1)
      )
    },
    done: (...leases) => telling(() => leases.forEach(engine.done)),
    retryAt: (lease, at) =>
      Effect.suspend(() => {
        const entry = engine.retryAt(lease, DateTime.toEpochMillis(at))
        return entry === undefined ? kept : Effect.andThen(wake(entry), kept)
      }),
    dead: (lease, cause) => telling(() => engine.dead(lease, cause)),
    release: (lease) => telling(() => engine.release(lease)),
    list: Effect.sync(() => engine.letters()),
    requeue: (id) => Effect.suspend(() => Effect.as(kept, engine.requeue(id))),
    remove: (id) => Effect.suspend(() => Effect.as(kept, engine.remove(id))),
    forget: (user) => Effect.tap(forget(user), () => kept),
    lanes: Effect.sync(() => engine.lanes()),
    depth: Effect.sync(() => engine.depth()),
    load: Effect.sync(() => {
      const oldest = engine.oldest()
      return { ...engine.load(), oldest: oldest === undefined ? undefined : DateTime.makeUnsafe(oldest) }
    }),
    awaitIdle: Effect.andThen(engine.idle, kept)
  }
})
