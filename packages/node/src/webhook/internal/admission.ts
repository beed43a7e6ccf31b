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
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Listener } from "../../events/Listener.ts"
import { admissionTask, Listeners } from "../../events/Listeners.ts"
import { WhatsAppEvents } from "../../events/WhatsAppEvents.ts"
import * as Inbox from "../../inbox/Inbox.ts"
import * as AdmitNow from "./admitNow.ts"
import { asItSays, type Found, make as makeConversations } from "./conversations.ts"
import * as Lanes from "./lanes.ts"
import * as Metrics from "./metrics.ts"
import * as Owner from "./owner.ts"
import type { Persistently } from "./persistently.ts"
import type { Recent } from "./recent.ts"

/** How many items may be undecided before no more deliveries are taken. */
const maxPending = 10_000

const duplicates = Metric.counter("whatsapp_items_duplicate", {
  description: "Items that were dropped because they were admitted before",
  incremental: true
})

/** After how many items others get their turn. */
const breath = 250

export interface Work {
  readonly incoming: Incoming
  readonly delivery: {
    readonly digest: Inbox.Delivery["digest"]
    readonly items: ReadonlyArray<Incoming>
    /** Items that are not decided yet. */
    left: number
  }
  /** What is known of its conversation; absent while `Identities` is asked. */
  found: Found | undefined
  lane: string
}

interface Arrival {
  readonly work: Work
  /** What is located in this queue is located one after the other. */
  readonly queue: string
  /** The others that came with it have gone on. */
  isLate: boolean
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
  const owner = Owner.make(resolver)
  const deduplication = yield* Deduplication.Deduplication
  const states = Option.getOrElse(yield* Effect.serviceOption(MessageStates.MessageStates), MessageStates.makeMemory)
  const open = yield* persistently("Inbox", () => inbox.lanes)
  const conversations = yield* makeConversations(open, persistently)
  const clock = yield* Clock.Clock
  const metrics = yield* Metrics.make
  const room = Latch.makeUnsafe(true)
  let pending = 0
  // Whatever loses the tasks then loses the memory of the item too, so the one need not wait for the other.
  const soon =
    deduplication.keptBy !== undefined && (deduplication.keptBy === "process" || deduplication.keptBy === inbox.keptBy)
  // One memory of what was seen is enough, where both last as long.
  const known = soon && deduplication.keptBy !== "process"

  const context = yield* Effect.context()
  const tasksFor = (
    position: string,
    lane: string,
    event: WhatsAppEvent,
    decision: Decision
  ): ReadonlyArray<Inbox.NewTask> =>
    listeners.filter(wanting(event)).map(({ name }): Inbox.NewTask => ({
      position,
      listener: name,
      lane,
      tag: event._tag,
      decision
    }))
  /** The tasks of an item, which will ask for its event. */
  const tasksOf = ({ delivery, incoming }: Work, lane: string, event: WhatsAppEvent, decision: Decision) => {
    const tasks = tasksFor(incoming.position, lane, event, decision)
    if (tasks.length > 0) {
      recent.remember(delivery.digest, delivery.items)
      recent.expect(delivery.digest, tasks.length)
    }
    return tasks
  }

  const completeAgain = Effect.fnUntraced(function* (key: string) {
    const claim = yield* persistently("Deduplication", () => deduplication.claim(key))
    if (claim._tag === "Claimed") yield* persistently("Deduplication", () => deduplication.complete(claim.token))
  })

  const admit = Effect.fnUntraced(function* (work: Work) {
    const { delivery, found = asItSays, incoming, lane } = work
    const { event: undecided, key, position } = incoming
    const owned = isMessageEvent(undecided) ? yield* owner.insist(undecided) : Owner.nobody
    // Asked before the claim, so that the claim is short; observing a duplicate changes nothing.
    const stale =
      undecided._tag === "StatusUpdate" && (yield* persistently("MessageStates", () => states.observe(undecided)))
    let claim = yield* persistently("Deduplication", () => deduplication.claim(key))
    while (claim._tag === "Busy") {
      const wait = DateTime.toEpochMillis(claim.until) - clock.currentTimeMillisUnsafe()
      yield* Effect.sleep(Math.max(10, wait))
      claim = yield* persistently("Deduplication", () => deduplication.claim(key))
    }
    if (claim._tag === "Done") return yield* Metric.update(duplicates, 1)
    const { token } = claim
    const since = clock.currentTimeMillisUnsafe()
    let tasks: ReadonlyArray<Inbox.NewTask>
    let event: WhatsAppEvent | undefined
    if (Exit.isSuccess(owned)) {
      const decision: Decision = { ...found, ...owned.value, ...(stale ? { stale } : {}) }
      event = decide(undecided, decision)
      tasks = tasksOf(work, lane, event, decision)
    } else {
      const dead = Cause.pretty(owned.cause)
      tasks = [{ position, listener: admissionTask, lane, tag: undecided._tag, decision: found, dead }]
      yield* Effect.logError(`OwnerResolver gave up on an item (${undecided._tag}); it is a dead letter`)
    }
    if (tasks.length > 0) {
      yield* persistently("Inbox", () => inbox.admit(delivery.digest, tasks, { settled: false, soon }))
    }
    yield* persistently("Deduplication", () => deduplication.complete(token))
    // Writing the tasks may have taken longer than the claim's lease.
    if (clock.currentTimeMillisUnsafe() - since >= shortClaim) yield* completeAgain(token.key)
    metrics.admitted(undecided._tag)
    if (event === undefined) metrics.died(admissionTask)
    if (event !== undefined) yield* events.publish(event)
  })

  /**
   * The delivery is settled only when each of its items is. A crash before that is kept takes it again, and finds that
   * every item was admitted.
   */
  const settle = (digest: Inbox.Delivery["digest"]) =>
    persistently("Inbox", () => inbox.admit(digest, [], { settled: true, soon: true, known }))

  const lanes = yield* Lanes.make<Work>({
    laneOf: ({ lane }) => lane,
    perform: Effect.fnUntraced(function* (work) {
      yield* admit(work)
      pending--
      if (pending < maxPending) room.openUnsafe()
      work.delivery.left--
      if (work.delivery.left === 0) yield* settle(work.delivery.digest)
    })
  })

  const arrivals = yield* Lanes.make<Arrival>({
    laneOf: ({ queue }) => queue,
    perform: Effect.fnUntraced(function* (arrival) {
      const { work } = arrival
      const { found, lane } = yield* conversations.locate(work.incoming)
      work.found = found
      work.lane = lane
      if (arrival.isLate) yield* lanes.enter([work])
    })
  })

  let unpublished: Array<WhatsAppEvent> = []
  const admitNow = soon
    ? AdmitNow.make({
        deduplication,
        events,
        inbox,
        known,
        owner: resolver,
        states,
        locate: conversations.locateNow,
        tasksFor: tasksOf,
        onAdmitted: ({ _tag }) => metrics.admitted(_tag),
        onDuplicate: () => duplicates.updateUnsafe(1, context),
        onUnpublished: (event) => unpublished.push(event)
      })
    : undefined
  /** Admits what can be admitted at once, in its order, and gives what is left. */
  const quickly = (works: ReadonlyArray<Work>): ReadonlyArray<Work> => {
    // Nothing may overtake what waits.
    if (admitNow === undefined || !lanes.isFree() || !arrivals.isFree()) return works
    let count = 0
    for (const work of works) {
      if (!admitNow(work)) break
      pending--
      work.delivery.left--
      count++
    }
    return count === works.length ? [] : works.slice(count)
  }

  /** Locates all, then lets those decide that could be located at once; the others follow when they are. */
  const start = Effect.fnUntraced(function* (works: ReadonlyArray<Work>) {
    const arriving: Array<Arrival> = []
    for (const work of works) {
      if (work.found !== undefined) continue
      arriving.push({ work, queue: yield* conversations.queueOf(work.incoming), isLate: false })
    }
    yield* arrivals.enter(arriving)
    for (const arrival of arriving) arrival.isLate = true
    yield* lanes.enter(works.filter(({ found }) => found !== undefined))
  })

  const read = (digest: Inbox.Delivery["digest"], body: Uint8Array) =>
    Result.getOrElse(
      Result.try(() => fromDelivery(digest, body)),
      // Reading is total; should it ever not be, the bytes are kept and the pipeline goes on.
      () => [unreadable(digest, body, "could not be read")]
    )

  const run = Effect.gen(function* () {
    let since = 0
    for (const { body, digest } of yield* persistently("Inbox", () => inbox.take)) {
      const items = read(digest, body)
      if (items.length === 0) yield* settle(digest)
      const delivery = { digest, items, left: items.length }
      pending += items.length
      const works = items.map((incoming): Work => ({
        incoming,
        delivery,
        found: incoming.person === undefined ? asItSays : undefined,
        lane: incoming.lane
      }))
      for (const some of Arr.chunksOf(works, breath)) {
        const slow = quickly(some)
        if (unpublished.length > 0) {
          const late = unpublished
          unpublished = []
          yield* Effect.forEach(late, events.publish, { discard: true })
        }
        if (slow.length > 0) yield* start(slow)
        since += some.length
        if (since < breath) continue
        since = 0
        yield* Effect.yieldNow
      }
      if (pending >= maxPending) {
        room.closeUnsafe()
        yield* room.await
      }
    }
  }).pipe(Effect.forever)

  const again = Effect.fnUntraced(function* (task: Inbox.Task, undecided: WhatsAppEvent) {
    const decision: Decision = { ...task.decision, ...(yield* owner.ask(undecided)) }
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
