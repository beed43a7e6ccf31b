/** A Meta that takes resumable uploads, and keeps what came of each. */
import { Effect } from "effect"
import type { IncomingMessage, ServerResponse } from "node:http"
import * as Servers from "./servers.ts"

export const session = "upload:MTphdHRhY2htZW50OjE2ZTJj==?sig=ARZ3pYZ-s3cr3t_signature&x=%2B"

interface Asked {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly offset: string | undefined
  readonly length: string | undefined
}

export interface Options {
  /** Is told how many bytes there are. */
  readonly onBytes?: (count: number) => void
  /** @default a handle */
  readonly onFinished?: (response: ServerResponse) => void
}

export const make = Effect.fnUntraced(function* ({ onBytes, onFinished }: Options = {}) {
  const asked: Array<Asked> = []
  const pieces: Array<Buffer> = []
  const held = () => pieces.reduce((sum, { length }) => sum + length, 0)
  const answer = (response: ServerResponse, body: object, status = 200) =>
    response.writeHead(status).end(JSON.stringify(body))
  // What is on its way is counted, also after the other end has gone.
  let settled: Promise<unknown> = Promise.resolve()
  const take = (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers["file_offset"]) !== held())
      return answer(response, { error: { code: 100, message: "wrong offset" } }, 400)
    settled = new Promise((resolve) => request.on("close", resolve))
    request.on("data", (piece: Buffer) => {
      pieces.push(piece)
      onBytes?.(held())
    })
    request.on("end", () => {
      if (onFinished === undefined) answer(response, { h: "4::aW1n:ARb\n4::cG5n:ARc" })
      else onFinished(response)
    })
    return request.on("error", () => {})
  }
  const url = yield* Servers.http((request, response) => {
    const { headers, method, url: path } = request
    asked.push({
      method,
      path,
      authorization: headers.authorization,
      offset: headers["file_offset"]?.toString(),
      length: headers["content-length"]
    })
    if (path?.includes("/uploads?") === true) return void answer(response, { id: session })
    if (path !== `/v23.0/${session}`) return void answer(response, { error: { code: 100, message: "no session" } }, 400)
    if (method === "GET") return void settled.then(() => answer(response, { id: session, file_offset: held() }))
    return void take(request, response)
  })
  return { asked, url, bytes: () => Buffer.concat(pieces), whatsapp: yield* Servers.client(url) }
})
