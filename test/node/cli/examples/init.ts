/** The examples of `init`: each makes a project. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assertDone, type Example, type Examples } from "./world.ts"

/** Runs the line, and asserts that it prints what it made, and what a file of the project then holds. */
const makes =
  (file: string, held: string): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const outcome = yield* shell.run(line)
      assertDone(outcome)
      assert.include(outcome.stdout, "src/whatsapp/listeners.ts\n")
      assert.include(readFileSync(join(shell.folder, file), "utf8"), held)
    })

export const init: Examples = {
  "effect-whatsapp init my-bot": makes("my-bot/package.json", '"name": "my-bot"'),
  "effect-whatsapp init my-bot --yes --inbox sqlite": makes("my-bot/src/whatsapp/config.ts", "Stores = stores.sqlite"),
  "effect-whatsapp init . --name my-bot --package-manager pnpm --json | jq -r '.made[]'": makes(
    "README.md",
    "pnpm install"
  )
}
