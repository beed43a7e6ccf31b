/** Servers that speak real HTTP on this machine, for as long as a test runs. */
import { WhatsAppClient } from "@effect-whatsapp/core/client"
import { Context, Effect, Layer } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import { createServer, type RequestListener } from "node:http"
import { createServer as createRawServer, type Server, type Socket } from "node:net"
import * as Graph from "./graph.ts"

const listen = (make: () => Server) =>
  Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = make()
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  ).pipe(Effect.map(Graph.urlOf))

export const http = (listener: RequestListener) => listen(() => createServer(listener))
export const raw = (onConnection: (socket: Socket) => void) => listen(() => createRawServer(onConnection))

/** A client that is configured for an address, and sends by `fetch` as it is unless another way is given. */
export const client = (apiUrl: string, http: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer) =>
  Effect.map(
    Layer.build(WhatsAppClient.layer.pipe(Layer.provide([Graph.config(apiUrl), http]))),
    Context.get(WhatsAppClient.WhatsAppClient)
  )
