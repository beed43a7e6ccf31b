/** The examples of `add`, in a new project. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assertDone, type Example, type Examples } from "./world.ts"

/** Makes a project, runs the line in it, and asserts what it prints and that the listener is registered. */
const adds =
  (shown: string, name: string): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      assertDone(yield* shell.run("effect-whatsapp init . --yes"))
      const outcome = yield* shell.run(line)
      assertDone(outcome)
      assert.include(outcome.stdout, shown)
      const text = readFileSync(join(shell.folder, "src/whatsapp/listeners.ts"), "utf8")
      assert.include(text, `Listeners.layer(answer, note, ${name})`)
    })

export const add: Examples = {
  "effect-whatsapp add listener thank --on ImageReceived": adds("src/whatsapp/listeners.ts, line 31\n", "thank"),
  "effect-whatsapp add listener watch --on TemplateStatusChanged --on AccountUpdated --json": adds(
    '"events":["TemplateStatusChanged","AccountUpdated"]',
    "watch"
  )
}
