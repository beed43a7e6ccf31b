import { assert, describe, it } from "@effect/vitest"
import { limits, Message } from "@effect-whatsapp/core/message"
import { samples } from "../../fixtures/sends/interactive.ts"

const list = (size: number) =>
  Message.list({ body: "é".repeat(size), button: "b", sections: [{ rows: [{ id: "1", title: "a" }] }] })
const flow = (size: number) => Message.flow({ body: "b", button: "😀".repeat(size), flowId: "1" })

/** For each row with two limits, a message that has `size` of what the row limits, and where. */
const advised = {
  "list.body": [list, "interactive.body.text"],
  "flow.flow_cta": [flow, "interactive.action.parameters.flow_cta"]
} as const

describe("warnings", () => {
  it("are for every limit that has an advised one", () => {
    const rows = Object.entries(limits).flatMap(([name, limit]) => ("advised" in limit ? [name] : []))
    assert.deepStrictEqual(rows, Object.keys(advised))
  })
  it.each(Object.entries(advised))("of %s begin over what is advised", (row, [make, field]) => {
    const limit = Object.entries(limits).find(([name]) => name === row)?.[1] ?? assert.fail(row)
    const most = "advised" in limit ? limit.advised : assert.fail(row)
    assert.deepStrictEqual(Message.warnings(make(most)), [])
    assert.deepStrictEqual(Message.warnings(make(most + 1)), [
      `${field}: at most ${most} characters are advised, got ${most + 1}`
    ])
  })
  it("are none of what is short enough", () => {
    assert.deepStrictEqual(Message.warnings(Message.text("a".repeat(4096))), [])
    const warned = Object.entries(samples).filter(
      ([, interactive]) => Message.warnings({ type: "interactive", interactive }).length > 0
    )
    assert.deepStrictEqual(
      warned.map(([name]) => name),
      ["a list with a long body"]
    )
  })
})
