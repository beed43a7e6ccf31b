import { assert, describe, it } from "@effect/vitest"
import { closest } from "../../../../packages/node/src/cli/internal/closest.ts"

describe("the closest word", () => {
  const words = ["TextReceived", "ImageReceived", "StatusUpdate", "UserPreferenceChanged"]
  it("is the one that was probably meant, or none", () => {
    for (const [word, meant] of [
      ["TextRecieved", "TextReceived"],
      ["textreceived", "TextReceived"],
      ["Text", "TextReceived"],
      ["StatusUpdated", "StatusUpdate"],
      ["Zzzzz", undefined],
      ["", undefined],
      ["x".repeat(100_000), undefined]
    ] as const) {
      assert.strictEqual(closest(word, words), meant, word.slice(0, 20))
    }
  })
})
