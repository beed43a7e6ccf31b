/** Laws of dead letters: what will not run again by itself is kept, listed, requeued and erased. */
import type { DeliveryDigest } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import type { Law } from "@effect-whatsapp/core/testing"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Inbox, noSuchListener } from "../../inbox/Inbox.ts"
import { absent, law, same, task, text, type Kit } from "./inboxKit.ts"

export const deadLetters = ({
  arrive,
  answer,
  ask,
  delay,
  deliver,
  keep,
  kill,
  next,
  nextOne,
  nothing,
  notice,
  orphaned,
  prompt,
  sweep,
  wait
}: Kit): ReadonlyArray<Law<InboxError, Inbox>> => [
  law(
    "a dead letter is not admitted again",
    Effect.fnUntraced(function* () {
      const { admit, depth, list } = yield* Inbox
      const digest = yield* arrive("one")
      yield* admit(digest, [task("0", "a", "lane")], { settled: false })
      yield* kill("broken")
      yield* admit(digest, [task("0", "a", "lane")], { settled: true })
      yield* same("waiting", (yield* depth).waiting, 0)
      yield* same("dead letters", (yield* list).length, 1)
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
      const { list, retryAt } = yield* Inbox
      yield* deliver("one", task("0", "a", "lane"), task("1", "a", "lane"))
      const lease = yield* nextOne()
      const twice = Duration.times(orphaned, 2)
      yield* retryAt(lease, DateTime.addDuration(yield* DateTime.now, twice))
      const asking = yield* Effect.forkChild(ask(), { startImmediately: true })
      // That another one comes and goes changes nothing.
      yield* next(["a"], 0)
      yield* wait(twice)
      yield* same("dead letters", (yield* list).length, 0)
      const [again] = yield* answer("next", asking)
      yield* same("position", again?.task.position, "0")
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
  )
]
