import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { type Check, failure, ok, skipped, warning } from "../../../packages/node/src/doctor/Check.ts"
import { examine } from "../../../packages/node/src/doctor/examine.ts"
import * as Setup from "../../../packages/node/src/doctor/Setup.ts"

const check = (id: string, run: Check["run"], options: Partial<Check> = {}): Check => ({
  id,
  right: "all is well",
  why: "it matters",
  isRemote: false,
  needs: [],
  run,
  ...options
})

const fine = Effect.succeed(ok("fine"))

const World = (isOffline = false) =>
  Layer.mergeAll(
    Setup.layer({ project: "/nowhere", nodeVersion: "22.19.0", isOffline }),
    NodeCrypto.layerMac,
    FetchHttpClient.layer
  ).pipe(Layer.provideMerge(NodeServices.layer))

const outcomes = (...checks: ReadonlyArray<Check>) =>
  Effect.map(examine(checks), (results) =>
    results.map(({ check: { id }, outcome }) => [id, outcome.status, outcome.what])
  )

describe("an examination", () => {
  it.effect("skips what needs a check that failed or was skipped, and says because of which", () =>
    Effect.gen(function* () {
      const found = yield* outcomes(
        check("third", fine, { needs: ["second"] }),
        check("second", fine, { needs: ["first"] }),
        check("first", Effect.succeed(failure("broken", "mend it"))),
        check("other", fine, { needs: ["unfit"] }),
        check("unfit", Effect.succeed(skipped("there is none")))
      )
      assert.deepStrictEqual(found, [
        ["third", "skipped", "because of first"],
        ["second", "skipped", "because of first"],
        ["first", "failure", "broken"],
        ["other", "skipped", "there is none"],
        ["unfit", "skipped", "there is none"]
      ])
    }).pipe(Effect.provide(World()))
  )

  it.effect("goes on behind a warning", () =>
    Effect.gen(function* () {
      const found = yield* outcomes(
        check("first", Effect.succeed(warning("odd", "mend it"))),
        check("second", fine, { needs: ["first"] })
      )
      assert.deepStrictEqual(found[1], ["second", "ok", "fine"])
    }).pipe(Effect.provide(World()))
  )

  it.effect("asks nobody anything offline, and looks at what needs nobody", () =>
    Effect.gen(function* () {
      const never = Effect.die("it was asked")
      const found = yield* outcomes(check("far", never, { isRemote: true }), check("near", fine))
      assert.deepStrictEqual(found, [
        ["far", "skipped", "--offline"],
        ["near", "ok", "fine"]
      ])
    }).pipe(Effect.provide(World(true)))
  )

  it.effect("ends a check that does not end, and is not ended by one that breaks down", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        outcomes(check("endless", Effect.never), check("broken", Effect.die("oops")), check("well", fine))
      )
      yield* TestClock.adjust("45 seconds")
      assert.deepStrictEqual(yield* Fiber.join(fiber), [
        ["endless", "failure", "the check took over 45 seconds"],
        ["broken", "failure", "the check broke down"],
        ["well", "ok", "fine"]
      ])
    }).pipe(Effect.provide(World()))
  )

  it.effect("runs at most eight checks at once, and one that waits for another is none of them", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      let running = 0
      let most = 0
      const counted = Effect.suspend(() => {
        running += 1
        most = Math.max(most, running)
        return Effect.map(Deferred.await(gate), () => {
          running -= 1
          return ok("fine")
        })
      })
      const waiting = Array.from({ length: 20 }, (_, i) => check(`waits ${i}`, fine, { needs: ["0"] }))
      const all = [...waiting, ...Array.from({ length: 20 }, (_, i) => check(String(i), counted))]
      const fiber = yield* Effect.forkChild(examine(all))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([running, most], [8, 8])
      yield* Deferred.succeed(gate, undefined)
      const results = yield* Fiber.join(fiber)
      assert.isTrue(results.every(({ outcome }) => outcome.status === "ok"))
      assert.strictEqual(most, 8)
    }).pipe(Effect.provide(World()))
  )
})
