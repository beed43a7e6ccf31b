/** Promise 11 on the bytes of the file: what is done leaves nothing of what somebody wrote, and the rest has its time. */
import { Inbox } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import * as fs from "node:fs"
import { inFolder, makeFile, turns } from "./sqlite.ts"

const secret = "orchid in bloom"
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Admits and handles everything there is; those of lane "dead" become dead letters. */
const handleAll = Effect.fnUntraced(function* (inbox: Inbox.Inbox["Service"], lane: string = "x") {
  while ((yield* inbox.depth).deliveries > 0) {
    for (const { digest } of yield* inbox.take) {
      const task: Inbox.NewTask = { position: "0", listener: "a", lane, tag: "TextReceived", decision: {} }
      yield* inbox.admit(digest, [task], { settled: true, soon: true })
    }
  }
  while ((yield* inbox.depth).waiting > 0) {
    yield* Effect.forEach(
      yield* inbox.next(["a"], 100),
      (lease) => (lane === "dead" ? inbox.dead(lease, "broken") : inbox.done(lease)),
      { concurrency: "unbounded", discard: true }
    )
  }
  yield* inbox.awaitIdle
})

const withFile = <A, E>(use: (file: Effect.Success<ReturnType<typeof makeFile>>) => Effect.Effect<A, E>) =>
  inFolder((folder) => Effect.scoped(Effect.flatMap(makeFile(folder), use)))

const holds = (file: string, what: string): boolean => fs.existsSync(file) && fs.readFileSync(file).includes(what)

/** Appends so many bodies of about `size` bytes, a hundred at a time. */
const fill = (inbox: Inbox.Inbox["Service"], name: string, count: number, size: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, i) => bytes(`${name} ${i} ${secret} `.padEnd(size, `${secret} `))),
    (body) => inbox.append(body),
    { concurrency: 100, discard: true }
  )

describe("what is done", { timeout: 60_000 }, () => {
  it.effect("leaves no body in the file or beside it, when the log is emptied", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const context = yield* file.context
        const inbox = Context.get(context, Inbox.Inbox)
        const sql = Context.get(context, SqlClient.SqlClient)
        yield* fill(inbox, "small", 200, 100)
        yield* fill(inbox, "large", 50, 30_000)
        assert.isTrue(holds(`${file.path()}-wal`, secret))
        yield* sql`PRAGMA wal_checkpoint(TRUNCATE)`
        assert.isTrue(holds(file.path(), secret))
        yield* handleAll(inbox)
        yield* sql`PRAGMA wal_checkpoint(TRUNCATE)`
        for (const end of ["", "-wal", "-shm", "-lock"]) assert.isFalse(holds(file.path() + end, secret), end)
        yield* sql`VACUUM`
        yield* sql`PRAGMA wal_checkpoint(TRUNCATE)`
        for (const end of ["", "-wal", "-shm", "-lock"]) assert.isFalse(holds(file.path() + end, secret), end)
      })
    )
  )

  it.effect("leaves no body after the end, and the file alone", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const inbox = yield* (yield* makeFile(folder)).open
            yield* fill(inbox, "small", 200, 100)
            yield* handleAll(inbox)
          })
        )
        for (const name of fs.readdirSync(folder)) assert.isFalse(holds(`${folder}/${name}`, secret), name)
        assert.deepStrictEqual(fs.readdirSync(folder).toSorted(), ["inbox0.db", "inbox0.db-lock"])
      })
    )
  )

  it.effect("gives its room to what comes next", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const context = yield* file.context
        const inbox = Context.get(context, Inbox.Inbox)
        const sql = Context.get(context, SqlClient.SqlClient)
        const size = Effect.gen(function* () {
          yield* sql`PRAGMA wal_checkpoint(TRUNCATE)`
          return fs.statSync(file.path()).size
        })
        const round = (name: string) => Effect.andThen(fill(inbox, name, 100, 5_000), handleAll(inbox))
        yield* round("first")
        const before = yield* size
        for (let i = 0; i < 6; i++) yield* round(`round ${i}`)
        // 3 million bytes went through; what stays of each delivery is its digest.
        assert.isBelow((yield* size) - before, 600 * 150)
      })
    )
  )

  it.effect("is forgotten after 8 days, the digests too", () =>
    withFile(
      Effect.fnUntraced(function* (file) {
        const inbox = yield* file.open
        yield* fill(inbox, "old", 1100, 30)
        yield* handleAll(inbox)
        yield* file.close
        yield* TestClock.adjust("4 days")
        yield* fill(yield* file.open, "young", 10, 30)
        yield* handleAll(yield* file.restart)
        yield* file.close
        yield* TestClock.adjust("4 days")
        const context = yield* file.context
        const sql = Context.get(context, SqlClient.SqlClient)
        // An hour later somebody begins to look, little by little.
        yield* TestClock.adjust("1 hour")
        for (let i = 0; i < 5; i++) yield* Effect.andThen(TestClock.adjust("1 second"), turns)
        const [row] = yield* sql`SELECT count(*) AS digests FROM whatsapp_digests`
        assert.strictEqual(row?.["digests"], 10)
      })
    )
  )
})

it.effect("a dead letter keeps its body for 30 days, also when nobody was there, and then nothing is left", () =>
  withFile(
    Effect.fnUntraced(function* (file) {
      const before = yield* file.open
      yield* fill(before, "dead", 3, 100)
      yield* handleAll(before, "dead")
      yield* file.close
      yield* TestClock.adjust("29 days")
      const between = yield* file.open
      yield* Effect.andThen(TestClock.adjust("5 minutes"), turns)
      assert.lengthOf(yield* between.list, 3)
      yield* file.close
      assert.isTrue(holds(file.path(), secret))
      yield* TestClock.adjust("1 day")
      const after = yield* file.open
      yield* Effect.andThen(TestClock.adjust("5 minutes"), turns)
      assert.lengthOf(yield* after.list, 0)
      yield* file.close
      assert.isFalse(holds(file.path(), secret))
    })
  )
)

it.effect("whatever the umask, only its owner may read the file and what is beside it", () =>
  withFile(
    Effect.fnUntraced(function* (file) {
      const umask = process.umask(0)
      const inbox = yield* Effect.ensuring(
        file.open,
        Effect.sync(() => process.umask(umask))
      )
      yield* inbox.append(bytes("one"))
      for (const end of ["", "-wal", "-shm", "-lock"]) {
        assert.strictEqual(fs.statSync(file.path() + end).mode & 0o777, 0o600, end)
      }
    })
  )
)
