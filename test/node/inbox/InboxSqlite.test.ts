/** What only an inbox in a file promises: it is the same after a restart, and the file holds what it should. */
import { Inbox } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Effect, Fiber, Tracer } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { inFolder, makeFile, turns } from "./sqlite.ts"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found)
const task = (position: string, lane: string, more?: Partial<Inbox.NewTask>): Inbox.NewTask => ({
  position,
  listener: "a",
  lane,
  tag: "TextReceived",
  decision: {},
  ...more
})

/** Lets time pass, and what it changed be committed. */
const pass = (duration: Parameters<typeof TestClock.adjust>[0]) => Effect.andThen(TestClock.adjust(duration), turns)

const withFile = <A, E>(
  use: (file: Effect.Success<ReturnType<typeof makeFile>>) => Effect.Effect<A, E>,
  options?: Parameters<typeof makeFile>[1]
) => inFolder((folder) => Effect.scoped(Effect.flatMap(makeFile(folder, options), use)))

/** Takes one delivery and admits tasks of it, all there are. */
const deliver = Effect.fnUntraced(function* (
  inbox: Inbox.Inbox["Service"],
  body: string,
  ...tasks: ReadonlyArray<Inbox.NewTask>
) {
  yield* inbox.append(bytes(body))
  const [delivery] = yield* inbox.take
  assert.isDefined(delivery)
  yield* inbox.admit(delivery.digest, tasks, { settled: true })
  return delivery.digest
})

/** Nothing may run now. */
const rests = Effect.fnUntraced(function* (inbox: Inbox.Inbox["Service"]) {
  const asking = yield* Effect.forkChild(inbox.next(["a", "b"], 10), { startImmediately: true })
  assert.isUndefined(asking.pollUnsafe())
  yield* Fiber.interrupt(asking)
})

describe.each(["restart", "crash"] as const)("after a %s", (how) => {
  it.effect("a task that began while it was being admitted is there", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        const asking = yield* Effect.forkChild(before.next(["a"], 1), { startImmediately: true })
        yield* deliver(before, "one", task("0", "x"))
        assert.strictEqual((yield* Fiber.join(asking)).length, 1)
        const inbox = yield* file[how]
        const leases = yield* inbox.next(["a"], 10)
        assert.deepStrictEqual(
          leases.map((lease) => lease.task.position),
          ["0"]
        )
      })
    )
  )

  it.effect("tasks run in the order in which they were admitted, behind those that were requeued", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* deliver(before, "one", task("0", "x"), task("1", "x"), task("2", "y"))
        yield* deliver(before, "two", task("0", "x"))
        const [first] = yield* before.next(["a"], 1)
        assert.isDefined(first)
        yield* before.dead(first, "broken")
        yield* before.requeue(first.task.id)
        const inbox = yield* file[how]
        const order: Array<string> = []
        for (let round = 0; round < 3; round++) {
          for (const lease of yield* inbox.next(["a"], 10)) {
            order.push(`${lease.task.lane}${lease.task.position}`)
            yield* inbox.done(lease)
          }
        }
        assert.deepStrictEqual(order, ["x1", "y2", "x0", "x0"])
        yield* inbox.awaitIdle
      })
    )
  )

  it.effect("what ran waits again, and it was no attempt; what failed is held back for as long as it was", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* deliver(before, "one", task("0", "x"), task("1", "x"), task("0", "y", { listener: "b" }))
        const [failed] = yield* before.next(["a"], 1)
        assert.isDefined(failed)
        const until = DateTime.addDuration(yield* DateTime.now, "1 minute")
        yield* before.retryAt(failed, until)
        const [ran] = yield* before.next(["b"], 1)
        assert.isDefined(ran)
        assert.strictEqual(ran.task.attempts, 0)
        const inbox = yield* file[how]
        assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 3, running: 0, dead: 0 })
        const [again] = yield* inbox.next(["a", "b"], 10)
        assert.isDefined(again)
        assert.strictEqual(again.task.listener, "b")
        assert.strictEqual(again.task.attempts, 0)
        assert.strictEqual(again.task.id, ran.task.id)
        yield* pass("59 seconds")
        yield* rests(inbox)
        yield* pass("1 second")
        const [due, ...others] = yield* inbox.next(["a"], 10)
        assert.isDefined(due)
        assert.strictEqual(due.task.position, "0")
        assert.strictEqual(due.task.attempts, 1)
        assert.lengthOf(others, 0)
      })
    )
  )

  it.effect("dead letters are there with their causes, in the order in which they died", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        const digest = yield* deliver(
          before,
          "one",
          task("0", "x"),
          task("1", "y"),
          task("2", "z", { dead: "at once" })
        )
        const [first, second] = yield* before.next(["a"], 2)
        assert.isDefined(first)
        assert.isDefined(second)
        yield* before.dead(second, "the second")
        yield* before.dead(first, "the first")
        const letters = yield* before.list
        const inbox = yield* file[how]
        // `dead` says how a task came to the inbox, and is not part of what is kept.
        const withoutDead = letters.map((letter) => {
          const { dead: _, ...rest } = letter.task
          return { ...letter, task: rest }
        })
        assert.deepStrictEqual<unknown>(yield* inbox.list, withoutDead)
        assert.deepStrictEqual(
          letters.map(({ cause }) => cause),
          ["at once", "the second", "the first"]
        )
        assert.strictEqual(text(yield* inbox.body(digest)), "one")
        for (const { task } of letters) assert.isTrue(yield* inbox.remove(task.id))
        assert.isUndefined(yield* inbox.body(digest))
      })
    )
  )

  it.effect("a task knows what was decided and where its delivery arrived", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        const span = Tracer.externalSpan({ traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true })
        yield* Effect.withParentSpan(before.append(bytes("one")), span)
        const [delivery] = yield* before.take
        assert.isDefined(delivery)
        const decision = { owner: true, stale: false }
        yield* before.admit(delivery.digest, [task("0", "x", { decision })], { settled: true })
        const inbox = yield* file[how]
        const [lease] = yield* inbox.next(["a"], 1)
        assert.isDefined(lease)
        assert.deepStrictEqual(lease.task.decision, decision)
        assert.deepStrictEqual(lease.task.trace, { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true })
        assert.deepStrictEqual(lease.task.admittedAt, delivery.receivedAt)
      })
    )
  )

  it.effect("what was taken and not settled is taken again, and no task of it comes twice", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* before.append(bytes("one"))
        yield* before.append(bytes("two"))
        const [one] = yield* before.take
        assert.isDefined(one)
        yield* before.admit(one.digest, [task("0", "x"), task("1", "x")], { settled: false })
        const [lease] = yield* before.next(["a"], 1)
        assert.isDefined(lease)
        yield* before.done(lease)
        const inbox = yield* file[how]
        const taken = yield* inbox.take
        assert.deepStrictEqual(
          taken.map(({ body }) => text(body)),
          ["one", "two"]
        )
        yield* inbox.admit(one.digest, [task("0", "x"), task("1", "x")], { settled: true })
        const [left, ...others] = yield* inbox.next(["a"], 10)
        assert.isDefined(left)
        assert.strictEqual(left.task.position, "1")
        assert.lengthOf(others, 0)
        yield* inbox.done(left)
        assert.isUndefined(yield* inbox.body(one.digest))
      })
    )
  )

  it.effect("bytes that were done are known for 8 days, and then forgotten", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* deliver(before, "one")
        yield* before.awaitIdle
        const between = yield* file[how]
        yield* between.append(bytes("one"))
        assert.strictEqual((yield* between.depth).deliveries, 0)
        yield* file.close
        yield* TestClock.adjust("191 hours")
        const inbox = yield* file.open
        yield* inbox.append(bytes("one"))
        assert.strictEqual((yield* inbox.depth).deliveries, 0)
        yield* pass("1 hour")
        yield* inbox.append(bytes("one"))
        assert.strictEqual((yield* inbox.depth).deliveries, 1)
      })
    )
  )

  it.effect("tasks wait for a listener that nobody has asked for yet, however long the server was down", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* deliver(before, "one", task("0", "x"))
        yield* file.close
        yield* TestClock.adjust("3 days")
        yield* file.open
        const inbox = yield* file[how]
        yield* pass("59 minutes")
        assert.lengthOf(yield* inbox.list, 0)
        assert.lengthOf(yield* inbox.next(["a"], 1), 1)
      })
    )
  )
})

describe("the file", () => {
  it.effect("what a version that knows more has kept is handed out as unknown, and nothing is lost", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* deliver(before, "one", task("0", "x"))
        yield* file.close
        edit(
          file.path(),
          "UPDATE whatsapp_tasks SET tag = 'HologramReceived', decision = '{\"owner\":true,\"mood\":1}'"
        )
        const inbox = yield* file.open
        const [lease] = yield* inbox.next(["a"], 1)
        assert.isDefined(lease)
        assert.strictEqual(lease.task.tag, "UnknownFieldReceived")
        assert.deepStrictEqual(lease.task.decision, { owner: true })
        yield* inbox.done(lease)
        yield* inbox.awaitIdle
      })
    )
  )

  it.effect("rows that this program cannot have written are refused in a line, and left as they are", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        yield* deliver(yield* file.open, "one", task("0", "x"))
        yield* file.close
        edit(file.path(), "UPDATE whatsapp_tasks SET state = 'orchid'")
        const error = yield* Effect.flip(file.open)
        assert.notInclude(error.details, "\n")
        assert.notInclude(error.details, "orchid")
        edit(file.path(), "UPDATE whatsapp_tasks SET state = 'waiting'")
        assert.lengthOf(yield* (yield* file.open).next(["a"], 1), 1)
      })
    )
  )

  it.effect("beyond its capacity deliveries are refused, until there is room again", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const inbox = yield* file.open
        const first = yield* deliver(inbox, "one", task("0", "x"))
        yield* inbox.append(bytes("two"))
        for (const _ of ["again", "and again"]) {
          const error = yield* Effect.flip(inbox.append(bytes("three")))
          assert.include(error.details, "2 deliveries are open")
        }
        // What it has already is no more than it has.
        yield* inbox.append(bytes("two"))
        const same = yield* file.restart
        assert.include((yield* Effect.flip(same.append(bytes("three")))).details, "2 deliveries are open")
        const [lease] = yield* same.next(["a"], 1)
        assert.strictEqual(lease?.task.digest, first)
        if (lease !== undefined) yield* same.done(lease)
        yield* same.append(bytes("three"))
      }),
      { capacity: 2 }
    )
  )

  it.effect("beyond its bytes deliveries are refused, and dead letters do not count", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const before = yield* file.open
        yield* deliver(before, "x".repeat(60), task("0", "x", { dead: "at once" }))
        yield* before.append(bytes("y".repeat(60)))
        const inbox = yield* file.restart
        assert.include((yield* Effect.flip(inbox.append(bytes("z".repeat(60))))).details, "100 bytes")
        yield* inbox.append(bytes("z".repeat(40)))
      }),
      { maxBytes: 100 }
    )
  )

  it.effect("a body is in memory until somebody takes it, and is read from the file afterwards", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const context = yield* file.context
        const inbox = Context.get(context, Inbox.Inbox)
        const sql = Context.get(context, SqlClient.SqlClient)
        yield* inbox.append(bytes("one"))
        yield* sql`UPDATE whatsapp_deliveries SET body = ${bytes("two")}`
        const [delivery] = yield* inbox.take
        assert.isDefined(delivery)
        assert.strictEqual(text(delivery.body), "one")
        assert.strictEqual(text(yield* inbox.body(delivery.digest)), "two")
      })
    )
  )

  it.effect("beyond 64 MiB that nobody has taken, bodies are in the file alone", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const context = yield* file.context
        const inbox = Context.get(context, Inbox.Inbox)
        const sql = Context.get(context, SqlClient.SqlClient)
        for (let i = 0; i < 23; i++) yield* inbox.append(new Uint8Array(3_000_000).fill(i))
        yield* sql`UPDATE whatsapp_deliveries SET body = ${bytes("from the file")}`
        let inMemory = 0
        for (let taken = 0; taken < 23;) {
          for (const { body } of yield* inbox.take) {
            taken++
            if (text(body) !== "from the file") inMemory++
          }
        }
        assert.isBelow(inMemory, 23)
      })
    )
  )

  it.effect("all that comes in a turn of the event loop is one commit", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const inbox = yield* file.open
        yield* turns
        const before = commits(file.path())
        yield* Effect.forEach(
          Array.from({ length: 50 }, (_, i) => bytes(String(i))),
          (body) => inbox.append(body),
          { concurrency: "unbounded", discard: true }
        )
        assert.strictEqual(commits(file.path()) - before, 1)
        const deliveries = yield* inbox.take
        yield* Effect.forEach(deliveries, ({ digest }) => inbox.admit(digest, [task("0", digest)], { settled: true }), {
          concurrency: "unbounded",
          discard: true
        })
        const leases = yield* inbox.next(["a"], 50)
        yield* Effect.forEach(leases, (lease) => inbox.done(lease), { concurrency: "unbounded", discard: true })
        yield* inbox.awaitIdle
        assert.strictEqual(commits(file.path()) - before, 3)
      })
    )
  )
})

/** Changes a file that nobody has open. */
const edit = (path: string, sql: string) => {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

/** How many commits the write-ahead log holds: each ends with a frame that tells the size of the database. */
const commits = (path: string): number => {
  const log = fs.readFileSync(`${path}-wal`)
  const page = log.readUInt32BE(8)
  const salt = log.subarray(16, 24)
  let count = 0
  for (let at = 32; at + 24 + page <= log.length; at += 24 + page) {
    if (salt.equals(log.subarray(at + 8, at + 16)) && log.readUInt32BE(at + 4) > 0) count++
  }
  return count
}
