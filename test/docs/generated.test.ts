import { assert, describe, it } from "@effect/vitest"
import { pages, read, sources } from "./files.ts"
import { command, regenerated, wanted } from "./generated.ts"
import { machines } from "./machines.ts"
import { tables } from "./tables.ts"

describe("the guides", () => {
  for (const page of pages.filter((page) => wanted(read(page)).length > 0)) {
    it(`${page} says what the code says`, async () => {
      const text = read(page)
      assert.strictEqual(text, await regenerated(text), `${page} is out of date: run \`${command}\``)
    }, 60_000)
  }

  for (const [path, make] of Object.entries(machines)) {
    it(`${path} says what the guides say`, async () => {
      assert.strictEqual(read(path), await make(), `${path} is out of date: run \`${command}\``)
    })
  }

  it("show every table once that is made for them", () => {
    const shown = pages.flatMap((page) => wanted(read(page)))
    assert.deepStrictEqual(shown.toSorted(), Object.keys(tables).toSorted())
  })

  it("leave no marker open", () => {
    const open = pages.filter((page) => {
      const count = (text: string) => read(page).split(text).length - 1
      return (
        count("<!-- generated: ") !== wanted(read(page)).length || count("<!-- end -->") !== wanted(read(page)).length
      )
    })
    assert.deepStrictEqual(open, [])
  })

  it("explain every variable of the environment that the code reads, and no other", () => {
    const variable = /"(WHATSAPP_[A-Z_]+|PORT)"/g
    const inCode = sources.flatMap((file) => Array.from(read(file).matchAll(variable), ([, name = ""]) => name))
    const row = /^\| `(WHATSAPP_[A-Z_]+|PORT)`/gm
    const explained = Array.from(read("docs/60_operating.md").matchAll(row), ([, name = ""]) => name)
    assert.deepStrictEqual(explained.toSorted(), Array.from(new Set(inCode)).toSorted())
    const mentioned = pages.flatMap((page) => Array.from(read(page).matchAll(/WHATSAPP_[A-Z_]+/g), ([name]) => name))
    assert.deepStrictEqual(
      mentioned.filter((name) => !explained.includes(name)),
      []
    )
  })
})
