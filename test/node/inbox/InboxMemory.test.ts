import { assert, it } from "@effect/vitest"
import { InboxError } from "@effect-whatsapp/core/errors"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { DateTime, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

const task = (position: string): Inbox.NewTask => ({
  position,
  listener: "record",
  lane: "lane",
  tag: "TextReceived",
  decision: {}
})

it.effect("refuses a delivery beyond its capacity, so that Meta is told 503, and loses nothing it accepted", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    yield* inbox.append(Delivery.text("wamid.1"))
    yield* inbox.append(Delivery.text("wamid.2"))
    const error = yield* Effect.flip(inbox.append(Delivery.text("wamid.3")))
    assert.instanceOf(error, InboxError)
    assert.strictEqual(error.message, "Inbox.append: 2 deliveries are open, which is all it may hold")
    yield* inbox.append(Delivery.text("wamid.1"))

    const [one, two, ...others] = yield* inbox.take
    assert.deepStrictEqual(one?.body, Delivery.text("wamid.1"))
    assert.deepStrictEqual(two?.body, Delivery.text("wamid.2"))
    assert.deepStrictEqual(others, [])
    assert.isDefined(one)
    yield* inbox.admit(one.digest, [], { settled: true })
    yield* inbox.append(Delivery.text("wamid.3"))
    assert.strictEqual((yield* inbox.depth).deliveries, 2)
  }).pipe(Effect.provide(Inbox.layerMemory({ capacity: 2 })))
)

it.effect("goes on accepting beside its dead letters, and erases the oldest of more than its capacity", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    for (const wamid of ["wamid.1", "wamid.2", "wamid.3"]) {
      yield* inbox.append(Delivery.text(wamid))
      const [delivery] = yield* inbox.take
      assert.isDefined(delivery)
      yield* inbox.admit(delivery.digest, [{ ...task("0"), dead: wamid }], { settled: true })
    }
    const causes = (yield* inbox.list).map(({ cause }) => cause)
    assert.deepStrictEqual(causes, ["wamid.2", "wamid.3"])
    yield* inbox.append(Delivery.text("wamid.4"))
    yield* inbox.append(Delivery.text("wamid.5"))
    assert.strictEqual((yield* inbox.depth).deliveries, 2)
  }).pipe(Effect.provide(Inbox.layerMemory({ capacity: 2 })))
)

it.effect("refuses what would be more bytes than it may hold, and gives up dead letters first", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    const body = (letter: string) => new TextEncoder().encode(letter.repeat(40))
    yield* inbox.append(body("a"))
    const [delivery] = yield* inbox.take
    assert.isDefined(delivery)
    yield* inbox.admit(delivery.digest, [{ ...task("0"), dead: "broken" }], { settled: true })
    yield* inbox.append(body("b"))
    assert.strictEqual((yield* inbox.depth).dead, 1)
    yield* inbox.append(body("c"))
    assert.strictEqual((yield* inbox.depth).dead, 0)
    const error = yield* Effect.flip(inbox.append(body("d")))
    assert.strictEqual(error.message, "Inbox.append: 100 bytes are all it may hold")
    const [b] = yield* inbox.take
    assert.isDefined(b)
    yield* inbox.admit(b.digest, [], { settled: true })
    yield* inbox.append(body("d"))
  }).pipe(Effect.provide(Inbox.layerMemory({ maxBytes: 100 })))
)

it.effect("forgets the bytes of what is done, so that the same bytes are a new delivery", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    yield* inbox.append(Delivery.text("wamid.1"))
    const [first] = yield* inbox.take
    assert.isDefined(first)
    yield* inbox.admit(first.digest, [], { settled: true })
    yield* inbox.append(Delivery.text("wamid.1"))
    const [again] = yield* inbox.take
    assert.strictEqual(again?.digest, first.digest)
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("names a delivery by the SHA-256 of its bytes, and says when it came", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    yield* TestClock.adjust("1 minute")
    yield* inbox.append(new TextEncoder().encode("abc"))
    const [delivery] = yield* inbox.take
    // FIPS 180-2, appendix B.1
    assert.isDefined(delivery)
    assert.strictEqual(delivery.digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert.isTrue(DateTime.Equivalence(delivery.receivedAt, DateTime.makeUnsafe(60_000)))
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("keeps dead letters for as long as it is told to", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    yield* inbox.append(Delivery.text("wamid.1"))
    const [delivery] = yield* inbox.take
    assert.isDefined(delivery)
    yield* inbox.admit(delivery.digest, [{ ...task("0"), dead: "broken" }], { settled: true })
    yield* TestClock.adjust("55 minutes")
    assert.strictEqual((yield* inbox.list).length, 1)
    yield* TestClock.adjust("10 minutes")
    assert.deepStrictEqual(yield* inbox.list, [])
    assert.isUndefined(yield* inbox.body(delivery.digest))
  }).pipe(Effect.provide(Inbox.layerMemory({ keepDeadLetters: "1 hour" })))
)

it.effect("is not durable: a shutdown must drain it", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    assert.isFalse(inbox.durable)
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("wakes a worker for a task that is held back, however many others ask meanwhile", () =>
  Effect.gen(function* () {
    const inbox = yield* Inbox.Inbox
    yield* inbox.append(Delivery.text("wamid.1"))
    const [delivery] = yield* inbox.take
    assert.isDefined(delivery)
    yield* inbox.admit(delivery.digest, [task("0")], { settled: true })
    const [lease] = yield* inbox.next(["record"], 1)
    assert.isDefined(lease)
    yield* inbox.retryAt(lease, DateTime.makeUnsafe(30_000))
    const [one, two, three] = yield* Effect.forEach(["record", "other", "record"], (name) =>
      Effect.forkChild(inbox.next([name], 1), { startImmediately: true })
    )
    yield* TestClock.adjust("30 seconds")
    const leased = [one, two, three].flatMap((fiber) => (fiber?.pollUnsafe() === undefined ? [] : [fiber]))
    assert.strictEqual(leased.length, 1)
    assert.isUndefined(two?.pollUnsafe())
    yield* Fiber.interruptAll([one, two, three].flatMap((fiber) => fiber ?? []))
  }).pipe(Effect.provide(Inbox.layerMemory()))
)
