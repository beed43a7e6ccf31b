import { assert, describe, it } from "@effect/vitest"
import { graphCodes } from "@effect-whatsapp/core/errors"
import { Effect } from "effect"
import * as Graph from "./graph.ts"

describe.concurrent("send, when it fails", () => {
  // One code of each reason: every test is a process of its own.
  const codes = new Map(Object.entries(graphCodes).map(([code, { reason }]) => [reason, code]))
  for (const [reason, code] of codes) {
    it.live(`says in one line what error ${code} means: ${reason}`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.answer(400, Graph.refusal(Number(code)))
        const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
        Graph.assertFailed(outcome, 1)
        assert.include(outcome.stderr, reason)
        assert.include(outcome.stderr, code)
        assert.strictEqual(graph.requests.length, 1, "no second copy")
      })
    )
  }

  for (const [name, answer, said] of [
    ["nothing, with 400", Graph.answer(400, ""), /UnexpectedAnswer.*400/],
    ["JSON that is not Meta's", Graph.answer(200, { ok: Graph.text }), /OutcomeUnknown/],
    [
      "half an answer",
      Graph.serve((response) => {
        response.writeHead(200, { "content-length": 1000 })
        response.write(`{"messages":`, () => response.destroy())
      }),
      /OutcomeUnknown/
    ]
  ] as const) {
    it.live(`says in one line what came instead of an answer: ${name}`, () =>
      Effect.gen(function* () {
        const graph = yield* answer
        const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
        Graph.assertFailed(outcome, 1)
        assert.match(outcome.stderr, said)
        assert.strictEqual(graph.requests.length, 1, "no second copy")
      })
    )
  }

  for (const status of [301, 303, 307, 308]) {
    it.live(`gives neither token nor message to whom a ${status} leads`, () =>
      Effect.gen(function* () {
        const other = yield* Graph.accept
        const graph = yield* Graph.serve((response) => response.writeHead(status, { location: other.url }).end())
        const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
        Graph.assertFailed(outcome, 1)
        assert.deepStrictEqual(other.requests, [])
      })
    )
  }
})
