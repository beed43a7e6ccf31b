import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { messages, split, tooLong } from "../../../packages/node/src/mcp/internal/lines.ts"

const encoder = new TextEncoder()

/** The same bytes, cut into pieces of this many. */
const pieces = (bytes: Uint8Array, size: number) => {
  const all: Array<Uint8Array> = []
  for (let i = 0; i < bytes.length; i += size) all.push(bytes.subarray(i, i + size))
  return Stream.fromIterable(all)
}

describe("lines of the protocol", () => {
  it.effect.prop(
    "are the same however the bytes come in pieces",
    [Schema.Array(Schema.String), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))],
    ([texts, size]) =>
      Effect.gen(function* () {
        const lines = texts.map((text) => text.replaceAll("\n", " ").toWellFormed())
        const bytes = encoder.encode(lines.map((line) => `${line}\n`).join(""))
        assert.deepStrictEqual(yield* Stream.runCollect(split(pieces(bytes, size))), lines)
      })
  )

  for (const size of [1, 3, 1000]) {
    it.effect(`are dropped when they are too long, and the next one is whole: pieces of ${size}`, () =>
      Effect.gen(function* () {
        const bytes = encoder.encode(
          `${"x".repeat(10)}\n${"x".repeat(11)}\n${"x".repeat(500)}\nnext\n${"x".repeat(11)}`
        )
        assert.deepStrictEqual(yield* Stream.runCollect(split(pieces(bytes, size), 10)), [
          "x".repeat(10),
          tooLong,
          tooLong,
          "next",
          tooLong
        ])
      })
    )
  }

  it.effect("that are no messages are answered, and the others go on as they are", () =>
    Effect.gen(function* () {
      const good = [
        '{"jsonrpc":"2.0","id":1,"method":"ping"}',
        '{"jsonrpc":"2.0","id":"a","result":{}}',
        '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'
      ]
      const bad = [
        "x",
        "null",
        '{"jsonrpc":"2.0","id":null,"method":"ping"}',
        '{"jsonrpc":"2.0","id":1.5,"method":"ping"}'
      ]
      const answers: Array<string> = []
      const text = [...good, ...bad, "", "  "].join("\n")
      const passed = yield* messages(pieces(encoder.encode(text), 7), (line) =>
        Effect.sync(() => void answers.push(line))
      ).pipe(Stream.decodeText, Stream.mkString)
      assert.strictEqual(passed, good.map((line) => `${line}\n`).join(""))
      const refusal = (code: number, message: string) =>
        `${JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } })}\n`
      assert.deepStrictEqual(answers, [
        refusal(-32700, "The line is not JSON"),
        ...Array.from({ length: 3 }, () => refusal(-32600, "The line is no JSON-RPC message"))
      ])
    })
  )
})
