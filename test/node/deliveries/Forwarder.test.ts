import { assert, it } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { Context, Effect, Layer, Logger, Scope } from "effect"
import * as Forwarder from "../../../packages/node/src/deliveries/Forwarder.ts"
import { NotTaken } from "../../../packages/node/src/deliveries/Target.ts"
import { pass } from "../webhook/world.ts"

/** Passes on to an endpoint that answers as the test says, and at last with 200; 0 is no answer. */
const forwarding = Effect.fnUntraced(function* (...answers: ReadonlyArray<number>) {
  const posts: Array<string> = []
  const lines: Array<string> = []
  const target = {
    origin: "http://bot.test",
    post: (body: Uint8Array) =>
      Effect.suspend(() => {
        const status = answers[posts.push(Buffer.from(body).toString()) - 1] ?? 200
        if (status === 200) return Effect.void
        return Effect.fail(
          status === 0
            ? new NotTaken({ details: "gave no answer" })
            : new NotTaken({ status, details: `answered ${status}` })
        )
      })
  }
  const logger = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel} ${String(message)}`))
  const context = yield* Layer.build(
    Layer.fresh(Layer.mergeAll(Inbox.layerMemory(), Deduplication.layerMemory(), Logger.layer([logger])))
  )
  const plain = Context.get(context, Inbox.Inbox)
  const inbox = yield* Effect.provideContext(
    Forwarder.make(plain, target),
    Context.add(context, Scope.Scope, yield* Effect.scope)
  )
  const settleAll = Effect.flatMap(inbox.take, (taken) =>
    Effect.forEach(taken, ({ digest }) => inbox.admit(digest, [], { settled: true }))
  )
  yield* Effect.forkScoped(Effect.forever(settleAll))
  return { deliver: inbox.append, depth: inbox.depth, posts, lines }
})

const text = (wamid: string) => Delivery.text(wamid)
const shown = (...wamids: ReadonlyArray<string>) => wamids.map((wamid) => Buffer.from(text(wamid)).toString())

it.effect("passes the same bytes on once, also when they come back after they were taken", () =>
  Effect.gen(function* () {
    const world = yield* forwarding()
    for (const wamid of ["one", "two", "one", "one", "two"]) {
      yield* world.deliver(text(wamid))
      yield* pass("1 second")
    }
    assert.deepStrictEqual(world.posts, shown("one", "two"))
    assert.deepStrictEqual(yield* world.depth, { deliveries: 0, waiting: 0, running: 0, dead: 0 })
  })
)

it.effect("counts only refusals towards a dead letter, and not how often the endpoint was down before", () =>
  Effect.gen(function* () {
    const world = yield* forwarding(503, 0, 503, 502, 400, 503, 400, 400)
    yield* world.deliver(text("one"))
    yield* pass("10 minutes")
    assert.deepStrictEqual(world.posts, shown(...Array.from({ length: 9 }, () => "one")))
    assert.strictEqual((yield* world.depth).dead, 0)
  })
)

it.effect("makes what is refused five times a dead letter, and begins to count anew with the next", () =>
  Effect.gen(function* () {
    const world = yield* forwarding(503, 400, 413, 415, 422, 400, 400, 400, 400, 400)
    yield* world.deliver(text("one"))
    yield* world.deliver(text("two"))
    yield* pass("10 minutes")
    assert.deepStrictEqual(
      world.posts,
      shown(...Array.from({ length: 6 }, () => "one"), ...Array.from({ length: 5 }, () => "two"))
    )
    assert.strictEqual((yield* world.depth).dead, 1)
    assert.match(
      world.lines.join("\n"),
      /Error http:\/\/bot\.test answered 400 to a delivery, 5 times; it is the dead letter \d+/
    )
  })
)

it.effect("says when the endpoint takes deliveries again, if it said before that it does not", () =>
  Effect.gen(function* () {
    const world = yield* forwarding(503, 200, 503, 200)
    for (const wamid of ["one", "two", "three"]) {
      yield* world.deliver(text(wamid))
      yield* pass("5 seconds")
    }
    assert.deepStrictEqual(world.lines, [
      "Warn http://bot.test answered 503. What is to be forwarded waits, and is not lost; it is sent again.",
      "Warn http://bot.test takes deliveries again, and is sent what waited."
    ])
  })
)

it.effect("says what 401 may mean", () =>
  Effect.gen(function* () {
    const world = yield* forwarding(401)
    yield* world.deliver(text("one"))
    yield* pass("5 seconds")
    assert.match(world.lines[0] ?? "", /answered 401, as to a signature by another app secret\. What is/)
  })
)
