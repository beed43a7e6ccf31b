import { assert, describe, it } from "@effect/vitest"
import { Retry } from "@effect-whatsapp/core/client"
import { ConnectionFailed, fromMetaCode, Reason, type Said, WhatsAppError } from "@effect-whatsapp/core/errors"
import { Cause, Clock, Effect, Exit, Fiber, Random, Ref, Schema } from "effect"
import { TestClock } from "effect/testing"

const failure = (reason: Reason) => new WhatsAppError({ method: "WhatsAppClient.send", reason })
const meta = (code: number, said?: Said) => failure(fromMetaCode(code, said))

const tooFast = meta(130429)
const thisPerson = meta(131056)
const upgrading = meta(131057)
const trouble = meta(131000)
const closed = meta(131047)

/** Runs an effect that fails as the n-th entry says and then succeeds; tells at which second each try was made. */
const tries = Effect.fnUntraced(function* <E>(
  failures: ReadonlyArray<Effect.Effect<never, E>>,
  options?: Retry.Options
) {
  const made = yield* Ref.make<ReadonlyArray<number>>([])
  const start = yield* Clock.currentTimeMillis
  const call = Effect.gen(function* () {
    const second = ((yield* Clock.currentTimeMillis) - start) / 1000
    const before = yield* Ref.getAndUpdate(made, (all) => [...all, second])
    return yield* failures[before.length] ?? Effect.succeed("sent")
  })
  const fiber = yield* Effect.forkChild(Effect.exit(Retry.byVerdict(options)(call)))
  yield* TestClock.adjust("30 days")
  return { at: yield* Ref.get(made), exit: yield* Fiber.join(fiber) }
})

const always = (error: WhatsAppError) => Array.from({ length: 100 }, () => Effect.fail(error))
const failed = (exit: Exit.Exit<unknown, unknown>) => (Exit.isFailure(exit) ? Cause.squash(exit.cause) : "it succeeded")
const waits = (at: ReadonlyArray<number>) => at.slice(1).map((second, i) => second - (at[i] ?? 0))

describe("a retry by verdict", () => {
  it.effect(
    "does once what succeeds, and gives its result",
    Effect.fn(function* () {
      assert.deepStrictEqual(yield* tries([]), { at: [0], exit: Exit.succeed("sent") })
    })
  )
  it.effect(
    "waits as long as it was asked to",
    Effect.fn(function* () {
      assert.deepStrictEqual(yield* tries([Effect.fail(upgrading)]), { at: [0, 60], exit: Exit.succeed("sent") })
    })
  )
  it.effect(
    "waits 1 second, twice as long each time, at most 60, and up to half less at random",
    Effect.fn(function* () {
      const { at } = yield* tries(always(tooFast), { attempts: 10, within: "1 hour" })
      const whole = [1, 2, 4, 8, 16, 32, 60, 60, 60]
      assert.strictEqual(at.length, 10)
      waits(at).forEach((wait, i) => assert.isTrue(wait >= (whole[i] ?? 0) / 2 && wait <= (whole[i] ?? 0)))
    })
  )
  it.effect(
    "does not bring back together those who failed together",
    Effect.fn(function* () {
      const one = yield* Random.withSeed(tries(always(tooFast)), "one")
      const other = yield* Random.withSeed(tries(always(tooFast)), "other")
      assert.notDeepEqual(waits(one.at), waits(other.at))
    })
  )
  it.effect(
    "waits 4^n seconds when one person was written to too often",
    Effect.fn(function* () {
      assert.deepStrictEqual((yield* tries(always(thisPerson))).at, [0, 1, 5, 21, 85])
    })
  )
  it.effect(
    "gives up after 5 attempts, with the error of the last",
    Effect.fn(function* () {
      const last = failure(new ConnectionFailed({ details: "the fifth" }))
      const errors = [tooFast, tooFast, tooFast, tooFast, last, tooFast].map((error) => Effect.fail(error))
      const { at, exit } = yield* tries(errors)
      assert.strictEqual(at.length, 5)
      assert.strictEqual(failed(exit), last)
    })
  )
  it.effect(
    "makes as many attempts as it is told, and at least one",
    Effect.fn(function* () {
      for (const [attempts, made] of [
        [0, 1],
        [1, 1],
        [2, 2],
        [7, 7]
      ] as const) {
        assert.strictEqual((yield* tries(always(tooFast), { attempts, within: "1 day" })).at.length, made)
      }
    })
  )
  it.effect(
    "begins no wait that ends after the limit",
    Effect.fn(function* () {
      assert.deepStrictEqual((yield* tries(always(upgrading))).at, [0, 60, 120, 180, 240])
      assert.deepStrictEqual((yield* tries(always(upgrading), { within: "2 minutes" })).at, [0, 60, 120])
      assert.deepStrictEqual((yield* tries(always(upgrading), { within: "59 seconds" })).at, [0])
      assert.deepStrictEqual((yield* tries(always(meta(134101)))).at, [0])
    })
  )
  it.effect(
    "counts the time of the tries themselves",
    Effect.fn(function* () {
      const slow = Effect.delay(Effect.fail(upgrading), "100 seconds")
      assert.deepStrictEqual((yield* tries([slow, slow, slow, slow])).at, [0, 160])
    })
  )

  it.effect.prop(
    "never makes again what Meta will refuse alike, or may have accepted",
    [Reason.check(Schema.makeFilter(({ verdict: { _tag } }) => _tag === "Never" || _tag === "Ambiguous"))],
    Effect.fn(function* ([reason]) {
      const error = failure(reason)
      const { at, exit } = yield* tries(always(error), { attempts: 1000, within: "365 days" })
      assert.strictEqual(at.length, 1)
      assert.strictEqual(failed(exit), error)
    })
  )
  it.effect.each([trouble, closed])(
    "stops where a later try ends in $verdict._tag",
    Effect.fn(function* (error) {
      const { at, exit } = yield* tries([Effect.fail(tooFast), Effect.fail(error)])
      assert.strictEqual(at.length, 2)
      assert.strictEqual(failed(exit), error)
    })
  )
  it.effect(
    "leaves other failures, defects and interruptions as they are",
    Effect.fn(function* () {
      for (const other of [Effect.fail("of one's own"), Effect.die("a defect")]) {
        const { at, exit } = yield* tries<unknown>([other, other])
        assert.strictEqual(at.length, 1)
        assert.strictEqual(failed(exit), failed(yield* Effect.exit(other)))
      }
      assert.strictEqual((yield* tries([Effect.failCause(Cause.empty)])).at.length, 1)
      const { at, exit } = yield* tries([Effect.interrupt, Effect.interrupt])
      assert.deepStrictEqual([at.length, Exit.hasInterrupts(exit)], [1, true])
    })
  )
  it.effect(
    "asks all of the failures that came at once",
    Effect.fn(function* () {
      const together = (...causes: ReadonlyArray<Cause.Cause<WhatsAppError>>) =>
        Effect.failCause(causes.reduce((one, other) => Cause.combine(one, other)))
      const fast = Cause.fail(tooFast)
      assert.deepStrictEqual((yield* tries([together(fast, Cause.fail(upgrading))])).at, [0, 60])
      assert.deepStrictEqual((yield* tries([together(Cause.fail(upgrading), fast)])).at, [0, 60])
      assert.strictEqual((yield* tries([together(fast, Cause.fail(trouble))])).at.length, 1)
      assert.strictEqual((yield* tries([together(fast, Cause.die("a defect"))])).at.length, 1)
    })
  )
  it.effect(
    "ends when it is interrupted while it waits",
    Effect.fn(function* () {
      const fiber = yield* Effect.forkChild(Retry.byVerdict()(Effect.fail(upgrading)))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
    })
  )
  it("keeps the types of result, errors and requirements", () => {
    const call: Effect.Effect<number, WhatsAppError | "own"> = Effect.succeed(1)
    const retried: Effect.Effect<number, WhatsAppError | "own"> = call.pipe(Retry.byVerdict())
    assert.isTrue(Effect.isEffect(retried))
  })
})
