/**
 * The client: keep-alive connections with one request at a time on each, over plain sockets, because whatever the client
 * does for a request is time in which the server has nothing to do.
 */
import { Effect } from "effect"
import { connect, type Socket } from "node:net"

/** What came of a burst. */
export interface Answered {
  /** From the first request to the last answer, in milliseconds. */
  readonly milliseconds: number
  /** From a request to its answer, in milliseconds. */
  readonly latencies: ReadonlyArray<number>
  /** Answers other than 200, and connections that broke. */
  readonly errors: number
}

/** Status of a whole answer; nothing while there is more to come. */
const statusOf = (answer: string): number | undefined => {
  const end = answer.indexOf("\r\n\r\n")
  if (end === -1) return undefined
  const head = answer.slice(0, end).toLowerCase()
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1]
  const isWhole =
    length === undefined
      ? !head.includes("\r\ntransfer-encoding: chunked") || answer.endsWith("0\r\n\r\n")
      : answer.length >= end + 4 + Number(length)
  return isWhole ? Number(head.slice("http/1.1 ".length, "http/1.1 200".length)) : undefined
}

export class Connection {
  #socket: Socket | undefined
  #answer = ""
  #done: ((status: number) => void) | undefined
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  /** Connects unless it is connected: a server may close what is idle. */
  readonly open: Effect.Effect<void> = Effect.callback((resume) => {
    if (this.#socket !== undefined) return resume(Effect.void)
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true })
    const broken = () => {
      if (this.#socket === socket) this.#socket = undefined
      this.#settle(0)
    }
    socket.setEncoding("latin1")
    socket.on("data", (chunk: string) => {
      this.#answer += chunk
      const status = statusOf(this.#answer)
      if (status !== undefined) this.#settle(status)
    })
    socket.on("error", broken)
    socket.on("close", broken)
    socket.on("connect", () => {
      this.#socket = socket
      resume(Effect.void)
    })
    return undefined
  })

  #settle(status: number) {
    const done = this.#done
    this.#answer = ""
    this.#done = undefined
    done?.(status)
  }

  /** Tells the status of the answer, 0 when there is none. */
  send(request: Uint8Array, done: (status: number) => void): void {
    if (this.#socket === undefined) return done(0)
    this.#done = done
    this.#socket.write(request)
    return undefined
  }

  close(): void {
    this.#socket?.destroy()
  }
}

/** Sends all requests, each as soon as a connection is free. */
export const burst = (
  connections: ReadonlyArray<Connection>,
  requests: ReadonlyArray<Uint8Array>
): Effect.Effect<Answered> =>
  Effect.callback((resume) => {
    const latencies: Array<number> = []
    let errors = 0
    let next = 0
    const start = performance.now()
    const sendOn = (connection: Connection) => {
      const request = requests[next++]
      if (request === undefined) return
      const sent = performance.now()
      connection.send(request, (status) => {
        const now = performance.now()
        if (status !== 200) errors++
        if (latencies.push(now - sent) < requests.length) sendOn(connection)
        else resume(Effect.succeed({ milliseconds: now - start, latencies, errors }))
      })
    }
    connections.forEach(sendOn)
  })
