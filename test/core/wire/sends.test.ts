import { assert, describe, it } from "@effect/vitest"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Schema } from "effect"
import { sends } from "../../fixtures/sends/seen.ts"

describe("a body that was written without a thought of our schemas", () => {
  it.effect.each(sends)(
    "is read, and written as it was: $name",
    Effect.fn(function* ({ content }) {
      const body = yield* Schema.decodeUnknownEffect(SendMessage.MessageBody)(content)
      assert.deepStrictEqual(yield* Schema.encodeEffect(SendMessage.MessageBody)(body), {
        messaging_product: "whatsapp",
        type: "text",
        ...content
      })
    })
  )
})
