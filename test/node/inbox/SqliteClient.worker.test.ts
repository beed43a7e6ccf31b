import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Worker } from "node:worker_threads"
import { inFolder, turns } from "./sqlite.ts"
import { ids, insert, joined } from "./sqliteJournal.ts"

const program = `
  import { SqlJournal } from "@effect-whatsapp/core/services"
  import { SqliteClient } from "@effect-whatsapp/node/inbox"
  import { Effect, Fiber } from "effect"
  const path = process.argv[1]
  await Effect.gen(function* () {
    const journal = yield* SqlJournal.SqlJournal
    yield* SqlJournal.migrate("kept", ["CREATE TABLE kept (id INTEGER)"])
    let news = [{ sql: "INSERT INTO kept VALUES (1)", params: [] }]
    yield* journal.join({ changes: () => news, kept: () => { news = [] }, lost: () => {} })
    journal.changed()
    yield* journal.committed
    console.log(JSON.stringify(yield* journal.read("SELECT id FROM kept")))
  }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path, worker: true })), Effect.runPromise)
`

const root = join(import.meta.dirname, "../../..")

describe("the worker of SqliteClient", () => {
  it.effect(
    "runs from the sources, and where it was built also from dist; and lets the process end",
    () =>
      inFolder((folder) =>
        Effect.sync(() => {
          const built = fs.existsSync(join(root, "packages/node/dist/inbox/internal/sqliteWorker.js"))
          for (const flags of [["--conditions=effect-whatsapp-source"], ...(built ? [[]] : [])]) {
            const path = join(folder, `bot-${flags.length}.db`)
            const { stderr, stdout } = spawnSync(
              process.execPath,
              [...flags, "--input-type=module", "-e", program, path],
              { cwd: root, encoding: "utf8", timeout: 20_000 }
            )
            assert.strictEqual(stderr, "")
            assert.strictEqual(stdout, `[{"id":1}]\n`)
          }
        })
      ),
    60_000
  )

  it.effect("is started again when it dies, and nothing of what it had is lost or written twice", () =>
    inFolder((folder) => {
      const path = join(folder, "bot.db")
      const started: Array<Worker> = []
      const collect = (worker: Worker) => started.push(worker)
      return Effect.gen(function* () {
        yield* Effect.acquireRelease(
          Effect.sync(() => process.on("worker", collect)),
          () => Effect.sync(() => process.off("worker", collect))
        )
        yield* Effect.gen(function* () {
          const journal = yield* SqlJournal.SqlJournal
          const one = yield* joined
          one.write(insert(1))
          yield* journal.committed
          const other = new DatabaseSync(path)
          // Now the worker waits for its turn.
          other.exec("BEGIN IMMEDIATE")
          one.write(insert(2))
          const waiting = yield* Effect.forkChild(Effect.flip(journal.committed), { startImmediately: true })
          yield* turns
          yield* Effect.promise(async () => started[0]?.terminate())
          assert.match(
            (yield* Fiber.join(waiting)).message,
            /The thread that writes .*bot\.db has ended: it was stopped$/
          )
          other.exec("COMMIT")
          other.close()
          yield* Effect.retry(journal.committed, { times: 5 })
          assert.deepStrictEqual(yield* ids, [1, 2])
          assert.strictEqual(started.length, 2)
          // And where nothing was under way, nobody notices.
          yield* Effect.promise(async () => started[1]?.terminate())
          one.write(insert(3))
          yield* journal.committed
          assert.deepStrictEqual(yield* ids, [1, 2, 3])
        }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path, worker: true })))
      }).pipe(Effect.scoped)
    })
  )
})
