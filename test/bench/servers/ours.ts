/**
 * This SDK with everything switched on, and one listener that counts. The first argument is the inbox, the second the
 * way in: `router` is `WebhookRouter` in a server of one's own, `server` is `WebhookServer`.
 */
import { Deduplication, Identities, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import { Listener, Listeners, WhatsAppEvents } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { WebhookConfig, WebhookPipeline, WebhookRouter } from "@effect-whatsapp/node/webhook"
import { NodeCrypto, NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import { join } from "node:path"
import { hurried } from "./hurriedClock.ts"
import { appSecret, handle, listening, path, verifyToken } from "./driven.ts"

const [, , inbox = "memory", wayIn = "server", folder = "."] = process.argv

/** For the soak, what was admitted is remembered for an hour, and time passes so many times as fast. */
const speed = Number(process.env["BENCH_SPEED"] ?? 1)
const remember = speed === 1 ? {} : { remember: "1 hour" as const }

const count = Listener.make("count", "TextReceived", ({ wamid }) => {
  const done = handle(wamid)
  return done === undefined ? Effect.void : Effect.promise(() => done)
})

const stores = {
  memory: () => Layer.mergeAll(Inbox.layerMemory(), Deduplication.layerMemory()),
  sqlite: () =>
    Layer.mergeAll(Deduplication.layerSql(remember), Identities.layerSql(), MessageStates.layerSql()).pipe(
      Layer.provideMerge(Inbox.layerSqlite({ path: join(folder, "bot.db"), ...remember }))
    )
}

const Config = WebhookConfig.layer({ appSecrets: [appSecret], verifyToken, path })

const waysIn = {
  server: () => WebhookServer.layer({ port: 0, host: "127.0.0.1", config: Config }),
  router: () =>
    HttpRouter.serve(WebhookRouter.layer, { disableLogger: true, disableListenLog: true }).pipe(
      Layer.provide([NodeCrypto.layerMac, WebhookRouter.layerRedaction]),
      Layer.provideMerge(
        NodeHttpServer.layer(() => createServer({ keepAliveTimeout: 65_000 }), { port: 0, host: "127.0.0.1" })
      ),
      Layer.provideMerge(WebhookPipeline.layer()),
      Layer.provideMerge(WhatsAppEvents.layer()),
      Layer.provide(Config)
    )
}

/** What the program needs of either. */
type Stores = Layer.Layer<Inbox.Inbox | Deduplication.Deduplication, Layer.Error<ReturnType<typeof stores.sqlite>>>

const choose = <A>(choices: { readonly [name: string]: () => A }, name: string): A => {
  const chosen = choices[name]
  if (chosen === undefined) throw new Error(`${name} is none of ${Object.keys(choices).join(", ")}`)
  return chosen()
}

const Ready = Layer.effectDiscard(
  Effect.map(HttpServer.HttpServer, ({ address }) => {
    if (address._tag !== "UnixPathAddress") listening(address.port)
  })
)

const Main = Ready.pipe(
  Layer.provide(choose<ReturnType<typeof waysIn.server>>(waysIn, wayIn)),
  Layer.provide([Listeners.layer(count), OwnerResolver.layerPhones([])]),
  Layer.provide(choose<Stores>(stores, inbox))
)

const main = Layer.launch(Main)
NodeRuntime.runMain(speed === 1 ? main : hurried(speed)(main))
