import { assert, describe, it } from "@effect/vitest"
import { DeliveryDigest, TemplateId } from "@effect-whatsapp/core/domain"
import { fromDelivery, type Incoming, type WhatsAppEvent as Event, WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Schema } from "effect"
import { type Fixture, files, fixtures } from "../../fixtures/fixtures.ts"
import * as Paths from "../../fixtures/paths.ts"

const incoming = ({ bytes, file }: Fixture): ReadonlyArray<Incoming> => fromDelivery(DeliveryDigest.make(file), bytes)
const named = fixtures.map((fixture) => [fixture.file, fixture] as const)

const encode = Schema.encodeSync(Schema.fromJsonString(WhatsAppEvent))
const decode = Schema.decodeSync(Schema.fromJsonString(WhatsAppEvent))

describe("the fixtures", () => {
  it("are all in the table, each once, and nothing else is", () => {
    assert.deepStrictEqual(fixtures.map(({ file }) => file).toSorted(), files)
  })

  it("are known by keys of their own, so that all can be delivered to one server", () => {
    const keys = fixtures.flatMap((fixture) => incoming(fixture).map(({ key }) => key))
    assert.deepStrictEqual(keys.toSorted(), Array.from(new Set(keys)).toSorted())
  })

  it("are Unknown only where Meta documents no payload", () => {
    const unknown = fixtures.filter(({ events }) => events.some((tag) => tag.startsWith("Unknown")))
    assert.deepStrictEqual(
      unknown.map(({ file }) => file).filter((file) => !file.startsWith("undocumented/")),
      [
        "messages/interactive-address-misnested.json",
        "messages/interactive-product.json",
        "messages/interactive-later.json",
        "messages/system-later.json",
        "messages/type-later.json",
        "statuses/type-later.json",
        "routing/standby-empty.json"
      ]
    )
  })

  it("keep the digits of integers beyond 2^53", () => {
    const fixture = fixtures.find(({ file }) => file === "templates/status-flagged-2022.json")
    assert(fixture !== undefined)
    const [first] = incoming(fixture)
    assert(first?.event._tag === "TemplateStatusChanged")
    assert.strictEqual(first.event.templateId, TemplateId.make("9007199254740993123"))
    assert.strictEqual(Paths.get(first.event.raw, "value.message_template_id"), "9007199254740993123")
    assert.include(new TextDecoder().decode(fixture.bytes), `"message_template_id": 9007199254740993123,`)
  })
})

describe("a fixture", () => {
  it.each(named)("%s becomes its events", (_, fixture) => {
    assert.deepStrictEqual(
      incoming(fixture).map(({ event }) => event._tag),
      fixture.events
    )
  })

  it.each(named)("%s is kept whole: raw is the item that Meta sent", (_, fixture) => {
    for (const { event, position } of incoming(fixture)) {
      assert(event._tag !== "DeliveryUnreadable")
      assert.deepStrictEqual(event.raw, Paths.get(fixture.json, position))
    }
  })

  it.each(named)("%s encodes to JSON and back unchanged", (_, fixture) => {
    for (const { event } of incoming(fixture)) assertRoundTrip(event)
  })
})

const assertRoundTrip = (event: Event) => {
  const text = encode(event)
  const back = decode(text)
  assert.deepStrictEqual(back, event)
  assert.strictEqual(encode(back), text)
}
