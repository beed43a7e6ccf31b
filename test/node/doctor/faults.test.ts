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

describe("the doctor, where a bot is built in its own way,", () => {
  const moved = (text: string) => ({
    files: {
      ...World.healthy.files,
      "src/whatsapp/config.ts": undefined,
      "src/whatsapp/webhook.ts": undefined,
      "src/whatsapp/listeners.ts": undefined,
      "src/bot.ts": text
    }
  })
  const listeners = World.healthy.files["src/whatsapp/listeners.ts"] ?? ""

  it.live("raises no alarm at listeners that stand elsewhere", () =>
    Effect.gen(function* () {
      const { places, world } = yield* World.open(() => moved(listeners))
      const all = yield* World.look(world, places)
      assert.deepStrictEqual(
        all.filter(({ status }) => status !== "ok"),
        []
      )
    }).pipe(Effect.scoped)
  )

  for (const [name, text] of [
    ["that do not parse", `${listeners}\nconst open = (\n`],
    ["whose events are computed", listeners.replace(`"TextReceived"`, "process.env.TAG")]
  ] as const) {
    it.live(`says that it has not read all that listeners want: ${name}`, () =>
      Effect.gen(function* () {
        const { places, world } = yield* World.open(() => moved(text))
        const fields = (yield* World.look(world, places)).find(({ check }) => check === "webhook.fields")
        assert.strictEqual(fields?.status, "ok")
        assert.match(fields?.what ?? "", /; not all that listeners want can be read in src\/bot\.ts$/)
      }).pipe(Effect.scoped)
    )
  }
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
