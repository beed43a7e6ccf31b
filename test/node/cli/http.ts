/** HTTP by hand, to send what no well-behaved client sends. */
import { Deferred, Effect } from "effect"
import { type ClientRequest, type OutgoingHttpHeaders, request as httpRequest } from "node:http"
import { connect } from "node:net"

export interface Answer {
  readonly status: number | undefined
  readonly contentType: string | undefined
  readonly body: string
}

interface Open {
  readonly request: ClientRequest
  /** Waits until the server has read the headers and asks for the body. */
  readonly invited: Effect.Effect<void>
  readonly write: (part: Uint8Array) => Effect.Effect<void>
  readonly end: (part?: Uint8Array) => Effect.Effect<void>
  /** Hangs up. */
  readonly abort: Effect.Effect<void>
  readonly answer: Effect.Effect<Answer>
}

/** Begins a request; the body is written part by part. */
export const open = Effect.fnUntraced(function* (
  url: string,
  headers: OutgoingHttpHeaders = {},
  method: string = "POST"
) {
  const answer = yield* Deferred.make<Answer>()
  const invited = yield* Deferred.make<void>()
  const request = httpRequest(url, { method, headers })
  request.on("continue", () => Deferred.doneUnsafe(invited, Effect.void))
  request.on("error", (error) => Deferred.doneUnsafe(answer, Effect.die(error)))
  request.on("response", (response) => {
    const chunks: Array<Buffer> = []
    response.on("data", (chunk: Buffer) => chunks.push(chunk))
    response.on("end", () =>
      Deferred.doneUnsafe(
        answer,
        Effect.succeed({
          status: response.statusCode,
          contentType: response.headers["content-type"],
          body: Buffer.concat(chunks).toString("utf8")
        })
      )
    )
  })
  if (headers["expect"] !== undefined) request.flushHeaders()
  const opened: Open = {
    request,
    invited: Deferred.await(invited),
    write: (part) => Effect.callback((resume) => void request.write(part, () => resume(Effect.void))),
    end: (part) => Effect.sync(() => void (part === undefined ? request.end() : request.end(part))),
    abort: Effect.sync(() => void request.destroy()),
    answer: Deferred.await(answer)
  }
  return opened
})

export const post = Effect.fnUntraced(function* (url: string, body: Uint8Array, headers?: OutgoingHttpHeaders) {
  const { answer, end } = yield* open(url, headers)
  yield* end(body)
  return yield* answer
})

export const get = Effect.fnUntraced(function* (url: string, method: string = "GET") {
  const { answer, end } = yield* open(url, {}, method)
  yield* end()
  return yield* answer
})

const takesConnections = (url: string) =>
  Effect.callback<boolean>((resume) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.on("error", () => resume(Effect.succeed(false)))
    socket.on("connect", () => {
      socket.destroy()
      resume(Effect.succeed(true))
    })
  })

/** Waits until the server takes no more connections, which is when it has heard that it shall end. */
export const closed = (url: string) => Effect.asVoid(Effect.repeat(takesConnections(url), { while: (takes) => takes }))
