/**
 * A server as an application has it, for tests that end it. It prints where it listens and what it handles, one line
 * each. A text "wait" is handled when a line comes on standard input, a text "for ever" never.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { Config, Console, Deferred, Effect, Layer, Logger } from "effect"
import { HttpServer } from "effect/http"

const told = Deferred.makeUnsafe<void>()
process.stdin.once("data", () => Deferred.doneUnsafe(told, Effect.void))
process.stdin.unref()

const work = Listener.make("work", "TextReceived", ({ text, wamid }) =>
  Effect.gen(function* () {
    yield* Console.log(`starts ${wamid}`)
    if (text === "wait") yield* Deferred.await(told)
    if (text === "for ever") return yield* Effect.never
    yield* Console.log(`handled ${wamid}`)
  })
)

/** The memory inbox, or with `DURABLE` one that claims to outlive the process. */
const memory = Layer.effect(
  Inbox.Inbox,
  Effect.gen(function* () {
    const memory = yield* Inbox.Inbox
    return { ...memory, durable: yield* Config.withDefault(Config.Boolean("DURABLE"), false) }
  })
).pipe(Layer.provide(Inbox.layerMemory()), Layer.merge(Deduplication.layerMemory()))

/** The stores, in this process or with `DATABASE` in a file. */
const stores = Layer.unwrap(
  Effect.map(
    Config.withDefault(Config.String("DATABASE"), ""),
    (path): Layer.Layer<Inbox.Inbox | Deduplication.Deduplication, unknown> =>
      path === "" ? memory : Deduplication.layerSql().pipe(Layer.provideMerge(Inbox.layerSqlite({ path })))
  )
)

const Server = Layer.unwrap(
  Effect.gen(function* () {
    const shutdownTimeout = yield* Config.withDefault(Config.Duration("SHUTDOWN_TIMEOUT"), undefined)
    return WebhookServer.layer({ host: "127.0.0.1", shutdownTimeout })
  })
)
const announced = Layer.effectDiscard(
  Effect.flatMap(HttpServer.HttpServer, ({ address }) => Console.log(HttpServer.formatAddress(address)))
)
const Main = announced.pipe(
  Layer.provide(Server),
  Layer.provide(Listeners.layer(work)),
  Layer.provide([OwnerResolver.layerPhones([]), stores]),
  Layer.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
)
NodeRuntime.runMain(Layer.launch(Main))
