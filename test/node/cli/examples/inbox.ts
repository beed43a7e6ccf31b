/** The examples of `inbox`, on a file with two dead letters. */
import { assert } from "@effect/vitest"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Effect } from "effect"
import { join } from "node:path"
import { ids, kill } from "../deadLetters.ts"
import { assertDone, type Example, type Examples } from "./world.ts"

/** Runs the line, with the id of a letter that there is, and asserts what is printed and which letters are left. */
const does =
  (shown: RegExp, left: number): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const path = join(shell.folder, "bot.db")
      yield* Effect.andThen(kill("wamid.1", "Error: one"), kill("wamid.2", "Error: two")).pipe(
        Effect.provide(Inbox.layerSqlite({ path }))
      )
      const [id = ""] = yield* ids({ path })
      const outcome = yield* shell.run(line.replace("176402880012345", id))
      assertDone(outcome)
      assert.match(outcome.stdout, shown)
      assert.lengthOf(yield* ids({ path }), left)
    })

export const inbox: Examples = {
  "effect-whatsapp inbox --db bot.db": does(/dead letters\s+2/, 2),
  "effect-whatsapp inbox --db bot.db --json | jq .dead": does(/^2$/m, 2),
  "effect-whatsapp inbox dead --db bot.db": does(/print/, 2),
  "effect-whatsapp inbox dead --db bot.db --json | jq -r 'select(.listener == \"print\").id'": does(/^\S+\n\S+\n$/, 2),
  "effect-whatsapp inbox requeue --db bot.db 176402880012345": does(/requeued 1/, 1),
  "effect-whatsapp inbox requeue --db bot.db --all": does(/requeued 2/, 0),
  "effect-whatsapp inbox remove --db bot.db 176402880012345": does(/removed 1/, 1),
  'effect-whatsapp inbox forget --db bot.db "+39 340 123 4567" IT.48210773395516620014': does(/\d/, 2)
}
