/**
 * The bytes of a request, exactly as they came. Read from Node's own request where there is one, which costs half of
 * what the web-standard reading does; any other server is read by its stream.
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import { IncomingMessage } from "node:http"

/** More bytes came than are allowed. */
export class BodyTooLarge extends Data.TaggedError("BodyTooLarge")<{ readonly limit: number }> {}

/** The sender went away before the end. */
export class BodyAborted extends Data.TaggedError("BodyAborted")<{}> {}

/** Up to this many times the limit is read and thrown away, so that the sender lives to see the answer. */
const patience = 4

export const rawBody = (
  request: HttpServerRequest.HttpServerRequest,
  limit: number
): Effect.Effect<Uint8Array, BodyTooLarge | BodyAborted> => {
  const source: unknown = NodeHttpServerRequest.toIncomingMessage(request)
  // Only the stream asks a sender who waits for `100 Continue` to go on.
  return source instanceof IncomingMessage && source.headers.expect === undefined
    ? fromNode(source, limit)
    : fromStream(request, limit)
}

/** The bytes of one of Node's own requests. */
export const fromNode = (
  source: IncomingMessage,
  limit: number
): Effect.Effect<Uint8Array, BodyTooLarge | BodyAborted> =>
  Effect.callback<Uint8Array, BodyTooLarge | BodyAborted>((resume) => {
    if (Number(source.headers["content-length"]) > limit * patience) {
      return resume(Effect.fail(new BodyTooLarge({ limit })))
    }
    const chunks: Array<Buffer> = []
    let size = 0
    let isOver = false
    const onEnd = () => {
      if (isOver) return
      isOver = true
      if (size > limit) return resume(Effect.fail(new BodyTooLarge({ limit })))
      const [first] = chunks
      resume(Effect.succeed(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks)))
    }
    source.on("data", (chunk: Buffer) => {
      if (isOver) return
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else chunks.length = 0
      if (size > limit * patience) onEnd()
    })
    source.on("end", onEnd)
    // Comes last, also after an error, which Node tells only who listens for it.
    source.on("close", () => {
      if (isOver) return
      isOver = true
      resume(Effect.fail(new BodyAborted()))
    })
    return Effect.sync(() => {
      isOver = true
    })
  })

const fromStream = (request: HttpServerRequest.HttpServerRequest, limit: number) =>
  Number(request.headers["content-length"]) > limit
    ? Effect.fail(new BodyTooLarge({ limit }))
    : request.stream.pipe(
        Stream.mapError(() => new BodyAborted()),
        Stream.runFoldEffect(
          () => ({ chunks: Array<Uint8Array>(), size: 0 }),
          ({ chunks, size }, chunk) => {
            // Added in place: a body in many small pieces must not cost their square.
            chunks.push(chunk)
            const total = size + chunk.length
            return total > limit ? Effect.fail(new BodyTooLarge({ limit })) : Effect.succeed({ chunks, size: total })
          }
        ),
        Effect.map(({ chunks, size }) => {
          const body = new Uint8Array(size)
          let offset = 0
          for (const chunk of chunks) {
            body.set(chunk, offset)
            offset += chunk.length
          }
          return body
        })
      )
