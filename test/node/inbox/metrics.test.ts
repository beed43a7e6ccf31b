/** What an inbox tells whoever watches the process. */
import { assert, it } from "@effect/vitest"
import type { InboxError } from "@effect-whatsapp/core/errors"
import { SqlJournal } from "@effect-whatsapp/core/services"
import { Inbox, SqliteClient } from "@effect-whatsapp/node/inbox"
import { DateTime, Effect, Fiber, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { statSync } from "node:fs"
import { histogram, inRegistry, values } from "../metrics.ts"
import { inFolder, turns } from "./sqlite.ts"

const task = (position: string, listener = "echo"): Inbox.NewTask => ({
  position,
  listener,
  lane: position,
  tag: "TextReceived",
  decision: {}
})

const depth = Effect.map(values("whatsapp_inbox_depth"), (found) =>
  Object.fromEntries(Object.entries(found).map(([key, value]) => [key.replace(/^.*state=(\w+)}$/, "$1"), value]))
)
const one = (name: string) => Effect.map(values(name, { zeros: true }), (found) => found[name])

/** A story of two deliveries, and what the gauges say at each point of it. */
const story = Effect.gen(function* () {
  const inbox = yield* Inbox.Inbox
  const first = new Uint8Array(100)
  const second = new Uint8Array(11)
  assert.deepStrictEqual(yield* depth, {})
  assert.strictEqual(yield* one("whatsapp_inbox_oldest_seconds"), 0)
  yield* inbox.append(first)
  yield* TestClock.adjust("30 seconds")
  yield* inbox.append(second)
  yield* TestClock.adjust("2 seconds")
  assert.deepStrictEqual(yield* depth, { deliveries: 2 })
  assert.strictEqual(yield* one("whatsapp_inbox_oldest_seconds"), 32)
  assert.strictEqual(yield* one("whatsapp_inbox_open_bytes"), 111)
  const [one_, other] = (yield* inbox.take).map(({ digest }) => digest)
  if (one_ === undefined || other === undefined) return assert.fail("both are to be taken")
  yield* inbox.admit(one_, [task("a"), task("b"), task("c")], { settled: true })
  const [lease, next] = yield* inbox.next(["echo"], 2)
  if (lease === undefined || next === undefined) return assert.fail("both are to be leased")
  yield* turns
  assert.deepStrictEqual(yield* depth, { deliveries: 1, running: 2, waiting: 1 })
  yield* inbox.dead(lease, "no")
  yield* inbox.retryAt(next, yield* DateTime.now)
  assert.deepStrictEqual(yield* depth, { deliveries: 1, waiting: 2, dead: 1 })
  yield* inbox.admit(other, [], { settled: true })
  yield* turns
  assert.strictEqual(yield* one("whatsapp_inbox_open_bytes"), 100)
  for (const lease of yield* inbox.next(["echo"], 9)) yield* inbox.done(lease)
  yield* turns
  assert.deepStrictEqual(yield* depth, { dead: 1 })
  assert.strictEqual(yield* one("whatsapp_inbox_oldest_seconds"), 0)
})

const stores: ReadonlyArray<readonly [string, (folder: string) => Layer.Layer<Inbox.Inbox, InboxError>]> = [
  ["in memory", () => Inbox.layerMemory()],
  ["in a SQLite file", (folder) => Inbox.layerSqlite({ path: `${folder}/inbox.db` })]
]
for (const [where, layer] of stores) {
  it.effect(`tells how much an inbox ${where} holds, and for how long, until it is closed`, () =>
    inRegistry(
      Effect.gen(function* () {
        yield* inFolder((folder) => Effect.provide(story, layer(folder)))
        assert.deepStrictEqual(yield* values("whatsapp_inbox", { zeros: true }), {})
      })
    )
  )

  it.effect(`counts the dead letters of a name that nobody has any more, ${where}`, () =>
    inRegistry(
      inFolder((folder) =>
        Effect.gen(function* () {
          const inbox = yield* Inbox.Inbox
          yield* inbox.append(new Uint8Array(1))
          const [delivery] = yield* inbox.take
          if (delivery === undefined) return assert.fail("it is to be taken")
          yield* inbox.admit(delivery.digest, [task("a", "old"), task("b", "old"), task("c", "new")], { settled: true })
          const busy = yield* Effect.forkChild(inbox.next(["new"], 1), { startImmediately: true })
          yield* Fiber.join(busy)
          const waiting = yield* Effect.forkChild(inbox.next(["new"], 1), { startImmediately: true })
          yield* TestClock.adjust("2 hours")
          yield* Fiber.interrupt(waiting)
          assert.deepStrictEqual(yield* values("whatsapp_dead_letters"), { "whatsapp_dead_letters{listener=old}": 2 })
        }).pipe(Effect.provide(layer(folder)))
      )
    )
  )
}

it.effect("counts and times the commits of a SQLite file, counts those that failed, and tells its size", () =>
  inRegistry(
    inFolder((folder) =>
      Effect.gen(function* () {
        const journal = yield* SqlJournal.SqlJournal
        const path = `${folder}/inbox.db`
        const size = Effect.sync(() => statSync(path).size + statSync(`${path}-wal`).size)
        const commits = Effect.map(histogram("whatsapp_sqlite_commit_seconds"), (found) => found?.count ?? 0)
        assert.strictEqual(yield* one("whatsapp_sqlite_commits_failed"), 0)
        yield* SqlJournal.migrate("test", ["CREATE TABLE one (body BLOB)"])
        const before = yield* commits
        let writes: Array<SqlJournal.Write> = []
        yield* journal.join({ changes: () => writes, kept: () => (writes = []), lost: () => (writes = []) })
        const change = (sql: string) =>
          Effect.suspend(() => {
            writes.push({ sql, params: [new Uint8Array(100_000)] })
            journal.changed()
            return Effect.exit(journal.committed)
          })
        yield* change("INSERT INTO one VALUES (?)")
        yield* change("INSERT INTO one VALUES (?)")
        assert.strictEqual((yield* commits) - before, 2)
        yield* change("INSERT INTO two VALUES (?)")
        assert.strictEqual((yield* commits) - before, 2)
        assert.strictEqual(yield* one("whatsapp_sqlite_commits_failed"), 1)
        assert.strictEqual(yield* one("whatsapp_sqlite_file_bytes"), yield* size)
        assert.isAbove(yield* size, 200_000)
      }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path: `${folder}/inbox.db` })))
    )
  )
)
