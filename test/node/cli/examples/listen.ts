/** The examples of `listen`: each hears of one text. */
import { assert } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { createServer } from "node:net"
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
  (shown: string): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const wanted = /--port (\d+)/.exec(line)?.[1] ?? "0"
      const port = yield* freePort(Number(wanted))
      const running = yield* shell.start(line.replace(`--port ${wanted}`, `--port ${port}`), "listening on", {
        WHATSAPP_APP_SECRET: secret,
        WHATSAPP_VERIFY_TOKEN: "verify-token-of-an-example",
        PORT: String(port)
      })
      const body = Delivery.text("wamid.example")
      const { status } = yield* Http.post(`http://127.0.0.1:${port}/whatsapp/webhook`, body, signed(body, secret))
      assert.strictEqual(status, 200)
      const outcome = yield* running.stop
      assertDone(outcome)
      assert.include(outcome.stdout, shown)
    })

export const listen: Examples = {
  "effect-whatsapp listen --port 8080": hears("Customer"),
  "effect-whatsapp listen --json | jq .text": hears('"'),
  "effect-whatsapp listen --db bot.db": hears("Customer")
}
