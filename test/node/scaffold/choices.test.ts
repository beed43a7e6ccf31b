import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { nameFor, ProjectName } from "../../../packages/node/src/scaffold/choices.ts"

const isName = Schema.is(ProjectName)

describe("the name of a project", () => {
  it("is one that npm takes", () => {
    const long = "a".repeat(214)
    for (const name of ["bot", "my-bot", "@me/my.bot", "0", "a_b", long]) assert.isTrue(isName(name), name)
    const wrong = [
      "",
      "A",
      "a b",
      "../up",
      "a/b",
      "@/a",
      ".a",
      "_a",
      "node_modules",
      "favicon.ico",
      `${long}a`,
      "a\n",
      "é"
    ]
    for (const name of wrong) assert.isFalse(isName(name), JSON.stringify(name))
  })

  it("is made from any name of a folder", () => {
    const names = {
      "My Bot 🌻": "my-bot",
      "Perché no?": "perche-no",
      日本: "whatsapp-bot",
      node_modules: "whatsapp-bot"
    }
    for (const [folder, name] of Object.entries(names)) assert.strictEqual(nameFor(folder), name)
  })

  it.prop("is made from whatever a folder is called", [Schema.String], ([folder]) => {
    assert.isTrue(isName(nameFor(folder)))
  })
})
