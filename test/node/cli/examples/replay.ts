/** The examples of `replay`, on a file with two deliveries. */
import { assert } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as Endpoint from "../endpoint.ts"
import { sign } from "../listening.ts"
import { assertDone, type Example, type Examples } from "./world.ts"

const secret = "secret-of-an-example"
const receivedAt = "2026-08-12T02:00:10.000Z"
const bodies = ["wamid.1", "wamid.2"].map((wamid) => Buffer.from(Delivery.text(wamid)))

/** Runs the line, to an endpoint at a port that is free, and asserts which deliveries it is given. */
const posts =
  (shown: RegExp, expected: ReadonlyArray<Buffer>): Example =>
  (shell, line) =>
    Effect.gen(function* () {
      const endpoint = yield* Endpoint.serve()
      const lines = bodies.map((body) => `${JSON.stringify({ receivedAt, text: body.toString() })}\n`)
      yield* Effect.promise(() => writeFile(join(shell.folder, "deliveries.jsonl"), lines))
      const outcome = yield* shell.run(line.replace(/https:\S+/, endpoint.url), {
        WHATSAPP_APP_SECRET: secret,
        PORT: new URL(endpoint.url).port
      })
      assertDone(outcome)
      assert.match(outcome.stdout, shown)
      assert.deepStrictEqual(
        endpoint.posts.map(({ body, signature }) => ({ body, signature })),
        expected.map((body) => ({ body, signature: sign(body, secret) }))
      )
    })

export const replay: Examples = {
  "effect-whatsapp replay deliveries.jsonl": posts(/^2 deliveries acknowledged/, bodies),
  "effect-whatsapp replay deliveries.jsonl --to https://staging.example.com/whatsapp/webhook --pace real": posts(
    /^2 deliveries acknowledged/,
    bodies
  ),
  "tail -n 1 deliveries.jsonl | effect-whatsapp replay - --json": posts(/^{"line":1,.*"status":200/, bodies.slice(1))
}
