import { assert, layer, vi } from "@effect/vitest"
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect, type Schema } from "effect"
import { assertInOrder, batch, broken, items, numberOf, size } from "../../fixtures/batch.ts"
import { fixtures, itemsOf } from "../../fixtures/fixtures.ts"
import { Server, tags } from "./listening.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const world = { excludeTestServices: true, timeout: "30 seconds" } as const

const raws = (events: ReadonlyArray<WhatsAppEvent>) => events.map((event) => ("raw" in event ? event.raw : undefined))

/** Conversations run side by side, so that the items of one delivery are printed in any order. */
const sorted = (json: ReadonlyArray<Schema.Json | undefined>) => json.map((it) => JSON.stringify(it)).toSorted()

layer(Server.layer(["--json"]), world)("listen --json", (it) => {
  for (const fixture of fixtures) {
    it.effect(`prints what Meta documents, a line for each item: ${fixture.file}`, () =>
      Effect.gen(function* () {
        const { deliver, events } = yield* Server
        yield* deliver(fixture.bytes)
        const found = yield* events(fixture.events.length)
        assert.deepStrictEqual(tags(found).toSorted(), fixture.events.toSorted())
        assert.deepStrictEqual(sorted(raws(found)), sorted(itemsOf(fixture.json)))
      })
    )
  }

  it.effect("prints 1000 lines for a delivery of 1000 items of all kinds, each conversation in order", () =>
    Effect.gen(function* () {
      const { deliver, events } = yield* Server
      yield* deliver(Delivery.encode(batch))
      const found = yield* events(size)
      const inMetasOrder = found.toSorted((one, other) => numberOfEvent(one) - numberOfEvent(other))
      assert.deepStrictEqual<ReadonlyArray<unknown>>(raws(inMetasOrder), items)
      const undecodable = inMetasOrder.filter(({ _tag }) => _tag === "Undecodable").map(numberOfEvent)
      assert.deepStrictEqual(undecodable, Array.from(broken))
      assertInOrder(found)
    })
  )
})

layer(Server.layer(), world)("listen, for people", (it) => {
  it.effect("prints one line for each item of whatever Meta sends", () =>
    Effect.gen(function* () {
      const { deliver, line, unread } = yield* Server
      for (const fixture of fixtures) {
        yield* deliver(fixture.bytes)
        const lines = yield* Effect.replicateEffect(line, fixture.events.length)
        for (const text of lines) assert.match(text, /\w/, fixture.file)
        assert.notInclude(lines.join(), "undefined", fixture.file)
      }
      assert.deepStrictEqual(yield* unread, [])
    })
  )
})

const numberOfEvent = (event: WhatsAppEvent): number => numberOf("raw" in event ? event.raw : null)
