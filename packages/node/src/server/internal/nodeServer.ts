/** Node's HTTP server as the webhook needs it: its times, its end, and the short way of deliveries before the router. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { LazyArg } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as HttpServer from "effect/http/HttpServer"
import type * as HttpServerError from "effect/http/HttpServerError"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type * as Inbox from "../../inbox/Inbox.ts"
import type * as WebhookConfig from "../../webhook/WebhookConfig.ts"
import * as FastListener from "./fastListener.ts"
import { portFromEnv } from "./port.ts"

export interface Options {
  readonly port?: number | undefined
  readonly host?: string | undefined
  readonly headersTimeout?: Duration.Input | undefined
  readonly requestTimeout?: Duration.Input | undefined
  /** How long requests under way may take at a shutdown, in milliseconds. */
  readonly gracefulShutdownTimeout: number
  /** Whether deliveries go the short way; asked when all routes are known. */
  readonly isFast: LazyArg<boolean>
}

/** Longest time between two looks at connections that are too slow, in milliseconds. */
const maxCheckInterval = 2500

/** Node takes whole milliseconds, and 0 for no limit. */
const nodeTime = (millis: number) => (Number.isFinite(millis) ? Math.max(1, Math.round(millis)) : 0)

/** Node's own times. It looks for what has run over them every 30 seconds, unless it is told to look more often. */
const times = (options: Options) => {
  const requestTimeout = Duration.toMillis(options.requestTimeout ?? "30 seconds")
  const headersTimeout = Math.min(Duration.toMillis(options.headersTimeout ?? "10 seconds"), requestTimeout)
  return {
    // Longer than the idle timeout of the load balancers in front, or they would meet connections that just closed.
    keepAliveTimeout: 65_000,
    headersTimeout: nodeTime(headersTimeout),
    requestTimeout: nodeTime(requestTimeout),
    connectionsCheckingInterval: Math.min(maxCheckInterval, nodeTime(headersTimeout / 4) || maxCheckInterval)
  }
}

export const layer = (
  options: Options
): Layer.Layer<
  HttpServer.HttpServer,
  Config.ConfigError | HttpServerError.ServeError,
  Inbox.Inbox | WebhookConfig.WebhookConfig
> =>
  Layer.effect(
    HttpServer.HttpServer,
    Effect.gen(function* () {
      const context = yield* Effect.context<Inbox.Inbox | WebhookConfig.WebhookConfig>()
      const port = options.port ?? (yield* portFromEnv).port
      const server = createServer(times(options))
      const http = yield* NodeHttpServer.make(() => server, {
        port,
        gracefulShutdownTimeout: options.gracefulShutdownTimeout,
        ...(options.host === undefined ? {} : { host: options.host })
      })
      // Whoever is still connected now has had their time; the server does not close before they are gone.
      yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
      return HttpServer.make({
        address: http.address,
        serve: Effect.fnUntraced(function* (app, middleware) {
          // Made before the router is served, so that it ends after the time for requests under way.
          const scope = Scope.forkUnsafe(yield* Effect.scope)
          yield* middleware === undefined ? http.serve(app) : http.serve(app, middleware)
          if (options.isFast()) FastListener.before(server, yield* Effect.provide(FastListener.make(scope), context))
          closeWhenIdle(server)
        })
      })
    })
  )

/** Node closes idle connections once, when it stops listening: those that become idle later must not hold it up. */
const closeWhenIdle = (server: Server) => {
  const closeIfIdle = () => {
    if (!server.listening) setImmediate(() => server.closeIdleConnections())
  }
  const onRequest = (_: IncomingMessage, response: ServerResponse) => {
    response.on("finish", closeIfIdle)
  }
  server.on("request", onRequest).on("checkContinue", onRequest)
}
