/** Promises 1 to 3: only Meta gets in, 200 means kept, and the answer is quick. */
import { assert, describe, it } from "@effect/vitest"
import { InboxError } from "@effect-whatsapp/core/errors"
import { Delivery } from "@effect-whatsapp/core/testing"
import { Cause, Deferred, Effect, Fiber, Logger, Metric, Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { connect } from "node:net"
import {
  appSecret,
  fronts,
  makeFunction,
  makeLoopback,
  type Options,
  path,
  send,
  sign,
  verifyToken
} from "./loopback.ts"

const utf8 = new TextEncoder()
const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
const bytesOf = (all: ReadonlyArray<number>) => Uint8Array.from(all)
const Printable = Schema.Int.check(Schema.isBetween({ minimum: 0x21, maximum: 0x7e }))
/** Any header at all, or one that looks like a signature. */
const SomeHeader = Schema.Struct({
  form: Schema.Literals(["none", "any", "prefixed", "long enough"]),
  characters: Schema.Array(Printable),
  digits: Schema.Array(Schema.Literals("0123456789abcdef".split(""))).check(
    Schema.isMinLength(64),
    Schema.isMaxLength(64)
  )
})
const headerOf = ({ characters, digits, form }: typeof SomeHeader.Type): string | undefined => {
  const text = String.fromCharCode(...characters)
  if (form === "none") return undefined
  if (form === "any") return text
  return form === "prefixed" ? `sha256=${text}` : `sha256=${digits.join("")}`
}

const countOf = (outcome: string) =>
  Effect.map(
    Metric.snapshot,
    (all) =>
      all.flatMap(({ attributes, id, state }) =>
        id === "whatsapp_webhook_deliveries" && "count" in state && attributes?.["outcome"] === outcome
          ? [Number(state.count)]
          : []
      )[0] ?? 0
  )

/** Seconds that answers have taken so far, all together. */
const secondsOf = (outcome: string) =>
  Effect.map(
    Metric.snapshot,
    (all) =>
      all.flatMap(({ attributes, id, state }) =>
        id === "whatsapp_webhook_ack_seconds" && "sum" in state && attributes?.["outcome"] === outcome
          ? [state.sum]
          : []
      )[0] ?? 0
  )

type Start = (options?: Options) => Effect.Effect<
  {
    readonly appended: ReadonlyArray<Uint8Array>
    readonly post: (
      body: Uint8Array<ArrayBuffer>,
      signature?: string
    ) => Effect.Effect<{ readonly status: number; readonly body: string }, unknown>
  },
  unknown,
  Scope.Scope
>
const asFunction: Start = Effect.fnUntraced(function* (options) {
  const { appended, ask, post } = yield* makeFunction(options)
  return {
    appended,
    post: Effect.fnUntraced(function* (body, signature) {
      const response = yield* ask(post(body, signature))
      return { status: response.status, body: yield* Effect.promise(() => response.text()) }
    })
  }
})
/** Every way in which a delivery can arrive. */
const worlds: ReadonlyArray<{ readonly name: string; readonly start: Start }> = [
  { name: "as a function", start: asFunction },
  ...fronts.map((front) => ({
    name: `on loopback: ${front}`,
    start: (options?: Options) => makeLoopback(front, options)
  }))
]
for (const { name, start } of worlds) {
  describe(`the webhook, ${name}`, () => {
    it.live.prop(
      "answers any bytes under any header, with 401 and nothing kept",
      [Schema.Array(Schema.Struct({ body: Schema.Array(Byte), header: SomeHeader })).check(Schema.isMaxLength(20))],
      ([posts]) =>
        Effect.gen(function* () {
          const { appended, post } = yield* start()
          for (const { body, header } of posts) {
            assert.strictEqual((yield* post(bytesOf(body), headerOf(header))).status, 401)
          }
          assert.deepStrictEqual(appended, [])
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 30 } }
    )

    it.live.prop(
      "answers any signed bytes with 200, and keeps exactly these bytes",
      [Schema.Array(Schema.Array(Byte)).check(Schema.isMaxLength(20))],
      ([bodies]) =>
        Effect.gen(function* () {
          const { appended, post } = yield* start()
          for (const body of bodies.map(bytesOf)) {
            const answer = yield* post(body, yield* sign(body))
            assert.strictEqual(answer.status, 200)
            assert.strictEqual(answer.body, `{"received":true}`)
            assert.deepStrictEqual(appended.at(-1), body)
          }
          assert.strictEqual(appended.length, bodies.length)
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 30 } }
    )

    it.live("answers bytes that are no delivery with 200 too: what they are is nobody's question yet", () =>
      Effect.gen(function* () {
        const { appended, post } = yield* start()
        const bodies = ["", "null", "[]", "{}", "not JSON", "[".repeat(5000), "\u0000"].map((text) => utf8.encode(text))
        const all = [...bodies, Uint8Array.of(0xff, 0xfe, 0xc0)]
        for (const body of all) assert.strictEqual((yield* post(body, yield* sign(body))).status, 200)
        assert.deepStrictEqual(appended, all)
      })
    )

    it.live("keeps 3 MiB, and answers one byte more with 413 before it looks at the signature", () =>
      Effect.gen(function* () {
        const { appended, post } = yield* start()
        const most = new Uint8Array(3_145_728).fill(0x61)
        assert.strictEqual((yield* post(most, yield* sign(most))).status, 200)
        const more = new Uint8Array(3_145_729).fill(0x61)
        assert.strictEqual((yield* post(more, yield* sign(more))).status, 413)
        assert.strictEqual((yield* post(more, "sha256=nonsense")).status, 413)
        assert.strictEqual((yield* post(more)).status, 413)
        assert.strictEqual(appended.length, 1)
      })
    )

    it.effect("times how long a delivery waits for its answer", () =>
      Effect.gen(function* () {
        const asked = yield* Deferred.make<void>()
        const append = () => Effect.andThen(Deferred.succeed(asked, undefined), Effect.sleep("300 millis"))
        const { post } = yield* start({ append })
        const before = yield* secondsOf("kept")
        const body = Uint8Array.from(Delivery.text("wamid.1"))
        const answering = yield* Effect.forkChild(post(body, yield* sign(body)))
        yield* Deferred.await(asked)
        yield* TestClock.adjust("300 millis")
        assert.strictEqual((yield* Fiber.join(answering)).status, 200)
        assert.closeTo((yield* secondsOf("kept")) - before, 0.3, 1e-9)
      })
    )

    it.live("accepts what any of several secrets signed, while they are rotated", () =>
      Effect.gen(function* () {
        const { appended, post } = yield* start({ appSecrets: ["old", "new", "next"] })
        const body = Uint8Array.from(Delivery.text("wamid.1"))
        for (const secret of ["old", "new", "next"]) {
          assert.strictEqual((yield* post(body, yield* sign(body, secret))).status, 200)
        }
        assert.strictEqual((yield* post(body, yield* sign(body, "older"))).status, 401)
        assert.strictEqual(appended.length, 3)
      })
    )

    it.effect("counts what it refuses, and names a wrong WHATSAPP_APP_SECRET at most once a minute", () => {
      const lines: Array<string> = []
      const logger = Logger.make(({ cause, message }) => {
        lines.push(`${String(message)} ${Cause.pretty(cause)}`)
      })
      return Effect.gen(function* () {
        const before = yield* countOf("refused")
        const { appended, post } = yield* start({ loggers: [logger] })
        lines.length = 0
        const body = Uint8Array.from(Delivery.text("wamid.1"))
        const forged = yield* sign(body, "a guess")
        const refuse = Effect.forEach([undefined, "sha1=00", forged, `sha256=${"0".repeat(64)}`], (signature) =>
          Effect.map(post(body, signature), ({ status }) => assert.strictEqual(status, 401))
        )
        yield* refuse
        yield* TestClock.adjust("59 seconds")
        yield* refuse
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], "WHATSAPP_APP_SECRET")
        yield* TestClock.adjust("1 second")
        yield* refuse
        assert.strictEqual(lines.length, 2)
        assert.notInclude(lines.join(), forged.slice(10))
        assert.notInclude(lines.join(), appSecret)
        assert.strictEqual((yield* countOf("refused")) - before, 12)
        assert.deepStrictEqual(appended, [])
      }).pipe(Effect.provide(Logger.layer([logger])))
    })
  })
}

it.live.each(fronts)("closes the connection after a body that is too large, announced or not (%s)", (front) =>
  Effect.gen(function* () {
    const { appended, url } = yield* makeLoopback(front, { maxBodySize: 1000 })
    const body = new Uint8Array(2000)
    for (const headers of [{ "content-length": "2000" }, { "transfer-encoding": "chunked" }]) {
      const answer = yield* send(url, { method: "POST", headers, body })
      assert.strictEqual(answer.status, 413)
      assert.strictEqual(answer.headers["connection"], "close")
    }
    assert.deepStrictEqual(appended, [])
  })
)

it.effect("checks the size, then the signature, then keeps, and nothing else", () =>
  Effect.gen(function* () {
    const order: Array<string> = []
    const { ask, post } = yield* makeFunction({
      maxBodySize: 100,
      append: () => Effect.sync(() => void order.push("append"))
    })
    const status = (request: Request) => Effect.map(ask(request), ({ status }) => order.push(String(status)))
    const small = new Uint8Array(100)
    const large = new Uint8Array(101)
    yield* status(post(large))
    yield* status(post(small))
    yield* status(post(small, yield* sign(large)))
    yield* status(post(small, yield* sign(small)))
    assert.deepStrictEqual(order, ["413", "401", "401", "append", "200"])
  })
)

it.effect("answers 503 when a delivery cannot be kept, so that Meta delivers it again", () =>
  Effect.gen(function* () {
    const { appended, ask, post } = yield* makeFunction({
      append: () => Effect.fail(new InboxError({ method: "append", details: "the disk is full" }))
    })
    const body = Delivery.text("wamid.1")
    const answer = yield* ask(post(Uint8Array.from(body), yield* sign(body)))
    assert.strictEqual(answer.status, 503)
    assert.strictEqual(answer.headers.get("retry-after"), "5")
    assert.deepStrictEqual(appended, [])
  }).pipe(Effect.provide(Logger.layer([])))
)

it.live.each(fronts)("answers only when the delivery is kept (%s)", (front) =>
  Effect.gen(function* () {
    const asked = yield* Deferred.make<void>()
    const isKept = yield* Deferred.make<void>()
    const { appended, post } = yield* makeLoopback(front, {
      append: () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(isKept))
    })
    const body = Delivery.text("wamid.1")
    const answering = yield* Effect.forkChild(post(body, yield* sign(body)))
    yield* Deferred.await(asked)
    for (let i = 0; i < 100; i++) yield* Effect.yieldNow
    assert.isUndefined(answering.pollUnsafe())
    yield* Deferred.succeed(isKept, undefined)
    const answer = yield* Fiber.join(answering)
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(appended.length, 1)
  })
)

it.live.each(fronts)("keeps the whole of a delivery whose sender hangs up while it is being kept (%s)", (front) =>
  Effect.gen(function* () {
    const asked = yield* Deferred.make<void>()
    const hungUp = yield* Deferred.make<void>()
    const proceed = yield* Deferred.make<void>()
    const isKept = yield* Deferred.make<void>()
    const { url } = yield* makeLoopback(front, {
      append: () =>
        Deferred.succeed(asked, undefined).pipe(
          Effect.andThen(Deferred.await(proceed)),
          Effect.andThen(Deferred.succeed(isKept, undefined))
        ),
      // The server's own listener comes later, so this waits for a turn.
      onRequest: (response) => response.on("close", () => setImmediate(() => Deferred.doneUnsafe(hungUp, Effect.void)))
    })
    const body = Delivery.text("wamid.1")
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n` +
        `x-hub-signature-256: ${yield* sign(body)}\r\n\r\n`
    )
    socket.write(body)
    yield* Deferred.await(asked)
    socket.destroy()
    yield* Deferred.await(hungUp)
    yield* Deferred.succeed(proceed, undefined)
    yield* Deferred.await(isKept)
  })
)

it.live.each(fronts)("keeps nothing of a delivery whose sender hangs up before its end (%s)", (front) =>
  Effect.gen(function* () {
    const hungUp = yield* Deferred.make<void>()
    const { appended, post, url } = yield* makeLoopback(front, {
      onRequest: (response) => response.on("close", () => setImmediate(() => Deferred.doneUnsafe(hungUp, Effect.void)))
    })
    const body = Delivery.text("wamid.1")
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n` +
        `x-hub-signature-256: ${yield* sign(body)}\r\n\r\n`
    )
    yield* Effect.callback<void>((resume) => void socket.write(body.slice(0, 100), () => resume(Effect.void)))
    socket.end()
    socket.destroy()
    yield* Deferred.await(hungUp)
    const next = Delivery.text("wamid.2")
    yield* post(next, yield* sign(next))
    assert.deepStrictEqual(appended, [next])
  })
)

const handshake = (query: { readonly [name: string]: string }) =>
  new Request(`http://localhost${path}?${new URLSearchParams(query).toString()}`)
const proper = { "hub.mode": "subscribe", "hub.verify_token": verifyToken, "hub.challenge": "0012345678901234567890" }

it.effect("echoes the challenge as it came, leading zeros and all, as plain text", () =>
  Effect.gen(function* () {
    const { ask } = yield* makeFunction()
    const answer = yield* ask(handshake(proper))
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(yield* Effect.promise(() => answer.text()), "0012345678901234567890")
    assert.include(answer.headers.get("content-type"), "text/plain")
    const script = "<script>alert(1)</script>"
    const other = yield* ask(handshake({ ...proper, "hub.challenge": script }))
    assert.strictEqual(yield* Effect.promise(() => other.text()), script)
    assert.include(other.headers.get("content-type"), "text/plain")
    assert.strictEqual(other.headers.get("x-content-type-options"), "nosniff")
  })
)

const { "hub.challenge": challenge, "hub.mode": mode, "hub.verify_token": token } = proper
const improper: ReadonlyArray<readonly [what: string, query: { readonly [name: string]: string }]> = [
  ["a wrong verify token", { ...proper, "hub.verify_token": "guess" }],
  ["a verify token with more behind it", { ...proper, "hub.verify_token": `${verifyToken} ` }],
  ["the beginning of the verify token", { ...proper, "hub.verify_token": verifyToken.slice(0, -1) }],
  ["an empty verify token", { ...proper, "hub.verify_token": "" }],
  ["no verify token", { "hub.challenge": challenge, "hub.mode": mode }],
  ["no challenge", { "hub.mode": mode, "hub.verify_token": token }],
  ["no mode", { "hub.challenge": challenge, "hub.verify_token": token }],
  ["another mode", { ...proper, "hub.mode": "unsubscribe" }],
  ["nothing at all", {}]
]
it.effect.each(improper)("answers a handshake with %s with 403", ([, query]) =>
  Effect.gen(function* () {
    const { ask } = yield* makeFunction()
    const answer = yield* ask(handshake(query))
    assert.strictEqual(answer.status, 403)
    assert.strictEqual(yield* Effect.promise(() => answer.text()), "")
  })
)

it.effect("answers at the path that it was told", () =>
  Effect.gen(function* () {
    const { ask } = yield* makeFunction({ path: "/meta" })
    const url = `http://localhost/meta?${new URLSearchParams(proper).toString()}`
    assert.strictEqual((yield* ask(new Request(url))).status, 200)
    const elsewhere = yield* Effect.exit(ask(handshake(proper)))
    assert.isTrue(elsewhere._tag === "Failure" || elsewhere.value.status === 404)
  })
)
