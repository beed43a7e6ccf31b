/** The examples of `doctor`, in a set-up in which all is well apart from what the example is there to show. */
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import * as World from "../../doctor/world.ts"
import type { Outcome } from "../commandLine.ts"
import { assertDone, type Example, type Examples } from "./world.ts"

/** Runs the line in the project, and asserts what it prints. */
const looks =
  (assertShown: (outcome: Outcome) => void, change?: Parameters<typeof World.open>[0]): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open(change)
      const here = line.replace("https://bot.example.com/whatsapp/webhook", places.botUrl)
      const outcome = yield* shell.run(`cd ${places.folder} && ${here}`, World.environment(world, places))
      World.assertNothingLeaks(outcome)
      assertShown(outcome)
    })

const assertWell = (outcome: Outcome) => {
  assert.strictEqual(outcome.code, 0, outcome.stdout + outcome.stderr)
  assert.match(outcome.stdout, /\d+ fine, 0 warnings, 0 failures/)
}

export const doctor: Examples = {
  "effect-whatsapp doctor": looks(assertWell),
  "effect-whatsapp doctor --offline --env .env.production": looks(assertWell, (healthy) => ({
    arrange: (folder) => copyFileSync(join(folder, ".env"), join(folder, ".env.production")),
    files: { ...healthy.files, ".gitignore": ".env*\n" }
  })),
  "effect-whatsapp doctor --fix --yes --callback https://bot.example.com/whatsapp/webhook": looks(
    (outcome) => {
      assertWell(outcome)
      assert.include(outcome.stderr, "Will subscribe the app to the account\n")
    },
    () => ({ meta: { subscription: { isSubscribed: false } } })
  ),
  "effect-whatsapp doctor --json --strict | jq -r 'select(.status == \"failure\").check'": looks(
    (outcome) => {
      // The exit code is that of jq.
      assertDone(outcome)
      assert.strictEqual(outcome.stdout, "number.status\n")
    },
    () => ({ meta: { number: { status: "BANNED" } } })
  )
}
