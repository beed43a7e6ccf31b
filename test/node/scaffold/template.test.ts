/** The tests that a new project comes with, here run on the sources. */
import { describe } from "@effect/vitest"

describe("a new project", async () => {
  await import("../../../packages/node/src/scaffold/template/test/bot.test.ts")
})
