/** A clock that is set while an inbox in a file is open: nothing is lost, and nothing is held back for longer than was meant. */
import type { Inbox } from "@effect-whatsapp/node/inbox"
import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { inFolder, makeFile, turns } from "./sqlite.ts"

/** The test clock, on a wall clock that can be set; timers do not care. */
const makeClock = Effect.map(Clock.Clock, (base) => {
  let ahead = 0
  const millis = () => base.currentTimeMillisUnsafe() + ahead
  const nanos = () => BigInt(Math.round(millis())) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => base.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: base.monotonicTimeNanos,
    sleep: (duration) => base.sleep(duration)
  }
  const pass = (duration: Duration.Input) =>
    Effect.andThen(Effect.provideService(TestClock.adjust(duration), Clock.Clock, base), turns)
  return { clock, pass, set: (by: number) => void (ahead += by) }
})

const year = Duration.toMillis("365 days")
const task = (position: string, listener = "a"): Inbox.NewTask => ({
  position,
  listener,
  lane: "x",
  tag: "TextReceived",
  decision: {}
})

const deliver = Effect.fnUntraced(function* (
  inbox: Inbox.Inbox["Service"],
  text: string,
  ...tasks: Array<Inbox.NewTask>
) {
  yield* inbox.append(new TextEncoder().encode(text))
  for (const { digest } of yield* inbox.take) yield* inbox.admit(digest, tasks, { settled: true })
})

const waits = Effect.fnUntraced(function* (inbox: Inbox.Inbox["Service"]) {
  const asking = yield* Effect.forkChild(inbox.next(["a"], 1), { startImmediately: true })
  const answer = asking.pollUnsafe()
  yield* Fiber.interrupt(asking)
  return answer === undefined
})

describe.each([
  ["forwards", year],
  ["backwards", -year]
])("a clock that is set %s by a year", (_, by) => {
  const withClock = <A, E>(
    use: (
      file: Effect.Success<ReturnType<typeof makeFile>>,
      time: Effect.Success<typeof makeClock>
    ) => Effect.Effect<A, E>
  ) =>
    inFolder((folder) =>
      Effect.gen(function* () {
        // A year after the beginning of time, so that it can be set back.
        yield* TestClock.adjust(2 * year)
        const time = yield* makeClock
        const file = yield* makeFile(folder)
        return yield* Effect.provideService(use(file, time), Clock.Clock, time.clock)
      }).pipe(Effect.scoped)
    )

  it.effect("holds nothing back for longer than was meant", () =>
    withClock(
      Effect.fnUntraced(function* (file, time) {
        const inbox = yield* file.open
        yield* deliver(inbox, "one", task("0"))
        const [lease] = yield* inbox.next(["a"], 1)
        assert.isDefined(lease)
        yield* inbox.retryAt(lease, DateTime.addDuration(yield* DateTime.now, "1 minute"))
        time.set(by)
        yield* time.pass("1 minute")
        assert.isFalse(yield* waits(inbox))
      })
    )
  )

  for (const how of ["restart", "crash"] as const) {
    it.effect(`holds nothing back for longer than was meant after a ${how}`, () =>
      withClock(
        Effect.fnUntraced(function* (file, time) {
          const before = yield* file.open
          yield* deliver(before, "one", task("0"))
          const [lease] = yield* before.next(["a"], 1)
          assert.isDefined(lease)
          yield* before.retryAt(lease, DateTime.addDuration(yield* DateTime.now, "1 minute"))
          time.set(by)
          const inbox = yield* file[how]
          yield* time.pass("1 minute")
          assert.isFalse(yield* waits(inbox))
        })
      )
    )

    it.effect(`loses nothing, and keeps the order, over a ${how}`, () =>
      withClock(
        Effect.fnUntraced(function* (file, time) {
          const before = yield* file.open
          yield* deliver(before, "one", task("0"), task("1"))
          time.set(by)
          // Long enough to look for what nobody asks for.
          yield* time.pass("30 minutes")
          yield* deliver(before, "two", task("2"))
          yield* before.append(new TextEncoder().encode("three"))
          const inbox = yield* file[how]
          yield* time.pass("30 minutes")
          for (const { digest } of yield* inbox.take) yield* inbox.admit(digest, [task("3")], { settled: true })
          assert.deepStrictEqual(yield* inbox.list, [])
          const order: Array<string> = []
          for (let i = 0; i < 4; i++) {
            for (const lease of yield* inbox.next(["a"], 1)) {
              order.push(lease.task.position)
              yield* inbox.done(lease)
            }
          }
          assert.deepStrictEqual(order, ["0", "1", "2", "3"])
          yield* inbox.awaitIdle
        })
      )
    )
  }
})
