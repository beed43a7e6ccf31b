/** `fetch` as the clients use it. */
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"

/** Meta redirects nothing that is sent, so whoever redirects gets neither the token nor the message. */
export const fetchClient = Layer.provide(
  FetchHttpClient.layer,
  Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" })
)
