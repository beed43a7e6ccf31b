/** The inbox in this process. Everything it does is one synchronous step, so nothing can come between. */
import { InboxError } from "@effect-whatsapp/core/errors"
import type { DeliveryDigest } from "@effect-whatsapp/core/domain"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Inbox from "./Inbox.ts"
import { digestOf } from "./internal/digest.ts"
import * as Turns from "./internal/turns.ts"

export interface Options {
  /**
   * How many deliveries may be open at once; beyond that Meta is told to come back (503). As many dead letters are kept
   * beside them; beyond that the oldest is erased. @default 100_000
   */
  readonly capacity?: number | undefined
  /** How many bytes it may hold in all; beyond that dead letters go, and then 503. @default 268_435_456 (256 MiB) */
  readonly maxBytes?: number | undefined
  /** How long dead letters are kept. @default "30 days" */
  readonly keepDeadLetters?: Duration.Input | undefined
}

interface Kept {
  readonly delivery: Inbox.Delivery
  /** Every task that was ever admitted, so that admitting one again changes nothing. */
  readonly admitted: Set<string>
  settled: boolean
  /** Tasks that are not done, dead letters among them. */
  tasks: number
  dead: number
}

interface Entry {
  readonly kept: Kept
  readonly lane: Lane
  readonly id: string
  readonly task: Inbox.NewTask
  readonly admittedAt: DateTime.Utc
  attempts: number
  /** Token of the current lease. */
  lease: string | undefined
}

/** Waits for its turn while its first task may run. */
interface Lane extends Turns.Waiting {
  readonly key: string
  readonly queue: Array<Entry>
}

interface Dead {
  readonly entry: Entry
  readonly letter: Inbox.DeadLetter
}

export const make: (options?: Options) => Effect.Effect<Inbox.Inbox["Service"], never, Scope.Scope> = Effect.fnUntraced(
  function* (options) {
    const capacity = options?.capacity ?? 100_000
    const maxBytes = options?.maxBytes ?? 268_435_456
    const keepDeadLetters = Duration.toMillis(options?.keepDeadLetters ?? "30 days")
    const orphanedAfter = Duration.toMillis(Inbox.orphanedAfter)
    const scope = yield* Effect.scope
    const clock = yield* Clock.Clock
    const now = () => clock.currentTimeMillisUnsafe()

    const deliveries = new Map<DeliveryDigest, Kept>()
    /** Deliveries with something left to do; the others are kept for their dead letters. */
    const open = new Set<Kept>()
    let bytes = 0
    let untaken: Array<Inbox.Delivery> = []
    let unsettled = 0
    const lanes = new Map<string, Lane>()
    const turns = Turns.make<Lane>()
    /** By how many each listener is asked for now, and when it was last. */
    const asked = new Map<string, { readonly by: number; readonly at: number }>()
    const leased = new Map<string, Entry>()
    const deadLetters = new Map<string, Dead>()
    let waiting = 0
    let counter = 0
    const arrived = Latch.makeUnsafe()
    const runnable = Latch.makeUnsafe()
    const idle = Latch.makeUnsafe(true)

    const isIdle = () => unsettled === 0 && waiting === 0 && leased.size === 0
    const signalIdle = () => (isIdle() ? idle.openUnsafe() : idle.closeUnsafe())

    const offer = (lane: Lane) => {
      turns.offer(lane)
      // Last, because whoever waits goes on at once.
      runnable.openUnsafe()
    }
    const enqueue = (entry: Entry) => {
      waiting++
      entry.lane.queue.push(entry)
      if (entry.lane.queue.length === 1) {
        lanes.set(entry.lane.key, entry.lane)
        offer(entry.lane)
      }
    }
    const laneOf = ({ lane, listener }: Inbox.NewTask): Lane => {
      const key = `${listener}\u0000${lane}`
      return lanes.get(key) ?? { key, listener, queue: [], turn: undefined }
    }
    /** Takes the first task off its lane, so that the next one may run. */
    const advance = (lane: Lane) => {
      lane.queue.shift()
      lane.turn = undefined
      if (lane.queue.length > 0) offer(lane)
      else lanes.delete(lane.key)
    }
    /** Follows a change of what a delivery has left to do. */
    const update = (kept: Kept) => {
      if (kept.settled && kept.tasks === kept.dead) open.delete(kept)
      else open.add(kept)
      if (kept.settled && kept.tasks === 0 && deliveries.delete(kept.delivery.digest)) {
        bytes -= kept.delivery.body.length
      }
    }
    const taskOf = ({ admittedAt, attempts, id, kept, task }: Entry): Inbox.Task => ({
      ...task,
      id,
      digest: kept.delivery.digest,
      attempts,
      admittedAt
    })
    /** Ends the lease and hands its entry to `then`; nothing happens when the lease is not current. */
    const ending = (lease: Inbox.Lease, then: (entry: Entry) => void): Effect.Effect<void> =>
      Effect.sync(() => {
        const entry = leased.get(lease.token)
        if (entry === undefined) return
        leased.delete(lease.token)
        entry.lease = undefined
        then(entry)
        signalIdle()
      })
    const bury = (entry: Entry, cause: string) => {
      const diedAt = DateTime.makeUnsafe(now())
      deadLetters.set(entry.id, { entry, letter: { task: taskOf(entry), cause, diedAt } })
      entry.kept.dead++
      update(entry.kept)
      if (deadLetters.size > capacity) eraseOldest()
    }
    const exhume = (id: string): Entry | undefined => {
      const entry = deadLetters.get(id)?.entry
      if (entry === undefined) return undefined
      deadLetters.delete(id)
      entry.kept.dead--
      return entry
    }
    const forgetTask = ({ kept }: Entry) => {
      kept.tasks--
      update(kept)
    }
    const erase = (id: string): boolean => {
      const entry = exhume(id)
      if (entry !== undefined) forgetTask(entry)
      return entry !== undefined
    }

    const eraseOldest = () => {
      const [oldest] = deadLetters.keys()
      if (oldest !== undefined) erase(oldest)
    }

    const sweep = Effect.sync(() => {
      const at = now()
      for (const { entry, letter } of deadLetters.values()) {
        if (DateTime.toEpochMillis(letter.diedAt) > at - keepDeadLetters) break
        erase(entry.id)
      }
      for (const lane of Array.from(lanes.values())) {
        const last = asked.get(lane.listener)
        if (last !== undefined && (last.by > 0 || last.at > at - orphanedAfter)) continue
        while (lane.queue[0] !== undefined && lane.queue[0].lease === undefined) {
          const [orphan] = lane.queue
          if (DateTime.toEpochMillis(orphan.admittedAt) > at - orphanedAfter) break
          waiting--
          advance(lane)
          bury(orphan, Inbox.noSuchListener)
        }
      }
      signalIdle()
    })
    yield* Effect.forkScoped(Effect.repeat(sweep, Schedule.spaced("5 minutes")))

    const collect = (listeners: ReadonlySet<string>, max: number): ReadonlyArray<Inbox.Lease> => {
      const leases: Array<Inbox.Lease> = []
      while (leases.length < max) {
        const lane = turns.first(listeners)
        const entry = lane?.queue[0]
        if (lane === undefined || entry === undefined) break
        const token = String(++counter)
        entry.lease = token
        leased.set(token, entry)
        lane.turn = undefined
        waiting--
        leases.push({ task: taskOf(entry), token })
      }
      return leases
    }

    return Inbox.Inbox.of({
      durable: false,
      append: (body) =>
        Effect.suspend(() => {
          const digest = digestOf(body)
          if (deliveries.has(digest)) return Effect.void
          if (open.size >= capacity) {
            const details = `${capacity} deliveries are open, which is all it may hold`
            return Effect.fail(new InboxError({ method: "append", details }))
          }
          while (bytes + body.length > maxBytes && deadLetters.size > 0) eraseOldest()
          if (bytes + body.length > maxBytes) {
            return Effect.fail(new InboxError({ method: "append", details: `${maxBytes} bytes are all it may hold` }))
          }
          bytes += body.length
          const delivery: Inbox.Delivery = { digest, body, receivedAt: DateTime.makeUnsafe(now()) }
          const kept: Kept = { delivery, admitted: new Set(), settled: false, tasks: 0, dead: 0 }
          deliveries.set(digest, kept)
          open.add(kept)
          untaken.push(delivery)
          unsettled++
          idle.closeUnsafe()
          arrived.openUnsafe()
          return Effect.void
        }),
      take: Effect.suspend(function take(): Effect.Effect<ReadonlyArray<Inbox.Delivery>> {
        if (untaken.length === 0) {
          arrived.closeUnsafe()
          return Effect.flatMap(arrived.await, take)
        }
        const taken = untaken
        untaken = []
        return Effect.succeed(taken)
      }),
      admit: (digest, tasks, { settled }) =>
        Effect.sync(() => {
          const kept = deliveries.get(digest)
          if (kept === undefined) return
          const admittedAt = DateTime.makeUnsafe(now())
          for (const task of tasks) {
            const key = `${task.position}\u0000${task.listener}`
            if (kept.admitted.has(key)) continue
            kept.admitted.add(key)
            kept.tasks++
            const lane = laneOf(task)
            const entry = { kept, lane, id: String(++counter), task, admittedAt, attempts: 0, lease: undefined }
            if (task.dead === undefined) enqueue(entry)
            else bury(entry, task.dead)
          }
          if (settled && !kept.settled) {
            kept.settled = true
            unsettled--
          }
          update(kept)
          signalIdle()
        }),
      body: (digest) => Effect.sync(() => deliveries.get(digest)?.delivery.body),
      next: (listeners, max) => {
        const names = new Set(listeners)
        const lease = Effect.suspend(function next(): Effect.Effect<ReadonlyArray<Inbox.Lease>> {
          const leases = collect(names, max)
          if (leases.length === 0 && max > 0) {
            runnable.closeUnsafe()
            return Effect.flatMap(runnable.await, next)
          }
          return Effect.succeed(leases)
        })
        const asks = (count: 1 | -1) =>
          Effect.sync(() => {
            for (const name of names) asked.set(name, { by: (asked.get(name)?.by ?? 0) + count, at: now() })
          })
        return Effect.acquireUseRelease(
          asks(1),
          () => lease,
          () => asks(-1)
        )
      },
      done: (lease) =>
        ending(lease, (entry) => {
          advance(entry.lane)
          forgetTask(entry)
        }),
      retryAt: (lease, at) =>
        Effect.suspend(() => {
          const entry = leased.get(lease.token)
          if (entry === undefined) return Effect.void
          leased.delete(lease.token)
          entry.lease = undefined
          entry.attempts++
          waiting++
          const wake = Effect.sync(() => {
            if (entry.lane.queue[0] === entry && entry.lease === undefined) offer(entry.lane)
          })
          return Effect.asVoid(
            Effect.forkIn(Effect.delay(wake, Math.max(0, DateTime.toEpochMillis(at) - now())), scope)
          )
        }),
      dead: (lease, cause) =>
        ending(lease, (entry) => {
          entry.attempts++
          advance(entry.lane)
          bury(entry, cause)
        }),
      release: (lease) =>
        ending(lease, (entry) => {
          waiting++
          offer(entry.lane)
        }),
      list: Effect.sync(() => Array.from(deadLetters.values(), ({ letter }) => letter)),
      requeue: (id) =>
        Effect.sync(() => {
          const entry = exhume(id)
          if (entry === undefined) return false
          // The lane may have been emptied and made anew since.
          enqueue({ ...entry, lane: laneOf(entry.task), attempts: 0 })
          update(entry.kept)
          signalIdle()
          return true
        }),
      remove: (id) => Effect.sync(() => erase(id)),
      depth: Effect.sync(() => ({ deliveries: unsettled, waiting, running: leased.size, dead: deadLetters.size })),
      awaitIdle: idle.await
    })
  }
)
