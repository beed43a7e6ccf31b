/** Somebody else who takes deliveries: keeps what is posted, and answers as the test says. */
import { Effect, Queue } from "effect"
import * as Graph from "./graph.ts"

export interface Posted {
  readonly body: Buffer
  readonly signature: string | undefined
  readonly contentType: string | undefined
  /** When it came, in milliseconds. */
  readonly at: number
}

export interface Endpoint {
  readonly url: string
  /** The next post that was answered with 200. */
  readonly next: Effect.Effect<Posted>
  /** All posts so far, whatever the answer was. */
  readonly posts: ReadonlyArray<Posted>
  /** What is answered to the posts that come, and at last 200; 0 is no answer. */
  readonly answer: (...statuses: ReadonlyArray<number>) => void
}

export const serve = Effect.fnUntraced(function* (...statuses: ReadonlyArray<number>) {
  const answers = [...statuses]
  const posts: Array<Posted> = []
  const taken = yield* Queue.unbounded<Posted>()
  const { url } = yield* Graph.serveBytes((_, body, response, { headers }) => {
    const signature = headers["x-hub-signature-256"]
    const post: Posted = {
      body,
      signature: typeof signature === "string" ? signature : undefined,
      contentType: headers["content-type"],
      at: performance.now()
    }
    posts.push(post)
    const status = answers.shift() ?? 200
    if (status === 0) return
    if (status === 200) Queue.offerUnsafe(taken, post)
    response.writeHead(status, { location: "http://127.0.0.1:9/elsewhere" }).end("why it did so")
  })
  const endpoint: Endpoint = {
    url: `${url}/hooks/secret-path?key=secret-key`,
    next: Queue.take(taken),
    posts,
    answer: (...more) => void answers.push(...more)
  }
  return endpoint
})
