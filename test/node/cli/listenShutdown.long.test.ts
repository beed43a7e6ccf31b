import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Effect } from "effect"
import * as Http from "./http.ts"
import { listen, signed } from "./listening.ts"

describe.concurrent("listen --json, on SIGTERM", () => {
  it.live("does not wait for ever for a client that says nothing more", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--json"])
      const body = Delivery.text("wamid.never")
      const request = yield* Http.open(server.url, {
        ...signed(body),
        "content-length": body.length,
        expect: "100-continue"
      })
      yield* request.invited
      yield* request.write(body.subarray(0, 100))
      yield* server.signal("SIGTERM")
      const { code, stdout } = yield* server.outcome
      assert.deepStrictEqual({ code, stdout }, { code: 0, stdout: "" })
      // Anything but 200, so that Meta delivers again.
      assert.strictEqual((yield* request.answer).status, 503)
    })
  )

  it.live("ends with 0 on SIGINT as well", () =>
    Effect.gen(function* () {
      const server = yield* listen(["--json"])
      yield* server.signal("SIGINT")
      assert.strictEqual((yield* server.outcome).code, 0)
    })
  )
})
