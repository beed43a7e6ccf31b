import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, PhoneNumberId, WaId } from "@effect-whatsapp/core/domain"
import { Identities } from "@effect-whatsapp/core/services"
import { IdentitiesContract } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"

describe("identities in memory", () => {
  for (const law of IdentitiesContract.laws()) {
    it.effect(law.name, () => Effect.provide(law.run, Identities.layerMemory()))
  }
})

describe("all laws of identities on one store", () => {
  it.effect(
    "hold one after the other",
    Effect.fn(function* () {
      yield* Effect.forEach(IdentitiesContract.laws(), ({ run }) => run, { discard: true })
    }, Effect.provide(Identities.layerMemory()))
  )
})

const number = PhoneNumberId.make("207311904455012")
const person = (i: number) => ({
  userId: BusinessScopedUserId.make(`US.${i}`),
  waId: WaId.make(`1650555${String(i).padStart(4, "0")}`)
})
const phone = (i: number) => ({ waId: person(i).waId })
const bsuid = (i: number) => ({ userId: person(i).userId })

describe("a memory of identities that is full", () => {
  it.effect(
    "keeps the links that are used, and knows the others by what the item says",
    Effect.fn(function* () {
      const { find, observe } = Identities.makeMemory({ capacity: 10 })
      const [used, unused] = [9001, 9002]
      for (const i of [used, unused]) yield* observe(number, person(i))
      for (let i = 0; i < 100; i++) {
        yield* observe(number, person(i))
        assert.deepStrictEqual(yield* find(number, phone(used)), bsuid(used))
      }
      assert.deepStrictEqual(yield* find(number, phone(unused)), phone(unused))
      assert.deepStrictEqual(yield* find(number, person(unused)), bsuid(unused))
    })
  )

  it.effect(
    "keeps every link on the way from the first id of a person to the last, though only the first is asked for",
    Effect.fn(function* () {
      for (const pause of [1, 2, 3, 4]) {
        const { find, merge, observe } = Identities.makeMemory({ capacity: 16 })
        for (let i = 0; i < 4; i++) yield* merge(number, bsuid(i), bsuid(i + 1))
        for (let i = 0; i < 100; i++) {
          yield* observe(number, person(100 + i))
          if (i % pause === 0) assert.deepStrictEqual(yield* find(number, bsuid(0)), bsuid(4))
        }
      }
    })
  )

  it.effect(
    "remembers at least the newest half of its capacity at any time",
    Effect.fn(function* () {
      const { find, observe } = Identities.makeMemory({ capacity: 20 })
      for (let i = 0; i < 100; i++) {
        yield* observe(number, person(i))
        for (let recent = Math.max(0, i - 9); recent <= i; recent++) {
          assert.deepStrictEqual(yield* find(number, phone(recent)), bsuid(recent))
        }
      }
      assert.deepStrictEqual(yield* find(number, phone(75)), phone(75))
    })
  )

  it.effect(
    "works with the smallest capacity",
    Effect.fn(function* () {
      const { merge, observe } = Identities.makeMemory({ capacity: 1 })
      for (let i = 0; i < 10; i++) {
        assert.deepStrictEqual(yield* observe(number, person(i)), bsuid(i))
        assert.deepStrictEqual(yield* merge(number, person(i), person(i + 1)), bsuid(i + 1))
      }
    })
  )
})
