import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import * as CommandLine from "./commandLine.ts"
import { commands } from "./commands.ts"
import manifest from "../../../packages/node/package.json" with { type: "json" }

vi.setConfig({ testTimeout: 30_000 })

describe.concurrent("effect-whatsapp", () => {
  for (const [args, said] of [
    [["--help"], ["listen", "send", "inbox", "mcp", "USAGE"]],
    [[], ["listen", "send", "inbox", "mcp", "USAGE"]],
    [
      ["inbox", "--help"],
      ["--db", "--json", "dead", "requeue", "remove", "forget", "EXAMPLES"]
    ],
    [
      ["send", "--help"],
      ["TO", "TEXT", "--message", "--message-file", "--json"]
    ]
  ] as const) {
    it.live(`shows how it is called, and ends with 0: ${["effect-whatsapp", ...args].join(" ")}`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* CommandLine.run(args)
        assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
        for (const part of said) assert.include(stdout, part)
        CommandLine.assertNoStack(stdout)
      })
    )
  }

  it.live("shows the version of the package with --version", () =>
    Effect.gen(function* () {
      const outcome = yield* CommandLine.run(["--version"])
      assert.deepStrictEqual(outcome, { code: 0, stdout: `effect-whatsapp v${manifest.version}\n`, stderr: "" })
    })
  )

  for (const args of [
    ["--completions", "bash"],
    ["send", "--completions", "zsh"],
    ["mcp", "--completions", "fish"]
  ]) {
    it.live(`completes every command: ${args.join(" ")}`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* CommandLine.run(args)
        assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
        for (const { words } of commands) for (const word of words) assert.include(stdout, word)
      })
    )
  }

  for (const args of [["nonsense"], ["send", "--nonsense"]]) {
    it.live(`calls what it does not know a wrong call: effect-whatsapp ${args.join(" ")}`, () =>
      Effect.gen(function* () {
        const outcome = yield* CommandLine.run(args)
        CommandLine.assertReadable(outcome, 2)
        assert.include(outcome.stderr, "nonsense")
      })
    )
  }
})
