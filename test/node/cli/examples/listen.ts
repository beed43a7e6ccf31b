/** The examples of `listen`: each hears of one text. */
import { assert } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { readFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import * as Endpoint from "../endpoint.ts"
import * as Http from "../http.ts"
import { signed } from "../listening.ts"
import { assertDone, type Example, type Examples } from "./world.ts"

const secret = "secret-of-an-example"

/** A port that nobody listens on: this one if it is free. */
const freePort = (wanted: number): Effect.Effect<number> =>
  Effect.callback((resume) => {
    const server = createServer()
    server.once("error", () => resume(freePort(0)))
    server.listen(wanted, () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : wanted
      server.close(() => resume(Effect.succeed(port)))
    })
  })

/** Runs the line, on another port where its own is taken, and asserts that it shows what is delivered. */
const hears =
  (shown: string, options?: Delivery.TextOptions): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const wanted = /--port (\d+)/.exec(line)?.[1] ?? "0"
      const port = yield* freePort(Number(wanted))
      const running = yield* shell.start(line.replace(`--port ${wanted}`, `--port ${port}`), "listening on", {
        WHATSAPP_APP_SECRET: secret,
        WHATSAPP_VERIFY_TOKEN: "verify-token-of-an-example",
        PORT: String(port)
      })
      const body = Delivery.text("wamid.example", options)
      const { status } = yield* Http.post(`http://127.0.0.1:${port}/whatsapp/webhook`, body, signed(body, secret))
      assert.strictEqual(status, 200)
      const outcome = yield* running.stop
      assertDone(outcome)
      assert.include(outcome.stdout, shown)
    })

/** The endpoint is given what is shown, at a port that is free. */
const forwards: Example = (shell, line) =>
  Effect.gen(function* () {
    const endpoint = yield* Endpoint.serve()
    yield* hears("Customer")(shell, line.replace("http://localhost:3000/whatsapp/webhook", endpoint.url))
    assert.include((yield* endpoint.next).body.toString(), "wamid.example")
  })

const records: Example = (shell, line) =>
  Effect.gen(function* () {
    yield* hears("Customer")(shell, line)
    const text = yield* Effect.promise(() => readFile(join(shell.folder, "deliveries.jsonl"), "utf8"))
    assert.match(text, /^[^\n]*wamid\.example[^\n]*\n$/)
  })

export const listen: Examples = {
  "effect-whatsapp listen --port 8080": hears("Customer"),
  "effect-whatsapp listen --json | jq .text": hears('"'),
  "effect-whatsapp listen --db bot.db": hears("Customer"),
  'effect-whatsapp listen --on message --on StatusUpdate --from "+39 340 123 4567"': hears("Customer", {
    from: "393401234567"
  }),
  "effect-whatsapp listen --port 8080 --forward http://localhost:3000/whatsapp/webhook": forwards,
  "effect-whatsapp listen --record deliveries.jsonl": records
}
