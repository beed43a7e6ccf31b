/** Faults, each found by a process of its own. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Fault } from "../doctor/faults.ts"
import * as World from "../doctor/world.ts"

/** Whether a fault, by its place in the table, is looked for in the quick tests. */
export const isQuick = (place: number): boolean => place % 24 === 3

export const findsEach = (faults: ReadonlyArray<Fault>) =>
  describe("effect-whatsapp doctor finds, and raises no other alarm at,", () => {
    for (const { change, found, name, said } of faults) {
      it.live(name, () =>
        Effect.gen(function* () {
          const { places, world } = yield* World.open(change)
          const outcome = yield* World.run(world, places, "--json")
          World.assertFound(World.findings(outcome), found, said)
          const isFailure = Object.values(found).includes("failure")
          assert.strictEqual(outcome.code, isFailure ? 1 : 0)
          assert.match(outcome.stderr, isFailure ? /^Not all is well: .*\n$/ : /^$/)
        }).pipe(Effect.scoped)
      )
    }
  })
