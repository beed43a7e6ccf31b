/** Who takes their time does not hold a connection for ever, and a shutdown waits for what was begun. */
import { assert, describe, it } from "@effect/vitest"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Deferred, Duration, Effect, Exit, Fiber, Scope } from "effect"
import { type Front, fronts, makeLoopback, path, sign } from "../webhook/loopback.ts"
import { connect } from "node:net"
import { exchange, open } from "./socket.ts"

const servers: ReadonlyArray<Front> = fronts.filter((front) => front !== "router")
const body = Delivery.text("wamid.1")
const text = Buffer.from(body).toString("latin1")
const signature = Effect.runSync(sign(body))
const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n`
const signed = `${head}x-hub-signature-256: ${signature}\r\n`

describe.each(servers)("a server (%s)", (front) => {
  const beginnings: ReadonlyArray<readonly [string, string]> = [
    ["nothing at all", ""],
    ["half a header", head.slice(0, -10)],
    ["a header every now and then", head]
  ]
  it.live.each(beginnings)("closes a connection on which comes %s, after the time for a head", ([, beginning]) =>
    Effect.gen(function* () {
      const { appended, port } = yield* makeLoopback(front, {
        headersTimeout: "200 millis",
        requestTimeout: "1 minute"
      })
      const connection = yield* open(port)
      yield* connection.write(beginning)
      const dripping = yield* Effect.forkChild(
        beginning === head ? Effect.forever(Effect.delay(connection.write("x: y\r\n"), "20 millis")) : Effect.never
      )
      yield* connection.closed
      yield* Fiber.interrupt(dripping)
      assert.match(connection.received(), /^HTTP\/1\.1 408 /)
      assert.deepStrictEqual(appended, [])
    })
  )

  it.live("closes a connection on which a body does not come to its end, after the time for a request", () =>
    Effect.gen(function* () {
      const { appended, port } = yield* makeLoopback(front, { requestTimeout: "200 millis" })
      const connection = yield* open(port)
      yield* connection.write(`${signed}\r\n${text.slice(0, 20)}`)
      const dripping = yield* Effect.forkChild(Effect.forever(Effect.delay(connection.write("x"), "20 millis")))
      yield* connection.closed
      yield* Fiber.interrupt(dripping)
      assert.match(connection.received(), /^HTTP\/1\.1 408 /)
      assert.deepStrictEqual(appended, [])
      assert.match(yield* exchange(port, `${signed}connection: close\r\n\r\n${text}`), /^HTTP\/1\.1 200 /)
    })
  )

  it.live("gives the time for a request anew to each on a connection", () =>
    Effect.gen(function* () {
      const { appended, port } = yield* makeLoopback(front, { requestTimeout: "400 millis" })
      const connection = yield* open(port)
      for (let i = 0; i < 4; i++) {
        yield* Effect.delay(connection.write(`${signed}\r\n${text}`), "150 millis")
        yield* connection.until((received) => received.split("HTTP/1.1 200").length === i + 2)
      }
      assert.strictEqual(appended.length, 4)
    })
  )

  it.live("starts without any limit, with one for the whole alone, and with less than a millisecond", () =>
    Effect.gen(function* () {
      const short = yield* makeLoopback(front, { headersTimeout: "1 nanos", requestTimeout: "1 minute" })
      const connection = yield* open(short.port)
      yield* connection.closed
      for (const requestTimeout of [Duration.infinity, Duration.seconds(5)]) {
        const { post } = yield* makeLoopback(front, { headersTimeout: Duration.infinity, requestTimeout })
        assert.strictEqual((yield* post(body, signature)).status, 200)
      }
    })
  )

  /** Begins a shutdown while a delivery is being kept. */
  const closeWhileKeeping = Effect.fnUntraced(function* (shutdownTimeout: Duration.Input) {
    const asked = yield* Deferred.make<void>()
    const isKept = yield* Deferred.make<void>()
    const scope = yield* Scope.make()
    const { appended, port } = yield* Scope.provide(
      makeLoopback(front, {
        shutdownTimeout,
        append: () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(isKept))
      }),
      scope
    )
    const connection = yield* open(port)
    yield* connection.write(`${signed}\r\n${text}`)
    yield* Deferred.await(asked)
    const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
    yield* untilRefused(port)
    return { appended, closing, connection, isKept }
  })

  it.live("answers at a shutdown what it is just keeping, and closes the connection", () =>
    Effect.gen(function* () {
      const { appended, closing, connection, isKept } = yield* closeWhileKeeping("1 minute")
      assert.strictEqual(connection.received(), "")
      yield* Deferred.succeed(isKept, undefined)
      yield* connection.closed
      assert.match(connection.received(), /^HTTP\/1\.1 200 /)
      yield* Fiber.join(closing)
      assert.deepStrictEqual(appended, [body])
    })
  )

  it.live("keeps what it is just keeping, also when a shutdown has no more time for it", () =>
    Effect.gen(function* () {
      const { appended, closing, isKept } = yield* closeWhileKeeping("100 millis")
      yield* Effect.sleep("200 millis")
      assert.isUndefined(closing.pollUnsafe())
      yield* Deferred.succeed(isKept, undefined)
      yield* Fiber.join(closing)
      assert.deepStrictEqual(appended, [body])
    })
  )

  it.live("answers 503 at the end of a shutdown to who never finished a delivery", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { appended, port } = yield* Scope.provide(makeLoopback(front, { shutdownTimeout: "200 millis" }), scope)
      const connection = yield* open(port)
      yield* connection.write(`${signed}\r\n${text.slice(0, 20)}`)
      yield* exchange(port, `${head}connection: close\r\n\r\n${text}`)
      yield* Scope.close(scope, Exit.void)
      yield* connection.closed
      assert.match(connection.received(), /^HTTP\/1\.1 503 /)
      assert.deepStrictEqual(appended, [])
    })
  )
})

const untilRefused = (port: number) =>
  Effect.callback<void, string>((resume) => {
    const socket = connect(port, "127.0.0.1")
    socket.on("connect", () => {
      socket.destroy()
      resume(Effect.fail("still there"))
    })
    socket.on("error", () => resume(Effect.void))
  }).pipe(Effect.eventually)
