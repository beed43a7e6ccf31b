import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as CommandLine from "./commandLine.ts"

vi.setConfig({ testTimeout: 60_000 })

const template = fileURLToPath(new URL("../../../packages/node/src/scaffold/template/src", import.meta.url))
const listeners = "src/whatsapp/listeners.ts"

/** A project of its own, which is removed with the scope. */
const project = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "effect-whatsapp-add-")))
    cpSync(template, join(folder, "src"), { recursive: true })
    writeFileSync(join(folder, "package.json"), "{}")
    return folder
  }),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const add = (cwd: string, ...args: ReadonlyArray<string>) => CommandLine.run(["add", "listener", ...args], { cwd })
const read = (...path: ReadonlyArray<string>) => readFileSync(join(...path), "utf8")

const assertRefused = (outcome: CommandLine.Outcome, code: 1 | 2, ...said: ReadonlyArray<string>) => {
  CommandLine.assertReadable(outcome, code)
  for (const part of said) assert.include(outcome.stderr, part)
}

describe.concurrent("add listener", () => {
  it.live("adds a stub and registers it, from any folder of the project, and says where", () =>
    Effect.gen(function* () {
      const cwd = yield* project
      chmodSync(join(cwd, listeners), 0o660)
      const one = yield* add(cwd, "thank", "--on", "ImageReceived")
      assert.deepStrictEqual(one, { code: 0, stdout: `${listeners}, line 31\n`, stderr: "" })
      const two = yield* add(join(cwd, "src"), "count", "--on", "TextReceived", "--on", "ReactionReceived", "--json")
      assert.strictEqual(two.code, 0, two.stderr)
      assert.deepStrictEqual(JSON.parse(two.stdout), {
        file: "whatsapp/listeners.ts",
        line: 40,
        name: "count",
        events: ["TextReceived", "ReactionReceived"]
      })
      const text = read(cwd, listeners)
      assert.include(text, "export const Bot = Listeners.layer(answer, note, thank, count)\n")
      assert.match(text.split("\n")[39] ?? "", /^const count = /)
      assert.strictEqual(statSync(join(cwd, listeners)).mode & 0o777, 0o660)
    })
  )

  it.live("writes nothing when the name is taken, in whatever file", () =>
    Effect.gen(function* () {
      const cwd = yield* project
      const before = read(cwd, listeners)
      assertRefused(yield* add(cwd, "answer", "--on", "TextReceived"), 1, `${listeners}, line 11`)
      const other = before.replace(`"answer",`, `"elsewhere",`)
      writeFileSync(join(cwd, "src/other.ts"), other)
      assertRefused(yield* add(cwd, "elsewhere", "--on", "TextReceived"), 1, "src/other.ts, line 11")
      assert.deepStrictEqual([read(cwd, listeners), read(cwd, "src/other.ts")], [before, other])
    })
  )

  it.live("calls what makes no sense a wrong call, with the event that was probably meant", () =>
    Effect.gen(function* () {
      const cwd = yield* project
      const before = read(cwd, listeners)
      assertRefused(yield* add(cwd, "x", "--on", "TextRecieved"), 2, "did you mean TextReceived?")
      assertRefused(yield* add(cwd, "x", "--on", "\u001B[31mNonsense"), 2, "Every event")
      assertRefused(yield* add(cwd, "x", "--on", "*", "--on", "TextReceived"), 2, "give it alone")
      assertRefused(yield* add(cwd, "x"), 2, "--on")
      for (const name of ["", "(admission)", `"); process.exit(1); ("`, "a\u001B[31m", "a".repeat(101)]) {
        assertRefused(yield* add(cwd, "--on", "TextReceived", "--", name), 2, "NAME")
      }
      assert.strictEqual(read(cwd, listeners), before)
    })
  )

  it.live("says what to do where it cannot be put, and writes nothing", () =>
    Effect.gen(function* () {
      const cwd = yield* project
      rmSync(join(cwd, listeners))
      assertRefused(yield* add(cwd, "x", "--on", "*"), 1, `no ${listeners}`, "--file")
      const text = `import { Listeners } from "@effect-whatsapp/node/events"\nexport const none = Listeners\n`
      writeFileSync(join(cwd, listeners), text)
      assertRefused(yield* add(cwd, "x", "--on", "*"), 1, "by hand")
      assert.strictEqual(read(cwd, listeners), text)
      mkdirSync(join(cwd, "folder.ts"))
      assertRefused(yield* add(cwd, "x", "--on", "*", "--file", "folder.ts"), 1, "folder.ts is no file")
      writeFileSync(join(cwd, "binary.ts"), Buffer.from([0xff, 0xfe, 0x00]))
      assertRefused(yield* add(cwd, "x", "--on", "*", "--file", "binary.ts"), 1, "UTF-8")
    })
  )

  it.live("goes where --file says, and through a link, which stays one", () =>
    Effect.gen(function* () {
      const cwd = yield* project
      symlinkSync(listeners, join(cwd, "bot.ts"))
      const outcome = yield* add(cwd, "x", "--on", "*", "--file", "bot.ts")
      assert.deepStrictEqual(outcome, { code: 0, stdout: "bot.ts, line 31\n", stderr: "" })
      assert.include(read(cwd, listeners), "Listeners.layer(answer, note, x)")
      assert.strictEqual(realpathSync(join(cwd, "bot.ts")), join(cwd, listeners))
    })
  )
})
