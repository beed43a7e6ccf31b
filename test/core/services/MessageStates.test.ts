import { assert, describe, it } from "@effect/vitest"
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import { fromDelivery, type StatusUpdate } from "@effect-whatsapp/core/events"
import { MessageStates } from "@effect-whatsapp/core/services"
import { Delivery, MessageStatesContract } from "@effect-whatsapp/core/testing"
import { Effect, type Layer } from "effect"

const suite = (name: string, layer: Layer.Layer<MessageStates.MessageStates>) =>
  describe(name, () => {
    for (const law of MessageStatesContract.laws()) it.effect(law.name, () => Effect.provide(law.run, layer))
  })

suite("message states in memory", MessageStates.layerMemory())

const update = (wamid: string, status: string): StatusUpdate => {
  const [incoming] = fromDelivery(DeliveryDigest.make("d"), Delivery.status(wamid, status))
  assert(incoming?.event._tag === "StatusUpdate")
  return incoming.event
}

describe("a memory of message states that is full", () => {
  it.effect(
    "keeps the messages that move, and forgets those that are long done",
    Effect.fn(function* () {
      const { highest, observe } = MessageStates.makeMemory({ capacity: 4 })
      yield* observe(update("done", "read"))
      for (const other of ["a", "b", "c", "d", "e", "f"]) {
        yield* observe(update("moving", "delivered"))
        yield* observe(update(other, "sent"))
      }
      assert.strictEqual(yield* highest(update("moving", "sent")), "Delivered")
      assert.strictEqual(yield* highest(update("done", "sent")), undefined)
      assert.strictEqual(yield* highest(update("f", "sent")), "Sent")
    })
  )

  it.effect(
    "remembers at least half of its capacity at any time",
    Effect.fn(function* () {
      const { highest, observe } = MessageStates.makeMemory({ capacity: 20 })
      const wamids = Array.from({ length: 100 }, (_, i) => `wamid.${i}`)
      for (const [i, wamid] of wamids.entries()) {
        yield* observe(update(wamid, "sent"))
        for (const recent of wamids.slice(Math.max(0, i - 9), i + 1)) {
          assert.strictEqual(yield* highest(update(recent, "sent")), "Sent")
        }
      }
      assert.strictEqual(yield* highest(update("wamid.79", "sent")), undefined)
    })
  )
})
