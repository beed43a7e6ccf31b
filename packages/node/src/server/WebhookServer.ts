/**
 * The whole server as one layer: HTTP, signature, inbox and pipeline behind Meta's two endpoints. It brings what it can
 * and asks for what only the application knows: its listeners, its inbox, who the owner is, and what was seen before.
 */
import type { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import type * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type * as Listeners from "../events/Listeners.ts"
import * as WhatsAppEvents from "../events/WhatsAppEvents.ts"
import type * as Inbox from "../inbox/Inbox.ts"
import * as WebhookConfig from "../webhook/WebhookConfig.ts"
import * as WebhookPipeline from "../webhook/WebhookPipeline.ts"
import * as WebhookRouter from "../webhook/WebhookRouter.ts"
import { exitBy } from "./internal/exitBy.ts"
import * as NodeServer from "./internal/nodeServer.ts"

export interface Options {
  /** Port to listen on; 0 takes a free one, see `HttpServer` in the context. @default the variable `PORT`, else 3000 */
  readonly port?: number | undefined
  /** Address to listen on. @default every address of the machine */
  readonly host?: string | undefined
  /** Path of the webhook. @default the variable `WHATSAPP_WEBHOOK_PATH`, else "/whatsapp/webhook" */
  readonly path?: `/${string}` | undefined
  /** Path that answers 200 while the server accepts deliveries. @default "/health" */
  readonly healthPath?: `/${string}` | undefined
  /**
   * Path that answers with the metrics of the process, for Prometheus. They hold nothing private, yet are nobody's
   * business: keep the path from the outside. @default none
   */
  readonly metricsPath?: `/${string}` | undefined
  /** Longest time from SIGTERM to the end. @default "25 seconds" */
  readonly shutdownTimeout?: Duration.Input | undefined
  /** How many listeners run at once, from 1 to 64. @default 64 */
  readonly concurrency?: number | undefined
  /** Where the settings come from. @default `WebhookConfig.layerConfig`, which reads the environment */
  readonly config?: Layer.Layer<WebhookConfig.WebhookConfig, Config.ConfigError> | undefined
  /** More routes for the same server, as made by `HttpRouter.add`. @default none */
  readonly routes?: Layer.Layer<never, never, HttpRouter.HttpRouter> | undefined
  /**
   * The way of deliveries: `fast` takes them from Node's server before the router sees them, which costs less; `router`
   * sends them through it like every other request. The answers are the same. Global middleware of `routes` sees every
   * request, so where there is one, deliveries go through the router too. @default "fast"
   */
  readonly listener?: "fast" | "router" | undefined
  /**
   * Longest time for the head of a request, and until the first one on a connection begins; `Duration.infinity` for no
   * limit. Never longer than `requestTimeout`. Then 408, and the connection is closed. @default "10 seconds"
   */
  readonly headersTimeout?: Duration.Input | undefined
  /**
   * Longest time for a whole request, head and body; `Duration.infinity` for no limit. Then 408, and the connection is
   * closed. @default "30 seconds"
   */
  readonly requestTimeout?: Duration.Input | undefined
}

/** What the server provides: events to watch, the pipeline to wait for, and the HTTP server with its address. */
export type Provides = WhatsAppEvents.WhatsAppEvents | WebhookPipeline.WebhookPipeline | HttpServer.HttpServer

/** What only the application can provide. */
export type Requires = Inbox.Inbox | Listeners.Listeners | OwnerResolver.OwnerResolver | Deduplication.Deduplication

/** Why it does not start: a variable is missing or malformed, or the port is taken. */
export type StartError = Config.ConfigError | HttpServerError.ServeError | CryptoError.CryptoError

/** Part of the shutdown time that is for requests under way; the rest is for listeners. */
const forRequests = 0.2

/**
 * Layer that receives from Meta until its scope closes.
 *
 * **Details**
 *
 * On SIGTERM it refuses new connections, answers what is under way, and finishes the listeners that run; a memory inbox
 * is drained. Under `NodeRuntime.runMain` the process then exits with 0, or with 1 when something was left undone.
 */
export const layer = (options?: Options): Layer.Layer<Provides, StartError, Requires> => {
  const total = Duration.toMillis(options?.shutdownTimeout ?? "25 seconds")
  const pipeline = WebhookPipeline.layer({
    concurrency: options?.concurrency,
    shutdownTimeout: (total * (1 - forRequests)) / (1 + WebhookPipeline.graceShare),
    onShutdown: exitBy
  })
  return Layer.suspend(() => {
    const middleware = { isGlobal: false }
    const routes = Layer.mergeAll(
      WebhookRouter.layer,
      HttpRouter.add("GET", options?.healthPath ?? "/health", HttpServerResponse.jsonUnsafe({ status: "ok" })),
      options?.metricsPath === undefined ? Layer.empty : PrometheusMetrics.layerHttp({ path: options.metricsPath }),
      Layer.provide(options?.routes ?? Layer.empty, watched(middleware))
    )
    return announced.pipe(
      Layer.provide(HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true })),
      Layer.provide([NodeCrypto.layerMac, WebhookRouter.layerRedaction]),
      // The pipeline lives longer than the server: what is accepted last is still handled.
      Layer.provideMerge(
        NodeServer.layer({
          ...options,
          gracefulShutdownTimeout: total * forRequests,
          isFast: () => options?.listener !== "router" && !middleware.isGlobal
        })
      ),
      Layer.provideMerge(pipeline),
      Layer.provideMerge(WhatsAppEvents.layer()),
      // Settings come first: nothing listens that could not answer.
      Layer.provide(configured(options))
    )
  })
}

/** Notes that a program adds middleware for every request, which no request may then go around. */
const watched = (middleware: { isGlobal: boolean }) =>
  Layer.effect(
    HttpRouter.HttpRouter,
    Effect.map(HttpRouter.HttpRouter, (router) =>
      HttpRouter.HttpRouter.of({
        ...router,
        addGlobalMiddleware: (added) =>
          Effect.suspend(() => {
            middleware.isGlobal = true
            return router.addGlobalMiddleware(added)
          })
      })
    )
  )

const announced = Layer.effectDiscard(
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.logInfo(`Listening on ${HttpServer.formatAddress(address)}`)
  )
)

const configured = (options?: Options) => {
  const config = options?.config ?? WebhookConfig.layerConfig
  const { path } = options ?? {}
  if (path === undefined) return config
  return Layer.effect(
    WebhookConfig.WebhookConfig,
    Effect.map(WebhookConfig.WebhookConfig, (found) => ({ ...found, path }))
  ).pipe(Layer.provide(config))
}
