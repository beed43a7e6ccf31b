import { assert, describe, it, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { inFolder } from "../inbox/sqlite.ts"
import * as CommandLine from "./commandLine.ts"
import { decode, environment, type Listening, listen, wamids } from "./listening.ts"

vi.setConfig({ testTimeout: 120_000 })

/** The wamids of everything up to the one that is delivered now. */
const untilMarker = Effect.fnUntraced(function* ({ deliver, line }: Listening) {
  yield* deliver(Delivery.text("wamid.marker"))
  const found: Array<string> = []
  while (found.at(-1) !== "wamid.marker") found.push(...wamids([yield* decode(yield* line)]))
  return found.slice(0, -1)
})

describe.concurrent("listen --db", () => {
  it.live("does not print a message again that comes again after a restart, in whatever bytes", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const args = ["--json", "--db", join(folder, "bot.db")]
        const first = yield* listen(args)
        yield* first.deliver(Delivery.text("wamid.1"))
        assert.deepStrictEqual(wamids(yield* first.events(1)), ["wamid.1"])
        yield* first.signal("SIGTERM")
        assert.strictEqual((yield* first.outcome).code, 0)

        const second = yield* listen(args)
        const other = Delivery.messages({ messages: [Delivery.textItem("wamid.1"), Delivery.textItem("wamid.2")] })
        yield* second.deliver(Delivery.text("wamid.1"), other)
        assert.deepStrictEqual(yield* untilMarker(second), ["wamid.2"])
      }, Effect.scoped)
    )
  )

  it.live("prints after kill -9 what it had acknowledged and not printed, in order, and at most one line twice", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const args = ["--json", "--db", join(folder, "bot.db")]
        const sent = Array.from({ length: 2000 }, (_, n) => `wamid.${n}`)
        const first = yield* listen(args)
        // A reader that does not read.
        first.child.stdout?.pause()
        yield* first.deliver(Delivery.messages({ messages: sent.map((wamid) => Delivery.textItem(wamid)) }))
        yield* first.signal("SIGKILL")
        first.child.stdout?.resume()
        const { code, stdout } = yield* first.outcome
        assert.strictEqual(code, "SIGKILL")
        const printed = wamids(yield* Effect.forEach(stdout.split("\n").slice(0, -1), (line) => decode(line)))
        assert.deepStrictEqual(printed, sent.slice(0, printed.length))
        assert.isBelow(printed.length, sent.length)

        const second = yield* listen(args)
        const again = yield* untilMarker(second)
        assert.deepStrictEqual(again, sent.slice(-again.length))
        assert.include([0, 1], again.length + printed.length - sent.length)
      }, Effect.scoped)
    )
  )

  it.live("refuses a second process on the same file in one line, and the first goes on", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const args = ["--json", "--db", join(folder, "bot.db")]
        const first = yield* listen(args)
        const second = yield* CommandLine.run(["listen", "--port", "0", ...args], { env: environment })
        CommandLine.assertReadable(second, 1)
        assert.include(second.stderr, "another process uses it")
        yield* first.deliver(Delivery.text("wamid.1"))
        assert.deepStrictEqual(wamids(yield* first.events(1)), ["wamid.1"])
      }, Effect.scoped)
    )
  )

  for (const [name, make, said] of [
    ["is a folder", (path: string) => mkdir(path), "a folder"],
    ["is no database", (path: string) => writeFile(path, "dear diary, ".repeat(100)), "not a SQLite database"],
    ["stands in no folder", () => Promise.resolve(), "folder does not exist"]
  ] as const) {
    it.live(`says in one line that a file cannot be used: one that ${name}`, () =>
      inFolder(
        Effect.fnUntraced(function* (folder) {
          const path = join(folder, name === "stands in no folder" ? "none/bot.db" : "bot.db")
          yield* Effect.promise(() => make(path))
          const outcome = yield* CommandLine.run(["listen", "--port", "0", "--db", path], { env: environment })
          CommandLine.assertReadable(outcome, 1)
          assert.include(outcome.stderr, said)
        })
      )
    )
  }
})
