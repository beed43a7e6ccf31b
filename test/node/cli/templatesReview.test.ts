import { assert, describe, it } from "@effect/vitest"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect } from "effect"
import * as CommandLine from "./commandLine.ts"
import * as World from "./templatesWorld.ts"

const template = (name: string, status: string, rest: Partial<CloudApiEmulator.TemplateDefinition> = {}) => ({
  name,
  language: "en_US",
  category: "UTILITY",
  components: [{ type: "BODY", text: "Hello" }],
  status,
  ...rest
})

const three = [
  template("tea", "APPROVED", { quality_score: { score: "RED" } }),
  template("cake", "REJECTED", { rejected_reason: "INVALID_FORMAT", id: "7" }),
  template("tea", "PENDING", { language: "it", category: "MARKETING" })
]

describe("templates list", () => {
  it.live(
    "shows what Meta says of each, for people and for programs",
    () =>
      Effect.gen(function* () {
        const text = yield* World.templates(["list"])
        assert.deepStrictEqual(
          text.stdout.split("\n").map((line) => line.split(/ {2,}/)),
          [
            ["cake", "en_US", "UTILITY", "REJECTED", "INVALID_FORMAT"],
            ["tea", "en_US", "UTILITY", "APPROVED", "RED"],
            ["tea", "it", "MARKETING", "PENDING"],
            [""]
          ]
        )
        const json = yield* World.templates(["list", "--json", "--status", "rejected"])
        assert.deepStrictEqual(JSON.parse(json.stdout), {
          id: "7",
          name: "cake",
          language: "en_US",
          category: "UTILITY",
          status: "REJECTED",
          quality: "UNKNOWN",
          rejectedReason: "INVALID_FORMAT"
        })
        const italian = yield* World.templates(["list", "--language", "it"])
        assert.match(italian.stdout, /^tea .*\n$/)
        assert.strictEqual(text.stderr + json.stderr + italian.stderr, "")
      }).pipe(Effect.provide(World.meta(three))),
    60_000
  )
})

describe("templates status", () => {
  it.live(
    "tells how it stands now, and which name does not exist",
    () =>
      Effect.gen(function* () {
        const all = yield* World.templates(["status"])
        assert.deepStrictEqual([all.code, all.stdout.split("\n").length], [0, 4])
        const some = yield* World.templates(["status", "tea", "nobody", "--json"])
        assert.strictEqual(some.code, 1)
        assert.lengthOf(some.stdout.trim().split("\n"), 2)
        assert.strictEqual(some.stderr, "The account has no template nobody\n")
      }).pipe(Effect.provide(World.meta(three))),
    60_000
  )

  it.live(
    "watches until Meta has decided, and passes or fails with it",
    () =>
      Effect.gen(function* () {
        const meta = yield* CloudApiEmulator.CloudApiEmulator
        const watching = yield* CommandLine.start(
          ["templates", "status", "tea", "cake", "--watch", "--interval", "1"],
          {
            env: World.environment(meta.url)
          }
        )
        assert.match(yield* watching.line, /^cake +en_US +UTILITY +PENDING$/)
        assert.match(yield* watching.line, /^tea +en_US +UTILITY +PENDING$/)
        yield* Effect.forkScoped(meta.setTemplateStatus({ name: "tea", language: "en_US" }, "APPROVED"))
        assert.match(yield* watching.line, /^tea +en_US +UTILITY +APPROVED$/)
        yield* Effect.forkScoped(
          meta.setTemplateStatus({ name: "cake", language: "en_US" }, "REJECTED", "INVALID_FORMAT")
        )
        assert.match(yield* watching.line, /^cake +en_US +UTILITY +REJECTED +INVALID_FORMAT$/)
        const { code, stderr } = yield* watching.outcome
        assert.deepStrictEqual([code, stderr], [1, "Not to be sent: cake en_US REJECTED\n"])

        const decided = yield* World.templates(["status", "tea", "--watch"])
        assert.deepStrictEqual([decided.code, decided.stderr], [0, ""])
      }).pipe(Effect.provide(World.meta([template("tea", "PENDING"), template("cake", "PENDING")]))),
    60_000
  )

  it.live(
    "refuses an interval of nothing, and says at once that Meta refuses",
    () =>
      Effect.gen(function* () {
        CommandLine.assertReadable(yield* World.templates(["status", "--watch", "--interval", "0"]), 2)
        const refused = yield* World.templates(["status", "--watch"], {
          env: { WHATSAPP_ACCESS_TOKEN: "EAAG-another" }
        })
        CommandLine.assertReadable(refused, 1)
        assert.notInclude(refused.stderr, "EAAG-another")
      }).pipe(Effect.provide(World.meta(three))),
    60_000
  )
})
