/** Promise 9, as far as it needs no other process: an orderly shutdown. */
import { assert, it } from "@effect/vitest"
import { InboxError } from "@effect-whatsapp/core/errors"
import { Deduplication } from "@effect-whatsapp/core/services"
import { Listener } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Effect, Fiber, Layer } from "effect"
import { ben, ida, makeJournal, pass, settle, start } from "./world.ts"

/** A listener that takes a second for each message, and what a shutdown told at its end. */
const makeWork = (work: (wamid: string) => Effect.Effect<unknown, unknown> = () => Effect.sleep("1 second")) => {
  const journal = makeJournal()
  const left: Array<number> = []
  const listener = Listener.make("work", "TextReceived", ({ wamid }) =>
    Effect.gen(function* () {
      yield* journal.note(`${wamid} starts`)
      yield* work(wamid)
      yield* journal.note(`${wamid} ends`)
    })
  )
  return {
    ...journal,
    left,
    options: { listeners: [listener], onShutdown: (count: number) => Effect.sync(() => void left.push(count)) }
  }
}

/** The memory inbox, as if it outlived the process. */
const durable = Effect.map(Inbox.Inbox, (inbox) => Layer.succeed(Inbox.Inbox, { ...inbox, durable: true }))

it.effect("drains a memory inbox: what was answered with 200 is handled before the end", () =>
  Effect.gen(function* () {
    const { entries, left, options } = makeWork()
    const world = yield* start(options)
    yield* world.texts(ida, "1", "2", "3")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("2 seconds")
    assert.isUndefined(shutdown.pollUnsafe())
    yield* pass("1 second")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(entries, [
      "0s 1 starts",
      "1s 1 ends",
      "1s 2 starts",
      "2s 2 ends",
      "2s 3 starts",
      "3s 3 ends"
    ])
    assert.deepStrictEqual(left, [0])
  })
)

it.effect("handles what is accepted after the shutdown began, while requests under way are still answered", () =>
  Effect.gen(function* () {
    const { events, left, options } = makeWork()
    const world = yield* start(options)
    yield* world.texts(ida, "1")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* settle
    yield* world.texts(ben, "2")
    yield* world.texts(ida, "3")
    yield* pass("3 seconds")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(events(), ["1 starts", "2 starts", "1 ends", "3 starts", "2 ends", "3 ends"])
    assert.deepStrictEqual(left, [0])
  })
)

it.effect("lets a drained memory inbox retry what fails, within the time", () =>
  Effect.gen(function* () {
    let attempts = 0
    const { events, left, options } = makeWork(() => (++attempts < 3 ? Effect.fail("broken") : Effect.void))
    const world = yield* start(options)
    yield* world.texts(ida, "1")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("10 seconds")
    yield* Fiber.join(shutdown)
    assert.strictEqual(events().at(-1), "1 ends")
    assert.deepStrictEqual(left, [0])
  })
)

it.effect("stops a memory inbox that does not come to an end in time, and tells how much was lost", () =>
  Effect.gen(function* () {
    const { events, left, options } = makeWork((wamid) => (wamid === "1" ? Effect.never : Effect.void))
    const world = yield* start({ ...options, shutdownTimeout: "10 seconds" })
    yield* world.texts(ida, "1", "2")
    yield* world.texts(ben, "3")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("9 seconds")
    assert.isUndefined(shutdown.pollUnsafe())
    yield* pass("1 second")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(left, [2])
    assert.deepStrictEqual(events(), ["1 starts", "3 starts", "3 ends"])
  })
)

it.effect("takes 25 seconds by default, and no longer", () =>
  Effect.gen(function* () {
    const { left, options } = makeWork(() => Effect.never)
    const world = yield* start(options)
    yield* world.texts(ida, "1")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("24 seconds")
    assert.isUndefined(shutdown.pollUnsafe())
    yield* pass("1 second")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(left, [1])
  })
)

it.effect("does not wait at all when there is nothing to do", () =>
  Effect.gen(function* () {
    const { left, options } = makeWork()
    const world = yield* start(options)
    yield* world.texts(ida, "1")
    yield* pass("5 seconds")
    yield* world.shutdown
    assert.deepStrictEqual(left, [0])
  })
)

it.effect("finishes only what runs when the inbox is durable, and leaves the rest for the next process", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const { entries, left, options } = makeWork()
    const world = yield* start({ ...options, inbox: yield* durable })
    yield* world.texts(ida, "1", "2", "3")
    yield* pass("500 millis")
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("500 millis")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(entries, ["0s 1 starts", "1s 1 ends"])
    assert.deepStrictEqual(left, [0])
    assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 2, running: 0, dead: 0 })

    const next = makeWork()
    const restarted = yield* start({ ...next.options, inbox: yield* durable })
    yield* pass("1 minute")
    yield* restarted.awaitIdle
    assert.deepStrictEqual(next.events(), ["2 starts", "2 ends", "3 starts", "3 ends"])
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("gives back, without an attempt, what a shutdown had to stop", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const { left, options } = makeWork(() => Effect.never)
    const world = yield* start({ ...options, inbox: yield* durable, shutdownTimeout: "10 seconds" })
    yield* world.texts(ida, "1", "2")
    yield* world.texts(ben, "3")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("10 seconds")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(left, [2])
    assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 3, running: 0, dead: 0 })
    const leases = yield* inbox.next(["work"], 10)
    assert.deepStrictEqual(
      leases.map(({ task }) => task.attempts),
      [0, 0]
    )
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("marks what a handler finished, also when the time ends while it is being marked", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const { left, options } = makeWork((wamid) =>
      Effect.andThen(Effect.sleep("9 seconds"), wamid === "bad" ? Effect.fail("broken") : Effect.void)
    )
    const world = yield* start({
      ...options,
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        durable: true,
        done: (lease) => Effect.delay(inbox.done(lease), "2 seconds"),
        retryAt: (lease, at) => Effect.delay(inbox.retryAt(lease, at), "2 seconds")
      }),
      shutdownTimeout: "10 seconds"
    })
    yield* world.texts(ida, "good")
    yield* world.texts(ben, "bad")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("12 seconds")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(left, [0])
    assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 1, running: 0, dead: 0 })
    const [lease] = yield* inbox.next(["work"], 10)
    assert.strictEqual(lease?.task.attempts, 1)
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("ends in time also when the inbox does not answer any more", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const { options } = makeWork(() => Effect.never)
    let isDown = false
    const down = <A>(effect: Effect.Effect<A, InboxError>) =>
      Effect.suspend(() =>
        isDown ? Effect.fail(new InboxError({ method: "release", details: "the disk is full" })) : effect
      )
    const world = yield* start({
      ...options,
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        durable: true,
        release: (lease) => down(inbox.release(lease)),
        depth: down(inbox.depth)
      }),
      shutdownTimeout: "10 seconds"
    })
    yield* world.texts(ida, "1")
    yield* settle
    isDown = true
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("11 seconds")
    yield* Fiber.join(shutdown)
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("takes no work while it shuts down, and does not turn in circles over what it may not start", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const { options } = makeWork(() => Effect.sleep("5 seconds"))
    let asked = 0
    const world = yield* start({
      ...options,
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        durable: true,
        next: (listeners, max) => Effect.suspend(() => (asked++, inbox.next(listeners, max)))
      })
    })
    yield* world.texts(ida, "1", "2")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* settle
    asked = 0
    yield* world.texts(ben, "3")
    yield* pass("6 seconds")
    yield* Fiber.join(shutdown)
    assert.isAtMost(asked, 2)
    assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 2, running: 0, dead: 0 })
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("makes the tasks of a listener that the next version does not have dead letters after an hour", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const deduplication = Deduplication.layerNone
    const old = Listener.make("old", "TextReceived", () => Effect.never)
    const first = yield* start({ listeners: [old], deduplication, inbox: yield* durable, shutdownTimeout: "1 second" })
    yield* first.texts(ida, "1")
    yield* settle
    const shutdown = yield* Effect.forkChild(first.shutdown)
    yield* pass("1 second")
    yield* Fiber.join(shutdown)

    const { events, note } = makeJournal()
    const renamed = Listener.make("new", "TextReceived", ({ wamid }) => note(wamid))
    const second = yield* start({ listeners: [renamed], deduplication, inbox: yield* durable })
    yield* second.texts(ida, "2")
    yield* pass("55 minutes")
    assert.deepStrictEqual(yield* inbox.list, [])
    yield* pass("11 minutes")
    const [letter] = yield* inbox.list
    assert.strictEqual(letter?.cause, "NoSuchListener")
    // A new listener sees what is admitted after it exists.
    assert.deepStrictEqual(events(), ["2"])
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("leaves a listener behind that cannot be interrupted, and counts it", () =>
  Effect.gen(function* () {
    const { left, options } = makeWork(() => Effect.uninterruptible(Effect.never))
    const world = yield* start({ ...options, shutdownTimeout: "10 seconds" })
    yield* world.texts(ida, "1")
    yield* settle
    const shutdown = yield* Effect.forkChild(world.shutdown)
    yield* pass("12 seconds")
    yield* Fiber.join(shutdown)
    assert.deepStrictEqual(left, [1])
  })
)
