/** Promises 5, 6 and 10: what is decided about an item before any listener sees it. */
import { assert, it } from "@effect/vitest"
import { Customer, Owner, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { DeduplicationError, InboxError, MessageStatesError, OwnerResolverError } from "@effect-whatsapp/core/errors"
import type { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Deduplication, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Listener } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Clock, DateTime, Effect, Latch, Layer, Logger } from "effect"
import { ben, ida, makeJournal, pass, settle, start } from "./world.ts"

const makeRecorder = () => {
  const journal = makeJournal()
  const seen: Array<WhatsAppEvent> = []
  const listener = Listener.make("record", "*", (event) => {
    seen.push(event)
    return journal.note("wamid" in event ? event.wamid : event._tag)
  })
  return { ...journal, seen, listener, listeners: [listener] }
}
const now = Clock.currentTimeMillis

/** Claims of these wamids are what `answer` says; all others are what memory says. */
const deduplicationWhere = (
  wamid: string,
  answer: (
    memory: Deduplication.Deduplication["Service"],
    key: string
  ) => Effect.Effect<Deduplication.Claim, DeduplicationError>
) =>
  Layer.effect(
    Deduplication.Deduplication,
    Effect.map(Deduplication.Deduplication, (memory) => ({
      ...memory,
      claim: (key: string) => (key.includes(wamid) ? answer(memory, key) : memory.claim(key))
    }))
  ).pipe(Layer.provide(Deduplication.layerMemory()))

it.effect("handles a redelivered message once, also in another delivery", () =>
  Effect.gen(function* () {
    const { entries, listeners } = makeRecorder()
    const world = yield* start({ listeners })
    yield* world.texts(ida, "1", "1")
    yield* settle
    yield* world.texts(ida, "1")
    yield* world.deliver(
      Delivery.messages({ messages: [Delivery.textItem("1"), Delivery.textItem("2"), Delivery.textItem("1")] })
    )
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s 1", "0s 2"])
  })
)

it.effect("handles everything, redelivered or not, when deduplication is swapped for none", () =>
  Effect.gen(function* () {
    const { entries, listeners } = makeRecorder()
    const world = yield* start({ listeners, deduplication: Deduplication.layerNone })
    yield* world.texts(ida, "1")
    yield* world.awaitIdle
    yield* world.texts(ida, "1")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s 1", "0s 1"])
  })
)

it.effect("never skips a Busy item: it waits in its conversation, what follows waits behind it, others go on", () =>
  Effect.gen(function* () {
    const { entries, listeners } = makeRecorder()
    const until = 90_000
    const world = yield* start({
      listeners,
      deduplication: deduplicationWhere("busy", (memory, key) =>
        Effect.flatMap(now, (at) =>
          at < until
            ? Effect.succeed(Deduplication.Claim.Busy({ until: DateTime.makeUnsafe(until) }))
            : memory.claim(key)
        )
      )
    })
    yield* world.texts(ida, "before", "busy", "after")
    yield* world.texts(ben, "other")
    yield* pass("80 seconds")
    assert.deepStrictEqual(entries, ["0s before", "0s other"])
    yield* pass("20 seconds")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s before", "0s other", "90s busy", "90s after"])
  })
)

it.effect("drops an item that was Busy and turns out to be Done", () =>
  Effect.gen(function* () {
    const { entries, listeners } = makeRecorder()
    const world = yield* start({
      listeners,
      deduplication: deduplicationWhere("busy", () =>
        Effect.map(now, (at) =>
          at < 60_000 ? Deduplication.Claim.Busy({ until: DateTime.makeUnsafe(at + 1000) }) : Deduplication.Claim.Done()
        )
      )
    })
    yield* world.texts(ida, "busy", "after")
    yield* pass("2 minutes")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["60s after"])
  })
)

it.effect("asks again when a lease ended a moment ago, without turning in circles", () =>
  Effect.gen(function* () {
    let asked = 0
    const { entries, listeners } = makeRecorder()
    const world = yield* start({
      listeners,
      deduplication: deduplicationWhere("busy", (memory, key) =>
        Effect.flatMap(now, (at) =>
          ++asked <= 3
            ? Effect.succeed(Deduplication.Claim.Busy({ until: DateTime.makeUnsafe(at - 5000) }))
            : memory.claim(key)
        )
      )
    })
    yield* world.texts(ida, "busy")
    yield* pass("1 second")
    assert.deepStrictEqual(entries, ["0.03s busy"])
  })
)

const outages: ReadonlyArray<readonly [how: string, outage: () => Effect.Effect<never, DeduplicationError>]> = [
  ["fails", () => Effect.fail(new DeduplicationError({ cause: "ECONNREFUSED" }))],
  ["dies", () => Effect.die("bug")],
  [
    "throws",
    () => {
      throw new Error("bug")
    }
  ]
]
for (const [how, outage] of outages) {
  it.effect(`holds items while deduplication ${how}, handles each once and in order when it is back`, () =>
    Effect.gen(function* () {
      const { events, listeners } = makeRecorder()
      const Down = Layer.effect(
        Deduplication.Deduplication,
        Effect.map(Deduplication.Deduplication, (memory) => ({
          ...memory,
          claim: (key: string) => Effect.flatMap(now, (at) => (at < 3_600_000 ? outage() : memory.claim(key)))
        }))
      ).pipe(Layer.provide(Deduplication.layerMemory()))
      const world = yield* start({ listeners, deduplication: Down })
      yield* world.texts(ida, "1", "2", "1", "3")
      yield* pass("59 minutes")
      yield* world.texts(ida, "4")
      assert.deepStrictEqual(events(), [])
      assert.strictEqual((yield* world.inbox.depth).deliveries, 4)
      yield* pass("2 minutes")
      yield* world.awaitIdle
      assert.deepStrictEqual(events(), ["1", "2", "3", "4"])
    })
  )
}

it.effect("completes a claim that the store could not take at first, and runs the listener once", () =>
  Effect.gen(function* () {
    let failures = 0
    const { entries, listeners } = makeRecorder()
    const Forgetful = Layer.effect(
      Deduplication.Deduplication,
      Effect.map(Deduplication.Deduplication, (memory) => ({
        ...memory,
        complete: (token: Deduplication.Token) =>
          failures++ < 3 ? Effect.fail(new DeduplicationError({ cause: "timeout" })) : memory.complete(token)
      }))
    ).pipe(Layer.provide(Deduplication.layerMemory()))
    const world = yield* start({ listeners, deduplication: Forgetful })
    yield* world.texts(ida, "1")
    yield* pass("1 minute")
    yield* world.texts(ida, "2", "1")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s 1", "60s 2"])
  })
)

it.effect("tells an owner from a customer before any listener runs, by all that is known of the sender", () =>
  Effect.gen(function* () {
    const users: Array<WhatsAppUser> = []
    const { listeners, seen } = makeRecorder()
    const resolver = OwnerResolver.layer((user) => {
      users.push(user)
      return user.username === "ida.voss"
    })
    const world = yield* start({ listeners, resolver })
    yield* world.deliver(
      Delivery.text("1", { from: null, userId: "US.4821", username: "ida.voss", name: "Ida Voss" }),
      Delivery.text("2", { from: ben, name: "Ben" })
    )
    yield* world.awaitIdle
    assert.deepEqual<ReadonlyArray<object>>(users, [
      { userId: "US.4821", username: "ida.voss", profileName: "Ida Voss" },
      { waId: ben, profileName: "Ben" }
    ])
    const [first, second] = users
    assert.deepStrictEqual(
      seen.map((event) => "sender" in event && event.sender),
      [Owner.make({ user: first ?? {} }), Customer.make({ user: second ?? {} })]
    )
  })
)

it.effect("asks for the owner only when an event has a sender", () =>
  Effect.gen(function* () {
    const { events, listeners } = makeRecorder()
    const resolver = OwnerResolver.layer(() => Effect.fail("must not be asked"))
    const world = yield* start({ listeners, resolver })
    yield* world.deliver(
      Delivery.status("status", "sent"),
      Delivery.change("account_update", { event: "VERIFIED" }),
      new TextEncoder().encode("not JSON"),
      Delivery.messages({ messages: [7] })
    )
    yield* world.awaitIdle
    assert.deepStrictEqual(events().toSorted(), ["AccountUpdated", "DeliveryUnreadable", "Undecodable", "status"])
  })
)

const waysNotToAnswer: ReadonlyArray<
  readonly [how: string, resolve: () => ReturnType<OwnerResolver.OwnerResolver["Service"]["resolve"]>, cause: string]
> = [
  ["fails", () => Effect.fail(new OwnerResolverError({ cause: "the database is down" })), "OwnerResolverError"],
  ["dies", () => Effect.die(new Error("a bug in the resolver")), "a bug in the resolver"],
  [
    "throws",
    () => {
      throw new Error("a bug in the resolver")
    },
    "a bug in the resolver"
  ]
]
for (const [how, resolve, cause] of waysNotToAnswer) {
  it.effect(
    `lets an item wait at the head of its conversation while its OwnerResolver ${how}, then keeps it as a dead letter`,
    () =>
      Effect.gen(function* () {
        let isDown = true
        const { entries, listeners } = makeRecorder()
        const resolver = Layer.succeed(OwnerResolver.OwnerResolver, {
          resolve: (user: WhatsAppUser) =>
            isDown && user.waId === ida ? resolve() : Effect.succeed(Customer.make({ user }))
        })
        const world = yield* start({ listeners, resolver })
        yield* world.texts(ida, "1", "2")
        yield* world.texts(ben, "3")
        yield* pass("14 seconds")
        assert.deepStrictEqual(entries, ["0s 3"])
        assert.deepStrictEqual(yield* world.inbox.list, [])
        yield* pass("1 second")
        const [letter, ...others] = yield* world.inbox.list
        assert.isDefined(letter)
        assert.deepStrictEqual(others, [])
        assert.include(letter.cause, cause)
        isDown = false
        yield* pass("10 seconds")
        yield* world.awaitIdle
        assert.strictEqual(entries.length, 2)
        assert.include(entries[1], "2")

        // Requeued, it is admitted anew; asked once more for a message that Meta redelivers, it is not.
        yield* world.inbox.requeue(letter.task.id)
        yield* world.texts(ida, "1")
        yield* world.awaitIdle
        assert.strictEqual(entries.length, 3)
        assert.include(entries[2], "1")
        assert.deepStrictEqual(yield* world.inbox.depth, { deliveries: 0, waiting: 0, running: 0, dead: 0 })
      })
  )
}

it.effect("lets a requeued item fail again and become a dead letter again, and then finds its owner", () =>
  Effect.gen(function* () {
    let isDown = true
    const { listeners, seen } = makeRecorder()
    const resolver = OwnerResolver.layer(() =>
      Effect.suspend(() => (isDown ? Effect.fail("the database is down") : Effect.succeed(true)))
    )
    const world = yield* start({ listeners, resolver })
    yield* world.texts(ida, "1")
    yield* pass("1 minute")
    const [letter] = yield* world.inbox.list
    yield* world.inbox.requeue(letter?.task.id ?? "")
    yield* pass("1 minute")
    const [again] = yield* world.inbox.list
    assert.include(again?.cause, "OwnerResolverError")
    isDown = false
    yield* world.inbox.requeue(again?.task.id ?? "")
    yield* world.awaitIdle
    const [event] = seen
    assert.isDefined(event)
    assert.isTrue("sender" in event && event.sender._tag === "Owner")
  })
)

it.effect("gives an OwnerResolver five minutes to answer", () =>
  Effect.gen(function* () {
    let asked = 0
    const { entries, listeners } = makeRecorder()
    const resolver = OwnerResolver.layer(() => (++asked === 1 ? Effect.never : Effect.succeed(false)))
    const world = yield* start({ listeners, resolver })
    yield* world.texts(ida, "1")
    yield* pass("10 minutes")
    assert.deepStrictEqual(entries, ["301s 1"])
  })
)

it.effect("marks a status that says less than an earlier one as stale, and still delivers it", () =>
  Effect.gen(function* () {
    const { listeners, seen } = makeRecorder()
    const world = yield* start({ listeners })
    yield* world.deliver(Delivery.status("1", "read"), Delivery.status("1", "sent"), Delivery.status("2", "sent"))
    yield* world.awaitIdle
    assert.deepStrictEqual(
      seen.flatMap((event) => (event._tag === "StatusUpdate" ? [[event.wamid, event.status, event.stale]] : [])),
      [
        ["1", "Read", false],
        ["2", "Sent", false],
        ["1", "Sent", true]
      ]
    )
  })
)

it.effect("takes MessageStates of one's own, and asks them again while they are down", () =>
  Effect.gen(function* () {
    const { entries, listeners, seen } = makeRecorder()
    const others = Layer.succeed(MessageStates.MessageStates, {
      observe: () =>
        Effect.flatMap(now, (at) =>
          at < 60_000 ? Effect.fail(new MessageStatesError({ cause: "down" })) : Effect.succeed(true)
        ),
      highest: () => Effect.undefined
    })
    const world = yield* start({ listeners, states: others })
    yield* world.deliver(Delivery.status("1", "sent"), Delivery.text("2"))
    yield* pass("2 minutes")
    assert.deepStrictEqual(
      entries.map((entry) => entry.slice(-1)),
      ["2", "1"]
    )
    const [, status] = seen
    assert.isTrue(status?._tag === "StatusUpdate" && status.stale)
  })
)

it.effect("harms nobody when a listener throws while it is asked what it wants: it fails alone", () =>
  Effect.gen(function* () {
    const { entries, listener } = makeRecorder()
    const broken: Listener.Listener = {
      ...Listener.make("broken", "*", () => Effect.void),
      wants: () => {
        throw new Error("bug")
      },
      handle: () => Effect.die("bug")
    }
    const world = yield* start({ listeners: [broken, listener] })
    yield* world.texts(ida, "1", "2")
    yield* pass("1 minute")
    yield* world.awaitIdle
    assert.deepStrictEqual(entries, ["0s 1", "0s 2"])
    assert.strictEqual((yield* world.inbox.list).length, 2)
  })
)

it.effect("admits nothing twice when a crash let a delivery be taken again after part of it was admitted", () =>
  Effect.gen(function* () {
    const { events, listeners } = makeRecorder()
    const batch = Delivery.messages({ messages: ["1", "2", "3"].map((wamid) => Delivery.textItem(wamid)) })
    const inbox = yield* Inbox.Inbox
    yield* inbox.append(batch)
    const [delivery] = yield* inbox.take
    assert.isDefined(delivery)
    // The process before this one admitted two of three, one of which it also remembered, and died.
    const [first, second] = ["0", "1"].map((i) => `entry[0].changes[0].value.messages[${i}]`)
    const task = { listener: "record", lane: "207311904455012/16505550177", tag: "TextReceived" as const, decision: {} }
    yield* inbox.admit(
      delivery.digest,
      [
        { ...task, position: first ?? "" },
        { ...task, position: second ?? "" }
      ],
      { settled: false }
    )
    const deduplication = Layer.effect(
      Deduplication.Deduplication,
      Effect.tap(Deduplication.Deduplication, ({ claim, complete }) =>
        Effect.flatMap(claim("messages/207311904455012/message/1"), (answer) =>
          answer._tag === "Claimed" ? complete(answer.token) : Effect.void
        )
      )
    ).pipe(Layer.orDie, Layer.provide(Deduplication.layerMemory()))
    let taken = 0
    const world = yield* start({
      listeners,
      deduplication,
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        take: Effect.suspend(() => (taken++ === 0 ? Effect.succeed([delivery]) : Effect.never))
      })
    })
    yield* world.awaitIdle
    assert.deepStrictEqual(events(), ["1", "2", "3"])
    assert.isUndefined(yield* inbox.body(delivery.digest))
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("goes on while the inbox does not answer, and does everything once when it is back", () =>
  Effect.gen(function* () {
    const { events, listeners } = makeRecorder()
    const inbox = yield* Inbox.Inbox
    let calls = 0
    /** Every other call fails. */
    const shaky = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.suspend(() => (++calls % 2 === 1 ? Effect.die("the disk is full") : effect))
    const world = yield* start({
      listeners,
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        take: shaky(inbox.take),
        admit: (...args) => shaky(inbox.admit(...args)),
        next: (...args) => shaky(inbox.next(...args)),
        done: (...args) => shaky(inbox.done(...args)),
        body: (...args) => shaky(inbox.body(...args))
      })
    })
    yield* world.texts(ida, "1", "2", "3")
    yield* pass("10 minutes")
    yield* world.awaitIdle
    assert.deepStrictEqual(events(), ["1", "2", "3"])
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("admits a status once although a store was down for longer than a claim lasts", () =>
  Effect.gen(function* () {
    const { events, listeners } = makeRecorder()
    const back = (yield* now) + 90_000
    const memory = MessageStates.makeMemory()
    const states = Layer.succeed(MessageStates.MessageStates, {
      ...memory,
      observe: (update) =>
        Effect.flatMap(now, (at) =>
          at < back ? Effect.fail(new MessageStatesError({ cause: "down" })) : memory.observe(update)
        )
    })
    const { awaitIdle, deliver } = yield* start({ listeners, states })
    yield* deliver(Delivery.status("wamid.1", "read"))
    yield* pass("2 minutes")
    yield* deliver(Delivery.status("wamid.1", "read"))
    yield* awaitIdle
    assert.deepStrictEqual(events(), ["wamid.1"])
  })
)

it.effect("remembers what it admitted although the inbox was down for longer than a claim lasts", () =>
  Effect.gen(function* () {
    const { events, listeners } = makeRecorder()
    const inbox = yield* Inbox.Inbox
    const back = (yield* now) + 90_000
    const { awaitIdle, deliver } = yield* start({
      listeners,
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        admit: (digest, tasks, options) =>
          Effect.flatMap(now, (at) =>
            at < back
              ? Effect.fail(new InboxError({ method: "admit", details: "down" }))
              : inbox.admit(digest, tasks, options)
          )
      })
    })
    yield* deliver(Delivery.text("wamid.1"))
    yield* pass("3 minutes")
    yield* deliver(Delivery.text("wamid.1", { text: "the same in another delivery" }))
    yield* awaitIdle
    assert.deepStrictEqual(events(), ["wamid.1"])
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("reads a delivery again at most once for all of its tasks, however large the backlog", () =>
  Effect.gen(function* () {
    let reads = 0
    const handled: Array<string> = []
    const gate = yield* Latch.make()
    const inbox = yield* Inbox.Inbox
    const wait = Listener.make("wait", "TextReceived", ({ wamid }) =>
      Effect.andThen(
        gate.await,
        Effect.sync(() => handled.push(wamid))
      )
    )
    const { awaitIdle, deliver } = yield* start({
      listeners: [wait],
      inbox: Layer.succeed(Inbox.Inbox, {
        ...inbox,
        body: (digest) =>
          Effect.suspend(() => {
            reads++
            return inbox.body(digest)
          })
      })
    })
    const batches = 14
    for (let batch = 0; batch < batches; batch++) {
      const messages = Array.from({ length: 1000 }, (_, i) =>
        Delivery.textItem(`wamid.${batch}.${i}`, { from: String(16505550000 + i) })
      )
      yield* deliver(Delivery.messages({ messages }))
    }
    yield* settle
    yield* gate.open
    yield* awaitIdle
    assert.strictEqual(handled.length, 1000 * batches)
    assert.isAtMost(reads, 2 * batches)
  }).pipe(Effect.provide(Inbox.layerMemory()))
)

it.effect("says that a store is down once a minute, and not for every item that waits", () =>
  Effect.gen(function* () {
    const lines: Array<unknown> = []
    const logger = Logger.make(({ message }) => {
      lines.push(message)
    })
    const down = Layer.mock(Deduplication.Deduplication, {
      claim: () => Effect.fail(new DeduplicationError({ cause: "ECONNREFUSED" }))
    })
    yield* Effect.gen(function* () {
      const { texts } = yield* start({ deduplication: down })
      yield* texts(ida, "1", "2", "3")
      yield* texts(ben, "4")
      yield* pass("90 seconds")
      const warnings = lines.filter((line) => String(line).startsWith("Deduplication does not answer"))
      assert.strictEqual(warnings.length, 2)
    }).pipe(Effect.provide(Logger.layer([logger])))
  })
)
