/** The largest files that Meta takes, and how many of them the emulator keeps. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { describeOf, fileOf, idOf, product, upload, type Emulator } from "./form.ts"
import { call, errorOf, makeEmulator } from "./world.ts"

const largest = 104_857_600
const bytes = Buffer.alloc(largest + 1)

const send = (emulator: Emulator, size: number) =>
  upload(emulator, product, fileOf(bytes.subarray(0, size), "application/pdf", "a.pdf"))

describe("a file of 100 MB", () => {
  it.effect(
    "is taken, and one of a byte more is refused",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const within = yield* send(emulator, largest)
      assert.strictEqual((yield* describeOf(emulator, idOf(within))).file_size, String(largest))
      const beyond = yield* send(emulator, largest + 1)
      assert.deepStrictEqual([beyond.status, errorOf(beyond).code], [400, 100])
      assert.match(errorOf(beyond).error_data?.details ?? "", /at most 104857600 bytes/)
    })
  )

  it.effect(
    "is forgotten when there are more than 256 MiB of newer ones",
    Effect.fn(function* () {
      const emulator = yield* makeEmulator()
      const ids = yield* Effect.forEach([1, 2, 3], () => Effect.map(send(emulator, largest), idOf))
      const statuses = yield* Effect.forEach(ids, (id) =>
        Effect.map(call(emulator, "GET", `/v23.0/${id}`), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [400, 200, 200])
    })
  )
})
