/** Somebody in the place of Meta: records what is sent to it, and answers as the test says. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import * as CommandLine from "./commandLine.ts"

export const token = "EAAG-token-of-orchid"
export const phoneNumberId = "207311904455012"
export const to = "+39 340 123 4567"
export const digits = "393401234567"
/** What is written, and must not be shown when it could not be sent. */
export const text = "a private matter: perché? 👩‍👩‍👧"

export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Apart from the callback data, of which each send has its own. */
  readonly body: Schema.JsonObject
  readonly callbackData: Schema.Json | undefined
}

export interface Graph {
  readonly url: string
  readonly requests: ReadonlyArray<Request>
}

const decodeBody = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.JsonObject))

/** A server of one port, which answers as the test says. */
export const serveBytes = Effect.fnUntraced(function* (
  respond: (url: string, body: Buffer, response: ServerResponse, request: IncomingMessage) => void
) {
  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => respond(request.url ?? "", Buffer.concat(chunks), response, request))
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )
  const address = server.address()
  assert(typeof address === "object" && address !== null)
  return { url: `http://127.0.0.1:${address.port}` }
})

export const serve = Effect.fnUntraced(function* (respond: (response: ServerResponse) => void) {
  const requests: Array<Request> = []
  const { url } = yield* serveBytes((url, bytes, response, { headers, method = "" }) => {
    const { biz_opaque_callback_data: callbackData, ...body } = decodeBody(bytes.toString("utf8") || "{}")
    requests.push({ method, url, headers, body, callbackData })
    respond(response)
  })
  const graph: Graph = { url, requests }
  return graph
})

export const answer = (status: number, body: Schema.Json, contentType = "application/json") =>
  serve((response) =>
    response
      .writeHead(status, { "content-type": contentType })
      .end(typeof body === "string" ? body : JSON.stringify(body))
  )

export const wamid = "wamid.HBgLMzkzNDAxMjM0NTY3FQIAERgS"

/** What Meta says when it takes a message. */
export const acceptance = {
  messaging_product: "whatsapp",
  contacts: [{ input: digits, wa_id: digits }],
  messages: [{ id: wamid }]
}

/** Takes everything, as Meta does. */
export const accept = answer(200, acceptance)

/** An error body as Meta documents it, which repeats the token, the recipient and the text where it can. */
export const refusal = (code: number) => {
  const said = `(#${code}) Bearer ${token} to ${digits}: ${text}`
  return {
    error: {
      message: said,
      type: "OAuthException",
      code,
      error_data: { messaging_product: "whatsapp", details: `${said}\nand a second line\u001b[2J` },
      fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam"
    }
  }
}

export const environment = (url: string) => ({
  WHATSAPP_ACCESS_TOKEN: token,
  WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
  WHATSAPP_API_URL: url
})

export const send = (graph: { readonly url: string }, args: ReadonlyArray<string>, stdin = "") =>
  CommandLine.run(["send", ...args], { env: environment(graph.url), stdin })

/** Asserts that it failed readably, and that what must stay secret did. */
export const assertFailed = (outcome: CommandLine.Outcome, code: 1 | 2) => {
  CommandLine.assertReadable(outcome, code)
  for (const secret of [token, text, "a private matter", "👩", digits, "123 4567"]) {
    assert.notInclude(outcome.stderr, secret)
  }
}
