import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import * as CommandLine from "./commandLine.ts"
import * as Graph from "./graph.ts"

vi.setConfig({ testTimeout: 30_000 })

const html = `<!DOCTYPE html><html><body>Bearer ${Graph.token} ${Graph.text}</body></html>`

describe.concurrent("send, when it fails", () => {
  it.live("says in one line that there is no server", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(Graph.accept)
      const outcome = yield* Graph.send(gone, [Graph.to, Graph.text])
      Graph.assertFailed(outcome, 1)
      assert.match(outcome.stderr, /^Not sent: ConnectionFailed, nothing was sent/)
    })
  )

  for (const [name, answer, said] of [
    ["HTML with 200", Graph.answer(200, html, "text/html"), /OutcomeUnknown.*may have been accepted/],
    ["HTML with 404", Graph.answer(404, html, "text/html"), /UnexpectedAnswer.*404.*WHATSAPP_API_URL/],
    ["HTML with 502", Graph.answer(502, html, "text/html"), /OutcomeUnknown.*502.*may have been accepted/],
    ["nothing, with 200", Graph.answer(200, ""), /OutcomeUnknown/],
    ["a cut connection", Graph.serve((response) => response.destroy()), /OutcomeUnknown.*connection broke/]
  ] as const) {
    it.live(`says in one line what came instead of an answer: ${name}`, () =>
      Effect.gen(function* () {
        const graph = yield* answer
        const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
        Graph.assertFailed(outcome, 1)
        assert.match(outcome.stderr, said)
        assert.strictEqual(graph.requests.length, 1, "no second copy")
        // By which a status can settle what became of it.
        const callbackData = graph.requests[0]?.callbackData
        assert(typeof callbackData === "string")
        assert.strictEqual(outcome.stderr.includes(callbackData), outcome.stderr.includes("OutcomeUnknown"))
      })
    )
  }

  it.live("gives neither token nor message to whom a redirect leads", () =>
    Effect.gen(function* () {
      const other = yield* Graph.accept
      const graph = yield* Graph.serve((response) =>
        response.writeHead(302, { location: other.url.replace("127.0.0.1", "localhost") }).end()
      )
      const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
      Graph.assertFailed(outcome, 1)
      assert.deepStrictEqual(other.requests, [])
    })
  )

  // Every other code has its turn in the long tests.
  for (const [code, reason] of [
    [131047, "WindowClosed"],
    [131000, "ServerError"]
  ] as const) {
    it.live(`says in one line what Meta's error ${code} means: ${reason}`, () =>
      Effect.gen(function* () {
        const graph = yield* Graph.answer(400, Graph.refusal(code))
        const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
        Graph.assertFailed(outcome, 1)
        assert.include(outcome.stderr, reason)
        assert.include(outcome.stderr, String(code))
      })
    )
  }

  it.live("keeps the code of an error that nobody has documented", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.answer(200, Graph.refusal(987654))
      const outcome = yield* Graph.send(graph, [Graph.to, Graph.text])
      Graph.assertFailed(outcome, 1)
      assert.match(outcome.stderr, /Rejected.*987654/)
    })
  )

  it.live("names every missing variable in one line", () =>
    Effect.gen(function* () {
      const outcome = yield* CommandLine.run(["send", Graph.to, Graph.text])
      Graph.assertFailed(outcome, 1)
      assert.include(outcome.stderr, "WHATSAPP_ACCESS_TOKEN")
      assert.include(outcome.stderr, "WHATSAPP_PHONE_NUMBER_ID")
    })
  )

  it.live("names a malformed variable without its value", () =>
    Effect.gen(function* () {
      const env = { ...Graph.environment("ftp://orchid.example"), WHATSAPP_ACCESS_TOKEN: `${Graph.token} and more` }
      const outcome = yield* CommandLine.run(["send", Graph.to, Graph.text], { env })
      Graph.assertFailed(outcome, 1)
      assert.include(outcome.stderr, "WHATSAPP_ACCESS_TOKEN")
      assert.include(outcome.stderr, "WHATSAPP_API_URL")
      assert.notInclude(outcome.stderr, "orchid")
    })
  )

  it.live("says in one line that a file cannot be read", () =>
    Effect.gen(function* () {
      const graph = yield* Graph.accept
      const outcome = yield* Graph.send(graph, [Graph.to, "--message-file", "/no/such/file.json"])
      Graph.assertFailed(outcome, 1)
      assert.include(outcome.stderr, "/no/such/file.json")
    })
  )
})
