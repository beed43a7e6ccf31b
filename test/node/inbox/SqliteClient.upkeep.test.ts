import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { eventually, inFolder } from "./sqlite.ts"
import { insert, joined } from "./sqliteJournal.ts"

const secret = "what a customer wrote"

const suite = (name: string, worker: boolean) =>
  describe(name, () => {
    it.effect(
      "gives the space of what was erased back, and leaves nothing of it in any file",
      () =>
        inFolder((folder) => {
          const path = join(folder, "bot.db")
          return Effect.gen(function* () {
            const journal = yield* SqlJournal.SqlJournal
            const sql = yield* SqlClient.SqlClient
            const one = yield* joined
            const body = Buffer.from(secret.repeat(50))
            for (let id = 0; id < 6000; id++) one.write(insert(id, body))
            yield* journal.committed
            yield* sql`PRAGMA wal_checkpoint(PASSIVE)`
            const before = fs.statSync(path).size
            assert.isAbove(before, 6_000_000)
            one.write({ sql: "DELETE FROM kept", params: [] })
            yield* journal.committed
            yield* eventually(() => fs.statSync(path).size < 1_500_000 && fs.statSync(`${path}-wal`).size === 0)
            // Read by another process: to close a file would drop the locks that this one has on it.
            const { stdout } = spawnSync("grep", ["-rl", secret, folder], { encoding: "utf8" })
            assert.strictEqual(stdout, "")
          }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path, worker })))
        }),
      20_000
    )
  })

suite("the upkeep of SqliteClient", false)
suite("the upkeep of SqliteClient with a worker", true)
