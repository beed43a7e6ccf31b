import { assert, describe, it } from "@effect/vitest"
import { fromMetaCode, WhatsAppError } from "@effect-whatsapp/core/errors"
import { RetryPolicy } from "@effect-whatsapp/node/events"
import { Cause, Duration } from "effect"

const meta = (code: number) => new WhatsAppError({ method: "WhatsAppClient.send", reason: fromMetaCode(code) })
const tooFast = meta(130429)
const trouble = meta(131000)
const upgrading = meta(131057)

const next = (cause: Cause.Cause<unknown>, attempts = 1) => RetryPolicy.make()({ attempts, cause })
const seconds = (after: RetryPolicy.Next) => (after._tag === "Retry" ? Duration.toSeconds(after.after) : after._tag)

describe("the retry policy", () => {
  it("waits 1 second, doubles to 30, and gives up after 5 attempts", () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) => seconds(next(Cause.fail("broken"), attempts)))
    assert.deepStrictEqual(waits, [1, 2, 4, 8, "Dead"])
    const many = RetryPolicy.make({ attempts: 10 })
    assert.strictEqual(seconds(many({ attempts: 9, cause: Cause.fail("broken") })), 30)
  })

  it("tries nothing again that may have been sent, whatever else failed beside it", () => {
    assert.strictEqual(seconds(next(Cause.fail(trouble))), "Dead")
    assert.strictEqual(seconds(next(Cause.combine(Cause.fail(tooFast), Cause.fail(trouble)))), "Dead")
    assert.strictEqual(seconds(next(Cause.combine(Cause.fail(trouble), Cause.die("boom")))), "Dead")
  })

  it("finds the verdict inside an error of one's own", () => {
    assert.strictEqual(seconds(next(Cause.fail(new Error("could not answer", { cause: trouble })))), "Dead")
    assert.strictEqual(seconds(next(Cause.die(new Error("could not answer", { cause: trouble })))), "Dead")
  })

  it("keeps the longest wait that Meta asked for", () => {
    assert.strictEqual(seconds(next(Cause.fail(upgrading))), 60)
    assert.strictEqual(seconds(next(Cause.combine(Cause.fail(tooFast), Cause.fail(upgrading)))), 60)
  })

  it("survives an error that is its own cause", () => {
    const error = new Error("round and round")
    error.cause = error
    assert.strictEqual(seconds(next(Cause.fail(error))), 1)
  })
})
