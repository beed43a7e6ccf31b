import { assert, describe, it, vi } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { assertNoStack } from "./commandLine.ts"
import * as Http from "./http.ts"
import { assertNoSecret, decode, type Listening, listen, signed, wamids } from "./listening.ts"

vi.setConfig({ testTimeout: 30_000 })

const batch = (size: number) => {
  const sent = Array.from({ length: size }, (_, n) => `wamid.batch.${n}`)
  return { sent, body: Delivery.messages({ messages: sent.map((wamid) => Delivery.textItem(wamid)) }) }
}

/** What it printed until its end. */
const printed = Effect.fnUntraced(function* ({ outcome }: Listening) {
  const { code, stderr, stdout } = yield* outcome
  assertNoStack(stderr)
  assertNoSecret(stdout + stderr)
  const lines = stdout.split("\n").slice(0, -1)
  return { code, stderr, wamids: wamids(yield* Effect.forEach(lines, (line) => decode(line))) }
})

describe.concurrent("listen --json, on SIGTERM", () => {
  it.live("ends with 0 when there is nothing to do", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--json"])
      yield* server.signal("SIGTERM")
      const { code, stderr, wamids } = yield* printed(server)
      assert.deepStrictEqual({ code, wamids }, { code: 0, wamids: [] })
      assert.strictEqual(stderr, `listening on ${server.url}\n`)
    })
  )

  it.live("prints everything that it accepted, to a reader that takes its time, and ends with 0", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--json"])
      const { body, sent } = batch(3000)
      server.child.stdout?.pause()
      yield* server.deliver(body)
      yield* server.signal("SIGTERM")
      yield* Http.closed(server.url)
      server.child.stdout?.resume()
      const { code, wamids } = yield* printed(server)
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(wamids, sent)
    })
  )

  it.live("answers and prints a delivery that was under way", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--json"])
      const body = Delivery.text("wamid.underway")
      const request = yield* Http.open(server.url, {
        ...signed(body),
        "content-length": body.length,
        expect: "100-continue",
        connection: "keep-alive"
      })
      yield* request.invited
      yield* request.write(body.subarray(0, 100))
      yield* server.deliver(Delivery.text("wamid.first"))
      yield* server.signal("SIGTERM")
      yield* Http.closed(server.url)
      yield* request.end(body.subarray(100))
      const { status } = yield* request.answer
      assert.strictEqual(status, 200)
      const { code, wamids } = yield* printed(server)
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(wamids, ["wamid.first", "wamid.underway"])
    })
  )
})

describe.concurrent("listen, when its reader goes away", () => {
  it.live("ends with 1 and one readable line", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--json"])
      yield* server.deliver(Delivery.text("wamid.1"))
      assert.include(yield* server.line, "hello")
      yield* server.closeStdout
      yield* server.deliver(batch(100).body)
      const { code, stderr } = yield* server.outcome
      assert.strictEqual(code, 1)
      assertNoStack(stderr)
      assertNoSecret(stderr, "hello")
      assert.strictEqual(stderr, `listening on ${server.url}\nStandard output was closed\n`)
    })
  )
})
