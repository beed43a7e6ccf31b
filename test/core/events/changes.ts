/** What is promised of every webhook field whose change is itself the item. */
import { assert, describe, it } from "@effect/vitest"
import type { Tag } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Json } from "@effect-whatsapp/core/wire"
import type { Schema } from "effect"
import { brokenAt, digest, json, only, tagged } from "./delivered.ts"

type JsonObject = { readonly [key: string]: Schema.Json }

export interface Case {
  readonly field: string
  readonly tag: Tag
  /** Everything that Meta documents, and what the event has from it. */
  readonly value: JsonObject
  readonly event: JsonObject
  /** Paths to what the event cannot do without. */
  readonly required: ReadonlyArray<string>
  /** Path to what an object in it, which the event can do without, cannot do without. */
  readonly essential?: string
  /** What the event still has when the rest is missing. */
  readonly least: JsonObject
}

const { businessAccountId } = Delivery.defaults

/** When Meta noticed, as the envelope says and as the event does. */
const time = 1786500600
const timestamp = "2026-08-12T02:10:00.000Z"

const noticed = (field: string, value: Schema.Json) =>
  only(Delivery.encode({ entry: [{ id: businessAccountId, time, changes: [{ field, value }] }] }))

/** The event of a change, as JSON without what all of them have. */
export const told = (field: string, value: Schema.Json): { readonly [key: string]: unknown } => {
  const { businessAccountId: id, ...event } = json(only(Delivery.change(field, value)).event)
  assert.strictEqual(id, businessAccountId)
  return event
}

/** The JSON with another value at a path; `undefined` takes it away. */
const put = (at: Schema.Json, [key, ...path]: ReadonlyArray<string>, value: Schema.Json | undefined): Schema.Json => {
  if (key === undefined) return value ?? null
  if (Array.isArray(at)) return at.map((one: Schema.Json, i) => (String(i) === key ? put(one, path, value) : one))
  if (!Json.isJsonObject(at)) return at
  const { [key]: inner = null, ...rest } = at
  return path.length === 0 && value === undefined ? rest : { ...rest, [key]: put(inner, path, value) }
}

/** The paths to all values in a JSON that are no objects or lists. */
const leaves = (json: unknown, path: ReadonlyArray<string> = []): ReadonlyArray<ReadonlyArray<string>> =>
  typeof json === "object" && json !== null
    ? Object.entries(json).flatMap(([key, value]: readonly [string, unknown]) => leaves(value, [...path, key]))
    : [path]

/** The part of a JSON that these paths lead to. */
const part = (json: Schema.Json, paths: ReadonlyArray<string>): Schema.Json => {
  if (Array.isArray(json)) return json.map((one: Schema.Json) => part(one, paths.map(inner)))
  if (!Json.isJsonObject(json)) return json
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => {
      const under = paths.filter((path) => path === key || path.startsWith(`${key}.`))
      return under.length === 0 ? [] : [[key, part(value, under.map(inner))]]
    })
  )
}
const inner = (path: string) => path.slice(path.indexOf(".") + 1)

const positioned = (path: string) =>
  `.value${path
    .split(".")
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join("")}`

/** All promises, for each field of a family. */
export const describeChanges = (cases: ReadonlyArray<Case>) =>
  describe.each(cases)("a change of $field", ({ essential, event, field, least, required, tag, value }) => {
    it(`is a ${tag} with everything that Meta tells`, () => {
      const { event: whole } = noticed(field, value)
      assert.deepStrictEqual(json(whole), { businessAccountId, timestamp, ...event, _tag: tag })
      assert("raw" in whole)
      assert.deepStrictEqual(whole.raw, { field, value })
    })

    it("needs nothing but what it cannot do without", () => {
      assert.deepStrictEqual(told(field, part(value, required)), { ...least, _tag: tag })
    })

    it("loses what is empty or of the wrong kind, and nothing beside it", () => {
      const whole = told(field, value)
      const odd = [null, "", true, {}, [], [[1]]]
      for (const key of Object.keys(value)) {
        if (required.some((path) => path === key || path.startsWith(`${key}.`))) continue
        for (const instead of odd) {
          const event = told(field, { ...value, [key]: instead })
          assert.strictEqual(event._tag, tag)
          const changed = Object.keys({ ...whole, ...event }).filter(
            (name) => JSON.stringify(whole[name]) !== JSON.stringify(event[name])
          )
          assert(changed.length <= 1, `${key} ${JSON.stringify(instead)} changes ${changed.join(" and ")}`)
        }
      }
    })

    it("loses one member of an object or element in it, and no other", () => {
      const count = leaves(told(field, value)).length
      for (const path of leaves(value)) {
        if ([...required, essential].includes(path.join("."))) continue
        for (const instead of [null, "", {}, [[1]]]) {
          const event = told(field, put(value, path, instead))
          assert.strictEqual(event._tag, tag)
          assert.isAtLeast(leaves(event).length, count - 1, `${path.join(".")} ${JSON.stringify(instead)}`)
        }
      }
    })

    it.each(required)("is Undecodable without %s, and says where", (path) => {
      for (const [odd, reason] of [
        [undefined, "missing"],
        [null, "expected"],
        [[{}], "expected"],
        [true, "expected"]
      ] as const) {
        const incoming = only(Delivery.change(field, put(value, path.split("."), odd)))
        const [place, said] = brokenAt(incoming)
        assert.strictEqual(place, positioned(path))
        assert.match(said, new RegExp(`^${reason}`))
        const broken = tagged("Undecodable", incoming)
        assert.strictEqual(broken.field, field)
        assert.deepStrictEqual(broken.raw, { field, value: put(value, path.split("."), odd) })
      }
    })

    it("is Undecodable when its value is no object", () => {
      for (const odd of [null, "x", 1, [value]]) {
        assert.deepStrictEqual(brokenAt(only(Delivery.change(field, odd))), [".value", "expected object"])
      }
    })

    it("is known by its delivery, and in order with the other changes of its field and account", () => {
      const { key, lane } = only(Delivery.change(field, value))
      assert.strictEqual(key, `${digest}/entry[0].changes[0]`)
      const again = noticed(field, part(value, required))
      assert.strictEqual(again.lane, lane)
      const elsewhere = only(Delivery.change(field, value, { businessAccountId: "1" }))
      assert.notStrictEqual(elsewhere.lane, lane)
      assert.notStrictEqual(only(Delivery.change(`${field}_later`, value)).lane, lane)
    })
  })
