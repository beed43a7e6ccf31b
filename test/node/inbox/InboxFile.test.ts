import { assert, describe, it } from "@effect/vitest"
import { WaId } from "@effect-whatsapp/core/domain"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox, InboxFile, SqliteClient } from "@effect-whatsapp/node/inbox"
import { type Duration, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { readFileSync } from "node:fs"
import { inFolder } from "./sqlite.ts"

const she = { waId: WaId.make("16505550177") }
const at = (index: number) => `entry[0].changes[0].value.messages[${index}]`
const task = (position: string, dead?: string): Inbox.NewTask => ({
  position,
  listener: "record",
  lane: `lane of ${she.waId}`,
  tag: "TextReceived",
  decision: {},
  dead
})

/** Keeps one delivery with these tasks. */
const keep = Effect.fnUntraced(function* (body: Uint8Array, ...tasks: ReadonlyArray<Inbox.NewTask>) {
  const inbox = yield* Inbox.Inbox
  yield* inbox.append(body)
  const [delivery] = yield* inbox.take
  assert.isDefined(delivery)
  yield* inbox.admit(delivery.digest, tasks, { settled: true })
  return delivery.digest
})
const kill = (wamid: string) => keep(Delivery.text(wamid), task(at(0), wamid))

/** A folder with a file that is owned for as long as `use` runs; then `after`, when nobody owns it. */
const owning = <E, E2>(
  use: (file: { readonly path: string }) => Effect.Effect<void, E, Inbox.Inbox>,
  after: (file: { readonly path: string }) => Effect.Effect<void, E2> = () => Effect.void
) =>
  inFolder((folder) => {
    const file = { path: `${folder}/bot.db` }
    return Effect.andThen(Effect.provide(use(file), Inbox.layerSqlite(file)), after(file))
  })

/** The answer of an owner, who looks once a second. */
const answer = Effect.fnUntraced(function* <A, E>(ask: Effect.Effect<A, E>, step: Duration.Input = "10 millis") {
  const fiber = yield* Effect.forkChild(ask)
  while (fiber.pollUnsafe() === undefined) {
    yield* TestClock.adjust(step)
    yield* moment
  }
  return yield* Fiber.join(fiber)
})

/** Lets the world go on a little. */
const soon = (act: () => void): void => void setTimeout(act, 20)
const moment = Effect.callback<void>((resume) => soon(() => resume(Effect.void)))

const requests = (file: { readonly path: string }) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT * FROM whatsapp_requests`).pipe(
    Effect.provide(SqliteClient.layerVisitor(file))
  )

/** Waits until the owner has left this many requests. */
const looked = (file: { readonly path: string }, count: number) =>
  requests(file).pipe(
    Effect.tap(() => moment),
    Effect.repeat({ until: ({ length }) => length === count })
  )

describe("InboxFile", () => {
  it.effect("shows what was committed, to whom does not own the file", () =>
    owning(
      Effect.fnUntraced(function* (file) {
        yield* kill("wamid.1")
        yield* kill("wamid.2")
        const inbox = yield* Inbox.Inbox
        yield* inbox.append(Delivery.text("wamid.3"))
        const ids = (letters: ReadonlyArray<Inbox.DeadLetter>) =>
          letters.map(({ cause, task }) => [task.id, task.digest, cause])
        assert.deepStrictEqual(ids(yield* InboxFile.list(file)), ids(yield* inbox.list))
        const { fileBytes, isOwned, ...found } = yield* InboxFile.status(file)
        const { dead } = yield* inbox.depth
        assert.deepStrictEqual(found, { ...(yield* inbox.load), dead, unsettled: 1, waiting: 0 })
        assert.isTrue(isOwned)
        assert.isAbove(fileBytes, 0)
      }),
      Effect.fnUntraced(function* (file) {
        assert.strictEqual((yield* InboxFile.list(file)).length, 2)
        assert.isFalse((yield* InboxFile.status(file)).isOwned)
      })
    )
  )

  it.effect("asks the owner to requeue and to remove, and tells which ids are those of no letter", () =>
    owning(
      Effect.fnUntraced(function* (file) {
        for (const wamid of ["wamid.1", "wamid.2", "wamid.3", "wamid.4"]) yield* kill(wamid)
        const inbox = yield* Inbox.Inbox
        const [one = "", two = ""] = (yield* inbox.list).map(({ task }) => task.id)
        const asked = yield* answer(InboxFile.requeue(file, [one, "404"]))
        assert.deepStrictEqual([asked.done, asked.unknown], [[one], ["404"]])
        assert.strictEqual((yield* inbox.depth).waiting, 1)
        assert.deepStrictEqual((yield* answer(InboxFile.remove(file, [two]))).done, [two])
        assert.strictEqual((yield* answer(InboxFile.requeue(file, "all"))).done.length, 2)
        assert.deepStrictEqual(yield* inbox.depth, { deliveries: 0, waiting: 3, running: 0, dead: 0 })
        assert.deepStrictEqual(yield* requests(file), [])
      })
    )
  )

  it.effect("changes a file that nobody owns, whatever the settings of the server are", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const file = { path: `${folder}/bot.db` }
        const patient = Inbox.layerSqlite({ ...file, keepDeadLetters: "90 days" })
        yield* Effect.provide(Effect.andThen(kill("wamid.1"), kill("wamid.2")), patient)
        yield* TestClock.adjust("60 days")
        const [one = ""] = (yield* InboxFile.list(file)).map(({ task }) => task.id)
        assert.deepStrictEqual((yield* InboxFile.requeue(file, [one])).done, [one])
        assert.strictEqual((yield* InboxFile.list(file)).length, 1)
        yield* Effect.gen(function* () {
          const { depth } = yield* Inbox.Inbox
          yield* TestClock.adjust("1 minute")
          assert.deepStrictEqual(yield* depth, { deliveries: 0, waiting: 1, running: 0, dead: 1 })
        }).pipe(Effect.provide(patient))
      })
    )
  )

  it.effect("makes no file that does not exist", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const file = { path: `${folder}/none.db` }
        for (const use of [InboxFile.status(file), InboxFile.list(file), InboxFile.remove(file, "all")]) {
          assert.include(
            (yield* Effect.flip<unknown, { readonly message: string }, never>(use)).message,
            "does not exist"
          )
        }
      })
    )
  )

  it.effect("does not do later what was asked by somebody who waits no more, and clears it away", () =>
    owning(
      Effect.fnUntraced(function* (file) {
        yield* kill("wamid.1")
        const insert = Effect.flatMap(
          SqlClient.SqlClient,
          (sql) => sql`INSERT INTO whatsapp_requests (kind, argument, asked_at, answer) VALUES
            ('remove', '{"_tag":"remove","ids":"all"}', ${Date.parse("1970-01-01T00:00:00Z")}, NULL),
            ('remove', NULL, 0, '{"_tag":"letters","done":[],"unknown":[]}'),
            ('dance', '{"_tag":"dance"}', 3600000, NULL)`
        ).pipe(Effect.provide(SqliteClient.layerVisitor(file)))
        yield* TestClock.adjust("1 hour")
        yield* insert
        const left = yield* looked(file, 1)
        assert.deepStrictEqual(
          left.map(({ answer }) => answer),
          [`{"_tag":"failed","details":"the owner is of another version"}`]
        )
        assert.strictEqual((yield* InboxFile.list(file)).length, 1)
        yield* TestClock.adjust("2 minutes")
        yield* looked(file, 0)
      })
    )
  )

  it.effect("gives up after 10 seconds without an answer, and leaves nothing that could be done later", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const file = { path: `${folder}/bot.db` }
        yield* Effect.provide(kill("wamid.1"), Inbox.layerSqlite(file))
        // An owner who does nothing but own.
        const error = yield* answer(Effect.flip(InboxFile.remove(file, "all")), "1 second").pipe(
          Effect.provide(SqliteClient.layer(file))
        )
        assert.include(error.message, "has not answered in 10 seconds")
        assert.deepStrictEqual(yield* requests(file), [])
        assert.strictEqual((yield* InboxFile.list(file)).length, 1)
      })
    )
  )
})

describe("forget, in a file", () => {
  const contains = ({ path }: { readonly path: string }, text: string) =>
    ["", "-wal"].filter((suffix) => readFileSync(path + suffix).includes(text))

  it.effect("leaves nothing of the person in the file or beside it, and the others in it over a restart", () =>
    owning(
      Effect.fnUntraced(function* (file) {
        const messages = [
          Delivery.textItem("wamid.1", { text: "what she wrote" }),
          Delivery.textItem("wamid.2", { from: "16505550178", text: "what he wrote" })
        ]
        yield* keep(Delivery.messages({ messages }), task(at(0)), task(at(0), "what she wrote"), {
          ...task(at(1)),
          lane: "his"
        })
        assert.notDeepEqual(contains(file, "what she wrote"), [])
        const { dead, running, tasks } = yield* answer(InboxFile.forget(file, she))
        assert.deepStrictEqual({ dead, running, tasks }, { dead: 0, running: 0, tasks: 1 })
        for (const text of ["what she wrote", she.waId]) assert.deepStrictEqual(contains(file, text), [])
        assert.notDeepEqual(contains(file, "what he wrote"), [])
      }),
      (file) =>
        Effect.gen(function* () {
          const inbox = yield* Inbox.Inbox
          const [lease, ...others] = yield* inbox.next(["record"], 10)
          assert.deepStrictEqual([lease?.task.position, others.length], [at(1), 0])
          const body = lease && (yield* inbox.body(lease.task.digest))
          assert.include(new TextDecoder().decode(body), "what he wrote")
        }).pipe(Effect.provide(Inbox.layerSqlite(file)))
    )
  )
})

describe("a restart", () => {
  it.effect("ends all leases, whatever the clock says", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const layer = Inbox.layerSqlite({ path: `${folder}/bot.db` })
        const lease = Effect.flatMap(Inbox.Inbox, ({ next }) => next(["record"], 1))
        const [before] = yield* Effect.provide(
          Effect.andThen(keep(Delivery.text("wamid.1"), task(at(0))), lease),
          Layer.fresh(layer)
        )
        yield* Effect.gen(function* () {
          const { depth, done } = yield* Inbox.Inbox
          assert.strictEqual((yield* lease).length, 1)
          assert.isDefined(before)
          yield* done(before)
          assert.strictEqual((yield* depth).running, 1)
        }).pipe(Effect.provide(Layer.fresh(layer)))
      })
    )
  )

  it.effect("does not bury what waited while no process ran, for longer than a listener may be missing", () =>
    inFolder(
      Effect.fnUntraced(function* (folder) {
        const layer = Inbox.layerSqlite({ path: `${folder}/bot.db` })
        yield* Effect.provide(keep(Delivery.text("wamid.1"), task(at(0))), layer)
        yield* TestClock.adjust("3 hours")
        yield* Effect.gen(function* () {
          const inbox = yield* Inbox.Inbox
          yield* TestClock.adjust("50 minutes")
          assert.deepStrictEqual(yield* inbox.list, [])
          yield* TestClock.adjust("20 minutes")
          assert.strictEqual((yield* inbox.list).length, 1)
        }).pipe(Effect.provide(Layer.fresh(layer)))
      })
    )
  )
})
