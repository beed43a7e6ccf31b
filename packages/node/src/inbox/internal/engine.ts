/**
 * What an inbox knows, and how it changes: deliveries, their tasks, the lanes they wait in and the dead letters. All of
 * it is in memory and every method is one synchronous step, so nothing can come between. A keeper that writes it down
 * is told of each change; what must not happen before a change is kept happens in `marked`.
 */
import type { DeliveryDigest } from "@effect-whatsapp/core/domain"
import * as DateTime from "effect/DateTime"
import * as Latch from "effect/Latch"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type * as Inbox from "../Inbox.ts"
import type { Entry, Keeper, Kept } from "./kept.ts"
import * as LaneQueues from "./laneQueues.ts"

export interface Options<out K extends Keeper> {
  readonly now: () => number
  /** Names are counted from here. */
  readonly counter: number
  /** How many deliveries may be open, and how many dead letters are kept. */
  readonly capacity: number
  /** How many bytes of open deliveries it may hold. */
  readonly maxBytes: number
  /** Whether those of dead letters count too; they go first when there is no room. */
  readonly deadCount: boolean
  readonly keeper: (engine: Engine) => K
}

export type Engine = ReturnType<typeof make>["engine"]

/** Makes an engine and its keeper. */
export const make = <K extends Keeper>({
  capacity,
  counter: first,
  deadCount,
  keeper: makeKeeper,
  maxBytes,
  now
}: Options<K>) => {
  const deliveries = new Map<DeliveryDigest, Kept>()
  /** Deliveries with something left to do; the others are kept for their dead letters. */
  const open = new Set<Kept>()
  const letters = new Map<string, Entry>()
  const leased = new Map<string, Entry>()
  let counter = first
  /** A lease of an earlier process is not current, however the clock was set since. */
  const run = SecureRandom.uuidV4Unsafe().slice(0, 8)
  let arrivals = 0
  let bytes = 0
  let untaken: Array<Kept> = []
  let unsettled = 0
  let waiting = 0
  let ending = 0
  const arrived = Latch.makeUnsafe()
  const runnable = Latch.makeUnsafe()
  const idle = Latch.makeUnsafe(true)

  const isIdle = () => unsettled === 0 && waiting === 0 && leased.size === 0 && ending === 0
  const signalIdle = () => (isIdle() ? idle.openUnsafe() : idle.closeUnsafe())

  let waking = false
  const wake = () => {
    waking = false
    runnable.openUnsafe()
    signalIdle()
  }
  /** When whoever admits is through, so that those who wait find all of it at once. */
  const wakeLater = () => {
    if (waking) return
    waking = true
    queueMicrotask(wake)
  }
  /** More will be admitted at once. */
  let isMany = false
  const lanes = LaneQueues.make(() => (isMany ? wakeLater() : runnable.openUnsafe()))
  const { advance, laneOf, offer } = lanes
  const enqueue = (entry: Entry) => {
    waiting++
    // Last, because whoever waits goes on at once.
    lanes.enqueue(entry)
  }

  /** Follows a change of what a delivery has left to do. */
  const update = (kept: Kept) => {
    const isOpen = !kept.settled || kept.tasks > kept.dead
    if (isOpen !== open.has(kept)) {
      if (isOpen) open.add(kept)
      else open.delete(kept)
      if (!deadCount) bytes += isOpen ? kept.size : -kept.size
    }
    if (kept.settled && kept.tasks === 0 && !kept.erased) {
      kept.erased = true
      kept.body = undefined
      if (deadCount) bytes -= kept.size
      keeper.delivery(kept)
    }
  }
  const bury = (entry: Entry, cause: string) => {
    entry.state = "dead"
    entry.held = undefined
    // Dead letters are listed in the order in which they died.
    entry.order = ++counter
    entry.letter = { cause, diedAt: now() }
    letters.set(entry.id, entry)
    entry.kept.dead++
    update(entry.kept)
    if (letters.size > capacity) eraseOldest()
    // Last, because whoever waits for the end of it goes on at once.
    keeper.task(entry)
  }
  const exhume = (id: string): Entry | undefined => {
    const entry = letters.get(id)
    // One that is still being written down cannot be taken back yet.
    if (entry === undefined || entry.ending) return undefined
    letters.delete(id)
    entry.kept.dead--
    entry.letter = undefined
    return entry
  }
  const finish = (entry: Entry) => {
    entry.state = "done"
    entry.kept.tasks--
    update(entry.kept)
    keeper.task(entry)
  }
  const erase = (id: string): boolean => {
    const entry = exhume(id)
    if (entry !== undefined) finish(entry)
    return entry !== undefined
  }
  const eraseOldest = () => {
    const [oldest] = letters.keys()
    return oldest !== undefined && erase(oldest)
  }

  /** Ends the lease; nothing when it is not current. */
  const endLease = (lease: Inbox.Lease): Entry | undefined => {
    const entry = leased.get(lease.token)
    if (entry === undefined) return undefined
    leased.delete(lease.token)
    entry.lease = undefined
    return entry
  }
  /** Ends an attempt for good. Its lane goes on when that is kept. */
  const end = (lease: Inbox.Lease, become: (entry: Entry) => void): void => {
    const entry = endLease(lease)
    if (entry === undefined) return
    entry.ending = true
    ending++
    become(entry)
    signalIdle()
  }
  const back = (entry: Entry) => {
    entry.state = "waiting"
    waiting++
  }

  const engine = {
    /** Waits until nothing is left to admit or to run. */
    idle: idle.await,
    arrived,
    runnable,
    depth: (): Inbox.Depth => ({
      deliveries: unsettled,
      waiting,
      running: leased.size + ending,
      dead: letters.size
    }),
    /** How many deliveries have something left to do, and how many bytes they are. */
    load: () => ({ deliveries: open.size, bytes }),
    /** When the oldest delivery arrived that has something left to do. */
    oldest: (): number | undefined => {
      const [first] = open
      return first?.receivedAt
    },
    find: (digest: DeliveryDigest): Kept | undefined => deliveries.get(digest),
    /** Why there is no room for another delivery. */
    refuses: (size: number): string | undefined => {
      if (open.size >= capacity) return `${capacity} deliveries are open, which is all it may hold`
      const isFull = () => bytes + size > maxBytes
      while (isFull()) if (!deadCount || !eraseOldest()) break
      return isFull() ? `${maxBytes} bytes are all it may hold` : undefined
    },
    /** Takes a delivery in. It is not handed out before `arrive`. */
    add: (digest: DeliveryDigest, body: Uint8Array, trace: Inbox.Trace | undefined): Kept =>
      engine.restore(
        { number: arrivals + 1, digest, receivedAt: now(), size: body.length, trace, settled: false, stored: false },
        body
      ),
    /** Takes in what a keeper remembers; tells nobody. Its tasks follow by `resume`. */
    restore: (
      row: Pick<Kept, "number" | "digest" | "receivedAt" | "size" | "trace" | "settled" | "stored">,
      body: Uint8Array | undefined
    ): Kept => {
      const kept: Kept = {
        number: row.number,
        digest: row.digest,
        receivedAt: row.receivedAt,
        size: row.size,
        trace: row.trace,
        body,
        admitted: new Map(),
        settled: row.settled,
        known: false,
        tasks: 0,
        dead: 0,
        erased: false,
        stored: row.stored,
        tasksStored: false,
        forgotten: undefined
      }
      arrivals = Math.max(arrivals, kept.number)
      bytes += kept.size
      deliveries.set(kept.digest, kept)
      open.add(kept)
      if (!kept.settled) {
        unsettled++
        idle.closeUnsafe()
      }
      return kept
    },
    /** Lets deliveries be taken. */
    arrive: (all: ReadonlyArray<Kept>): void => {
      for (const kept of all) untaken.push(kept)
    },
    /** Wakes those who wait for arrivals; they go on at once. */
    announce: (): void => {
      if (untaken.length > 0) arrived.openUnsafe()
    },
    /** Takes back a delivery that could not be kept, or forgets one that the keeper has erased. */
    drop: (kept: Kept): void => {
      if (deliveries.get(kept.digest) === kept) deliveries.delete(kept.digest)
      if (kept.erased || !open.delete(kept)) return
      bytes -= kept.size
      if (!kept.settled) unsettled--
      signalIdle()
    },
    /** At most `max` deliveries that nobody has taken, and no more bodies than `maxBytes` beyond the first. */
    take: (max: number, maxBytes: number): ReadonlyArray<Kept> => {
      let count = 0
      for (let size = 0; count < untaken.length && count < max; count++) {
        size += untaken[count]?.size ?? 0
        if (count > 0 && size > maxBytes) break
      }
      const taken = untaken.slice(0, count)
      untaken = count === untaken.length ? [] : untaken.slice(count)
      return taken
    },
    /** Puts back what was taken. */
    giveBack: (taken: ReadonlyArray<Kept>): void => {
      untaken = [...taken, ...untaken]
      arrived.openUnsafe()
    },
    admit: (
      digest: DeliveryDigest,
      tasks: ReadonlyArray<Inbox.NewTask>,
      { known, settled }: Pick<Inbox.Admission, "known" | "settled">,
      ofMany: boolean
    ): void => {
      const kept = deliveries.get(digest)
      if (kept === undefined || kept.erased) return
      isMany = ofMany
      for (const task of tasks) {
        const key = keyOf(task)
        if (kept.admitted.has(key) || kept.forgotten?.has(task.position) === true) continue
        const id = ++counter
        const row = { kept, id: String(id), order: id, task, admittedAt: now(), attempts: 0 } as const
        const entry = engine.resume({ ...row, state: "waiting" })
        // Whoever waited for it may have begun already, and must find it after a crash all the same.
        if (entry.state === "waiting" || entry.state === "running") keeper.task(entry)
      }
      isMany = false
      if (settled && !kept.settled) {
        kept.settled = true
        kept.known = known === true
        unsettled--
        keeper.delivery(kept)
      }
      update(kept)
      if (ofMany) wakeLater()
      else signalIdle()
    },
    /** Takes in a task, which waits unless it is dead or done. */
    resume: (
      row: Pick<Entry, "kept" | "id" | "order" | "task" | "admittedAt" | "attempts" | "state"> &
        Partial<Pick<Entry, "held" | "letter">>
    ): Entry => {
      const { kept, task } = row
      const entry: Entry = {
        ...row,
        lane: laneOf(task),
        ending: false,
        lease: undefined,
        held: row.held,
        letter: row.letter
      }
      counter = Math.max(counter, entry.order, Number(entry.id))
      kept.admitted.set(keyOf(task), entry)
      if (entry.state === "done") return entry
      kept.tasks++
      if (entry.letter !== undefined) {
        letters.set(entry.id, entry)
        kept.dead++
        update(kept)
      } else if (task.dead !== undefined) {
        bury(entry, task.dead)
      } else {
        idle.closeUnsafe()
        enqueue(entry)
      }
      return entry
    },
    /** Leases at most `max` tasks that may run now. */
    collect: (listeners: ReadonlySet<string>, max: number): ReadonlyArray<Inbox.Lease> => {
      const leases: Array<Inbox.Lease> = []
      while (leases.length < max) {
        const lane = lanes.first(listeners)
        const entry = lane?.queue[0]
        if (lane === undefined || entry === undefined) break
        const token = `${run}/${++counter}`
        entry.lease = token
        entry.state = "running"
        leased.set(token, entry)
        lane.turn = undefined
        waiting--
        leases.push({ task: taskOf(entry), token })
      }
      return leases
    },
    done: (lease: Inbox.Lease): void => end(lease, finish),
    dead: (lease: Inbox.Lease, cause: string): void =>
      end(lease, (entry) => {
        entry.attempts++
        bury(entry, cause)
      }),
    /** The keeper has what became of a task. */
    marked: (entry: Entry): void => {
      if (!entry.ending) return
      entry.ending = false
      ending--
      advance(entry.lane)
      signalIdle()
    },
    retryAt: (lease: Inbox.Lease, until: number): Entry | undefined => {
      const entry = endLease(lease)
      if (entry === undefined) return undefined
      entry.attempts++
      entry.held = { since: now(), until }
      back(entry)
      keeper.task(entry)
      return entry
    },
    /** The lanes in which something waits or runs, and the conversations that go on in them. */
    lanes: (): ReadonlyArray<Inbox.OpenLane> =>
      lanes
        .all()
        .flatMap(({ queue }) =>
          queue.map(({ task: { decision, lane } }) => ({ lane, conversation: decision.conversationId ?? lane }))
        ),
    /** What is held back. */
    held: (): ReadonlyArray<Entry> =>
      lanes.all().flatMap(({ queue }) => queue.filter(({ held }) => held !== undefined)),
    /** What was held back may run. */
    due: (entry: Entry): void => {
      entry.held = undefined
      if (entry.lane.queue[0] === entry && entry.state === "waiting") offer(entry.lane)
    },
    release: (lease: Inbox.Lease): void => {
      const entry = endLease(lease)
      if (entry === undefined) return
      back(entry)
      offer(entry.lane)
    },
    letters: (): ReadonlyArray<Inbox.DeadLetter> => Array.from(letters.values(), letterOf),
    requeue: (id: string): boolean => {
      const entry = exhume(id)
      if (entry === undefined) return false
      // The lane may have been emptied and made anew since.
      entry.lane = laneOf(entry.task)
      entry.order = ++counter
      entry.attempts = 0
      entry.state = "waiting"
      enqueue(entry)
      keeper.task(entry)
      update(entry.kept)
      signalIdle()
      return true
    },
    remove: erase,
    /** Erases the tasks at these positions, whatever their state; what runs now is left alone. Tells how many there were. */
    forget: (kept: Kept, positions: ReadonlySet<string>) => {
      const count = { tasks: 0, dead: 0, running: 0 }
      for (const [key, entry] of kept.admitted) {
        const { queue } = entry.lane
        if (!positions.has(entry.task.position)) continue
        if (entry.state === "running" || entry.ending) {
          count.running++
          continue
        }
        kept.admitted.delete(key)
        if (entry.state === "dead" && erase(entry.id)) count.dead++
        if (entry.state !== "waiting") continue
        waiting--
        count.tasks++
        if (queue[0] === entry) advance(entry.lane)
        else queue.splice(queue.indexOf(entry), 1)
        finish(entry)
      }
      if (!kept.settled) kept.forgotten = new Set([...(kept.forgotten ?? []), ...positions])
      signalIdle()
      return count
    },
    deliveries: (): Iterable<Kept> => Array.from(deliveries.values()),
    /** Erases dead letters that died before `then`. */
    expire: (then: number): void => {
      // All of them: where the clock was set back, those that died later are not behind.
      for (const { id, letter } of letters.values()) {
        if (letter !== undefined && letter.diedAt <= then) erase(id)
      }
    },
    /** Buries tasks admitted before `then` of listeners that are nobody's. Tells the listener of each. */
    orphan: (then: number, isAsked: (listener: string) => boolean, cause: string): ReadonlyArray<string> => {
      const buried: Array<string> = []
      for (const lane of lanes.all()) {
        if (isAsked(lane.listener)) continue
        for (let it = lane.queue[0]; it?.state === "waiting" && it.admittedAt <= then; it = lane.queue[0]) {
          waiting--
          advance(lane)
          bury(it, cause)
          buried.push(lane.listener)
        }
      }
      signalIdle()
      return buried
    }
  }
  const keeper = makeKeeper(engine)
  return { engine, keeper }
}

const keyOf = ({ listener, position }: Inbox.NewTask): string => `${position}\u0000${listener}`

const taskOf = ({ admittedAt, attempts, id, kept, task }: Entry): Inbox.Task => ({
  ...task,
  id,
  digest: kept.digest,
  attempts,
  admittedAt: DateTime.makeUnsafe(admittedAt),
  trace: kept.trace
})

const letterOf = (entry: Entry): Inbox.DeadLetter => ({
  task: taskOf(entry),
  cause: entry.letter?.cause ?? "",
  diedAt: DateTime.makeUnsafe(entry.letter?.diedAt ?? 0)
})
