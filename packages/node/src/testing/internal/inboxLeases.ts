/** Laws of leases: how an attempt ends, and that only the current lease can end it. */
import type { InboxError } from "@effect-whatsapp/core/errors"
import type { Law } from "@effect-whatsapp/core/testing"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Inbox, type Lease } from "../../inbox/Inbox.ts"
import { law, same, task, type Kit } from "./inboxKit.ts"

const endings: ReadonlyArray<readonly [name: string, end: (lease: Lease) => Effect.Effect<void, InboxError, Inbox>]> = [
  ["done", (lease) => Effect.flatMap(Inbox, ({ done }) => done(lease))],
  [
    "retryAt",
    (lease) => Effect.flatMap(Inbox, ({ retryAt }) => Effect.flatMap(DateTime.now, (at) => retryAt(lease, at)))
  ],
  ["dead", (lease) => Effect.flatMap(Inbox, ({ dead }) => dead(lease, "late"))],
  ["release", (lease) => Effect.flatMap(Inbox, ({ release }) => release(lease))]
]

export const leases = ({
  answer,
  ask,
  delay,
  deliver,
  later,
  next,
  nextOne,
  nothing,
  notice,
  orphaned,
  prompt,
  sweep,
  wait,
  waits
}: Kit): ReadonlyArray<Law<InboxError, Inbox>> => [
  law(
    "of many that ask at once, each task goes to one",
    Effect.fnUntraced(function* () {
      yield* deliver("one", ...Array.from({ length: 30 }, (_, i) => task(`${i}`, "a", `lane ${i}`)))
      const answers = yield* Effect.all(
        Array.from({ length: 10 }, () => prompt("next", ask(["a"], 3))),
        { concurrency: "unbounded" }
      )
      const found = answers.flat()
      yield* same("leases", found.length, 30)
      yield* same("tasks", new Set(found.map(({ task }) => task.id)).size, 30)
      yield* same("tokens", new Set(found.map(({ token }) => token)).size, 30)
    })
  ),
  law(
    "an ask that is interrupted takes no task with it",
    Effect.fnUntraced(function* () {
      const { depth } = yield* Inbox
      const waiting = yield* waits("next", ask())
      yield* Fiber.interrupt(waiting)
      yield* deliver("one", task("0", "a", "lane"))
      yield* wait(notice)
      yield* same("running", (yield* depth).running, 0)
      yield* same("leases", (yield* next()).length, 1)
    })
  ),
  ...endings.map(([name, end]) =>
    law(
      `${name} does nothing when the lease is not current`,
      Effect.fnUntraced(function* () {
        const { depth, done, list, retryAt } = yield* Inbox
        yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
        const late = yield* nextOne()
        yield* retryAt(late, yield* DateTime.now)
        yield* wait(notice)
        yield* end(late)
        const current = yield* nextOne()
        yield* same("attempts", current.task.attempts, 1)
        yield* end(late)
        yield* wait(notice)
        yield* nothing("next while the lane is leased", ask())
        yield* same("running", (yield* depth).running, 1)
        yield* done(current)
        yield* end(current)
        const second = yield* nextOne()
        yield* same("position", second.task.position, "1")
        yield* same("attempts", second.task.attempts, 0)
        yield* done(second)
        yield* end(second)
        yield* wait(notice)
        yield* same("dead letters", (yield* list).length, 0)
        yield* same("waiting", (yield* depth).waiting, 0)
        yield* same("running", (yield* depth).running, 0)
      })
    )
  ),
  law(
    "retryAt counts an attempt, and holds the task and its lane until it is due, and no other lane",
    Effect.fnUntraced(function* () {
      const { depth, done, retryAt } = yield* Inbox
      yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"), task("2", "a", "other"))
      const [first, other] = yield* next()
      if (first !== undefined) yield* retryAt(first, yield* later)
      if (other !== undefined) yield* done(other)
      yield* same("waiting", (yield* depth).waiting, 2)
      yield* nothing("next before it is due", ask())
      yield* wait(Duration.divideUnsafe(delay, 2))
      const asking = yield* waits("next before it is due", ask())
      yield* wait(Duration.divideUnsafe(delay, 2))
      const [again, ...others] = yield* answer("next when it is due", asking)
      yield* same("position", again?.task.position, "0")
      yield* same("attempts", again?.task.attempts, 1)
      yield* same("other leases", others.length, 0)
    })
  ),
  law(
    "retryAt with a time that is over makes the task due at once",
    Effect.fnUntraced(function* () {
      const { retryAt } = yield* Inbox
      yield* deliver("one", task("0", "a", "lane"))
      for (const attempts of [0, 1, 2]) {
        const lease = yield* nextOne()
        yield* same("attempts", lease.task.attempts, attempts)
        yield* retryAt(lease, DateTime.subtractDuration(yield* DateTime.now, delay))
        yield* wait(notice)
      }
    })
  ),
  law(
    "release counts no attempt, and the task keeps its place",
    Effect.fnUntraced(function* () {
      const { release } = yield* Inbox
      yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
      for (const _ of [1, 2, 3]) {
        const lease = yield* nextOne()
        yield* same("position", lease.task.position, "0")
        yield* same("attempts", lease.task.attempts, 0)
        yield* release(lease)
      }
    })
  ),
  law(
    "a task that runs is not taken away because nobody asks for more",
    Effect.fnUntraced(function* () {
      const { body, done, list } = yield* Inbox
      const digest = yield* deliver("one", task("0", "a", "lane"))
      const lease = yield* nextOne()
      yield* wait(Duration.sum(orphaned, sweep))
      yield* same("dead letters", (yield* list).length, 0)
      yield* done(lease)
      yield* same("body", yield* body(digest), undefined)
    })
  )
]
