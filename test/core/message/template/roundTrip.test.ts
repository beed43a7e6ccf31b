import { assert, describe, it } from "@effect/vitest"
import { Template } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Schema } from "effect"
import { templates, wrong } from "../../../fixtures/sends/template.ts"

const decode = Schema.decodeUnknownEffect(SendMessage.MessageBody)
const encode = Schema.encodeEffect(SendMessage.MessageBody)

// Few arbitrary messages have a component at all, so that what is told of them is told of components alone as well.
it.effect.prop(
  "an arbitrary component is written as it was read",
  [Template.Component],
  Effect.fn(function* ([component]) {
    const template = { name: "a", language: { code: "en" }, components: [json(component)] }
    const written = yield* encode(yield* decode({ template }))
    assert.deepStrictEqual(json(written["template"]), template)
  }),
  { arbitrary: { size: 12 } }
)

/** By way of JSON, which has no -0. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

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
