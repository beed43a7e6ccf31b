/** `npm ci` refuses a lock file that lacks the platform packages of another machine, and npm drops them silently. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"

const Lock = Schema.fromJsonString(
  Schema.Struct({
    packages: Schema.Record(
      Schema.String,
      Schema.Struct({
        version: Schema.optionalKey(Schema.String),
        resolved: Schema.optionalKey(Schema.String),
        link: Schema.optionalKey(Schema.Boolean),
        optionalDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
      })
    )
  })
)
const text = await readFile(join(import.meta.dirname, "../../package-lock.json"), "utf8")
const { packages } = Schema.decodeSync(Lock)(text)

describe("package-lock.json", () => {
  it("has the package of every platform", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`node_modules/${name}`]?.version === undefined &&
          packages[`${path}/node_modules/${name}`]?.version === undefined
      )
    )
    assert.deepStrictEqual(missing, [])
  })

  it("names no registry", () => {
    const hosts = Object.values(packages).filter(({ link, resolved }) => link !== true && resolved !== undefined)
    assert.deepStrictEqual(hosts, [])
  })
})
