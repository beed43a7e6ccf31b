/** Kills servers under load, one after the other on one file, and looks at what is left. */
import { assert } from "@effect/vitest"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { WebhookConfig } from "@effect-whatsapp/node/webhook"
import { Clock, Config, Console, Deferred, Effect, Fiber, Random } from "effect"
import { SqlClient } from "effect/sql"
import * as fs from "node:fs"
import { inFolder } from "../../node/inbox/sqlite.ts"
import { startProcess } from "../../node/server/process.ts"
import { send, sign } from "../../node/webhook/loopback.ts"
import { judge } from "./calls.ts"
import * as Load from "./load.ts"

/** How many deliveries a server acknowledges before it is killed, at most. */
const most = 200
const senders = 8

const leftIn = (path: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const [left] = yield* sql`SELECT (SELECT count(*) FROM whatsapp_deliveries) AS deliveries,
      (SELECT count(*) FROM whatsapp_tasks) AS tasks`
    return { ...left }
  }).pipe(Effect.provide(SqliteClient.layerVisitor({ path })))

const crash = Effect.fnUntraced(function* (kills: number, folder: string) {
  const path = `${folder}/inbox.db`
  const calls = `${folder}/calls.log`
  const readCalls = () => fs.readFileSync(calls, "utf8").trimEnd().split("\n")
  let starts = 0
  /** Every other server asks somebody for the owner, so that its items are admitted in the slow way. */
  const load = Effect.suspend(() =>
    startProcess(new URL("./server.ts", import.meta.url), {
      DATABASE: path,
      CALLS: calls,
      ASKS: String(++starts % 2 === 0)
    })
  ).pipe(Effect.tap(({ line }) => line))
  const begin = Effect.fnUntraced(function* (server: Effect.Success<typeof load>) {
    yield* server.tell("go")
    return (yield* server.line) + WebhookConfig.defaultPath
  })

  let url = yield* Deferred.make<string>()
  let ended = false
  const world: Load.World = { url: Effect.suspend(() => Deferred.await(url)), ended: () => ended }
  const posted = Load.makePosted()
  const seed = yield* Random.nextInt
  const working = yield* Effect.forEach(
    Array.from({ length: senders }, (_, i) => i),
    (name) => Effect.forkChild(Random.withSeed(Load.sender(world, posted, name), `${seed} ${name}`))
  )

  let server = yield* load
  for (let kill = 0; kill < kills; kill++) {
    // Loads while the other one runs.
    const next = yield* Effect.forkChild(load, { startImmediately: true })
    const beginning = begin(server)
    // Some are killed while they start.
    if ((yield* Random.next) < 0.1) {
      yield* Effect.timeoutOption(beginning, yield* Random.nextIntBetween(0, 100))
    } else {
      yield* Deferred.succeed(url, yield* beginning)
      const until = posted.acknowledged + (yield* Random.nextIntBetween(0, most))
      while (posted.acknowledged < until) yield* Effect.sleep(1)
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 20))
      url = yield* Deferred.make<string>()
    }
    yield* server.kill
    assert.isNull(yield* server.exit, server.log())
    server = yield* Fiber.join(next)
  }
  const last = yield* begin(server)
  ended = true
  yield* Deferred.succeed(url, last)
  yield* Effect.forEach(working, Fiber.join)

  const idle = Effect.gen(function* () {
    yield* server.tell("idle")
    assert.strictEqual(yield* server.line, "idle")
  })
  yield* idle
  const judgement = judge(readCalls(), posted.calls)

  // What was handled is known in whatever bytes it comes.
  for (const body of posted.again.slice(-50)) {
    yield* send(last, { method: "POST", body, headers: { "x-hub-signature-256": yield* sign(body) } })
  }
  yield* idle
  yield* server.terminate
  assert.strictEqual(yield* server.exit, 0, server.log())
  assert.deepStrictEqual(yield* leftIn(path), { deliveries: 0, tasks: 0 })
  assert.isFalse(fs.readFileSync(path).includes(Load.secret), "bodies are erased")

  // A later start finds nothing to do.
  const before = readCalls()
  server = yield* load
  yield* begin(server)
  yield* idle
  yield* server.terminate
  assert.strictEqual(yield* server.exit, 0, server.log())
  assert.deepStrictEqual(readCalls(), [...before, "run"])
  assert.deepStrictEqual(judge(before, posted.calls), judgement, "nothing ran after everything was handled")
  return { posted, judgement }
})

/** Kills so many servers, and tells in a line what came of it. */
export const kill = (kills: number) =>
  Effect.gen(function* () {
    const seed = yield* Config.withDefault(Config.String("CRASH_SEED"), String(yield* Clock.currentTimeMillis))
    yield* Console.log(`CRASH_SEED=${seed}`)
    const { judgement, posted } = yield* inFolder((folder) =>
      Effect.scoped(Random.withSeed(crash(kills, folder), seed))
    )
    yield* Console.log(
      `${kills} kills: ${posted.acknowledged} deliveries acknowledged, ${posted.refused} posts without an answer and ` +
        `${posted.redelivered} redeliveries among them; ${judgement.handled} calls handled, ${judgement.repeats} begun ` +
        `again (${judgement.endedTwice} ended twice), at most ${judgement.worst} after one kill`
    )
  })
