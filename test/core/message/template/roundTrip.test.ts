import { assert, describe, it } from "@effect/vitest"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Schema } from "effect"
import { templates, wrong } from "../../../fixtures/sends/template.ts"

const decode = Schema.decodeUnknownEffect(SendMessage.MessageBody)
const encode = Schema.encodeEffect(SendMessage.MessageBody)

describe("a template message", () => {
  it.effect.each(Object.entries(templates))("%s is read, and written as it was", ([, body]) =>
    Effect.gen(function* () {
      const written = yield* encode(yield* decode(body))
      const isAddressed = "to" in body || "recipient" in body
      assert.deepStrictEqual(written, {
        messaging_product: "whatsapp",
        ...(isAddressed ? { recipient_type: "individual" } : {}),
        ...body
      })
    })
  )
  it.effect.each(Object.entries(wrong))("with %s is refused in words that help", ([, [body, words]]) =>
    Effect.gen(function* () {
      assert.include(String(yield* Effect.flip(decode(body))), words)
    })
  )
})
