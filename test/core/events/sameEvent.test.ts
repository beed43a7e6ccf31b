import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { fixtures } from "../../fixtures/fixtures.ts"
import * as Paths from "../../fixtures/paths.ts"
import { json as withoutRaw } from "./delivered.ts"
import { changed, decode, nothing, placesOf } from "./variants.ts"

const named = fixtures.flatMap((fixture) =>
  fixture.events.length === 0 || fixture.events[0] === "Undecodable"
    ? []
    : [[fixture.file, { ...fixture, ...placesOf(fixture) }] as const]
)

/** All that becomes of a delivery but `raw`. */
const said = (json: Schema.Json) =>
  decode(json).map(({ event, ...around }) => ({ ...around, event: withoutRaw(event) }))

/** What is handed on as Meta writes it, or where an empty text is something else than none. */
const isVerbatim = (path: string): boolean =>
  /\.(notes|calling|message_echoes\[0\]\.(message|template|flow))\.|\.groups\[0\]\.(subject|description)$/.test(path)

describe("an event says the same", () => {
  it.each(named)("when Meta writes numbers for strings and strings for numbers: %s", (_, { digits, json }) => {
    const expected = said(json)
    for (const path of digits) {
      if (!isVerbatim(path))
        assert.deepStrictEqual(said(changed(json, { ...nothing, swapped: [path] })), expected, path)
    }
  })

  it.each(named)("when what is absent is null or empty: %s", (_, { json, optional }) => {
    for (const path of optional) {
      if (isVerbatim(path)) continue
      const expected = said(Paths.set(json, path, undefined))
      for (const absent of typeof Paths.get(json, path) === "string" ? [null, ""] : [null]) {
        assert.deepStrictEqual(said(Paths.set(json, path, absent)), expected, `${path}: ${absent}`)
      }
    }
  })

  it.each(named)("in any order of members, and with more of them: %s", (_, { json, objects }) => {
    const expected = said(json)
    const extended = objects.filter((path) => !isVerbatim(`${path}.`))
    for (const moved of [0, 2, 6])
      assert.deepStrictEqual(said(changed(json, { ...nothing, extended, moved })), expected)
  })
})
