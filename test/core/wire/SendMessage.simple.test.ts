import { assert, describe, it } from "@effect/vitest"
import { Message } from "@effect-whatsapp/core/message"
import { SendMessage } from "@effect-whatsapp/core/wire"
import { Effect, Schema, SchemaIssue } from "effect"
import { bodies, refused, written } from "../../fixtures/sends/simple.ts"

const read = Schema.decodeUnknownEffect(SendMessage.MessageBody)
const write = Schema.encodeEffect(SendMessage.MessageBody)

describe("what one writes is what Meta documents", () => {
  for (const [name, message, json] of written) {
    it.effect(
      name,
      Effect.fn(function* () {
        assert.deepStrictEqual<unknown>(message, json)
        assert.deepStrictEqual(yield* Message.validate(message), message)
        assert.deepStrictEqual(yield* read(json), { message })
      })
    )
  }
})

const around = new Set([
  "messaging_product",
  "recipient_type",
  "to",
  "recipient",
  "type",
  "context",
  "biz_opaque_callback_data"
])

/** The body with what Meta assumes when it is absent; a phone number is its digits. */
const completed = (body: Readonly<Record<string, Schema.Json>>): Schema.JsonObject => {
  const payload = Object.keys(body).find((key) => !around.has(key)) ?? "text"
  const { to } = body
  return {
    messaging_product: "whatsapp",
    type: payload,
    ...(to === undefined ? {} : { recipient_type: "individual" }),
    ...body,
    ...(typeof to === "string" && to.startsWith("+") ? { to: to.slice(1) } : {})
  }
}

describe("what is read is written again as it was", () => {
  for (const [name, body] of Object.entries(bodies)) {
    it.effect(
      name,
      Effect.fn(function* () {
        const again = yield* write(yield* read(JSON.parse(JSON.stringify(body))))
        assert.deepStrictEqual(again, completed(body))
      })
    )
  }
})

const format = SchemaIssue.makeFormatterStandardSchemaV1()

describe("what Meta would refuse is refused here, by name", () => {
  for (const [name, json, field, expected] of refused) {
    it.effect(
      name,
      Effect.fn(function* () {
        const error = yield* Effect.flip(read(json))
        const [first] = format(error.issue).issues
        assert.strictEqual(first?.path?.map(String).join("."), field)
        assert.include(first?.message, expected)
        for (const secret of ["passwd", "alert", "Ana", "34", "0x10", "52", "thumbsup"]) {
          assert.notInclude(String(error), secret)
        }
      })
    )
  }
})
