/**
 * Admission: what is decided about an item once, before any listener sees it. Who is the sender, was it admitted before,
 * is the status stale, and who wants it. Items of one lane are decided one after the other, so that one that must wait
 * keeps its place; all others go on.
 */
import {
  decide,
  type Decision,
  fromDelivery,
  type Incoming,
  isMessageEvent,
  unreadable,
  type WhatsAppEvent
} from "@effect-whatsapp/core/events"
import type { OwnerResolverError } from "@effect-whatsapp/core/errors"
import { Deduplication, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Latch from "effect/Latch"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Listener } from "../../events/Listener.ts"
import { admissionTask, Listeners } from "../../events/Listeners.ts"
import * as RetryPolicy from "../../events/RetryPolicy.ts"
import { WhatsAppEvents } from "../../events/WhatsAppEvents.ts"
import * as Inbox from "../../inbox/Inbox.ts"
import type { Persistently } from "./persistently.ts"
import type { Recent } from "./recent.ts"

/** How many items may be undecided before no more deliveries are taken. */
const maxPending = 10_000

const duplicates = Metric.counter("whatsapp_items_duplicate", {
  description: "Items that were dropped because they were admitted before",
  incremental: true
})

interface Work {
  readonly incoming: Incoming
  readonly delivery: {
    readonly digest: Inbox.Delivery["digest"]
    readonly items: ReadonlyArray<Incoming>
    /** Items that are not decided yet. */
    left: number
  }
}

/** A claim that took longer to complete than this may have run out, so it is looked at once more. */
const shortClaim = 1000

export interface Admission {
  /** Takes deliveries and admits their items, for ever. */
  readonly run: Effect.Effect<never>
  /** Admits an item on which admission gave up before. */
  readonly again: (task: Inbox.Task, event: WhatsAppEvent) => Effect.Effect<void, OwnerResolverError>
}

export const make = Effect.fnUntraced(function* (recent: Recent, persistently: Persistently) {
  const inbox = yield* Inbox.Inbox
  const listeners = yield* Listeners
  const events = yield* WhatsAppEvents
  const resolver = yield* OwnerResolver.OwnerResolver
  const deduplication = yield* Deduplication.Deduplication
  const states = Option.getOrElse(yield* Effect.serviceOption(MessageStates.MessageStates), MessageStates.makeMemory)
  // Not forked into the scope: that takes no fibers once it closes, and what was accepted last is still to be admitted.
  const deciding = yield* FiberSet.make<void>()
  const retry = RetryPolicy.make()
  /** Lanes in which an item is being decided, with what waits behind it. */
  const lanes = new Map<string, Array<Work>>()
  const room = Latch.makeUnsafe(true)
  let pending = 0

  const ownerOf = (event: WhatsAppEvent): Effect.Effect<Decision, OwnerResolverError> =>
    isMessageEvent(event)
      ? Effect.map(
          Effect.timeout(
            Effect.suspend(() => resolver.resolve(event.sender.user)),
            "5 minutes"
          ),
          (identity) => (identity._tag === "Owner" ? { owner: true } : {})
        ).pipe(Effect.catchTag("TimeoutError", (cause) => Effect.die(cause)))
      : Effect.succeed({})

  /** Asks for the owner until there is an answer, or the retry policy gives up. */
  const askOwner = Effect.fnUntraced(function* (event: WhatsAppEvent) {
    for (let attempts = 1; ; attempts++) {
      const exit = yield* Effect.exit(ownerOf(event))
      if (Exit.isSuccess(exit)) return exit
      const next = retry({ cause: exit.cause, attempts })
      if (next._tag === "Dead") return exit
      yield* Effect.sleep(next.after)
    }
  })

  /** Claims a key, however long someone else holds it. Nothing, when it was admitted before. */
  const claim = Effect.fnUntraced(function* (key: string) {
    for (;;) {
      const answer = yield* persistently("Deduplication", () => deduplication.claim(key))
      if (answer._tag === "Claimed") return answer.token
      if (answer._tag === "Done") return undefined
      const wait = DateTime.toEpochMillis(answer.until) - (yield* Clock.currentTimeMillis)
      yield* Effect.sleep(Math.max(10, wait))
    }
  })

  const tasksFor = (position: string, lane: string, event: WhatsAppEvent, decision: Decision) =>
    listeners.filter(wanting(event)).map(({ name }): Inbox.NewTask => ({
      position,
      listener: name,
      lane,
      tag: event._tag,
      decision
    }))

  /** Turns the claim into a memory, also when writing the tasks took longer than the claim's lease. */
  const complete = Effect.fnUntraced(function* (token: Deduplication.Token, since: number) {
    yield* persistently("Deduplication", () => deduplication.complete(token))
    if ((yield* Clock.currentTimeMillis) - since < shortClaim) return
    const again = yield* persistently("Deduplication", () => deduplication.claim(token.key))
    if (again._tag === "Claimed") yield* persistently("Deduplication", () => deduplication.complete(again.token))
  })

  const admit = Effect.fnUntraced(function* ({ delivery, incoming }: Work) {
    const { event: undecided, key, lane, position } = incoming
    const owner = yield* askOwner(undecided)
    // Asked before the claim, so that the claim is short; observing a duplicate changes nothing.
    const stale =
      undecided._tag === "StatusUpdate" && (yield* persistently("MessageStates", () => states.observe(undecided)))
    const token = yield* claim(key)
    if (token === undefined) return yield* Metric.update(duplicates, 1)
    const since = yield* Clock.currentTimeMillis
    if (Exit.isFailure(owner)) {
      const dead = Cause.pretty(owner.cause)
      const task = { position, listener: admissionTask, lane, tag: undecided._tag, decision: {}, dead }
      yield* persistently("Inbox", () => inbox.admit(delivery.digest, [task], { settled: false }))
      yield* Effect.logError(`OwnerResolver gave up on an item (${undecided._tag}); it is a dead letter`)
      return yield* complete(token, since)
    }
    const decision: Decision = stale ? { ...owner.value, stale } : owner.value
    const event = decide(undecided, decision)
    const tasks = tasksFor(position, lane, event, decision)
    if (tasks.length > 0) {
      recent.remember(delivery.digest, delivery.items)
      recent.expect(delivery.digest, tasks.length)
      yield* persistently("Inbox", () => inbox.admit(delivery.digest, tasks, { settled: false }))
    }
    yield* complete(token, since)
    yield* events.publish(event)
  })

  /** The delivery is settled only when each of its items is: a crash before that takes it again. */
  const settle = ({ delivery }: Work) => {
    pending--
    if (pending < maxPending) room.openUnsafe()
    delivery.left--
    return delivery.left === 0
      ? persistently("Inbox", () => inbox.admit(delivery.digest, [], { settled: true }))
      : Effect.void
  }

  const drain = Effect.fnUntraced(function* (lane: string, first: Work, behind: Array<Work>) {
    for (let work: Work | undefined = first; work !== undefined; work = behind.shift()) {
      yield* admit(work)
      yield* settle(work)
    }
    lanes.delete(lane)
  })

  const start = (work: Work) => {
    pending++
    const { lane } = work.incoming
    const behind = lanes.get(lane)
    if (behind !== undefined) return Effect.sync(() => behind.push(work))
    const queue: Array<Work> = []
    lanes.set(lane, queue)
    return FiberSet.run(deciding, drain(lane, work, queue), { startImmediately: true })
  }

  const read = ({ body, digest }: Inbox.Delivery) =>
    Effect.sync(() => fromDelivery(digest, body)).pipe(
      // Reading is total; should it ever not be, the bytes are kept and the pipeline goes on.
      Effect.catchDefect(() => Effect.succeed([unreadable(digest, body, "could not be read")]))
    )

  const run = Effect.gen(function* () {
    for (const delivery of yield* persistently("Inbox", () => inbox.take)) {
      const items = yield* read(delivery)
      if (items.length === 0) yield* persistently("Inbox", () => inbox.admit(delivery.digest, [], { settled: true }))
      const shared = { digest: delivery.digest, items, left: items.length }
      for (const incoming of items) yield* start({ incoming, delivery: shared })
      if (pending >= maxPending) {
        room.closeUnsafe()
        yield* room.await
      }
    }
  }).pipe(Effect.forever)

  const again = Effect.fnUntraced(function* (task: Inbox.Task, undecided: WhatsAppEvent) {
    const decision = yield* ownerOf(undecided)
    const event = decide(undecided, decision)
    const tasks = tasksFor(task.position, task.lane, event, decision)
    yield* persistently("Inbox", () => inbox.admit(task.digest, tasks, { settled: false }))
    yield* events.publish(event)
  })

  const admission: Admission = { run, again }
  return admission
})

/** A listener that cannot say whether it wants an event gets it: then it fails visibly, and alone. */
const wanting = (event: WhatsAppEvent) => (listener: Listener) =>
  Result.getOrElse(
    Result.try(() => listener.wants(event)),
    () => true
  )
