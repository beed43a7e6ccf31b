import { assert, describe, it } from "@effect/vitest"
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Json } from "@effect-whatsapp/core/wire"
import { Arbitrary, Schema } from "effect"
import { fixtures } from "../../fixtures/fixtures.ts"
import * as Paths from "../../fixtures/paths.ts"
import { type Changes, changed, decode, nothing, placesOf, tagOf } from "./variants.ts"

const whole = fixtures.flatMap((fixture) =>
  fixture.events.length === 0 || fixture.events[0] === "Undecodable" ? [] : [{ ...fixture, ...placesOf(fixture) }]
)
type Whole = (typeof whole)[number]
const named = whole.map((fixture) => [fixture.file, fixture] as const)

const roundTrip = Schema.fromJsonString(WhatsAppEvent)
const encode = Schema.encodeSync(roundTrip)
const read = Schema.decodeSync(roundTrip)

const subset = (paths: ReadonlyArray<string>): Arbitrary.Arbitrary<ReadonlyArray<string>> =>
  paths.length === 0
    ? Arbitrary.Constant([])
    : Arbitrary.array(Arbitrary.schema(Schema.Literals(paths)), { maxLength: 2 * paths.length })

/** Every change that a documented shape must survive. */
const changesOf = ({ digits, objects, optional, words }: Whole): Arbitrary.Arbitrary<Changes> =>
  Arbitrary.all({
    missing: subset(optional),
    null: subset(optional),
    extended: subset(objects),
    swapped: subset(digits),
    renamed: subset(words),
    moved: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 7 })))
  })

const assertTags = (json: Schema.Json, expected: ReadonlyArray<string>, message?: string) => {
  assert.deepStrictEqual<ReadonlyArray<string>>(decode(json).map(tagOf), expected, message)
}
const assertStays = (json: Schema.Json, { events }: Whole, message?: string) => {
  assertTags(json, events, message)
}

describe("a documented shape stays the event that it is", () => {
  for (const fixture of whole) {
    it.prop(
      `${fixture.file} with less, with more, in another order, with numbers for strings and with unknown words`,
      { changes: changesOf(fixture) },
      ({ changes }) => {
        const json = changed(fixture.json, changes)
        assertStays(json, fixture)
        for (const { event, position } of decode(json)) {
          assert(event._tag !== "DeliveryUnreadable")
          assert.deepStrictEqual(event.raw, Paths.get(json, position))
          assert.deepStrictEqual(read(encode(event)), event)
        }
      },
      { arbitrary: { runs: 8, size: 30 } }
    )
  }

  it.each(named)("%s without any one of the members that it can do without, or with nothing in it", (_, fixture) => {
    for (const path of fixture.optional) {
      const isText = typeof Paths.get(fixture.json, path) === "string"
      for (const absent of isText ? [undefined, null, ""] : [undefined, null]) {
        assertStays(Paths.set(fixture.json, path, absent), fixture, `${path}: ${absent}`)
      }
    }
  })

  it.each(named)("%s with nothing but what it cannot do without", (_, fixture) => {
    assertStays(changed(fixture.json, { ...nothing, missing: fixture.optional }), fixture)
    assertStays(changed(fixture.json, { ...nothing, null: fixture.optional }), fixture)
  })

  it.each(named)("%s with every unknown word, every number as a string and every string as a number", (_, fixture) => {
    assertStays(changed(fixture.json, { ...nothing, renamed: fixture.words }), fixture)
    assertStays(changed(fixture.json, { ...nothing, swapped: fixture.digits }), fixture)
    assertStays(changed(fixture.json, { ...nothing, extended: fixture.objects }), fixture)
  })
})

/** What stands in place of a value of the same shape and is none. */
const wrong = (value: Schema.Json | undefined): ReadonlyArray<Schema.Json> => {
  if (Array.isArray(value)) return ["later", 7, true, { later: true }]
  return Json.isJsonObject(value) ? ["later", 7, true, ["later"]] : [{ later: true }, ["later"], true]
}

/** The payload of a message, which stands under its type; of one that we know. */
const payloadOf = ({ events, field, item, json }: Whole): ReadonlyArray<string> => {
  const type = Paths.get(json, `${item}.type`)
  const isMessage = field === "messages" && item.endsWith("value.messages[0]")
  const isKnown = typeof type === "string" && !/^Un(known|supported)/.test(events[0] ?? "")
  return isMessage && isKnown && Paths.get(json, `${item}.${type}`) !== undefined ? [type] : []
}

const isContainer = (value: Schema.Json | undefined) => typeof value === "object" && value !== null

describe("a broken item is Undecodable, with the path to where it is broken", () => {
  const strict = whole.filter(({ required }) => required.length > 0).map((fixture) => [fixture.file, fixture] as const)
  const brokenAt = (path: string, { events }: Whole) => [`Undecodable at ${path}`, ...events.slice(1)]

  it.each(strict)("%s without what it cannot do without", (_, fixture) => {
    for (const path of fixture.required.map((path) => Paths.inside(fixture.item, path))) {
      for (const missing of [undefined, null]) {
        assertTags(Paths.set(fixture.json, path, missing), brokenAt(path, fixture), `${path}: ${missing}`)
      }
    }
  })

  it.each(strict)("%s with an empty id", (_, fixture) => {
    // An order may be referred to by nothing; everything else that has an empty id would be one and the same.
    const ids = fixture.required.filter((path) => /(^|[._])id$/.test(path) && !path.endsWith(".reference_id"))
    for (const path of ids.map((path) => Paths.inside(fixture.item, path))) {
      assertTags(Paths.set(fixture.json, path, ""), brokenAt(path, fixture), path)
    }
  })

  it.each(strict)("%s with something of another kind in place of it, or of what it stands in", (_, fixture) => {
    const { item } = fixture
    const payloads = [...fixture.decides, ...payloadOf(fixture)].filter((path) =>
      isContainer(Paths.get(fixture.json, Paths.inside(item, path)))
    )
    const needed = [...fixture.required, ...payloads].map((path) => Paths.inside(item, path))
    const around = Paths.members(fixture.json).flatMap(({ path }) =>
      path !== item && Paths.leadsTo(item, path) && needed.some((other) => Paths.leadsTo(path, other)) ? [path] : []
    )
    for (const path of around) {
      for (const value of wrong(Paths.get(fixture.json, path))) {
        assertTags(Paths.set(fixture.json, path, value), brokenAt(path, fixture), `${path}: ${JSON.stringify(value)}`)
      }
    }
  })

  it.each(strict)("%s that is no object at all", (_, fixture) => {
    const { item } = fixture
    for (const value of ["later", 7, null, ["later"], true]) {
      assertTags(Paths.set(fixture.json, item, value), brokenAt(item, fixture), JSON.stringify(value))
    }
  })
})

describe("a message whose payload is missing", () => {
  // An identity beside it tells as much as a system object does.
  const plain = whole.filter(({ item, json }) => Paths.get(json, `${item}.identity`) === undefined)
  const typed = plain.flatMap((fixture) =>
    payloadOf(fixture).map((payload) => [fixture.file, payload, fixture] as const)
  )

  it.each(typed)("is an UnsupportedReceived: %s without %s", (_, payload, fixture) => {
    for (const missing of [undefined, null]) {
      const json = Paths.set(fixture.json, `${fixture.item}.${payload}`, missing)
      assertTags(json, ["UnsupportedReceived", ...fixture.events.slice(1)])
    }
  })
})
