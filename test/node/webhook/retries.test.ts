/** Promise 8: work is finished. */
import { assert, it } from "@effect/vitest"
import {
  ConnectionFailed,
  fromMetaCode,
  InvalidMessage,
  OutcomeUnknown,
  WhatsAppError
} from "@effect-whatsapp/core/errors"
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener, Listeners, RetryPolicy } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Cause, Duration, Effect, Exit, Layer, Stream } from "effect"
import { ben, ida, makeJournal, pass, start } from "./world.ts"

/** A listener that notes every start, and runs `handle` with the number of the attempt. */
const counting = (
  handle: (attempt: number) => Effect.Effect<unknown, unknown>,
  options?: Listener.Options & { readonly name?: string }
) => {
  const journal = makeJournal()
  const attempts = new Map<string, number>()
  const listener = Listener.make(
    options?.name ?? "work",
    "TextReceived",
    ({ wamid }) =>
      Effect.suspend(() => {
        const attempt = (attempts.get(wamid) ?? 0) + 1
        attempts.set(wamid, attempt)
        return Effect.andThen(journal.note(wamid), handle(attempt))
      }),
    options
  )
  return { ...journal, listener }
}
const failing = (times: number) => (attempt: number) => (attempt <= times ? Effect.fail("broken") : Effect.void)

it.effect(
  "runs a listener that fails twice three times, after 1 and 2 seconds, while its lane waits and others go on",
  () =>
    Effect.gen(function* () {
      const flaky = counting(failing(2))
      const world = yield* start({ listeners: [flaky.listener] })
      yield* world.texts(ida, "ida.1", "ida.2")
      yield* pass("500 millis")
      assert.deepStrictEqual(flaky.entries, ["0s ida.1"])
      yield* world.texts(ben, "ben.1")
      yield* pass("1 minute")
      yield* world.awaitIdle
      assert.deepStrictEqual(flaky.entries, [
        "0s ida.1",
        "0.5s ben.1",
        "1s ida.1",
        "1.5s ben.1",
        "3s ida.1",
        "3s ida.2",
        "3.5s ben.1",
        "4s ida.2",
        "6s ida.2"
      ])
      assert.deepStrictEqual(yield* world.inbox.list, [])
    })
)

it.effect("runs a listener that succeeded once, whatever its neighbour on the same event does", () =>
  Effect.gen(function* () {
    const flaky = counting(failing(2), { name: "flaky" })
    const steady = counting(() => Effect.void, { name: "steady" })
    const world = yield* start({ listeners: [flaky.listener, steady.listener] })
    yield* world.texts(ida, "wamid.1", "wamid.2")
    yield* pass("1 minute")
    yield* world.awaitIdle
    assert.deepStrictEqual(steady.entries, ["0s wamid.1", "0s wamid.2"])
    assert.deepStrictEqual(flaky.events(), ["wamid.1", "wamid.1", "wamid.1", "wamid.2", "wamid.2", "wamid.2"])
  })
)

it.effect("makes what failed five times a dead letter with its cause, after which its lane goes on", () =>
  Effect.gen(function* () {
    const broken = counting((attempt) => Effect.fail(`broken at ${attempt}`))
    const world = yield* start({ listeners: [broken.listener] })
    yield* world.texts(ida, "wamid.1")
    yield* pass("10 seconds")
    yield* world.texts(ida, "wamid.2")
    assert.deepStrictEqual(yield* world.inbox.list, [])
    yield* pass("5 seconds")
    assert.deepStrictEqual(broken.entries, [
      "0s wamid.1",
      "1s wamid.1",
      "3s wamid.1",
      "7s wamid.1",
      "15s wamid.1",
      "15s wamid.2"
    ])
    const [letter, ...others] = yield* world.inbox.list
    assert.deepStrictEqual(others, [])
    assert.isDefined(letter)
    assert.include(letter.cause, "broken at 5")
    assert.strictEqual(letter.task.attempts, 5)
    assert.strictEqual(letter.task.listener, "work")
  })
)

it.effect("runs a dead letter that is requeued again, with all of its attempts before it", () =>
  Effect.gen(function* () {
    const mended = counting(failing(7))
    const world = yield* start({ listeners: [mended.listener] })
    yield* world.texts(ida, "wamid.1")
    yield* pass("1 minute")
    yield* world.awaitIdle
    const [letter] = yield* world.inbox.list
    assert.isTrue(yield* world.inbox.requeue(letter?.task.id ?? ""))
    yield* pass("1 minute")
    yield* world.awaitIdle
    assert.strictEqual(mended.entries.length, 8)
    assert.deepStrictEqual(yield* world.inbox.list, [])
    assert.deepStrictEqual(yield* world.inbox.depth, { deliveries: 0, waiting: 0, running: 0, dead: 0 })
  })
)

it.effect("hands a requeued dead letter over as it was admitted: the same event, the same sender", () =>
  Effect.gen(function* () {
    const seen: Array<WhatsAppEvent> = []
    const broken = Listener.make(
      "broken",
      "*",
      (event) => {
        seen.push(event)
        return Effect.fail("broken")
      },
      { retry: RetryPolicy.make({ attempts: 1 }) }
    )
    const world = yield* start({ listeners: [broken] })
    yield* world.deliver(Delivery.text("wamid.1", { text: "crème brûlée" }))
    yield* world.awaitIdle
    const [letter] = yield* world.inbox.list
    yield* world.inbox.requeue(letter?.task.id ?? "")
    yield* world.awaitIdle
    assert.strictEqual(seen.length, 2)
    assert.deepStrictEqual(seen[1], seen[0])
  })
)

it.effect("doubles the wait up to 30 seconds, and tries as often as the listener asks for", () =>
  Effect.gen(function* () {
    const { entries, listener } = counting(failing(99), { retry: RetryPolicy.make({ attempts: 8 }) })
    const world = yield* start({ listeners: [listener] })
    yield* world.texts(ida, "1")
    yield* pass("5 minutes")
    assert.deepStrictEqual(entries, ["0s 1", "1s 1", "3s 1", "7s 1", "15s 1", "31s 1", "61s 1", "91s 1"])
  })
)

it.effect("takes a policy of one's own", () =>
  Effect.gen(function* () {
    const { entries, listener } = counting(failing(99), {
      retry: ({ attempts }) =>
        attempts < 3 ? RetryPolicy.Next.Retry({ after: Duration.minutes(1) }) : RetryPolicy.Next.Dead()
    })
    const world = yield* start({ listeners: [listener] })
    yield* world.texts(ida, "1")
    yield* pass("5 minutes")
    assert.deepStrictEqual(entries, ["0s 1", "60s 1", "120s 1"])
    assert.strictEqual((yield* world.inbox.list).length, 1)
  })
)

const waysToFail: ReadonlyArray<readonly [name: string, handle: () => Effect.Effect<unknown, unknown>]> = [
  ["a defect", () => Effect.die(new Error("bug"))],
  ["an interruption of its own", () => Effect.interrupt],
  [
    "an exception before it made its effect",
    () => {
      throw new Error("bug")
    }
  ]
]
for (const [name, handle] of waysToFail) {
  it.effect(`counts ${name} as a failed attempt, and no other lane notices`, () =>
    Effect.gen(function* () {
      const journal = makeJournal()
      let attempts = 0
      const listener = Listener.make("work", "TextReceived", (event) => {
        if (event.wamid === "bad" && ++attempts < 5) return handle()
        return journal.note(event.wamid)
      })
      const world = yield* start({ listeners: [listener] })
      yield* world.texts(ida, "bad", "good")
      yield* world.texts(ben, "other")
      yield* pass("1 minute")
      yield* world.awaitIdle
      assert.deepStrictEqual(journal.entries, ["0s other", "15s bad", "15s good"])
    })
  )
}

it.effect("counts five minutes without an end as a failed attempt, and stops the handler", () =>
  Effect.gen(function* () {
    let interrupted = 0
    const hanging = counting((attempt) =>
      attempt === 1 ? Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++)) : Effect.void
    )
    const world = yield* start({ listeners: [hanging.listener] })
    yield* world.texts(ida, "1", "2")
    yield* pass("299 seconds")
    assert.deepStrictEqual(hanging.entries, ["0s 1"])
    yield* pass("1 second")
    assert.strictEqual(interrupted, 1)
    yield* pass("1 second")
    assert.deepStrictEqual(hanging.entries, ["0s 1", "301s 1", "301s 2"])
  })
)

it.effect("gives a handler as long as its listener says", () =>
  Effect.gen(function* () {
    const slow = counting(() => Effect.sleep("9 minutes"), { timeout: "10 minutes" })
    const quick = counting(() => Effect.sleep("2 seconds"), { timeout: "1 second", name: "quick" })
    const world = yield* start({ listeners: [slow.listener, quick.listener] })
    yield* world.texts(ida, "1")
    yield* pass("9 minutes")
    yield* world.awaitIdle
    assert.deepStrictEqual(slow.entries, ["0s 1"])
    assert.strictEqual(quick.entries.length, 5)
    const [letter] = yield* world.inbox.list
    assert.strictEqual(letter?.task.listener, "quick")
    assert.include(letter?.cause, "TimeoutError")
  })
)

const verdicts: ReadonlyArray<readonly [what: string, reason: WhatsAppError["reason"], starts: ReadonlyArray<string>]> =
  [
    ["Never", new InvalidMessage({ field: "text", details: "too long" }), ["0s 1"]],
    ["Ambiguous", new OutcomeUnknown({ callbackData: "key", details: "no answer" }), ["0s 1"]],
    ["Backoff", new ConnectionFailed({ details: "refused" }), ["0s 1", "1s 1", "3s 1", "7s 1", "15s 1"]]
  ]
for (const [verdict, reason, starts] of verdicts) {
  it.effect(`obeys the verdict of a WhatsAppError: ${verdict}`, () =>
    Effect.gen(function* () {
      const error = new WhatsAppError({ method: "WhatsAppClient.send", reason })
      assert.strictEqual(error.verdict._tag, verdict)
      const { entries, listener } = counting(() => Effect.fail(error))
      const world = yield* start({ listeners: [listener] })
      yield* world.texts(ida, "1")
      yield* pass("1 minute")
      yield* world.awaitIdle
      assert.deepStrictEqual(entries, starts)
      assert.include((yield* world.inbox.list)[0]?.cause, reason._tag)
    })
  )
}

it.effect("obeys the verdict of a WhatsAppError: After, which waits as long as Meta asked for", () =>
  Effect.gen(function* () {
    const error = new WhatsAppError({ method: "WhatsAppClient.send", reason: fromMetaCode(131057) })
    assert.strictEqual(error.verdict._tag, "After")
    const { entries, listener } = counting((attempt) => (attempt < 3 ? Effect.fail(error) : Effect.void))
    const world = yield* start({ listeners: [listener] })
    yield* world.texts(ida, "1")
    yield* pass("10 minutes")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s 1", "60s 1", "120s 1"])
  })
)

it.effect("goes on when a policy throws: what it should have judged becomes a dead letter", () =>
  Effect.gen(function* () {
    const { entries, listener } = counting((attempt) => (attempt === 1 ? Effect.fail("broken") : Effect.void), {
      retry: () => {
        throw new Error("the policy is broken")
      }
    })
    const world = yield* start({ listeners: [listener] })
    yield* world.texts(ida, "1", "2")
    yield* pass("1 minute")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s 1", "0s 2"])
    assert.include((yield* world.inbox.list)[0]?.cause, "broken")
  })
)

it.effect("lets a listener that is busy for more than an hour keep what waits for it", () =>
  Effect.gen(function* () {
    const slow = counting(() => Effect.sleep("3 hours"), { timeout: "4 hours" })
    const world = yield* start({ listeners: [slow.listener], concurrency: 1 })
    yield* world.texts(ida, "1", "2")
    yield* world.texts(ben, "3")
    yield* pass("9 hours")
    yield* world.awaitIdle
    assert.deepStrictEqual(yield* world.inbox.list, [])
    assert.deepStrictEqual(slow.events().toSorted(), ["1", "2", "3"])
  })
)

it.effect("is done with an event that no listener wants when it is published", () =>
  Effect.gen(function* () {
    const { entries, listener } = counting(() => Effect.void)
    const world = yield* start({ listeners: [listener] })
    const watching = yield* Effect.forkChild(Stream.runHead(world.events.stream), { startImmediately: true })
    yield* world.deliver(Delivery.status("wamid.1", "sent"))
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, [])
    assert.deepStrictEqual(yield* world.inbox.depth, { deliveries: 0, waiting: 0, running: 0, dead: 0 })
    yield* pass(0)
    assert.isDefined(watching.pollUnsafe())
  })
)

it.effect("refuses to start with two listeners of one name", () =>
  Effect.gen(function* () {
    const { listener } = counting(() => Effect.void)
    const exit = yield* Effect.exit(Layer.build(Listeners.layer(listener, listener)))
    assert.isTrue(Exit.isFailure(exit))
    if (Exit.isFailure(exit)) assert.include(Cause.pretty(exit.cause), `Two listeners are named "work"`)
  })
)

it.effect("keeps a task whose item is not found in its delivery as a dead letter, and does not take it for done", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    yield* inbox.append(Delivery.text("wamid.1"))
    const [delivery] = yield* inbox.take
    assert.isDefined(delivery)
    const task = { position: "elsewhere", listener: "work", lane: "1", tag: "TextReceived", decision: {} } as const
    yield* inbox.admit(delivery.digest, [task], { settled: true })
    const work = counting(failing(0))
    yield* start({ listeners: [work.listener], inbox: Layer.succeed(Inbox.Inbox, inbox) })
    yield* pass("1 minute")
    assert.deepStrictEqual(work.events(), [])
    const [letter] = yield* inbox.list
    assert.include(letter?.cause, "The delivery holds no item at elsewhere")
  }).pipe(Effect.provide(Inbox.layerMemory()))
)
