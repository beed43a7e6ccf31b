/** Laws of deliveries: what is kept, handed out once, and erased when it is done. */
import type { InboxError } from "@effect-whatsapp/core/errors"
import type { Law } from "@effect-whatsapp/core/testing"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { type Delivery, Inbox } from "../../inbox/Inbox.ts"
import { bytes, law, same, task, text, type Kit } from "./inboxKit.ts"

export const deliveries = ({
  arrive,
  answer,
  ask,
  delay,
  deliver,
  later,
  next,
  nextOne,
  nothing,
  notice,
  prompt,
  take,
  taking,
  wait,
  waits
}: Kit): ReadonlyArray<Law<InboxError, Inbox>> => [
  law(
    "bytes that are appended again while they are open are one delivery",
    Effect.fnUntraced(function* () {
      const { admit, append, depth } = yield* Inbox
      yield* append(bytes("one"))
      yield* append(bytes("one"))
      const [delivery, ...others] = yield* take
      yield* same("other deliveries", others.length, 0)
      yield* append(bytes("one"))
      yield* nothing("take", taking)
      if (delivery !== undefined) yield* admit(delivery.digest, [task("0", "a", "lane")], { settled: true })
      yield* append(bytes("one"))
      yield* nothing("take", taking)
      yield* same("deliveries", (yield* depth).deliveries, 0)
    })
  ),
  law(
    "deliveries are handed out once, in order of arrival, as the very bytes that came",
    Effect.fnUntraced(function* () {
      const { append } = yield* Inbox
      const bodies = Array.from({ length: 20 }, (_, i) => Uint8Array.of(255, 0, i))
      yield* Effect.forEach(bodies, append)
      const taken: Array<Delivery> = []
      while (taken.length < bodies.length) taken.push(...(yield* take))
      yield* same("bodies", taken.map(({ body }) => body.join()).join(" "), bodies.map((body) => body.join()).join(" "))
      yield* same("digests", new Set(taken.map(({ digest }) => digest)).size, bodies.length)
      yield* nothing("take", taking)
    })
  ),
  law(
    "of several that take, each delivery goes to one",
    Effect.fnUntraced(function* () {
      const { append } = yield* Inbox
      const takers = yield* Effect.forEach([1, 2, 3], () => waits("take", taking))
      yield* append(bytes("one"))
      yield* wait(notice)
      const answered = takers.flatMap((taker) => taker.pollUnsafe() ?? [])
      yield* same("takers with a delivery", answered.filter(Exit.isSuccess).length, 1)
      yield* Effect.forEach(takers, Fiber.interrupt)
    })
  ),
  law(
    "take waits for what comes next",
    Effect.fnUntraced(function* () {
      const { append } = yield* Inbox
      const taker = yield* waits("take", taking)
      yield* append(bytes("one"))
      yield* same("taken", (yield* answer("take", taker)).length, 1)
    })
  ),
  law(
    "a delivery is erased when it is settled and its tasks are done, and not before",
    Effect.fnUntraced(function* () {
      const { admit, body, done } = yield* Inbox
      const digest = yield* arrive("one")
      const isKept = Effect.map(body(digest), (found) => found !== undefined && text(found) === "one")
      yield* admit(digest, [task("0", "a", "lane")], { settled: false })
      yield* done(yield* nextOne())
      yield* same("kept while unsettled", yield* isKept, true)
      yield* admit(digest, [task("1", "a", "lane"), task("2", "a", "other")], { settled: true })
      const [one, two] = yield* next()
      yield* same("kept while settled with open tasks", yield* isKept, true)
      if (one !== undefined) yield* done(one)
      yield* same("kept while a task is open", yield* isKept, true)
      if (two !== undefined) yield* done(two)
      yield* same("body", yield* body(digest), undefined)
      yield* admit(digest, [task("3", "a", "lane")], { settled: true })
      yield* nothing("next on what was erased", ask())
    })
  ),
  law(
    "a delivery that nobody wants is erased when it is settled",
    Effect.fnUntraced(function* () {
      const { awaitIdle, body, depth } = yield* Inbox
      const digest = yield* deliver("one")
      yield* same("body", yield* body(digest), undefined)
      yield* same("deliveries", (yield* depth).deliveries, 0)
      yield* prompt("awaitIdle", awaitIdle)
    })
  ),
  law(
    "an inbox with a delivery that is not settled is not idle, whatever became of its tasks",
    Effect.fnUntraced(function* () {
      const { admit, append, awaitIdle, done } = yield* Inbox
      yield* append(bytes("one"))
      yield* nothing("awaitIdle before it was taken", awaitIdle)
      const digest = yield* arrive("one")
      yield* admit(digest, [task("0", "a", "lane")], { settled: false })
      yield* done(yield* nextOne())
      const idle = yield* waits("awaitIdle before it was settled", awaitIdle)
      yield* admit(digest, [], { settled: true })
      yield* answer("awaitIdle", idle)
    })
  ),
  law(
    "an inbox is idle when every task is done or dead",
    Effect.fnUntraced(function* () {
      const { awaitIdle, dead, done, retryAt } = yield* Inbox
      yield* prompt("awaitIdle at first", awaitIdle)
      yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
      yield* nothing("awaitIdle with tasks that wait", awaitIdle)
      const first = yield* nextOne()
      yield* nothing("awaitIdle with a task that runs", awaitIdle)
      yield* retryAt(first, yield* later)
      yield* nothing("awaitIdle with a task that is held back", awaitIdle)
      yield* wait(delay)
      yield* done(yield* nextOne())
      const idle = yield* waits("awaitIdle with a task left", awaitIdle)
      yield* dead(yield* nextOne(), "broken")
      yield* answer("awaitIdle with a dead letter", idle)
    })
  ),
  law(
    "depth counts deliveries, and tasks that wait, run or are dead",
    Effect.fnUntraced(function* () {
      const { admit, append, dead, depth, done } = yield* Inbox
      const counts = Effect.map(depth, (d) => [d.deliveries, d.waiting, d.running, d.dead].join())
      yield* same("depth", yield* counts, "0,0,0,0")
      yield* append(bytes("one"))
      yield* append(bytes("two"))
      yield* same("depth", yield* counts, "2,0,0,0")
      const [one, two] = yield* take
      const tasks = ["0", "1", "2"].map((i) => task(i, "a", `lane ${i}`))
      if (one !== undefined) yield* admit(one.digest, tasks, { settled: true })
      yield* same("depth", yield* counts, "1,3,0,0")
      const [first, second] = yield* next(["a"], 2)
      yield* same("depth", yield* counts, "1,1,2,0")
      if (first !== undefined) yield* dead(first, "broken")
      yield* same("depth", yield* counts, "1,1,1,1")
      if (second !== undefined) yield* done(second)
      if (two !== undefined) yield* admit(two.digest, [], { settled: true })
      yield* same("depth", yield* counts, "0,1,0,1")
    })
  )
]
