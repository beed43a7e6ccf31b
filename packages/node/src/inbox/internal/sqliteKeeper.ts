/**
 * Writes down what an engine knows, as a member of the journal. It notes what changed and, when the journal asks, writes
 * how that is now: what came and went between two commits is never written at all, such as the tasks of most messages.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Engine } from "./engine.ts"
import type { Entry, Keeper, Kept } from "./kept.ts"
import * as Tables from "./sqliteTables.ts"

export interface Options {
  readonly engine: Engine
  readonly journal: SqlJournal.SqlJournal["Service"]
  /** The digests of what is done. */
  readonly digests: SqlJournal.SqlMap
  /** How many bytes of open deliveries may be at hand beside the file. */
  readonly maxAtHand: number
}

type Waiter = (exit: Effect.Effect<void, InboxError>) => void

export interface SqliteKeeper extends Keeper {
  readonly member: SqlJournal.Member
  /** Waits until a delivery that was just added is kept. */
  readonly appended: (kept: Kept) => Effect.Effect<void, InboxError>
}

/** What is written in one commit, as it was when the journal asked. */
interface Commit {
  readonly added: Array<Kept>
  readonly erased: Array<Kept>
  readonly settled: Array<Kept>
  readonly tasks: Array<{ readonly entry: Entry; readonly ending: boolean }>
}

const makeCommit = (): Commit => ({ added: [], erased: [], settled: [], tasks: [] })

export const make = ({ digests, engine, journal, maxAtHand }: Options): SqliteKeeper => {
  let deliveries = new Set<Kept>()
  let tasks = new Set<Entry>()
  const waiters = new Map<Kept, Array<Waiter>>()
  let commit = makeCommit()

  const changes = (): ReadonlyArray<SqlJournal.Write> => {
    const writes: Array<SqlJournal.Write> = []
    commit = makeCommit()
    for (const kept of deliveries) {
      if (!kept.stored) {
        // One that is erased before it was kept was taken back.
        if (kept.erased || kept.body === undefined) continue
        commit.added.push(kept)
        writes.push(Tables.delivery(kept, kept.body))
      } else if (kept.erased) {
        commit.erased.push(kept)
        if (kept.tasksStored) writes.push(Tables.tasksErased(kept))
      } else if (kept.settled) {
        commit.settled.push(kept)
        writes.push(Tables.settled(kept))
      }
    }
    for (const [first, last] of ranges(commit.erased.map(({ number }) => number))) {
      writes.push(Tables.erased(first, last))
    }
    for (const entry of tasks) {
      commit.tasks.push({ entry, ending: entry.ending })
      if (entry.kept.erased) continue
      entry.kept.tasksStored = true
      writes.push(Tables.task(entry))
    }
    deliveries = new Set()
    tasks = new Set()
    return writes
  }

  const answer = (kept: Kept, exit: Effect.Effect<void, InboxError>) => {
    const told = waiters.get(kept)
    waiters.delete(kept)
    for (const waiter of told ?? []) waiter(exit)
  }

  const isKept = () => {
    const { added, erased, tasks } = commit
    commit = makeCommit()
    for (const kept of added) kept.stored = true
    for (const kept of erased) engine.drop(kept)
    if (engine.load().bytes > maxAtHand) for (const kept of added) kept.body = undefined
    engine.arrive(added)
    // Meta has its answers before any work on them begins.
    for (const kept of added) answer(kept, Effect.void)
    engine.announce()
    for (const { ending, entry } of tasks) if (ending) engine.marked(entry)
  }

  const isLost = (cause: Cause.Cause<SqlError>) => {
    const { added, erased, settled, tasks: unwritten } = commit
    commit = makeCommit()
    for (const kept of [...erased, ...settled]) deliveries.add(kept)
    for (const { entry } of unwritten) tasks.add(entry)
    // Meta is told to come back with these.
    const error = Cause.squash(cause)
    const details = error instanceof Error ? error.message : "it could not be written to the file"
    const notKept = Effect.fail(new InboxError({ method: "append", details, cause: error }))
    for (const kept of added) {
      engine.drop(kept)
      answer(kept, notKept)
    }
  }

  return {
    delivery: (kept) => {
      if (kept.erased && !kept.known) digests.set(kept.digest, "")
      deliveries.add(kept)
      journal.changed()
    },
    task: (entry) => {
      tasks.add(entry)
      journal.changed()
    },
    appended: (kept) =>
      Effect.callback((resume) => {
        if (kept.stored) return resume(Effect.void)
        const told = waiters.get(kept)
        if (told !== undefined) return void told.push(resume)
        waiters.set(kept, [resume])
        if (deliveries.has(kept)) return
        deliveries.add(kept)
        journal.changed()
      }),
    member: { changes, kept: isKept, lost: isLost }
  }
}

/** Numbers as ranges without gaps. */
const ranges = (numbers: ReadonlyArray<number>): ReadonlyArray<readonly [first: number, last: number]> => {
  const found: Array<[number, number]> = []
  let current: [number, number] | undefined
  for (const number of numbers.toSorted((a, b) => a - b)) {
    if (current !== undefined && number === current[1] + 1) current[1] = number
    else found.push((current = [number, number]))
  }
  return found
}
