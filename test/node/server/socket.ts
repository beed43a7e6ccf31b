/** A bare connection, for what no HTTP client would send. */
import { Effect } from "effect"
import { once } from "node:events"
import { connect } from "node:net"

/** Sends bytes piece by piece, and gives all that comes back until the server closes the connection. */
export const exchange = Effect.fnUntraced(function* (port: number, ...pieces: ReadonlyArray<string | Uint8Array>) {
  const connection = yield* open(port)
  for (const piece of pieces) yield* connection.write(piece)
  yield* connection.closed
  return connection.received()
})

/** Opens a connection, which ends with the scope. */
export const open = Effect.fnUntraced(function* (port: number) {
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => connect({ port, host: "127.0.0.1", allowHalfOpen: true })),
    (socket) => Effect.sync(() => socket.destroy())
  )
  let received = ""
  socket.setEncoding("latin1").on("data", (text: string) => (received += text))
  // A server may close while more is sent.
  socket.on("error", () => {})
  const closed = once(socket, "close")
  const ended = once(socket, "end")
  ended.catch(() => {})
  closed.catch(() => {})
  yield* Effect.promise(() => once(socket, "connect"))
  return {
    received: () => received,
    /** Sends a piece, and waits until the system has it. */
    write: (piece: string | Uint8Array) =>
      Effect.callback<void>((resume) => {
        socket.write(piece, () => resume(Effect.void))
      }),
    /** Waits until so much has come. */
    until: (enough: (received: string) => boolean) =>
      Effect.callback<void>((resume) => {
        const look = () => {
          if (enough(received)) resume(Effect.void)
        }
        socket.on("data", look)
        look()
        return Effect.sync(() => socket.off("data", look))
      }),
    /** Says that nothing more comes. */
    end: Effect.sync(() => socket.end()),
    destroy: Effect.sync(() => socket.destroy()),
    /** Waits until the server has closed its side. */
    closed: Effect.promise(() => Promise.race([ended, closed]).catch(() => {}))
  }
})
