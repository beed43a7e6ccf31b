import { assert, describe, it, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, Schema } from "effect"
import { existsSync } from "node:fs"
import { chmod, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { inFolder } from "../inbox/sqlite.ts"
import * as CommandLine from "./commandLine.ts"
import * as Endpoint from "./endpoint.ts"
import { assertNoSecret, environment, listen, sign } from "./listening.ts"

vi.setConfig({ testTimeout: 60_000 })

const parse = Schema.decodeSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.String)))

const linesOf = (path: string) => Effect.promise(async () => (await readFile(path, "utf8")).split("\n").slice(0, -1))
/** The deliveries that a file holds, each with the names of its members. */
const recorded = (path: string) =>
  Effect.map(linesOf(path), (lines) =>
    lines.map((line) => {
      const { base64, receivedAt = "", text, ...more } = parse(line)
      assert.deepStrictEqual(more, {})
      assert.match(receivedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      return text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text)
    })
  )
const recordedBefore = `{"receivedAt":"2026-08-12T02:00:10.000Z","text":"{}"}`
const tornLine = recordedBefore.slice(0, 30)
const modeOf = (path: string) => Effect.promise(async () => (await stat(path)).mode & 0o777)
const buffers = (bodies: ReadonlyArray<Uint8Array>) => bodies.map((body) => Buffer.from(body))

describe.concurrent("listen --record", () => {
  it.live(
    "has each delivery in the file, byte by byte, when its events are printed, and shows it to its owner alone",
    () =>
      inFolder(
        Effect.fnUntraced(function* (folder) {
          const path = join(folder, "deliveries.jsonl")
          const server = yield* listen(["--json", "--record", path])
          const bodies = [
            Delivery.text("wamid.1", { text: "perché\nno? 👩‍👩‍👧 \u2028" }),
            Buffer.from("\ufeff{ not JSON\r\n"),
            Buffer.from([0x7b, 0xff, 0xfe, 0x00]),
            Buffer.alloc(0)
          ]
          for (const [index, body] of bodies.entries()) {
            yield* server.deliver(body)
            yield* server.line
            assert.deepStrictEqual(yield* recorded(path), buffers(bodies.slice(0, index + 1)))
          }
          assert.strictEqual(yield* modeOf(path), 0o600)
          const text = (yield* linesOf(path)).join("\n")
          assertNoSecret(text, ...bodies.map((body) => sign(body).slice("sha256=".length)))
        }, Effect.scoped)
      )
  )

  it.live("records before it forwards, and appends to what is there on a line of its own", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "deliveries.jsonl")
        yield* Effect.promise(async () => {
          await writeFile(path, `${recordedBefore}\n${tornLine}`)
          await chmod(path, 0o644)
        })
        const endpoint = yield* Endpoint.serve()
        const server = yield* listen(["--record", path, "--forward", endpoint.url])
        assert.strictEqual(yield* modeOf(path), 0o600)
        const body = Delivery.text("wamid.1")
        yield* server.deliver(body)
        yield* endpoint.next
        const [first, torn, whole = ""] = yield* linesOf(path)
        assert.deepStrictEqual([first, torn], [recordedBefore, tornLine])
        assert.strictEqual(parse(whole)["text"], Buffer.from(body).toString())
      }, Effect.scoped)
    )
  )

  it.live("has after kill -9 with --db every delivery that was acknowledged", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "deliveries.jsonl")
        const args = ["--json", "--db", join(folder, "bot.db"), "--record", path]
        const bodies = Array.from({ length: 200 }, (_, n) => Delivery.text(`wamid.${n}`))
        const first = yield* listen(args)
        yield* first.deliver(...bodies)
        yield* first.signal("SIGKILL")
        yield* first.outcome
        const second = yield* listen(args)
        const last = Delivery.text("wamid.last")
        yield* second.deliver(last)
        const seen: Array<string> = []
        while (!seen.at(-1)?.includes("wamid.last")) seen.push(yield* second.line)
        const found = (yield* recorded(path)).map((body) => body.toString())
        assert.deepStrictEqual(
          [...new Set(found)],
          buffers([...bodies, last]).map((body) => body.toString())
        )
      }, Effect.scoped)
    )
  )

  // A file that takes nothing, as on a disk that is full.
  it.live.skipIf(!existsSync("/dev/full"))(
    "neither prints nor forwards what cannot be recorded, and says so once",
    () =>
      Effect.gen(function* () {
        const endpoint = yield* Endpoint.serve()
        const server = yield* listen(["--json", "--record", "/dev/full", "--forward", endpoint.url])
        yield* server.deliver(Delivery.text("wamid.1"), Delivery.text("wamid.2"))
        const warning = yield* server.complaint
        assert.match(warning, /WARN.*What arrives cannot be recorded/)
        yield* server.deliver(Delivery.text("wamid.3"))
        assert.deepStrictEqual(yield* server.unread, [])
        assert.deepStrictEqual(endpoint.posts, [])
        assert.strictEqual(server.printed().split("WARN").length, 2)
      })
  )

  it.live("goes on after a crash that left a part of the first line", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "deliveries.jsonl")
        yield* Effect.promise(() => writeFile(path, `{"rec`))
        const server = yield* listen(["--json", "--record", path])
        yield* server.deliver(Delivery.text("wamid.1"))
        yield* server.line
        const [torn, whole = ""] = yield* linesOf(path)
        assert.strictEqual(torn, `{"rec`)
        assert.include(whole, "wamid.1")
      }, Effect.scoped)
    )
  )

  for (const [name, args, content] of [
    ["something else", ["--record", "notes.json"], `{"name":"my-bot"}\n`],
    ["its own database", ["--db", "notes.json", "--record", "notes.json"], undefined]
  ] as const) {
    it.live(`does not start with a file that holds ${name}, and leaves it as it is`, () =>
      inFolder(
        Effect.fnUntraced(function* (folder) {
          const path = join(folder, "notes.json")
          if (content !== undefined) {
            yield* Effect.promise(async () => {
              await writeFile(path, content)
              await chmod(path, 0o644)
            })
          }
          const words = args.map((word) => (word === "notes.json" ? path : word))
          const outcome = yield* CommandLine.run(["listen", "--port", "0", ...words], { env: environment })
          CommandLine.assertReadable(outcome, 1)
          assert.include(outcome.stderr, "is no file of recorded deliveries")
          if (content !== undefined) {
            assert.strictEqual(yield* Effect.promise(() => readFile(path, "utf8")), content)
            assert.strictEqual(yield* modeOf(path), 0o644)
          }
        })
      )
    )
  }

  it.live("does not start with standard output for a file", () =>
    Effect.gen(function* () {
      const outcome = yield* CommandLine.run(["listen", "--port", "0", "--record", "-"], { env: environment })
      CommandLine.assertReadable(outcome, 2)
      assert.include(outcome.stderr, "takes a file")
    })
  )

  for (const [name, path] of [
    ["is a folder", "."],
    ["stands in no folder", "none/deliveries.jsonl"]
  ] as const) {
    it.live(`says in one line that a file cannot be used: one that ${name}`, () =>
      inFolder(
        Effect.fnUntraced(function* (folder) {
          const outcome = yield* CommandLine.run(["listen", "--port", "0", "--record", join(folder, path)], {
            env: environment
          })
          CommandLine.assertReadable(outcome, 1)
          assert.include(outcome.stderr, "cannot be written")
        })
      )
    )
  }
})
