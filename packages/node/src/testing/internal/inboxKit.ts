/** What the laws of `Inbox` are written with. */
import { DeliveryDigest } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import { type Law, LawBroken } from "@effect-whatsapp/core/testing"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Inbox, type NewTask, orphanedAfter } from "../../inbox/Inbox.ts"
import type { Options } from "../InboxContract.ts"

/** One law. */
export const law = (
  name: string,
  check: () => Effect.Effect<void, LawBroken | InboxError, Inbox>
): Law<InboxError, Inbox> => ({ name, run: Effect.suspend(check) })

/** Fails unless both are the same. */
export const same = (what: string, observed: unknown, expected: unknown): Effect.Effect<void, LawBroken> =>
  observed === expected
    ? Effect.void
    : Effect.fail(new LawBroken({ expected: `${what}: ${String(expected)}`, observed: String(observed) }))

const utf8 = new TextEncoder()
export const bytes = (text: string): Uint8Array => utf8.encode(text)
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** A digest that no delivery has. */
export const absent = DeliveryDigest.make("0".repeat(64))

export const task = (position: string, listener: string, lane: string): NewTask => ({
  position,
  listener,
  lane,
  tag: "TextReceived",
  decision: {}
})

export type Kit = ReturnType<typeof makeKit>

export const makeKit = (options: Options) => {
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

  const taking = Effect.flatMap(Inbox, (inbox) => inbox.take)
  const take = prompt("take", taking)
  const ask = (listeners: ReadonlyArray<string> = ["a"], max = 100) =>
    Effect.flatMap(Inbox, (inbox) => inbox.next(listeners, max))
  const next = (listeners?: ReadonlyArray<string>, max?: number) => prompt("next", ask(listeners, max))
  const nextOne = (listeners?: ReadonlyArray<string>) =>
    Effect.flatMap(next(listeners, 1), ([lease]) =>
      lease === undefined
        ? Effect.fail(new LawBroken({ expected: "next: a lease", observed: "an empty list" }))
        : Effect.succeed(lease)
    )
  /** Appends and takes: one delivery that is not settled. */
  const arrive = Effect.fnUntraced(function* (body: string) {
    const { append } = yield* Inbox
    yield* append(bytes(body))
    const [delivery] = yield* take
    return delivery === undefined
      ? yield* new LawBroken({ expected: "take: a delivery", observed: "an empty list" })
      : delivery.digest
  })
  /** One delivery with these tasks and no others. */
  const deliver = Effect.fnUntraced(function* (body: string, ...tasks: ReadonlyArray<NewTask>) {
    const { admit } = yield* Inbox
    const digest = yield* arrive(body)
    yield* admit(digest, tasks, { settled: true })
    return digest
  })
  /** Kills the one task that is due. */
  const kill = Effect.fnUntraced(function* (cause: string) {
    const { dead } = yield* Inbox
    const lease = yield* nextOne()
    yield* dead(lease, cause)
    return lease.task.id
  })

  /** Now, and the `delay` later. */
  const later = Effect.map(DateTime.now, DateTime.addDuration(delay))

  return {
    answer,
    arrive,
    ask,
    delay,
    deliver,
    keep,
    kill,
    later,
    next,
    nextOne,
    nothing,
    notice,
    orphaned,
    prompt,
    sweep,
    take,
    taking,
    wait,
    waits
  }
}
