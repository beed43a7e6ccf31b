/**
 * Any sequence of commands, on an inbox and on a model of it that is too simple to be wrong: lists of tasks in the
 * order in which they must run.
 */
import { assert, it } from "@effect/vitest"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { DateTime, Duration, Effect, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { inFolder, makeFile, turns } from "./sqlite.ts"

const small = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 }))
/** What a command is about: which delivery, lease or letter, listener, lane, and how long. */
const Command = Schema.Struct({
  name: Schema.Literals([
    "append",
    "append",
    "take",
    "admit",
    "admit",
    "settle",
    "next",
    "next",
    "done",
    "retryAt",
    "dead",
    "release",
    "requeue",
    "remove",
    "stale",
    "wait",
    "restart",
    "restart"
  ]),
  which: small,
  listener: Schema.Literals(["a", "b"]),
  lane: Schema.Literals(["x", "y"]),
  seconds: small
})
type Command = typeof Command.Type

interface Modelled {
  readonly key: string
  readonly lane: string
  readonly listener: string
  attempts: number
  dueAt: number
  lease: Inbox.Lease | undefined
}

interface ModelledDelivery {
  readonly body: Uint8Array
  readonly name: number
  digest: Inbox.Delivery["digest"] | undefined
  settled: boolean
  readonly admitted: Set<string>
}

interface Subject {
  readonly open: Effect.Effect<Inbox.Inbox["Service"], unknown>
  /** Ends the inbox and opens what it has kept; absent when it keeps nothing. */
  readonly restart?: Effect.Effect<Inbox.Inbox["Service"], unknown>
  /** Lets it notice that time has passed. */
  readonly notice: Effect.Effect<void>
}

const makeWorld = Effect.fnUntraced(function* ({ notice, open: start, restart }: Subject) {
  let inbox = yield* start
  const deliveries: Array<ModelledDelivery> = []
  /** Waiting or running, in the order in which a lane must run them. */
  let open: Array<Modelled> = []
  let letters: Array<Modelled> = []
  const finished: Array<string> = []
  const stale: Array<Inbox.Lease> = []
  let now = 0
  let appended = 0

  const pick = <A>(all: ReadonlyArray<A>, which: number): A | undefined => all[which % Math.max(1, all.length)]
  const laneOf = ({ lane, listener }: Modelled) => `${listener}/${lane}`
  const keyOf = (task: Inbox.Task) => `${task.digest}/${task.position}/${task.listener}`
  const running = () => open.filter(({ lease }) => lease !== undefined)
  const untaken = () => deliveries.filter(({ digest }) => digest === undefined)
  const unsettled = () => deliveries.filter(({ digest, settled }) => digest !== undefined && !settled)
  /** The first of every lane, if it is due and not leased. */
  const runnable = (listeners: ReadonlyArray<string>) => {
    const seen = new Set<string>()
    return open.filter((task) => {
      const isFirst = !seen.has(laneOf(task))
      seen.add(laneOf(task))
      return isFirst && listeners.includes(task.listener) && task.lease === undefined && task.dueAt <= now
    })
  }
  const end = (task: Modelled): Inbox.Lease => {
    const { lease } = task
    assert.isDefined(lease)
    task.lease = undefined
    stale.push(lease)
    return lease
  }

  const commands: { readonly [Name in Command["name"]]: (command: Command) => Effect.Effect<void, unknown> } = {
    append: Effect.fnUntraced(function* ({ which }) {
      const again = pick(deliveries, which)
      if (which === 3 && again !== undefined && isOpen(again)) return yield* inbox.append(again.body)
      const name = appended++
      const body = new TextEncoder().encode(String(name))
      deliveries.push({ body, name, digest: undefined, settled: false, admitted: new Set() })
      return yield* inbox.append(body)
    }),
    take: Effect.fnUntraced(function* () {
      const expected = untaken()
      if (expected.length === 0) return
      const taken = yield* inbox.take
      assert.deepStrictEqual(
        taken.map(({ body }) => body),
        expected.map(({ body }) => body)
      )
      taken.forEach(({ digest }, i) => Object.assign(expected[i] ?? {}, { digest }))
    }),
    admit: Effect.fnUntraced(function* ({ lane, listener, seconds, which }) {
      const delivery = pick(unsettled(), which)
      if (delivery?.digest === undefined) return
      const key = `${delivery.digest}/${seconds}/${listener}`
      if (!delivery.admitted.has(key)) {
        delivery.admitted.add(key)
        open.push({ key, lane, listener, attempts: 0, dueAt: now, lease: undefined })
      }
      yield* inbox.admit(
        delivery.digest,
        [{ position: String(seconds), listener, lane, tag: "TextReceived", decision: {} }],
        { settled: false }
      )
    }),
    settle: Effect.fnUntraced(function* ({ which }) {
      const delivery = pick(unsettled(), which)
      if (delivery?.digest === undefined) return
      delivery.settled = true
      yield* inbox.admit(delivery.digest, [], { settled: true })
    }),
    next: Effect.fnUntraced(function* ({ listener, seconds, which }) {
      const listeners = which === 0 ? [listener] : ["a", "b"]
      const max = seconds + 1
      const expected = runnable(listeners)
      const asking = yield* Effect.forkChild(inbox.next(listeners, max), { startImmediately: true })
      if (expected.length === 0) {
        yield* TestClock.adjust(0)
        assert.isUndefined(asking.pollUnsafe(), "nothing may run")
        return yield* Fiber.interrupt(asking)
      }
      const leases = yield* Fiber.join(asking)
      assert.strictEqual(leases.length, Math.min(max, expected.length))
      for (const lease of leases) {
        const task = expected.find(({ key }) => key === keyOf(lease.task))
        assert.isDefined(task, "a task that is not the first of its lane, not due, not asked for, or leased already")
        assert.strictEqual(lease.task.attempts, task.attempts)
        assert.isUndefined(task.lease)
        task.lease = lease
      }
    }),
    done: Effect.fnUntraced(function* ({ which }) {
      const task = pick(running(), which)
      if (task === undefined) return
      open = open.filter((other) => other !== task)
      finished.push(task.key)
      yield* inbox.done(end(task))
    }),
    retryAt: Effect.fnUntraced(function* ({ seconds, which }) {
      const task = pick(running(), which)
      if (task === undefined) return
      task.attempts++
      task.dueAt = now + seconds
      yield* inbox.retryAt(end(task), DateTime.makeUnsafe(task.dueAt * 1000))
      // A store may notice a little later what is due at once.
      yield* TestClock.adjust(0)
      yield* notice
    }),
    dead: Effect.fnUntraced(function* ({ which }) {
      const task = pick(running(), which)
      if (task === undefined) return
      task.attempts++
      open = open.filter((other) => other !== task)
      letters.push(task)
      yield* inbox.dead(end(task), task.key)
    }),
    release: Effect.fnUntraced(function* ({ which }) {
      const task = pick(running(), which)
      if (task !== undefined) yield* inbox.release(end(task))
    }),
    requeue: Effect.fnUntraced(function* ({ which }) {
      const letter = pick(yield* inbox.list, which)
      if (letter === undefined) return
      const task = letters.find(({ key }) => key === keyOf(letter.task))
      assert.isDefined(task)
      letters = letters.filter((other) => other !== task)
      open.push({ ...task, attempts: 0, dueAt: now })
      assert.isTrue(yield* inbox.requeue(letter.task.id))
    }),
    remove: Effect.fnUntraced(function* ({ which }) {
      const letter = pick(yield* inbox.list, which)
      if (letter === undefined) return
      letters = letters.filter(({ key }) => key !== keyOf(letter.task))
      finished.push(keyOf(letter.task))
      assert.isTrue(yield* inbox.remove(letter.task.id))
    }),
    stale: Effect.fnUntraced(function* ({ seconds, which }) {
      const lease = pick(stale, which)
      if (lease === undefined) return
      if (seconds === 0) yield* inbox.done(lease)
      if (seconds === 1) yield* inbox.release(lease)
      if (seconds === 2) yield* inbox.dead(lease, "late")
      if (seconds === 3) yield* inbox.retryAt(lease, DateTime.makeUnsafe(0))
    }),
    wait: Effect.fnUntraced(function* ({ seconds }) {
      now += seconds
      yield* TestClock.adjust(Duration.seconds(seconds))
      yield* notice
    }),
    restart: Effect.fnUntraced(function* () {
      if (restart === undefined) return
      inbox = yield* restart
      // What ran waits, and what was not settled is handed out again.
      for (const task of running()) end(task)
      for (const delivery of unsettled()) delivery.digest = undefined
    })
  }

  const isOpen = ({ admitted, settled }: ModelledDelivery) =>
    !settled || [...admitted].some((key) => !finished.includes(key))

  const agrees = Effect.gen(function* () {
    const { deliveries: unadmitted, ...depth } = yield* inbox.depth
    assert.strictEqual(unadmitted, untaken().length + unsettled().length)
    assert.deepStrictEqual(depth, {
      waiting: open.length - running().length,
      running: running().length,
      dead: letters.length
    })
    assert.deepStrictEqual(
      (yield* inbox.list).map(({ cause, task }) => [cause, keyOf(task), task.attempts]),
      letters.map(({ attempts, key }) => [key, key, attempts])
    )
    for (const delivery of deliveries) {
      if (delivery.digest === undefined) continue
      assert.strictEqual((yield* inbox.body(delivery.digest)) !== undefined, isOpen(delivery), "kept while it is open")
    }
  })
  /** Whatever happened: when everything left is run, every task that was ever admitted is done or a dead letter. */
  const finish = Effect.gen(function* () {
    yield* commands.take(nobody)
    while (unsettled().length > 0) yield* commands.settle(nobody)
    yield* commands.wait({ ...nobody, seconds: 3 })
    while (open.length > 0) {
      if (runnable(["a", "b"]).length > 0) yield* commands.next({ ...nobody, which: 1, seconds: 3 })
      while (running().length > 0) yield* commands.done(nobody)
    }
    yield* agrees
    yield* inbox.awaitIdle
    const ended = [...finished, ...letters.map(({ key }) => key)].toSorted()
    assert.deepStrictEqual(ended, deliveries.flatMap(({ admitted }) => [...admitted]).toSorted())
  })
  return { run: (command: Command) => Effect.andThen(commands[command.name](command), agrees), finish }
})

const nobody: Command = { name: "take", which: 0, listener: "a", lane: "x", seconds: 0 }

const obeys =
  <E>(use: <A, E2>(check: (subject: Subject) => Effect.Effect<A, E2>) => Effect.Effect<A, E | E2>) =>
  ([commands]: readonly [ReadonlyArray<Command>]) =>
    use(
      Effect.fnUntraced(function* (subject) {
        const world = yield* makeWorld(subject)
        yield* Effect.forEach(commands, world.run)
        yield* world.finish
      })
    ).pipe(Effect.provide(TestClock.layer()))

const commands = (maxLength: number) => Schema.Array(Command).check(Schema.isMaxLength(maxLength))

it.effect.prop(
  "whatever the order of commands: no task is lost, none is leased twice at once, and every lane keeps its order",
  [commands(300)],
  obeys((check) =>
    Effect.provide(
      Effect.flatMap(Inbox.Inbox, (inbox) => check({ open: Effect.succeed(inbox), notice: Effect.void })),
      Layer.fresh(Inbox.layerMemory())
    )
  ),
  { arbitrary: { runs: 200, size: 300 }, timeout: 30_000 }
)

it.effect.prop(
  "and so it is in a SQLite file, however often the process ends or is killed and starts again",
  [commands(100)],
  obeys((check) =>
    inFolder((folder) =>
      Effect.scoped(
        Effect.gen(function* () {
          const file = yield* makeFile(folder)
          let restarts = 0
          const restart = Effect.suspend(() => (restarts++ % 2 === 0 ? file.crash : file.restart))
          return yield* check({ open: file.open, restart, notice: turns })
        })
      )
    )
  ),
  { arbitrary: { runs: 50, size: 100 }, timeout: 60_000 }
)
