import { assert, describe, it } from "@effect/vitest"
import { graphReasons, lookUp, Reason } from "@effect-whatsapp/core/errors"
import { docOf } from "./comments.ts"
import { read } from "./files.ts"

describe("the page of errors", () => {
  it("says for every reason, once, what it is caught for", () => {
    const [, table = ""] = /^\| To do this \| catch \|\n([\s\S]+?)\n\n/m.exec(read("docs/45_errors.md")) ?? []
    const named = Array.from(table.matchAll(/`(\w+)`/g), ([, name = ""]) => name)
    assert.deepStrictEqual(named.toSorted(), Reason.members.map(({ identifier }) => identifier).toSorted())
  })
})

describe("the doc comment of a reason", () => {
  it.each(Object.keys(graphReasons))("names only codes that lead to it: %s", (tag) => {
    const doc = docOf("packages/core/src/errors/graphReasons.ts", `class ${tag}`)
    const [, list = ""] = /Codes? ([^.]*)\.$/.exec(doc) ?? []
    const codes = Array.from(list.matchAll(/\d+/g), ([code]) => Number(code))
    assert.strictEqual(codes.length === 0, tag === "Rejected")
    for (const code of codes) assert.strictEqual(lookUp(code).reason, tag, String(code))
  })
})
