import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { faults } from "../doctor/faults.ts"
import * as World from "../doctor/world.ts"
import * as CommandLine from "./commandLine.ts"
import * as Terminal from "./terminal.ts"
import { findsEach, isQuick } from "./doctorFaults.ts"

vi.setConfig({ testTimeout: 60_000 })

describe("effect-whatsapp doctor", () => {
  it.live("finds nothing to say of a set-up in which all is well", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open()
      const outcome = yield* World.run(world, places, "--json", "--strict")
      assert.deepStrictEqual(
        World.findings(outcome).filter(({ status }) => status !== "ok"),
        []
      )
      assert.deepStrictEqual([outcome.code, outcome.stderr], [0, ""])
    }).pipe(Effect.scoped)
  )

  it.live("tells people what is wrong, why it matters and how it is mended, without colours where none are shown", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open(() => ({ meta: { token: { type: "USER" } } }))
      const { code, stderr, stdout } = yield* World.run(world, places)
      assert.strictEqual(code, 0)
      assert.include(
        stdout,
        [
          "Access token",
          "  ✓ valid: Meta accepts the token",
          "  ! kind: the token is a temporary one, of a person",
          "      Why: A user's token from the dashboard is for trying: it ends within hours, or when that person logs out.",
          "      Mend: Make a token for a system user, "
        ].join("\n")
      )
      assert.match(stdout, /\n\d+ fine, 1 warning, 0 failures, 0 skipped\n$/)
      assert.notInclude(stdout, "\u001b")
      assert.match(stderr, /^Looking at .*, with the variables in the environment, and behind it in .*\.env\n$/)
    }).pipe(Effect.scoped)
  )

  it.live("ends with 1 on a warning only when it is strict", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open(() => ({ meta: { number: { qualityRating: "YELLOW" } } }))
      assert.strictEqual((yield* World.run(world, places)).code, 0)
      const strict = yield* World.run(world, places, "--strict")
      assert.strictEqual(strict.code, 1)
      assert.match(strict.stderr, /\nNot all is well: \d+ fine, 1 warning, 0 failures, 0 skipped\n$/)
    }).pipe(Effect.scoped)
  )

  it.live("asks nobody anything with --offline", () =>
    Effect.gen(function* () {
      const { meta, places, world } = yield* World.open()
      const asked = yield* meta.attempts
      const outcome = yield* World.run(world, places, "--offline", "--json")
      assert.strictEqual(outcome.code, 0)
      const skipped = World.findings(outcome).filter(({ status }) => status === "skipped")
      assert.isAbove(skipped.length, 30)
      for (const { check, what } of skipped) {
        assert.strictEqual(what, "--offline")
        assert.match(check, /^(api|token|app|number|account|webhook)\./)
      }
      assert.deepStrictEqual(yield* meta.attempts, asked)
    }).pipe(Effect.scoped)
  )

  it.live("reads the file that it is told to, behind the environment", () =>
    Effect.gen(function* () {
      const folder = yield* temporary
      const file = join(folder, "production.env")
      writeFileSync(file, "WHATSAPP_VERIFY_TOKEN=your-verify-token\nPORT=nonsense\n", { mode: 0o600 })
      const outcome = yield* CommandLine.run(["doctor", "--offline", "--json", "--env", "production.env"], {
        cwd: folder,
        env: { PORT: "3001" }
      })
      const of = (check: string) => World.findings(outcome).find((one) => one.check === check)
      assert.include(of("env.WHATSAPP_VERIFY_TOKEN")?.what, "placeholder")
      assert.strictEqual(of("env.PORT")?.what, "PORT, from the environment")
      assert.strictEqual(of("env.access")?.what, "production.env is its owner's alone")
      assert.strictEqual(of("project.scaffold")?.what, "there is no package.json here")
    }).pipe(Effect.scoped)
  )

  for (const [args, said] of [
    [["--yes"], "--yes goes with --fix"],
    [["--fix", "--offline"], "--offline"],
    [["--fix"], "--yes"],
    [["--fix", "--json"], "--yes"],
    [["--callback", "bot.example.com"], "URL"],
    [["--callback", "https://user:password@bot.example.com/"], "password"],
    [["--env", "/nowhere/.env"], "/nowhere/.env"]
  ] as const) {
    it.live(`calls it a wrong call: doctor ${args.join(" ")}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(["doctor", ...args])
        CommandLine.assertReadable(outcome, 2)
        assert.include(outcome.stderr, said)
      })
    )
  }
})

const temporary = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-doctor-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

describe("effect-whatsapp doctor --fix", () => {
  it.live("subscribes the app, registers the callback, protects the file, and looks again", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open((healthy, botUrl) => ({
        callback: botUrl,
        meta: { webhookUrl: "http://127.0.0.1:9/elsewhere", subscription: { isSubscribed: false } },
        files: {
          ...healthy.files,
          "src/whatsapp/listeners.ts": (healthy.files["src/whatsapp/listeners.ts"] ?? "").replace(
            `, "TemplateStatusChanged"`,
            ""
          )
        },
        arrange: (folder) => chmodSync(join(folder, ".env"), 0o644)
      }))
      const wrong = ["env.access", "account.subscribed", "webhook.callback"]
      const before = yield* World.run(world, places, "--json")
      assert.deepStrictEqual(problems(before), wrong)

      const outcome = yield* World.run(world, places, "--fix", "--yes", "--json")
      assert.deepStrictEqual(problems(outcome), [], outcome.stdout)
      assert.strictEqual(outcome.code, 0)
      assert.match(
        outcome.stderr,
        /^Will make .*\.env readable by its owner alone\nWill subscribe the app to the account\nWill have Meta deliver to http.*\n$/
      )
      assert.strictEqual(statSync(join(places.folder, ".env")).mode & 0o777, 0o600)
    }).pipe(Effect.scoped)
  )

  it.live("moves the override of the number, where it is that which decides", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open((_, botUrl) => ({
        callback: botUrl,
        meta: { number: { callbackUrl: "http://127.0.0.1:9/elsewhere" } }
      }))
      assert.include(problems(yield* World.run(world, places, "--json")), "webhook.callback")
      const outcome = yield* World.run(world, places, "--fix", "--yes", "--json")
      assert.deepStrictEqual(problems(outcome), [])
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(!Terminal.isThere)("asks on a terminal, and does nothing before it is answered", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open(() => ({ meta: { subscription: { isSubscribed: false } } }))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const terminal = yield* Terminal.start(["doctor", "--fix"], { env: World.environment(world, places) })
          const shown = yield* terminal.shown("Go on?")
          assert.include(shown, "Will subscribe the app to the account")
          assert.include(shown, "\u001b[31m✗")
        })
      )
      assert.deepStrictEqual(problems(yield* World.run(world, places, "--json")), ["account.subscribed"])
    }).pipe(Effect.scoped)
  )

  it.live("says what it could not do, and why", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open((healthy, botUrl) => ({
        callback: botUrl,
        bot: { ...healthy.bot, verifyToken: "another-token" },
        meta: { webhookUrl: "http://127.0.0.1:9/elsewhere" }
      }))
      const outcome = yield* World.run(world, places, "--fix", "--yes", "--json")
      assert.strictEqual(outcome.code, 1)
      assert.match(outcome.stderr, /^Will have Meta deliver to .*\nCould not have Meta deliver to .*\n$/)
      assert.strictEqual(outcome.stdout, "")
    }).pipe(Effect.scoped)
  )
})

const problems = (outcome: CommandLine.Outcome) =>
  World.findings(outcome)
    .filter(({ status }) => status === "warning" || status === "failure")
    .map(({ check }) => check)

// More of them are in doctor.long.test.ts; without a process each, all are in ../doctor/faults.test.ts.
findsEach(faults.filter((_, i) => isQuick(i)))
