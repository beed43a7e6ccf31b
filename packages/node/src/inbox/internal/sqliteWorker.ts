/** The thread that writes: takes one order after the other, and keeps the file small in between. Imports Node alone. */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import { isMainThread, parentPort, workerData } from "node:worker_threads"
import * as Session from "./sqliteSession.ts"
import * as Upkeep from "./sqliteUpkeep.ts"

export interface Order {
  readonly number: number
  readonly writes: ReadonlyArray<SqlJournal.Write>
}

/** How it went; a failure is what SQLite said, as data. */
export type Answer = "ready" | "committed" | { readonly errcode: number | undefined; readonly message: string }

export interface Start {
  readonly path: string
  /** Holds the number of the last order that was committed. */
  readonly committed: Int32Array
}

const failure = (cause: unknown): Answer => ({
  errcode:
    typeof cause === "object" && cause !== null && "errcode" in cause && typeof cause.errcode === "number"
      ? cause.errcode
      : undefined,
  message: cause instanceof Error ? cause.message : String(cause)
})

/** Longer than the upkeep of the file and a transaction of the other thread take. */
const patience = 1_000

const serve = ({ committed, path }: Start): void => {
  const session = Session.make(Session.connect(path, patience))
  let commits = 0

  const write = ({ number, writes }: Order): Answer => {
    try {
      session.begin()
      for (const one of writes) session.run(one)
      session.commit()
    } catch (cause) {
      session.rollback()
      return failure(cause)
    }
    Atomics.store(committed, 0, number)
    commits++
    return "committed"
  }

  Upkeep.start({ database: () => session.database, isFree: () => true, commits: () => commits })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const answer = (one: Answer) => parentPort?.postMessage(one)
  parentPort?.on("message", (order: Order) => answer(write(order)))
  answer("ready")
}

const isStart = (data: unknown): data is Start =>
  typeof data === "object" && data !== null && "path" in data && "committed" in data

const start: unknown = workerData
if (!isMainThread && isStart(start)) serve(start)
