/**
 * The writer on a thread of its own, for slow disks: this thread hands over what a turn changed and goes on while the
 * other waits for the disk. One commit is under way at a time.
 */
import type { SqlJournal } from "@effect-whatsapp/core/services"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { Worker } from "node:worker_threads"
import { Refusal, toSqlError } from "./sqliteError.ts"
import type { Owned } from "./sqliteFile.ts"
import type { Session } from "./sqliteSession.ts"
import type { Answer, Order, Start } from "./sqliteWorker.ts"
import type { Writer } from "./sqliteWriter.ts"

/** The sources run as they are, and what is published runs without types. */
const program = new URL(import.meta.url.endsWith(".ts") ? "./sqliteWorker.ts" : "./sqliteWorker.js", import.meta.url)

interface Thread {
  readonly worker: Worker
  /** The connection of this thread when it started: another one means another file. */
  readonly session: Session
  /** Number of the last order that was committed, which is known also when the thread dies before it says so. */
  readonly committed: Int32Array
}

type Done = (failure: SqlError | undefined) => void

/** A copy in memory of its own, which is handed over and not copied again. */
const own = (write: SqlJournal.Write, transfer: Array<ArrayBuffer>): SqlJournal.Write => {
  if (!write.params.some((value) => value instanceof Uint8Array)) return write
  const params = write.params.map((value) => {
    if (!(value instanceof Uint8Array)) return value
    const copy = new Uint8Array(value)
    transfer.push(copy.buffer)
    return copy
  })
  return { sql: write.sql, params }
}

export const make: (file: Owned) => Effect.Effect<Writer, Refusal> = Effect.fnUntraced(function* (file) {
  let thread: Thread | undefined
  let order = 0
  let commits = 0
  let waiting: Done | undefined
  const ready = yield* Deferred.make<void, Refusal>()

  const answered = (failure: SqlError | undefined): void => {
    const done = waiting
    waiting = undefined
    if (failure === undefined) commits++
    done?.(failure)
  }

  const ended = (of: Thread, why: string): void => {
    if (thread !== of) return
    thread = undefined
    const refusal = new Refusal({ message: `The thread that writes ${file.path} has ended: ${why}` })
    Deferred.doneUnsafe(ready, Effect.fail(refusal))
    // It may have committed, and died before it could say so.
    if (Atomics.load(of.committed, 0) === order) answered(undefined)
    else answered(toSqlError(refusal, "commit"))
  }

  const start = (): Thread => {
    const committed = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(program, {
      workerData: { path: file.path, committed } satisfies Start,
      // Nothing that this process was started with is for it.
      execArgv: []
    })
    const started: Thread = { worker, session: file.session, committed }
    worker.on("message", (answer: Answer) => {
      if (thread !== started) return undefined
      if (answer === "ready") {
        if (waiting === undefined) worker.unref()
        return void Deferred.doneUnsafe(ready, Effect.void)
      }
      // To wait for orders is no reason to stay. First, because whoever is told goes on at once.
      worker.unref()
      answered(answer === "committed" ? undefined : toSqlError(answer, "commit"))
    })
    worker.on("error", (cause) => ended(started, cause instanceof Error ? cause.message : "it failed"))
    worker.on("exit", () => ended(started, "it was stopped"))
    return started
  }

  /** Ends the thread, and its connection with it. Nothing is being written. */
  const stop = Effect.promise(async () => {
    const stopped = thread
    thread = undefined
    stopped?.worker.ref()
    await stopped?.worker.terminate()
  })

  const current = (): Thread => {
    if (thread !== undefined && thread.session !== file.session) {
      // Its file has no name any more, so nobody waits for it.
      void thread.worker.terminate()
      thread = undefined
    }
    return (thread ??= start())
  }

  current()
  yield* Deferred.await(ready)

  return {
    write: (changes, broken, done) => {
      const writes: Array<SqlJournal.Write> = []
      const transfer: Array<ArrayBuffer> = []
      // What cannot be handed over fails here, as it fails where it is bound in the other writer.
      try {
        changes((write) => void writes.push(own(write, transfer)))
        if (broken !== undefined) return done(toSqlError(broken, "commit"))
        if (writes.length === 0) return done(undefined)
        const { worker } = current()
        worker.postMessage({ number: ++order, writes } satisfies Order, transfer)
        waiting = done
        // A process may not end while it waits for the disk.
        worker.ref()
      } catch (cause) {
        done(toSqlError(cause, "commit"))
      }
    },
    commits: () => commits,
    close: stop
  }
})
