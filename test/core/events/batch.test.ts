import { assert, describe, it } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { assertInOrder, batch, broken, items, numberOf, size } from "../../fixtures/batch.ts"
import { fixtures } from "../../fixtures/fixtures.ts"

const found = fromDelivery(DeliveryDigest.make("batch"), Delivery.encode(batch))
const events = found.map(({ event }) => event)

describe("a delivery of 1000 items of all kinds over several entries, ten of them broken", () => {
  it("becomes 1000 events, each with its item", () => {
    assert.strictEqual(size, 1000)
    assert.deepStrictEqual<ReadonlyArray<unknown>>(
      events.map((event) => ("raw" in event ? event.raw : undefined)),
      items
    )
  })

  it("has every kind of event in it", () => {
    const tags = new Set(events.map(({ _tag }) => _tag))
    assert.deepStrictEqual(
      Array.from(tags).toSorted(),
      Array.from(new Set(fixtures.flatMap(({ events }) => events))).toSorted()
    )
  })

  it("becomes ten Undecodable, which are the broken ones", () => {
    const undecodable = events.flatMap((event) => (event._tag === "Undecodable" ? [numberOf(event.raw)] : []))
    assert.deepStrictEqual(undecodable, Array.from(broken))
    assert.strictEqual(broken.size, 10)
  })

  it("comes in order in each conversation, and for each message that was sent", () => {
    assertInOrder(events)
  })

  it("is 1000 different items for deduplication", () => {
    assert.strictEqual(new Set(found.map(({ key }) => key)).size, size)
  })
})
