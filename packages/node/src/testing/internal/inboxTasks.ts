/** Laws of tasks: each is admitted once, and those of a lane run one after the other. */
import type { InboxError } from "@effect-whatsapp/core/errors"
import type { Law } from "@effect-whatsapp/core/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Inbox } from "../../inbox/Inbox.ts"
import { law, same, task, type Kit } from "./inboxKit.ts"

export const tasks = ({
  arrive,
  answer,
  ask,
  deliver,
  next,
  nextOne,
  nothing,
  orphaned,
  sweep,
  wait,
  waits
}: Kit): ReadonlyArray<Law<InboxError, Inbox>> => [
  law(
    "a task comes back as it was admitted, with no failed attempts",
    Effect.fnUntraced(function* () {
      const admitted = { ...task("entry[0]", "a", "lane"), decision: { owner: true, stale: true } }
      const digest = yield* deliver("one", admitted)
      const { task: found } = yield* nextOne()
      const { decision, lane, listener, position, tag } = found
      yield* same("task", JSON.stringify([position, listener, lane, tag]), `["entry[0]","a","lane","TextReceived"]`)
      yield* same("owner", decision.owner, true)
      yield* same("stale", decision.stale, true)
      yield* same("digest", found.digest, digest)
      yield* same("attempts", found.attempts, 0)
    })
  ),
  law(
    "a task is admitted once for its delivery, position and listener: while it waits, while it runs and when it is done",
    Effect.fnUntraced(function* () {
      const { admit, depth, done } = yield* Inbox
      const digest = yield* arrive("one")
      const again = Effect.andThen(
        admit(digest, [task("0", "a", "lane"), task("0", "a", "other lane")], { settled: false }),
        Effect.flatMap(depth, ({ running, waiting }) => Effect.succeed(`${waiting} waiting, ${running} running`))
      )
      yield* same("depth", yield* again, "1 waiting, 0 running")
      yield* same("depth", yield* again, "1 waiting, 0 running")
      const lease = yield* nextOne()
      yield* same("depth", yield* again, "0 waiting, 1 running")
      yield* done(lease)
      yield* same("depth", yield* again, "0 waiting, 0 running")
      yield* admit(digest, [task("0", "b", "lane"), task("1", "a", "lane")], { settled: true })
      yield* same("other tasks of the delivery", (yield* next(["a", "b"])).length, 2)
    })
  ),
  law(
    "tasks of a lane are leased one at a time, in the order in which they were admitted",
    Effect.fnUntraced(function* () {
      const { done } = yield* Inbox
      yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
      yield* deliver("two", task("2", "a", "lane"))
      for (const position of ["0", "1", "2"]) {
        const [lease, ...others] = yield* next()
        yield* same("position", lease?.task.position, position)
        yield* same("other leases of the lane", others.length, 0)
        yield* nothing("next while the lane is leased", ask())
        if (lease !== undefined) yield* done(lease)
      }
    })
  ),
  law(
    "lanes run in parallel, and the same lane of another listener is another lane",
    Effect.fnUntraced(function* () {
      yield* deliver("one", task("0", "a", "x"), task("0", "b", "x"), task("1", "a", "y"), task("2", "a", "x"))
      const leases = yield* next(["a", "b"])
      const found = leases.map(({ task }) => `${task.listener}${task.position}`)
      yield* same("leases", found.toSorted().join(), "a0,a1,b0")
    })
  ),
  law(
    "no more than max are leased, and the others remain",
    Effect.fnUntraced(function* () {
      yield* deliver("one", ...["0", "1", "2", "3", "4"].map((i) => task(i, "a", `lane ${i}`)))
      yield* same("leases", (yield* next(["a"], 2)).length, 2)
      yield* same("leases", (yield* next(["a"], 2)).length, 2)
      yield* same("leases", (yield* next(["a"], 2)).length, 1)
      yield* nothing("next", ask())
    })
  ),
  law(
    "asking with max 0 leases nothing, waits for nothing and says that the listeners are there",
    Effect.fnUntraced(function* () {
      const { depth, list } = yield* Inbox
      yield* deliver("one", task("0", "a", "lane"))
      for (const _ of [1, 2, 3]) {
        yield* same("leases", (yield* next(["a"], 0)).length, 0)
        yield* wait(Duration.divideUnsafe(orphaned, 2))
      }
      yield* wait(sweep)
      yield* same("waiting", (yield* depth).waiting, 1)
      yield* same("dead letters", (yield* list).length, 0)
    })
  ),
  law(
    "only tasks of the listeners that are asked for are leased",
    Effect.fnUntraced(function* () {
      yield* deliver("one", task("0", "a", "lane"), task("0", "b", "lane"))
      yield* nothing("next for another", ask(["c"]))
      yield* same("listener", (yield* nextOne(["c", "b"])).task.listener, "b")
      yield* same("listener", (yield* nextOne(["a", "b"])).task.listener, "a")
    })
  ),
  law(
    "next waits for what is admitted, done or given back",
    Effect.fnUntraced(function* () {
      const { done, release } = yield* Inbox
      const first = yield* waits("next", ask())
      yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
      const [one] = yield* answer("next after admit", first)
      const second = yield* waits("next while the lane is leased", ask())
      if (one !== undefined) yield* release(one)
      const [again] = yield* answer("next after release", second)
      const third = yield* waits("next while the lane is leased", ask())
      if (again !== undefined) yield* done(again)
      const [two] = yield* answer("next after done", third)
      yield* same("position", two?.task.position, "1")
    })
  )
]
