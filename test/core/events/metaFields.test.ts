import { assert, describe, it } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery, metaFields } from "@effect-whatsapp/core/events"
import { Envelope, Json } from "@effect-whatsapp/core/wire"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import { shapes } from "../../fixtures/shapes.ts"

const digest = DeliveryDigest.make("0f4d2c5b")

/** The fields in which the fixtures bring each event. */
const seen = () => {
  const found = new Map<string, Set<string>>()
  for (const { file } of shapes) {
    const bytes = readFileSync(new URL(`../../fixtures/${file}`, import.meta.url))
    const items = Result.match(Json.parseObject(bytes), {
      onFailure: () => [],
      onSuccess: ({ entry }) => (Array.isArray(entry) ? Envelope.items({ entry }) : [])
    })
    for (const [i, { event }] of fromDelivery(digest, bytes).entries()) {
      const field = items[i]?.field
      if (field === undefined) continue
      const fields = found.get(event._tag) ?? new Set()
      found.set(event._tag, fields.add(field))
    }
  }
  return found
}

const sorted = (fields: Iterable<string>) => Array.from(fields).toSorted((one, other) => one.localeCompare(other))

describe("the table of webhook fields", () => {
  const found = seen()
  for (const [tag, fields] of Object.entries(metaFields)) {
    it(`says in which fields ${tag} comes: those of the fixtures`, () => {
      const isOfAnyField = fields.length === 0
      assert.deepStrictEqual(isOfAnyField ? [] : sorted(found.get(tag) ?? []), sorted(fields))
    })
  }
})
