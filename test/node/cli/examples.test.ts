import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import * as CommandLine from "./commandLine.ts"
import { commands } from "./commands.ts"
import { add } from "./examples/add.ts"
import { doctor } from "./examples/doctor.ts"
import { inbox } from "./examples/inbox.ts"
import { init } from "./examples/init.ts"
import { listen } from "./examples/listen.ts"
import { mcp } from "./examples/mcp.ts"
import { replay } from "./examples/replay.ts"
import { send } from "./examples/send.ts"
import * as Shell from "./examples/shell.ts"
import { templates } from "./examples/templates.ts"
import type { Examples } from "./examples/world.ts"

vi.setConfig({ testTimeout: 120_000 })

const worlds: Examples = {
  ...add,
  ...doctor,
  ...inbox,
  ...init,
  ...listen,
  ...mcp,
  ...replay,
  ...send,
  ...templates
}

const printed = commands.flatMap(({ command }) => command.examples.map((example) => example.command))

describe("the help", () => {
  it("of every command has an example, or commands below it that have", () => {
    const without = commands.filter(({ command }) => command.examples.length === 0 && command.subcommands.length === 0)
    assert.deepStrictEqual(
      without.map(({ words }) => words.join(" ")),
      []
    )
  })

  it("shows no example that is not tried, and none is tried that it does not show", () => {
    assert.deepStrictEqual(Object.keys(worlds).toSorted(), printed.toSorted())
  })
})

describe.concurrent("the help of", () => {
  for (const { command, words } of commands) {
    const line = ["effect-whatsapp", ...words].join(" ")
    it.live(`${line} says what it does and how it is called`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* CommandLine.run([...words, "--help"])
        assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
        for (const part of ["DESCRIPTION", `USAGE\n  ${line}`]) assert.include(stdout, part)
        for (const example of command.examples) assert.include(stdout, example.command)
        // Every flag and argument says what it is.
        assert.notMatch(stdout, /^ {2}(--?\S+|[A-Z]+\S* \w+)\s*$/m)
        CommandLine.assertNoStack(stdout)
      })
    )
  }
})

describe.concurrent("the example", () => {
  for (const [line, run] of Object.entries(worlds)) {
    it.live.skipIf(line.includes("| jq") && !Shell.has("jq"))(line, () =>
      Effect.scoped(Effect.flatMap(Shell.open, (shell) => run(shell, line)))
    )
  }
})
