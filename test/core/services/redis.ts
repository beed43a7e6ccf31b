/** A Redis for one test file: a process of its own, on a free port, that keeps nothing and ends with the file. */
import { describe } from "@effect/vitest"
import { NodeRedis } from "@effect/platform-node"
import { Context, Duration, Effect, Fiber, Layer } from "effect"
import { Redis } from "effect/persistence"
import { TestClock } from "effect/testing"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"

const installed = spawnSync("redis-server", ["--version"]).status === 0
if (!installed)
  console.warn(
    "SKIPPED: the tests of what is kept in Redis, because there is no `redis-server` on the PATH.\n" +
      "Install it (`apt-get install redis-server`, `brew install redis`) and run `npm test redis`: " +
      "each test file starts a server of its own, on a free port."
  )

/** Suite that needs a Redis: skipped where there is none. */
export const describeRedis = (name: string, suite: () => void) => describe.skipIf(!installed)(name, suite)

/** The server behind `Redis`, for those who take it away. */
export class RedisServer extends Context.Service<
  RedisServer,
  {
    readonly url: string
    /** Stops it in the middle of what it does; it still holds its connections. */
    readonly freeze: Effect.Effect<void>
    readonly thaw: Effect.Effect<void>
    /** Ends it with all that it holds. */
    readonly stop: Effect.Effect<void>
    /** Starts an empty one where the stopped one was. */
    readonly start: Effect.Effect<void>
  }
>()("effect-whatsapp/test/core/services/redis/RedisServer") {}

const freePort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0)))
  })
})

const end = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGKILL")
  })

/** Starts a server and waits until it takes connections; fails with what it said when it ends before that. */
const start = (port: number, folder: string) =>
  Effect.callback<ChildProcess, string>((resume) => {
    const settings = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    const child = spawn("redis-server", ["--port", String(port), ...settings], { stdio: ["ignore", "pipe", "ignore"] })
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text
      if (said.includes("Ready to accept connections")) resume(Effect.succeed(child))
    })
    child.once("exit", () => resume(Effect.fail(said)))
    return end(child)
  })

const Server = Layer.effect(
  RedisServer,
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "effect-whatsapp-redis-"))),
      (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
    )
    // Somebody else may take the port between the two steps.
    const running = yield* Effect.acquireRelease(
      freePort.pipe(
        Effect.flatMap((port) => Effect.map(start(port, folder), (child) => ({ child, port }))),
        Effect.retry({ times: 4 }),
        Effect.orDie
      ),
      ({ child }) => end(child)
    )
    return {
      url: `redis://127.0.0.1:${running.port}`,
      freeze: Effect.sync(() => running.child.kill("SIGSTOP")),
      thaw: Effect.sync(() => running.child.kill("SIGCONT")),
      stop: Effect.suspend(() => end(running.child)),
      start: Effect.map(Effect.orDie(start(running.port, folder)), (child) => {
        running.child = child
      })
    }
  })
)

/** One more connection to the same server. */
export const connection = Layer.orDie(
  Layer.fresh(Layer.unwrap(Effect.map(RedisServer, ({ url }) => NodeRedis.layer({ url }))))
)

/** A server, and a connection to it. */
export const layerRedis = Layer.fresh(Layer.provideMerge(connection, Layer.orDie(Server)))

/** The same after five seconds, in which Redis may have been silent. */
export const afterFiveSeconds = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  yield* TestClock.adjust("5 seconds")
  return yield* Fiber.join(fiber)
})

/** An error in each way that a program may print it. */
export const printsOf = (error: unknown): string =>
  [
    String(error),
    inspect(error, { depth: 20 }),
    inspect(error, { depth: 20, showHidden: true, customInspect: false }),
    JSON.stringify(error)
  ].join("\n")

/** For how many days each key that begins so is still kept. */
export const daysLeft = Effect.fnUntraced(function* (prefix: string) {
  const redis = yield* Redis.Redis
  const keys = yield* redis.send<ReadonlyArray<string>>("KEYS", `${prefix}*`)
  const left = yield* Effect.forEach(keys, (key) => redis.send<number>("PTTL", key))
  return left.map((millis) => Math.ceil(Duration.toDays(millis)))
})
