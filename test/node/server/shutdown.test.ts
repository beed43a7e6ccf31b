/** Promise 9 on a real process: SIGTERM, and what becomes of work, requests and exit code. */
import { assert, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { WebhookConfig } from "@effect-whatsapp/node/webhook"
import { Clock, Effect } from "effect"
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { path, send, sign } from "../webhook/loopback.ts"
import * as Process from "./process.ts"

/** Starting a process takes its time on a busy machine. */
const patience = 20_000

const startProcess = Effect.fnUntraced(function* (env: { readonly [name: string]: string } = {}) {
  const server = yield* Process.startProcess(new URL("./program.ts", import.meta.url), env)
  const url = (yield* server.line) + WebhookConfig.defaultPath
  return {
    ...server,
    url,
    printed: () => server.printed().slice(1),
    post: Effect.fnUntraced(function* (wamid: string, text: string = "hello") {
      const body = Delivery.text(wamid, { text })
      return yield* send(url, { method: "POST", body, headers: { "x-hub-signature-256": yield* sign(body) } })
    })
  }
})

/** Waits until nobody listens there any more. */
const untilRefused = (url: string) =>
  send(url, { method: "POST" }).pipe(
    Effect.andThen(Effect.fail("still there")),
    Effect.catchIf(
      (error) => String(error).includes("ECONNREFUSED"),
      () => Effect.void
    ),
    Effect.eventually
  )

it.live(
  "ends with 0 when it was told to end and nothing was left to do",
  () =>
    Effect.gen(function* () {
      const server = yield* startProcess()
      assert.strictEqual((yield* server.post("1")).status, 200)
      assert.strictEqual(yield* server.line, "starts 1")
      assert.strictEqual(yield* server.line, "handled 1")
      yield* server.terminate
      assert.strictEqual(yield* server.exit, 0)
    }),
  patience
)

it.live(
  "handles all that a memory inbox holds before it ends, refuses new requests meanwhile, and ends with 0",
  () =>
    Effect.gen(function* () {
      const server = yield* startProcess()
      yield* server.post("1", "wait")
      assert.strictEqual(yield* server.line, "starts 1")
      for (const wamid of ["2", "3", "4"]) assert.strictEqual((yield* server.post(wamid)).status, 200)
      yield* server.terminate
      yield* untilRefused(server.url)
      assert.deepStrictEqual(server.printed(), ["starts 1"])
      yield* server.tell("go")
      assert.strictEqual(yield* server.exit, 0)
      assert.deepStrictEqual(
        server.printed().filter((line) => line.startsWith("handled")),
        ["handled 1", "handled 2", "handled 3", "handled 4"]
      )
    }),
  patience
)

it.live(
  "waits only for what runs when the inbox is durable, and ends with 0",
  () =>
    Effect.gen(function* () {
      const server = yield* startProcess({ DURABLE: "true" })
      yield* server.post("1", "wait")
      assert.strictEqual(yield* server.line, "starts 1")
      yield* server.post("2")
      yield* server.terminate
      yield* untilRefused(server.url)
      yield* server.tell("go")
      assert.strictEqual(yield* server.exit, 0)
      assert.deepStrictEqual(server.printed(), ["starts 1", "handled 1"])
    }),
  patience
)

it.live(
  "answers and handles a request that was under way when it was told to end",
  () =>
    Effect.gen(function* () {
      const server = yield* startProcess()
      const body = Delivery.text("1")
      const { hostname, port } = new URL(server.url)
      const socket = connect(Number(port), hostname)
      const answered = once(socket, "data").then(String)
      const head =
        `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n` +
        `x-hub-signature-256: ${yield* sign(body)}\r\n\r\n`
      yield* Effect.callback<void>((resume) => void socket.write(head, () => resume(Effect.void)))
      // A second request, on a connection of its own, tells that the first was read.
      yield* server.post("2")
      assert.strictEqual(yield* server.line, "starts 2")
      yield* server.terminate
      yield* untilRefused(server.url)
      socket.write(body)
      const answer = yield* Effect.promise(() => answered)
      assert.include(answer, "HTTP/1.1 200")
      socket.destroy()
      assert.strictEqual(yield* server.exit, 0)
      assert.include(server.printed(), "handled 1")
    }),
  patience
)

it.live(
  "ends within its time with 1 when a handler does not, and says how much was left",
  () =>
    Effect.gen(function* () {
      const server = yield* startProcess({ SHUTDOWN_TIMEOUT: "2 seconds" })
      yield* server.post("1", "for ever")
      assert.strictEqual(yield* server.line, "starts 1")
      yield* server.post("2")
      yield* server.post("3")
      const before = yield* Clock.currentTimeMillis
      yield* server.terminate
      assert.strictEqual(yield* server.exit, 1)
      assert.isBelow((yield* Clock.currentTimeMillis) - before, 4000)
      assert.include(server.log(), "Shutdown left 3 undone")
      assert.deepStrictEqual(server.printed(), ["starts 1"])
    }),
  patience
)

it.live(
  "ends within its time although senders never finish their requests",
  () =>
    Effect.gen(function* () {
      const server = yield* startProcess({ SHUTDOWN_TIMEOUT: "2 seconds" })
      const { hostname, port } = new URL(server.url)
      const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n`
      const sockets = yield* Effect.forEach([head, head.slice(0, 20), ""], (beginning) =>
        Effect.callback<Socket>((resume) => {
          const socket = connect(Number(port), hostname)
          socket.on("error", () => {})
          socket.on("connect", () => socket.write(beginning, () => resume(Effect.succeed(socket))))
        })
      )
      yield* server.post("1")
      assert.strictEqual(yield* server.line, "starts 1")
      const before = yield* Clock.currentTimeMillis
      yield* server.terminate
      assert.strictEqual(yield* server.exit, 0)
      assert.isBelow((yield* Clock.currentTimeMillis) - before, 4000)
      for (const socket of sockets) socket.destroy()
    }),
  patience
)
