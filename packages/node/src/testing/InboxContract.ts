/**
 * The laws of `Inbox`, for every body it has or will have. Each law wants an inbox of its own that is empty. Time is a
 * parameter: an inbox that lives in this process is given the test clock, a store with a clock of its own is made with
 * short times and given real waiting.
 *
 * **Example** (The laws of a store of your own)
 *
 * ```ts
 * import { it } from "@effect/vitest"
 * import { Inbox } from "@effect-whatsapp/node/inbox"
 * import { InboxContract } from "@effect-whatsapp/node/testing"
 * import { Effect } from "effect"
 * import { TestClock } from "effect/testing"
 *
 * for (const { name, run } of InboxContract.laws({ wait: TestClock.adjust })) {
 *   it.effect(name, () => Effect.provide(run, Inbox.layerMemory()))
 * }
 * ```
 */
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import { type Law, LawBroken } from "@effect-whatsapp/core/testing"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { type Delivery, Inbox, type Lease, type NewTask, noSuchListener, orphanedAfter } from "../inbox/Inbox.ts"

export interface Options {
  /** Lets time pass, for the store and for this process. */
  readonly wait: (duration: Duration.Duration) => Effect.Effect<void>
  /** After how long the store has surely noticed what it is waiting for. @default "1 second" */
  readonly notice?: Duration.Input | undefined
  /** Held back for this long, a task is held back visibly: longer than ten times `notice`. @default "10 minutes" */
  readonly delay?: Duration.Input | undefined
  /** How long tasks wait for a listener that nobody asks for. @default "1 hour" */
  readonly orphanedAfter?: Duration.Input | undefined
  /** How long the store was told to keep dead letters. @default "30 days" */
  readonly keepDeadLetters?: Duration.Input | undefined
  /** How long after its time something may be cleared away. @default "5 minutes" */
  readonly sweep?: Duration.Input | undefined
}

type Check = Effect.Effect<void, LawBroken | InboxError, Inbox>

/** The laws, each to be run on an empty inbox. */
export const laws = (options: Options): ReadonlyArray<Law<InboxError, Inbox>> => {
  const { wait } = options
  const notice = Duration.fromInputUnsafe(options.notice ?? "1 second")
  const delay = Duration.fromInputUnsafe(options.delay ?? "10 minutes")
  const orphaned = Duration.fromInputUnsafe(options.orphanedAfter ?? orphanedAfter)
  const keep = Duration.fromInputUnsafe(options.keepDeadLetters ?? "30 days")
  const sweep = Duration.fromInputUnsafe(options.sweep ?? "5 minutes")

  /** The answer of something that must not have to wait. */
  const prompt = Effect.fnUntraced(function* <A>(what: string, ask: Effect.Effect<A, InboxError, Inbox>) {
    const fiber = yield* Effect.forkChild(ask, { startImmediately: true })
    return yield* answer(what, fiber)
  })
  const answer = Effect.fnUntraced(function* <A>(what: string, fiber: Fiber.Fiber<A, InboxError>) {
    const exit = fiber.pollUnsafe() ?? (yield* Effect.raceFirst(Fiber.await(fiber), Effect.asVoid(wait(notice))))
    if (exit !== undefined) return yield* exit
    yield* Fiber.interrupt(fiber)
    return yield* new LawBroken({ expected: `${what}: an answer`, observed: "none" })
  })
  /** Asks, and fails when there is an answer; gives what asks, which waits. */
  const waits = Effect.fnUntraced(function* <A>(what: string, ask: Effect.Effect<A, InboxError, Inbox>) {
    const fiber = yield* Effect.forkChild(ask, { startImmediately: true })
    yield* wait(notice)
    yield* same(`${what} waits`, fiber.pollUnsafe() === undefined, true)
    return fiber
  })
  const nothing = <A>(what: string, ask: Effect.Effect<A, InboxError, Inbox>) =>
    Effect.flatMap(waits(what, ask), Fiber.interrupt)

  const take = prompt(
    "take",
    Effect.flatMap(Inbox, (inbox) => inbox.take)
  )
  const ask = (listeners: ReadonlyArray<string> = ["a"], max = 100) =>
    Effect.flatMap(Inbox, (inbox) => inbox.next(listeners, max))
  const next = (listeners?: ReadonlyArray<string>, max?: number) => prompt("next", ask(listeners, max))
  const nextOne = (listeners?: ReadonlyArray<string>) =>
    Effect.flatMap(next(listeners, 1), ([lease]) =>
      lease === undefined
        ? Effect.fail(new LawBroken({ expected: "next: a lease", observed: "an empty list" }))
        : Effect.succeed(lease)
    )
  /** Appends, takes and admits: one delivery with these tasks. */
  const deliver = Effect.fnUntraced(function* (body: string, ...tasks: ReadonlyArray<NewTask>) {
    const { admit, append } = yield* Inbox
    yield* append(bytes(body))
    const [delivery] = yield* take
    if (delivery === undefined) {
      return yield* new LawBroken({ expected: "take: a delivery", observed: "an empty list" })
    }
    yield* admit(delivery.digest, tasks, { settled: true })
    return delivery.digest
  })
  /** Kills the one task that is due. */
  const kill = Effect.fnUntraced(function* (cause: string) {
    const { dead } = yield* Inbox
    const lease = yield* nextOne()
    yield* dead(lease, cause)
    return lease.task.id
  })

  const endings: ReadonlyArray<readonly [name: string, end: (lease: Lease) => Effect.Effect<void, InboxError, Inbox>]> = [
    ["done", (lease) => Effect.flatMap(Inbox, ({ done }) => done(lease))],
    ["retryAt", (lease) => Effect.flatMap(Inbox, ({ retryAt }) => Effect.flatMap(DateTime.now, (at) => retryAt(lease, at)))],
    ["dead", (lease) => Effect.flatMap(Inbox, ({ dead }) => dead(lease, "late"))],
    ["release", (lease) => Effect.flatMap(Inbox, ({ release }) => release(lease))]
  ]

  const law = (name: string, check: () => Check): Law<InboxError, Inbox> => ({ name, run: Effect.suspend(check) })

  return [
    law(
      "bytes that are appended again while they are open are one delivery",
      Effect.fnUntraced(function* () {
        const { admit, append, depth } = yield* Inbox
        yield* append(bytes("one"))
        yield* append(bytes("one"))
        const [delivery, ...others] = yield* take
        yield* same("other deliveries", others.length, 0)
        yield* append(bytes("one"))
        yield* nothing("take", ask_take)
        if (delivery !== undefined) yield* admit(delivery.digest, [task("0", "a", "lane")], { settled: true })
        yield* append(bytes("one"))
        yield* nothing("take", ask_take)
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
        yield* nothing("take", ask_take)
      })
    ),
    law(
      "of several that take, each delivery goes to one",
      Effect.fnUntraced(function* () {
        const { append } = yield* Inbox
        const takers = yield* Effect.forEach([1, 2, 3], () => waits("take", ask_take))
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
        const taker = yield* waits("take", ask_take)
        yield* append(bytes("one"))
        yield* same("taken", (yield* answer("take", taker)).length, 1)
      })
    ),
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
        const { admit, append, depth, done } = yield* Inbox
        yield* append(bytes("one"))
        const [delivery] = yield* take
        const digest = delivery?.digest ?? absent
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
      "a dead letter is not admitted again",
      Effect.fnUntraced(function* () {
        const { admit, append, depth, list } = yield* Inbox
        yield* append(bytes("one"))
        const [delivery] = yield* take
        const digest = delivery?.digest ?? absent
        yield* admit(digest, [task("0", "a", "lane")], { settled: false })
        yield* kill("broken")
        yield* admit(digest, [task("0", "a", "lane")], { settled: true })
        yield* same("waiting", (yield* depth).waiting, 0)
        yield* same("dead letters", (yield* list).length, 1)
      })
    ),
    law(
      "a delivery is erased when it is settled and its tasks are done, and not before",
      Effect.fnUntraced(function* () {
        const { admit, append, body, done } = yield* Inbox
        yield* append(bytes("one"))
        const [delivery] = yield* take
        const digest = delivery?.digest ?? absent
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
        const [delivery] = yield* take
        const digest = delivery?.digest ?? absent
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
      "a dead letter frees its lane, and keeps its delivery and its cause",
      Effect.fnUntraced(function* () {
        const { body, dead, list } = yield* Inbox
        const digest = yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
        const lease = yield* nextOne()
        yield* dead(lease, "it is broken")
        yield* same("position", (yield* nextOne()).task.position, "1")
        const [letter, ...others] = yield* list
        yield* same("other dead letters", others.length, 0)
        yield* same("cause", letter?.cause, "it is broken")
        yield* same("id", letter?.task.id, lease.task.id)
        yield* same("attempts", letter?.task.attempts, 1)
        const kept = yield* body(digest)
        yield* same("body", kept && text(kept), "one")
      })
    ),
    law(
      "dead letters are listed oldest first, and one that is removed is erased with its delivery",
      Effect.fnUntraced(function* () {
        const { body, list, remove } = yield* Inbox
        const digests: Array<DeliveryDigest> = []
        for (const name of ["one", "two", "three"]) {
          digests.push(yield* deliver(name, task("0", "a", name)))
          yield* kill(name)
          yield* wait(notice)
        }
        const letters = yield* list
        yield* same("causes", letters.map(({ cause }) => cause).join(), "one,two,three")
        yield* same("remove", yield* remove(letters[1]?.task.id ?? ""), true)
        yield* same("remove what was removed", yield* remove(letters[1]?.task.id ?? ""), false)
        yield* same("causes", (yield* list).map(({ cause }) => cause).join(), "one,three")
        const bodies = yield* Effect.forEach(digests, body)
        yield* same("kept", bodies.map((found) => (found === undefined ? "" : text(found))).join(), "one,,three")
      })
    ),
    law(
      "a dead letter that is requeued runs again behind its lane, with all attempts before it",
      Effect.fnUntraced(function* () {
        const { awaitIdle, body, done, list, remove, requeue, retryAt } = yield* Inbox
        const digest = yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
        yield* retryAt(yield* nextOne(), yield* DateTime.now)
        yield* wait(notice)
        const id = yield* kill("broken")
        yield* same("requeue", yield* requeue(id), true)
        yield* same("requeue what was requeued", yield* requeue(id), false)
        yield* same("remove what was requeued", yield* remove(id), false)
        yield* same("dead letters", (yield* list).length, 0)
        yield* nothing("awaitIdle", awaitIdle)
        const neighbour = yield* nextOne()
        yield* same("position", neighbour.task.position, "1")
        yield* done(neighbour)
        const again = yield* nextOne()
        yield* same("position", again.task.position, "0")
        yield* same("id", again.task.id, id)
        yield* same("attempts", again.task.attempts, 0)
        yield* done(again)
        yield* same("body", yield* body(digest), undefined)
        yield* prompt("awaitIdle", awaitIdle)
      })
    ),
    law(
      "a requeued letter of an empty lane and a new task of that lane do not run at once",
      Effect.fnUntraced(function* () {
        const { requeue } = yield* Inbox
        yield* deliver("one", task("0", "a", "lane"))
        const id = yield* kill("broken")
        yield* deliver("two", task("1", "a", "lane"))
        yield* requeue(id)
        const [lease, ...others] = yield* next()
        yield* same("position", lease?.task.position, "1")
        yield* same("other leases", others.length, 0)
      })
    ),
    law(
      "what was never there cannot be requeued, removed or read",
      Effect.fnUntraced(function* () {
        const { admit, body, depth, remove, requeue } = yield* Inbox
        yield* same("requeue", yield* requeue("404"), false)
        yield* same("remove", yield* remove("404"), false)
        yield* same("body", yield* body(absent), undefined)
        yield* admit(absent, [task("0", "a", "lane")], { settled: true })
        yield* same("waiting", (yield* depth).waiting, 0)
      })
    ),
    law(
      "a task may be a dead letter from the start, which holds no lane, and runs when it is requeued",
      Effect.fnUntraced(function* () {
        const { done, list, requeue } = yield* Inbox
        yield* deliver("one", { ...task("0", "a", "lane"), dead: "nobody knew the owner" }, task("1", "a", "lane"))
        const [letter] = yield* list
        yield* same("cause", letter?.cause, "nobody knew the owner")
        const neighbour = yield* nextOne()
        yield* same("position", neighbour.task.position, "1")
        yield* done(neighbour)
        yield* nothing("next", ask())
        yield* same("requeue", yield* requeue(letter?.task.id ?? ""), true)
        yield* same("position", (yield* nextOne()).task.position, "0")
      })
    ),
    law(
      "tasks of a listener that nobody asks for become dead letters after their time, and not before",
      Effect.fnUntraced(function* () {
        const { awaitIdle, depth, list } = yield* Inbox
        yield* nothing("next", ask(["gone", "here"]))
        yield* wait(delay)
        yield* deliver("one", task("0", "gone", "lane"), task("1", "gone", "lane"), task("0", "here", "lane"))
        const asking = yield* Effect.forkChild(ask(["other"]))
        yield* wait(Duration.subtract(orphaned, sweep))
        yield* same("dead letters", (yield* list).length, 0)
        yield* nothing("next", ask(["other"]))
        yield* same("leases", (yield* next(["here"])).length, 1)
        yield* wait(Duration.times(sweep, 2))
        const letters = yield* list
        yield* same("dead letters", letters.map(({ task }) => task.position).join(), "0,1")
        yield* same("cause", letters[0]?.cause, noSuchListener)
        yield* same("depth", `${(yield* depth).waiting} ${(yield* depth).running}`, "0 1")
        yield* nothing("awaitIdle while another runs", awaitIdle)
        yield* Fiber.interrupt(asking)
      })
    ),
    law(
      "tasks of a listener that somebody asks for never become dead letters by themselves, however long they wait",
      Effect.fnUntraced(function* () {
        const { done, list } = yield* Inbox
        yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
        const lease = yield* nextOne()
        const asking = yield* Effect.forkChild(ask(), { startImmediately: true })
        yield* wait(Duration.times(orphaned, 3))
        yield* same("dead letters", (yield* list).length, 0)
        yield* done(lease)
        const [second] = yield* answer("next", asking)
        yield* same("position", second?.task.position, "1")
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
    ),
    law(
      "dead letters are kept for their time, and are then erased with their delivery",
      Effect.fnUntraced(function* () {
        const { body, list, requeue } = yield* Inbox
        const digest = yield* deliver("one", task("0", "a", "lane"))
        const id = yield* kill("old")
        yield* wait(Duration.divideUnsafe(keep, 2))
        yield* deliver("two", task("0", "a", "lane"))
        yield* kill("young")
        yield* wait(Duration.subtract(Duration.divideUnsafe(keep, 2), sweep))
        yield* same("dead letters", (yield* list).length, 2)
        yield* wait(Duration.times(sweep, 2))
        yield* same("causes", (yield* list).map(({ cause }) => cause).join(), "young")
        yield* same("body", yield* body(digest), undefined)
        yield* same("requeue", yield* requeue(id), false)
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
}

/** For the laws: a digest that no delivery has. */
const absent = DeliveryDigest.make("0".repeat(64))
