import { assert, describe, it, vi } from "@effect/vitest"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Effect, Schema } from "effect"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { inFolder } from "../inbox/sqlite.ts"
import * as CommandLine from "./commandLine.ts"
import { ids, kill } from "./deadLetters.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const evil = "a\u001b[2Jb\u001b]0;title\u0007c\rd\u009b31me\u202ef\u2066g\nand its stack"

const Json = Schema.fromJsonString(Schema.JsonObject)
const parse = Schema.decodeEffect(Json)

/** Asserts that it did what it was asked to, and gives what it printed, line by line. */
const succeeds = Effect.fnUntraced(function* (path: string, ...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* CommandLine.run(["inbox", ...args, "--db", path])
  assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  return stdout.split("\n").slice(0, -1)
})

const fill = Effect.gen(function* () {
  yield* kill("wamid.1", `Error: ${evil}`)
  yield* kill("wamid.2", "Error: two")
  yield* kill("wamid.3", "Error: three", "16505550178")
})

describe.concurrent("inbox", () => {
  it.live("lists, requeues, forgets and removes while a process owns the file, which knows it at once", () =>
    inFolder((folder) => {
      const path = join(folder, "bot.db")
      return Effect.gen(function* () {
        yield* fill
        const [one = "", two = ""] = yield* ids({ path })

        const letters = yield* succeeds(path, "dead")
        assert.strictEqual(letters.length, 3)
        for (const line of letters) assert.notMatch(line, /[\p{Cc}\p{Bidi_Control}]/u)
        const [first = ""] = letters
        for (const part of [one, "print", "TextReceived", "Error: a"]) assert.include(first, part)
        assert.notInclude(first, "and its stack")
        const [json = ""] = yield* succeeds(path, "dead", "--json")
        assert.notMatch(json, /[\p{Cc}\p{Bidi_Control}]/u)
        const letter = yield* parse(json)
        const known = { id: one, listener: "print", tag: "TextReceived", attempts: 0, cause: `Error: ${evil}` }
        assert.deepInclude(letter, known)

        const said = yield* succeeds(path)
        assert.include(said, "owner         a running process")
        assert.include(said, "dead letters  3")

        const unknown = yield* CommandLine.run(["inbox", "requeue", "404", two, "--db", path, "--json"])
        assert.deepStrictEqual(unknown, {
          code: 1,
          stdout: `{"requeued":["${two}"],"unknown":["404"]}\n`,
          stderr: "No dead letter has the id 404\n"
        })
        assert.deepStrictEqual(yield* succeeds(path, "forget", "+1 (650) 555-0177", "--json"), [
          `{"deliveries":2,"tasks":1,"dead":1,"running":0}`
        ])
        assert.deepStrictEqual(yield* succeeds(path, "remove", "--all"), ["removed 1"])
        const inbox = yield* Inbox.Inbox
        assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 0, running: 0, dead: 0 })
      }).pipe(Effect.provide(Inbox.layerSqlite({ path })))
    })
  )

  it.live("tells how much is open and requeues while no process owns the file", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const path = join(folder, "bot.db")
        yield* Effect.provide(fill, Inbox.layerSqlite({ path }))
        assert.deepStrictEqual(yield* succeeds(path, "requeue", "--all"), ["requeued 3"])
        const [status = ""] = yield* succeeds(path, "--json")
        assert.deepInclude(yield* parse(status), { dead: 0, waiting: 3, deliveries: 3, owned: false })
      })
    )
  )

  for (const [name, args] of [
    ["with neither an id nor --all", ["requeue", "--db", "bot.db"]],
    ["with a group to forget", ["forget", "--db", "bot.db", "Y2FwaV9ncm91cDox"]]
  ] as const) {
    it.live(`is a wrong call ${name}`, () =>
      Effect.map(CommandLine.run(["inbox", ...args]), (outcome) => CommandLine.assertReadable(outcome, 2))
    )
  }

  it.live("says in one line that a file cannot be used, and makes none", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const missing = yield* CommandLine.run(["inbox", "--db", join(folder, "none.db")])
        CommandLine.assertReadable(missing, 1)
        assert.include(missing.stderr, "does not exist")
        const diary = join(folder, "diary.txt")
        yield* Effect.promise(() => writeFile(diary, "dear diary, ".repeat(100)))
        const wrong = yield* CommandLine.run(["inbox", "--db", diary])
        CommandLine.assertReadable(wrong, 1)
        assert.include(wrong.stderr, "not a SQLite database")
      })
    )
  )
})
