import { assert, describe, it } from "@effect/vitest"
import { SendAnswer } from "@effect-whatsapp/core/wire"
import { Result, Schema } from "effect"

describe("the answer", () => {
  const accepted = Schema.decodeUnknownResult(SendAnswer.Accepted)
  it.each([
    {
      messaging_product: "whatsapp",
      contacts: [{ input: "+39", wa_id: "39" }],
      messages: [{ id: "wamid.1", message_status: "accepted" }]
    },
    { messages: [{ id: "wamid.1" }] },
    { contacts: [{ input: "US.1", wa_id: "", user_id: "US.1" }], messages: [{ id: "wamid.1", group_id: "g", new: 1 }] },
    { contacts: null, messages: [{ id: "wamid.1", message_status: null }] }
  ])("%j is read", (json) => {
    assert.strictEqual(Result.getOrThrow(accepted(json)).messages[0].id, "wamid.1")
  })
  it.each([{}, { messages: [] }, { messages: [{ id: "" }] }, { messages: [{}] }, { success: true }])(
    "%j is none",
    (json) => {
      assert.isTrue(Result.isFailure(accepted(json)))
    }
  )
})
