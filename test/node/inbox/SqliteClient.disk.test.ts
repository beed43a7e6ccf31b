import { SqlJournal } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { inFolder } from "./sqlite.ts"
import { ids, insert, joined } from "./sqliteJournal.ts"
import { refusalOf, start } from "./sqliteRefusal.ts"

const mount = (options: string, folder: string) =>
  spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status === 0

/** A file system of its own, where mounting is allowed. */
const mounted = (options: string, folder: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      fs.mkdirSync(folder)
      return mount(options, folder)
    }),
    (isMounted) => Effect.sync(() => isMounted && execFileSync("umount", ["-l", folder]))
  )

const canMount = (() => {
  const folder = fs.mkdtempSync("/tmp/effect-whatsapp-mount-")
  const is = process.platform === "linux" && mount("size=1m", folder)
  if (is) execFileSync("umount", [folder])
  fs.rmdirSync(folder)
  return is
})()
const whereMounting = canMount ? it.effect : it.effect.skip

describe("the disk of SqliteClient", () => {
  whereMounting("is refused when the disk is full or read-only", () =>
    inFolder((folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const disk = join(folder, "disk")
          yield* mounted("size=512k", disk)
          const path = join(disk, "bot.db")
          yield* start(path)
          execFileSync("mount", ["-o", "remount,ro", disk])
          assert.match(yield* refusalOf(path), /read-only/)
          assert.match(yield* refusalOf(join(disk, "other.db")), /read-only/)
          execFileSync("mount", ["-o", "remount,rw", disk])
          spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "filler")}`, "bs=4k"])
          assert.match(yield* refusalOf(join(disk, "new.db")), /the disk is full; make room$/)
        })
      )
    )
  )

  whereMounting("is committed to again when a full disk has room", () =>
    inFolder((folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const disk = join(folder, "disk")
          yield* mounted("size=2m", disk)
          yield* Effect.gen(function* () {
            const journal = yield* SqlJournal.SqlJournal
            const one = yield* joined
            spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "filler")}`, "bs=4k"])
            one.write(insert(1, new Uint8Array(500_000)))
            assert.match((yield* Effect.flip(journal.committed)).message, /full/)
            fs.rmSync(join(disk, "filler"))
            yield* Effect.retry(journal.committed, { times: 5 })
            assert.deepStrictEqual(yield* ids, [1])
          }).pipe(Effect.scoped, Effect.provide(SqliteClient.layer({ path: join(disk, "bot.db") })))
        })
      )
    )
  )
})
