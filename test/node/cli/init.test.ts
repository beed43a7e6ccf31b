import { assert, describe, it, vi } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as CommandLine from "./commandLine.ts"
import * as Terminal from "./terminal.ts"

vi.setConfig({ testTimeout: 60_000 })

const files = [
  ".env.example",
  ".gitignore",
  "README.md",
  "package.json",
  "src/dev.ts",
  "src/localMeta.ts",
  "src/main.ts",
  "src/whatsapp/config.ts",
  "src/whatsapp/listeners.ts",
  "src/whatsapp/webhook.ts",
  "test/bot.test.ts",
  "tsconfig.json"
]

const Report = Schema.fromJsonString(
  Schema.Struct({
    directory: Schema.String,
    made: Schema.Array(Schema.String),
    overwritten: Schema.Array(Schema.String),
    unchanged: Schema.Array(Schema.String),
    kept: Schema.Array(Schema.String)
  })
)
const Project = Schema.fromJsonString(Schema.Struct({ name: Schema.String }))

/** A folder of its own, which is removed with the scope. */
const home = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-init-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const init = (cwd: string, ...args: ReadonlyArray<string>) => CommandLine.run(["init", ...args], { cwd })

/** Every file under a folder, with what it holds. */
const contents = (folder: string): { readonly [path: string]: string } =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => lstatSync(join(folder, path)).isFile())
      .toSorted()
      .map((path) => [path, readFileSync(join(folder, path), "utf8")])
  )

const read = (...path: ReadonlyArray<string>) => readFileSync(join(...path), "utf8")

const assertRefused = (outcome: CommandLine.Outcome, code: 1 | 2, ...said: ReadonlyArray<string>) => {
  CommandLine.assertReadable(outcome, code)
  for (const part of said) assert.include(outcome.stderr, part)
}

describe.concurrent("init", () => {
  it.live("makes a project and says what comes next, and asks nothing without a terminal", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const { code, stderr, stdout } = yield* init(cwd, "my-bot")
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      const made = contents(join(cwd, "my-bot"))
      assert.deepStrictEqual(Object.keys(made), files)
      for (const part of [...files, "cd my-bot\n", "npm install\n", "npm run dev "]) assert.include(stdout, part)
      assert.strictEqual((yield* Schema.decodeEffect(Project)(made["package.json"] ?? "")).name, "my-bot")
    })
  )

  it.live("lists with --json what was made; a second time it makes what is missing and leaves the rest", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const first = yield* Schema.decodeEffect(Report)((yield* init(cwd, "my-bot", "--json")).stdout)
      assert.deepStrictEqual(first.made.toSorted(), files)
      const whole = contents(cwd)
      rmSync(join(cwd, "my-bot/src/whatsapp"), { recursive: true })
      const second = yield* Schema.decodeEffect(Report)((yield* init(cwd, "my-bot", "--json")).stdout)
      const [made, unchanged] = [3, files.length - 3]
      assert.deepStrictEqual([second.made.length, second.unchanged.length], [made, unchanged])
      assert.deepStrictEqual(contents(cwd), whole)
    })
  )
})

describe.concurrent("init, where there is something already", () => {
  it.live("writes nothing at all over files that differ, and names them; overwrites them with --force", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      writeFileSync(join(cwd, "package.json"), "{}")
      writeFileSync(join(cwd, "notes.txt"), "mine")
      mkdirSync(join(cwd, "src"))
      writeFileSync(join(cwd, "src/main.ts"), "mine")
      const before = contents(cwd)
      for (const flags of [[], ["--json"]]) {
        assertRefused(yield* init(cwd, ".", "--name", "bot", ...flags), 1, "package.json, src/main.ts", "--force")
        assert.deepStrictEqual(contents(cwd), before)
      }
      const { stdout } = yield* init(cwd, ".", "--name", "bot", "--force", "--json")
      const { made, overwritten } = yield* Schema.decodeEffect(Report)(stdout)
      assert.deepStrictEqual(overwritten, ["package.json", "src/main.ts"])
      assert.lengthOf(made, files.length - 2)
      assert.deepStrictEqual(Object.keys(contents(cwd)), [...files, "notes.txt"].toSorted())
      assert.strictEqual(read(cwd, "notes.txt"), "mine")
    })
  )

  it.live("says in one line why a place cannot be used", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      writeFileSync(join(cwd, "file"), "")
      symlinkSync(tmpdir(), join(cwd, "src"))
      const before = readdirSync(cwd)
      assertRefused(yield* init(cwd, "file"), 1, "file is a file")
      assertRefused(yield* init(cwd, ".", "--name", "bot", "--force"), 1, "src is a link that leads out")
      assertRefused(yield* init(cwd, ""), 2, "DIR is empty")
      assert.deepStrictEqual(readdirSync(cwd), before)
    })
  )
})

describe.concurrent("init, with names that are hostile", () => {
  it.live("refuses what is no name of a package, and prints nothing that acts", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      assertRefused(yield* init(cwd, "my-bot", "--name=../up"), 2, "--name")
      assertRefused(yield* init(cwd, "my-bot", "--name=a\u001B[31m"), 2, "--name")
      assert.deepStrictEqual(readdirSync(cwd), [])
    })
  )

  it.live("takes any name of a folder, and prints nothing that acts", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const folder = "it's $HOME; `ls` \u001B[31m\nline"
      const { code, stderr, stdout } = yield* init(cwd, folder)
      assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.notMatch(stdout.replaceAll("\n", ""), /\p{Cc}/u)
      assert.strictEqual(
        (yield* Schema.decodeEffect(Project)(read(cwd, folder, "package.json"))).name,
        "it-s-home-ls-31m-line"
      )
      for (const [named, told] of [
        ["-x", "cd ./-x\n"],
        ["~", "cd '~'\n"]
      ] as const) {
        assert.include((yield* init(cwd, "--", named)).stdout, told)
      }
    })
  )
})

describe.skipIf(!Terminal.isThere).concurrent("init, at a terminal", () => {
  const { down, enter, erase, interrupt } = Terminal.keys
  const name = { after: "Name of the project", type: enter }
  const inbox = { after: "keep what it is sent?", type: enter }
  const manager = { after: "Package manager", type: enter }

  it.live("asks for what no flag says, and offers what is usual", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const answers = [
        { ...name, type: `${erase}Bad Name${enter}` },
        { after: "lower case", type: `${erase}good-name${enter}` },
        { ...inbox, type: down + enter },
        { ...manager, type: down + enter }
      ]
      const { code, shown } = yield* Terminal.run(cwd, ["init", "my-bot"], answers)
      assert.strictEqual(code, 0, shown)
      assert.include(read(cwd, "my-bot/src/whatsapp/config.ts"), "export const Stores = stores.sqlite\n")
      assert.include(read(cwd, "my-bot/README.md"), "# good-name\n")
      assert.include(shown, "pnpm install")

      yield* Terminal.run(cwd, ["init", "usual"], [name, inbox, manager])
      const usual = contents(join(cwd, "usual"))
      assert.include(usual["src/whatsapp/config.ts"], "export const Stores = stores.memory\n")
      assert.include(usual["README.md"], "# usual\n")
      assert.include(usual["README.md"], "npm install")
    })
  )

  it.live("asks nothing that a flag says, and nothing at all with --yes", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const some = yield* Terminal.run(cwd, ["init", "some", "--name", "bot", "--inbox", "redis"], [manager])
      assert.strictEqual(some.code, 0)
      assert.notInclude(some.shown, name.after)
      assert.notInclude(some.shown, inbox.after)
      const none = yield* Terminal.run(cwd, ["init", "none", "--yes"], [])
      assert.strictEqual(none.code, 0)
      for (const { after } of [name, inbox, manager]) assert.notInclude(none.shown, after)
    })
  )

  it.live("asks of each file that is there, until all are decided", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const taken = ["package.json", ".gitignore", "README.md", "src/main.ts"]
      const flags = ["--name", "bot", "--inbox", "memory", "--package-manager", "npm"]
      mkdirSync(join(cwd, "src"))
      for (const file of taken) writeFileSync(join(cwd, file), "mine")
      const first = yield* Terminal.run(
        cwd,
        ["init", ".", ...flags],
        [
          { after: "package.json is there", type: down + enter },
          { after: ".gitignore is there", type: enter },
          { after: "README.md is there", type: down + down + enter }
        ]
      )
      assert.strictEqual(first.code, 0, first.shown)
      assert.deepStrictEqual(
        taken.map((file) => read(cwd, file) === "mine"),
        [false, true, true, true]
      )
      assert.include(first.shown, "Kept as it was")
      const second = yield* Terminal.run(
        cwd,
        ["init", ".", ...flags],
        [{ after: ".gitignore is there", type: down + down + down + enter }]
      )
      assert.strictEqual(second.code, 0, second.shown)
      assert.deepStrictEqual(
        taken.filter((file) => read(cwd, file) === "mine"),
        []
      )
    })
  )

  it.live("writes nothing when it is interrupted at a question", () =>
    Effect.gen(function* () {
      const cwd = yield* home
      const { code, shown } = yield* Terminal.run(cwd, ["init", "my-bot"], [name, { ...inbox, type: interrupt }])
      assert.strictEqual(code, 130)
      assert.include(shown, "Nothing was written")
      assert.deepStrictEqual(readdirSync(cwd), [])
    })
  )
})
