import { assert, describe, it } from "@effect/vitest"
import { checks } from "../../../packages/node/src/doctor/checks.ts"
import { faults } from "./faults.ts"

describe("the table of checks", () => {
  it("names each once, in a group", () => {
    const ids = checks.map(({ id }) => id)
    assert.deepStrictEqual(Array.from(new Set(ids)), ids)
    for (const id of ids) assert.match(id, /^[a-z]+\.[\w@/-]+$/)
  })

  it("needs only checks that there are, and none that needs it in turn", () => {
    const byId = new Map(checks.map((check) => [check.id, check]))
    const follow = (id: string, path: ReadonlyArray<string>) => {
      const check = byId.get(id)
      assert.isDefined(check, `${path.at(-1)} needs ${id}`)
      assert.notInclude(path, id)
      for (const need of check?.needs ?? []) follow(need, [...path, id])
    }
    for (const { id } of checks) follow(id, [])
  })

  it("leaves nothing that is not remote behind something that is", () => {
    const remote = new Set(checks.filter(({ isRemote }) => isRemote).map(({ id }) => id))
    for (const { id, isRemote, needs } of checks) {
      if (!isRemote)
        assert.deepStrictEqual(
          needs.filter((need) => remote.has(need)),
          [],
          id
        )
    }
  })

  it("has a fault in the tests for each that can find one", () => {
    const tried = new Set(faults.flatMap(({ found }) => Object.keys(found)))
    const untried = checks.map(({ id }) => id).filter((id) => !tried.has(id))
    assert.deepStrictEqual(untried, [])
  })
})
