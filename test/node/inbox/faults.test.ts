/**
 * What an inbox in a file does when the file, the disk or the clock fails under it: what was acknowledged is handled,
 * what cannot be kept is refused in one line, and it goes on by itself when the fault is gone.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookConfig } from "@effect-whatsapp/node/webhook"
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Result } from "effect"
import { SqlClient } from "effect/sql"
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { startProcess } from "../server/process.ts"
import { send, sign } from "../webhook/loopback.ts"
import { inFolder, makeFile } from "./sqlite.ts"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const name = (body: Uint8Array): string => new TextDecoder().decode(body).trimEnd()

/** Whether this user may mount; where it may not, a full disk cannot be had. */
const mayMount = (() => {
  const folder = fs.mkdtempSync("/tmp/effect-whatsapp-mount-")
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" })
    execFileSync("umount", [folder], { stdio: "ignore" })
    return true
  } catch {
    return false
  } finally {
    fs.rmdirSync(folder)
  }
})()

/** A disk of its own, so small that it is soon full. */
const onDisk = <A, E>(size: string, use: (folder: string) => Effect.Effect<A, E>) =>
  inFolder((folder) =>
    Effect.acquireUseRelease(
      Effect.sync(() => execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder])),
      () => use(folder),
      () => Effect.sync(() => execFileSync("umount", ["-l", folder]))
    )
  )

/** Handles all that is there, one task for each delivery, and gives the names of the deliveries. */
const handleAll = Effect.fnUntraced(function* (inbox: Inbox.Inbox["Service"]) {
  const handled: Array<string> = []
  const bodies = new Map<string, string>()
  while ((yield* inbox.depth).deliveries > 0) {
    for (const { body, digest } of yield* inbox.take) {
      bodies.set(digest, name(body))
      const task: Inbox.NewTask = { position: "0", listener: "a", lane: "x", tag: "TextReceived", decision: {} }
      yield* inbox.admit(digest, [task], { settled: true })
    }
  }
  while ((yield* inbox.depth).waiting > 0) {
    for (const lease of yield* inbox.next(["a"], 10)) {
      yield* inbox.done(lease)
      handled.push(bodies.get(lease.task.digest) ?? "")
    }
  }
  yield* inbox.awaitIdle
  return handled
})

const large = (text: string) => bytes(text.padEnd(20_000))

/** Appends deliveries of 20 kB until one is refused; gives the names of those that were kept, and the error. */
const appendUntilRefused = Effect.fnUntraced(function* (inbox: Inbox.Inbox["Service"]) {
  const kept: Array<string> = []
  for (;;) {
    const exit = yield* Effect.result(inbox.append(large(String(kept.length))))
    if (exit._tag === "Failure") return { kept, error: exit.failure }
    kept.push(String(kept.length))
  }
})

/** Says what is wrong in one line, and nothing of what somebody wrote. */
const isOneLine = (error: unknown, expected: string) => {
  assert.instanceOf(error, InboxError)
  assert.notInclude(error.details, "\n")
  assert.notInclude(error.message, "orchid")
  assert.include(error.message, expected)
}

/** Uses up all the room there is, and gives it back. */
const filler = (folder: string) => {
  const path = `${folder}/filler`
  const file = fs.openSync(path, "w")
  const page = Buffer.alloc(4096)
  while (Result.isSuccess(Result.try(() => fs.writeSync(file, page))));
  fs.closeSync(file)
  return {
    leave: (room: number) => fs.truncateSync(path, fs.statSync(path).size - room),
    remove: () => fs.rmSync(path)
  }
}

describe.skipIf(!mayMount)("on a full disk", () => {
  const onFullDisk = (
    use: (world: {
      readonly file: Effect.Success<ReturnType<typeof makeFile>>
      readonly inbox: Inbox.Inbox["Service"]
      readonly kept: ReadonlyArray<string>
      readonly error: InboxError
      readonly makeRoom: Effect.Effect<void>
    }) => Effect.Effect<void, unknown>
  ) =>
    onDisk("8m", (folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const file = yield* makeFile(folder)
          const inbox = yield* file.open
          const other = filler(folder)
          other.leave(600_000)
          const { error, kept } = yield* appendUntilRefused(inbox)
          assert.isAbove(kept.length, 5)
          yield* use({ file, inbox, error, kept, makeRoom: Effect.sync(other.remove) })
        })
      )
    )

  it.live("refuses what it cannot keep, says why, and goes on as soon as there is room again", () =>
    onFullDisk(
      Effect.fnUntraced(function* ({ error, file, inbox, kept, makeRoom }) {
        isOneLine(error, "full")
        isOneLine(yield* Effect.flip(inbox.append(large("no room"))), "full")
        yield* makeRoom
        yield* inbox.append(large("room again"))
        yield* inbox.append(large("no room"))
        assert.deepStrictEqual(yield* handleAll(inbox), [...kept, "room again", "no room"])
        assert.deepStrictEqual(yield* handleAll(yield* file.restart), [])
      })
    )
  )

  it.live("goes on with its work when there is room again, although nothing comes", () =>
    onFullDisk(
      Effect.fnUntraced(function* ({ inbox, kept, makeRoom }) {
        const persistent = {
          ...inbox,
          admit: (...all: Parameters<typeof inbox.admit>) => Effect.eventually(inbox.admit(...all)),
          done: (lease: Inbox.Lease) => Effect.eventually(inbox.done(lease)),
          awaitIdle: Effect.eventually(inbox.awaitIdle)
        }
        const handling = yield* Effect.forkChild(handleAll(persistent))
        yield* Effect.sleep(500)
        yield* makeRoom
        assert.deepStrictEqual(yield* Fiber.join(handling), kept)
      })
    )
  )

  for (const how of ["restart", "crash"] as const) {
    it.live(`loses nothing in a ${how}`, () =>
      onFullDisk(
        Effect.fnUntraced(function* ({ file, kept, makeRoom }) {
          if (how === "crash") yield* makeRoom
          else {
            yield* file.close
            yield* makeRoom
          }
          assert.deepStrictEqual(yield* handleAll(yield* file[how]), kept)
        })
      )
    )
  }

  it.live("refuses to start", () =>
    onDisk("64k", (folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const other = filler(folder)
          const file = yield* makeFile(folder)
          isOneLine(yield* Effect.flip(file.open), "the disk is full; make room")
          other.remove()
        })
      )
    )
  )
})

describe("when the file is taken away", () => {
  for (const how of ["removed", "replaced"] as const) {
    it.live(`refuses deliveries or brings it back when it was ${how}, and loses nothing`, () =>
      inFolder((folder) =>
        Effect.scoped(
          Effect.gen(function* () {
            const file = yield* makeFile(folder)
            const inbox = yield* file.open
            const kept = ["one"]
            yield* inbox.append(bytes("one"))
            fs.renameSync(file.path(), `${folder}/elsewhere`)
            if (how === "replaced") fs.writeFileSync(file.path(), "")
            for (const body of ["two", "three"]) {
              const result = yield* Effect.result(inbox.append(bytes(body)))
              if (Result.isSuccess(result)) kept.push(body)
              else isOneLine(result.failure, "removed or replaced")
            }
            if (kept.length === 1) fs.renameSync(`${folder}/elsewhere`, file.path())
            yield* inbox.append(bytes("four"))
            kept.push("four")
            // What was refused may have been kept all the same.
            const handled = yield* handleAll(yield* file.restart)
            assert.deepStrictEqual(
              handled.filter((one) => kept.includes(one)),
              kept
            )
          })
        )
      )
    )
  }
})

describe("while the application holds a transaction open", () => {
  for (const end of ["commits", "rolls back"] as const) {
    it.live(`deliveries wait for it, and are kept when it ${end}`, () =>
      inFolder((folder) =>
        Effect.scoped(
          Effect.gen(function* () {
            const file = yield* makeFile(folder)
            const context = yield* file.context
            const inbox = Context.get(context, Inbox.Inbox)
            const sql = Context.get(context, SqlClient.SqlClient)
            yield* sql`CREATE TABLE orders (number INTEGER)`
            const begun = yield* Deferred.make<void>()
            const told = yield* Deferred.make<void>()
            const transaction = Effect.gen(function* () {
              yield* sql`INSERT INTO orders VALUES (1)`
              yield* Deferred.succeed(begun, undefined)
              yield* Deferred.await(told)
              if (end === "rolls back") return yield* Effect.fail("changed its mind")
            })
            const running = yield* Effect.forkChild(Effect.exit(sql.withTransaction(transaction)))
            yield* Deferred.await(begun)
            const appending = yield* Effect.forkChild(inbox.append(bytes("one")), { startImmediately: true })
            // Long enough for many turns of the event loop.
            yield* Effect.sleep(1000)
            assert.isUndefined(appending.pollUnsafe())
            yield* Deferred.succeed(told, undefined)
            yield* Fiber.join(running)
            yield* Fiber.join(appending)
            const [{ count } = { count: undefined }] = yield* sql`SELECT count(*) AS count FROM orders`
            assert.strictEqual(count, end === "commits" ? 1 : 0)
            assert.deepStrictEqual(yield* handleAll(yield* file.crash), ["one"])
          })
        )
      )
    )
  }
})

/** Limits how large a file a process may write, which it may undo. */
const limit = (pid: number | undefined, size: string) =>
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${size}:`])
const mayLimit = Result.isSuccess(Result.try(() => limit(process.pid, "unlimited")))

it.live.skipIf(!mayLimit)(
  "a server whose disk fails answers 503, says why in its log, handles what it has acknowledged, and goes on by itself",
  () =>
    inFolder((folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const path = `${folder}/inbox.db`
          const server = yield* startProcess(new URL("../server/program.ts", import.meta.url), { DATABASE: path })
          const url = (yield* server.line) + WebhookConfig.defaultPath
          const post = Effect.fnUntraced(function* (wamid: string, text: string = "orchid") {
            const body = Delivery.text(wamid, { text })
            const headers = { "x-hub-signature-256": yield* sign(body) }
            return (yield* send(url, { method: "POST", body, headers })).status
          })
          assert.strictEqual(yield* post("1", "wait"), 200)
          assert.strictEqual(yield* server.line, "starts 1")
          limit(server.pid, "4096")
          assert.strictEqual(yield* post("2"), 503)
          assert.strictEqual(yield* post("2"), 503)
          yield* server.tell("go")
          assert.strictEqual(yield* server.line, "handled 1")
          assert.strictEqual(yield* post("3"), 503)
          limit(server.pid, "unlimited")
          while ((yield* post("2")) === 503) yield* Effect.sleep(10)
          assert.strictEqual(yield* server.line, "starts 2")
          yield* server.terminate
          assert.strictEqual(yield* server.exit, 0)
          const reasons = server
            .log()
            .split("\n")
            .filter((line) => line.includes("could not be kept"))
          assert.isAbove(reasons.length, 0)
          for (const reason of reasons) assert.match(reason, /Inbox.append: .*(disk|write|full)/)
          assert.notInclude(server.log(), "orchid")
          assert.deepStrictEqual(server.printed().slice(1), ["starts 1", "handled 1", "starts 2", "handled 2"])
        })
      )
    ),
  60_000
)

describe("a file that is damaged", () => {
  const damaged = "it is damaged; put it aside"
  const foreign = "it is not a SQLite database"
  const damages: ReadonlyArray<readonly [what: string, damage: (content: Buffer) => Buffer, expected: string]> = [
    ["full of garbage", ({ length }) => Buffer.alloc(length, "orchid "), foreign],
    ["cut off", (content) => content.subarray(0, content.length / 2), damaged],
    ["cut off within its header", (content) => content.subarray(0, 50), damaged],
    ["without its first page", (content) => content.fill(0, 0, 4096), foreign],
    ["with a page of zeros", (content) => content.fill(0, 4096, 8192), damaged],
    ["with a page of noise", (content) => content.fill(0xa5, 3 * 4096 + 10, 4 * 4096), damaged],
    ["of another program", (content) => content.fill(7, 68, 72), "it is the database of another program"]
  ]
  for (const [what, damage, expected] of damages) {
    it.live(`is refused: ${what}`, () =>
      inFolder((folder) =>
        Effect.scoped(
          Effect.gen(function* () {
            const file = yield* makeFile(folder)
            const inbox = yield* file.open
            for (let i = 0; i < 100; i++) yield* inbox.append(bytes(`orchid ${i}`.padEnd(500)))
            yield* file.close
            fs.writeFileSync(file.path(), damage(fs.readFileSync(file.path())))
            const before = fs.readFileSync(file.path())
            const error = yield* Effect.flip(file.open)
            isOneLine(error, expected)
            assert.deepStrictEqual(fs.readFileSync(file.path()), before, "left as it was")
          })
        )
      )
    )
  }
})

describe("a file that cannot be opened", () => {
  const refused = (path: string, expected: string) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(Inbox.layerSqlite({ path })))
      isOneLine(error, expected)
    }).pipe(Effect.scoped)

  it.live("says that its folder is missing", () =>
    inFolder((folder) => refused(`${folder}/missing/inbox.db`, "its folder does not exist"))
  )
  it.live.skipIf(!mayMount)("says that its file system is read-only", () =>
    onDisk("1m", (folder) =>
      Effect.gen(function* () {
        const file = yield* Effect.scoped(Effect.tap(makeFile(folder), ({ open }) => open))
        execFileSync("mount", ["-o", "remount,ro", folder])
        yield* refused(file.path(), "read-only")
        yield* refused(`${folder}/another.db`, "its file system is read-only")
      })
    )
  )
  it.live("says that it is a folder", () => inFolder((folder) => refused(folder, "it is a folder")))
  it.live(
    "says that another process uses it, for as long as that one lives",
    () =>
      inFolder((folder) =>
        Effect.gen(function* () {
          const program = new URL("../server/program.ts", import.meta.url)
          const start = startProcess(program, { DATABASE: `${folder}/inbox.db` })
          const first = yield* start
          yield* first.line
          const second = yield* start
          assert.strictEqual(yield* second.exit, 1)
          assert.include(second.printed().join(), "another process uses it; stop that one")
          yield* first.kill
          yield* first.exit
          yield* (yield* start).line
        }).pipe(Effect.scoped)
      ),
    60_000
  )
  it.live("says that another one in the same process uses it", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        yield* Layer.build(Layer.fresh(Inbox.layerSqlite({ path: `${folder}/inbox.db` })))
        yield* refused(`${folder}/inbox.db`, "another process uses it")
      }).pipe(Effect.scoped)
    )
  )
})
