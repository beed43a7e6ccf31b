/**
 * A server on a SQLite file, for tests that kill it. It begins when it is told "go", so that the next one can load while
 * this one runs, and answers "idle" when nothing is left to do. Every call of a listener is a line at its start and at
 * its end in a file, written before anything else happens, so that whoever kills it knows what it did.
 */
// By path, because the barrels take longer to load than all the rest.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Deduplication, Identities, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners, RetryPolicy } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { WebhookPipeline } from "@effect-whatsapp/node/webhook"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as HttpServer from "effect/http/HttpServer"
import * as fs from "node:fs"
import { flushCompileCache } from "node:module"

const told = Effect.runSync(Queue.unbounded<string>())
process.stdin.setEncoding("utf8").on("data", (lines: string) => {
  Queue.offerAllUnsafe(told, lines.trimEnd().split("\n"))
})
process.stdin.unref()

const makeLog = Effect.gen(function* () {
  const path = yield* Config.String("CALLS")
  const before = fs.existsSync(path) ? fs.readFileSync(path, "utf8") : ""
  const file = fs.openSync(path, "a")
  const write = (line: string) => fs.writeSync(file, `${line}\n`)
  const failed = new Set(before.split("\n").filter((line) => line.startsWith("fail ")))
  write("run")
  return { write, failed }
})

const retry = RetryPolicy.make({ attempts: 1000, first: "20 millis", longest: "20 millis" })

const listeners = Effect.gen(function* () {
  const log = yield* makeLog
  /** One call. Some take a while, and some fail the first time that they come to an end. */
  const call = Effect.fnUntraced(function* (listener: string, lane: string, number: number, wamid: string) {
    const what = `${listener} ${lane} ${number} ${wamid}`
    log.write(`start ${what}`)
    if (number % 5 > 0) yield* Effect.sleep((number % 5) * 4)
    if (number % 17 === 5) yield* Effect.sleep(40)
    if (number % 7 === 4 && !log.failed.has(`fail ${what}`)) {
      log.failed.add(`fail ${what}`)
      log.write(`fail ${what}`)
      return yield* Effect.fail("the first time")
    }
    return log.write(`end ${what}`)
  })
  /** Who sent it, and its number. */
  const read = (text: string) => {
    const [from = "", number] = text.split(" ")
    return { from, number: Number(number) }
  }
  return Listeners.layer(
    Listener.make(
      "slow",
      "TextReceived",
      ({ text, wamid }) => {
        const { from, number } = read(text)
        return call("slow", from, number, wamid)
      },
      { retry }
    ),
    Listener.make("quick", "TextReceived", ({ text, wamid }) =>
      Effect.sync(() => {
        const { from, number } = read(text)
        const what = `quick ${from} ${number} ${wamid}`
        log.write(`start ${what}`)
        log.write(`end ${what}`)
      })
    ),
    Listener.make(
      "status",
      "StatusUpdate",
      ({ status, wamid }) =>
        call("status", wamid, ["sent", "delivered", "read"].indexOf(status.toLowerCase()) + 1, wamid),
      { retry }
    )
  )
})

const answering = Effect.gen(function* () {
  yield* Queue.take(told)
  yield* WebhookPipeline.awaitIdle
  yield* Console.log("idle")
}).pipe(Effect.forever)

const announced = Layer.effectDiscard(
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    yield* Console.log(HttpServer.formatAddress(address))
    yield* Effect.forkScoped(answering)
  })
)

const stores = Layer.mergeAll(Deduplication.layerSql(), Identities.layerSql(), MessageStates.layerSql())

const Main = Layer.unwrap(
  Effect.gen(function* () {
    const path = yield* Config.String("DATABASE")
    const owner = (yield* Config.Boolean("ASKS")) ? OwnerResolver.layer(() => false) : OwnerResolver.layerPhones([])
    return announced.pipe(
      Layer.provide(WebhookServer.layer({ host: "127.0.0.1" })),
      Layer.provide(Layer.unwrap(listeners)),
      Layer.provide([owner, stores]),
      Layer.provide(Inbox.layerSqlite({ path })),
      Layer.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
    )
  })
)

NodeRuntime.runMain(
  Effect.gen(function* () {
    // At its end, a process that is killed would not.
    flushCompileCache()
    yield* Console.log("ready")
    yield* Queue.take(told)
    return yield* Layer.launch(Main)
  })
)
