/** A business account at a Graph API in the place of the network, which answers as the test says. */
import { WhatsAppAccount, WhatsAppConfig } from "@effect-whatsapp/core/client"
import { Effect, Layer, Redacted, Ref } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { phoneNumberId, token } from "../../node/cli/graph.ts"

export const accountId = "330011220044556"

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: { readonly [name: string]: string }
  readonly authorization: string | undefined
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body: unknown
}

export interface Options {
  readonly businessAccountId?: string | undefined
}

/** The account, and what was asked of Meta. A text is answered as it is, anything else as JSON. */
export const make = Effect.fnUntraced(function* (
  respond: (asked: Asked) => Answer,
  options: Options = { businessAccountId: accountId }
) {
  const asked = yield* Ref.make<ReadonlyArray<Asked>>([])
  const http = HttpClient.make((request, url) => {
    const one: Asked = {
      method: request.method,
      path: decodeURIComponent(url.pathname),
      query: Object.fromEntries(url.searchParams),
      authorization: request.headers.authorization,
      body: request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
    }
    const { body, headers = {}, status = 200 } = respond(one)
    const text = typeof body === "string" ? body : JSON.stringify(body)
    return Effect.as(
      Ref.update(asked, (all) => [...all, one]),
      HttpClientResponse.fromWeb(request, new Response(text, { status, headers }))
    )
  })
  const context = yield* Layer.build(
    WhatsAppAccount.layer.pipe(
      Layer.provide([
        WhatsAppConfig.layer({ numbers: [{ phoneNumberId, accessToken: Redacted.make(token) }], ...options }),
        Layer.succeed(HttpClient.HttpClient, http)
      ])
    )
  )
  const account = yield* Effect.provide(WhatsAppAccount.WhatsAppAccount, context)
  return { account, asked: Ref.get(asked) }
})
