import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { faults } from "./faults.ts"
import * as World from "./world.ts"

vi.setConfig({ testTimeout: 60_000 })

describe("the doctor", () => {
  it.live("finds nothing to say of a set-up in which all is well", () =>
    Effect.gen(function* () {
      const { heard, places, world } = yield* World.open()
      const all = yield* World.look(world, places)
      assert.deepStrictEqual(
        all.filter(({ status }) => status !== "ok"),
        []
      )
      // The bot that was tried out has heard of nothing.
      assert.deepStrictEqual(yield* heard, [])
    }).pipe(Effect.scoped)
  )
})

describe("the doctor finds, and raises no other alarm at,", () => {
  for (const { change, found, name, said } of faults) {
    it.live(name, () =>
      Effect.gen(function* () {
        const { places, world } = yield* World.open(change)
        World.assertFound(yield* World.look(world, places), found, said)
      }).pipe(Effect.scoped)
    )
  }
})
