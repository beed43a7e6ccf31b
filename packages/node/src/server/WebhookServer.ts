/**
 * The whole server as one layer: HTTP, signature, inbox and pipeline behind Meta's two endpoints. It brings what it can
 * and asks for what only the application knows: its listeners, its inbox, who the owner is, and what was seen before.
 */
import { Environment } from "@effect-whatsapp/core/client"
import type { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as CryptoError from "effect/crypto/CryptoError"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type * as Listeners from "../events/Listeners.ts"
import * as WhatsAppEvents from "../events/WhatsAppEvents.ts"
import type * as Inbox from "../inbox/Inbox.ts"
import * as WebhookConfig from "../webhook/WebhookConfig.ts"
import * as WebhookPipeline from "../webhook/WebhookPipeline.ts"
import * as WebhookRouter from "../webhook/WebhookRouter.ts"
import { exitBy } from "./internal/exitBy.ts"

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
  const routes = Layer.mergeAll(
    WebhookRouter.layer,
    HttpRouter.add("GET", options?.healthPath ?? "/health", HttpServerResponse.jsonUnsafe({ status: "ok" })),
    options?.metricsPath === undefined ? Layer.empty : PrometheusMetrics.layerHttp({ path: options.metricsPath }),
    options?.routes ?? Layer.empty
  )
  return announced.pipe(
    Layer.provide(HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true })),
    Layer.provide([NodeCrypto.layerMac, WebhookRouter.layerRedaction]),
    // The pipeline lives longer than the server: what is accepted last is still handled.
    Layer.provideMerge(httpServer(options, total * forRequests)),
    Layer.provideMerge(pipeline),
    Layer.provideMerge(WhatsAppEvents.layer()),
    // Settings come first: nothing listens that could not answer.
    Layer.provide(configured(options))
  )
}

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

const isPort = Schema.makeFilter((port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535, {
  expected: "a port from 0 to 65535"
})
const portFromEnv = Environment.all({
  port: Environment.optional("PORT", Schema.FiniteFromString.check(isPort), 3000)
})

const httpServer = (options: Options | undefined, gracefulShutdownTimeout: number) =>
  Layer.effect(
    HttpServer.HttpServer,
    Effect.gen(function* () {
      const port = options?.port ?? (yield* portFromEnv).port
      // Longer than the idle timeout of the load balancers in front, or they would meet connections that just closed.
      const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000 })
      // Node closes idle connections once, when it stops listening: those that become idle later must not hold it up.
      const closeWhenIdle = (_: IncomingMessage, response: ServerResponse) => {
        response.once("finish", () => {
          if (!server.listening) setImmediate(() => server.closeIdleConnections())
        })
      }
      server.on("request", closeWhenIdle).on("checkContinue", closeWhenIdle)
      const http = yield* NodeHttpServer.make(() => server, {
        port,
        gracefulShutdownTimeout,
        ...(options?.host === undefined ? {} : { host: options.host })
      })
      // Whoever is still connected now has had their time; the server does not close before they are gone.
      yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
      return http
    })
  )
