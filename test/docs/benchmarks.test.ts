import { assert, describe, it } from "@effect/vitest"
import { renewed } from "../bench/page.ts"
import { read } from "./files.ts"

const page = read("docs/benchmarks.md")

describe("the page of benchmarks", () => {
  it("says what the benchmark writes", () => {
    assert.strictEqual(renewed(page, {}), page)
  })

  it("gets the sections that were measured, and keeps the others", () => {
    const once = renewed(page, { cold: "# measured once", bundles: "# $& kept" })
    const twice = renewed(once, { cold: "# measured twice" })
    assert.include(once, "measured once")
    assert.notInclude(twice, "measured once")
    assert.include(twice, "measured twice")
    assert.include(twice, "# $& kept")
  })
})
