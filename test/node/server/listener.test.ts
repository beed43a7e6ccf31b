/** Both ways of a delivery give the same answers, to whatever comes over a connection. */
import { assert, describe, it } from "@effect/vitest"
import { InboxError } from "@effect-whatsapp/core/errors"
import { Cause, Deferred, Effect, Logger, Metric, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Front, fronts, makeLoopback, path } from "../webhook/loopback.ts"
import {
  body,
  conversations,
  delivered,
  last,
  length,
  limit,
  other,
  otherSignature,
  post,
  signed,
  statuses,
  text,
  withoutDate
} from "./conversations.ts"
import { exchange, open } from "./socket.ts"

const servers: ReadonlyArray<Front> = fronts.filter((front) => front !== "router")

const routes = HttpRouter.add(
  "POST",
  "/echo",
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
    Effect.map(Effect.orDie(request.text), (text) => HttpServerResponse.text(text))
  )
)

it.live.each(conversations)("answers %s in one way", ([, pieces, expected]) =>
  Effect.gen(function* () {
    const answers = yield* Effect.forEach(servers, (front) =>
      Effect.gen(function* () {
        const { appended, port } = yield* makeLoopback(front, { maxBodySize: limit, routes })
        const received = yield* exchange(port, ...pieces)
        return { received: withoutDate(received), appended }
      })
    )
    const [byRouter, byListener] = answers
    assert.deepStrictEqual(statuses(byListener?.received ?? ""), expected)
    assert.deepStrictEqual(byListener, byRouter)
  })
)

const outcomes = ["kept", "refused", "too_large", "aborted", "not_kept"]
/** How many deliveries had which outcome so far, and how many of them were timed. */
const counted = Effect.map(Metric.snapshot, (all) =>
  Object.fromEntries(
    outcomes.map((outcome) => {
      const of = (name: string) =>
        all.flatMap(({ attributes, id, state }) =>
          id === name && attributes?.["outcome"] === outcome && "count" in state ? [Number(state.count)] : []
        )[0] ?? 0
      return [outcome, { deliveries: of("whatsapp_webhook_deliveries"), timed: of("whatsapp_webhook_ack_seconds") }]
    })
  )
)
/** Waits for a delivery to be counted: there is no answer to wait for. */
const untilCounted = (outcome: string, than: number) =>
  counted.pipe(
    Effect.filterOrFail((now) => (now[outcome]?.deliveries ?? 0) > than),
    Effect.eventually
  )

describe.each(fronts)("a webhook on loopback (%s)", (front) => {
  it.live("answers in the order in which it was asked, whatever takes how long", () =>
    Effect.gen(function* () {
      const first = yield* Deferred.make<void>()
      const { appended, port } = yield* makeLoopback(front, {
        append: (bytes) => (bytes.length === body.length ? Deferred.await(first) : Effect.void)
      })
      const connection = yield* open(port)
      yield* connection.write(post(signed, length(body)) + text(body))
      yield* connection.write(post(length(other)) + text(other))
      yield* connection.write(post(`x-hub-signature-256: ${otherSignature}`, length(other), last) + text(other))
      // Another connection shows that these were read, and that nobody else waits.
      assert.deepStrictEqual(statuses(yield* exchange(port, post("content-length: 0", last))), [401])
      yield* Effect.eventually(
        Effect.filterOrFail(
          Effect.sync(() => appended.length),
          (count) => count === 1
        )
      )
      assert.strictEqual(connection.received(), "")
      yield* Deferred.succeed(first, undefined)
      yield* connection.closed
      assert.deepStrictEqual(statuses(connection.received()), [200, 401, 200])
      assert.deepStrictEqual(appended, [other, body])
    })
  )

  it.live("counts each delivery by what became of it, and times those that it answered", () =>
    Effect.gen(function* () {
      const { port } = yield* makeLoopback(front, {
        maxBodySize: limit,
        append: (bytes) =>
          bytes.length === body.length
            ? Effect.void
            : Effect.fail(new InboxError({ method: "append", details: "the disk is full" }))
      })
      const before = yield* counted
      yield* exchange(port, delivered(path))
      yield* exchange(port, post(`x-hub-signature-256: ${otherSignature}`, length(other), last) + text(other))
      yield* exchange(port, post(length(body), last) + text(body))
      yield* exchange(port, post(`content-length: ${limit + 1}`) + "a".repeat(limit + 1))
      const connection = yield* open(port)
      yield* connection.write(post(signed, length(body)) + text(body).slice(0, 100))
      yield* exchange(port, post("content-length: 0", last))
      yield* connection.destroy
      const after = yield* untilCounted("aborted", before["aborted"]?.deliveries ?? 0)
      const difference = outcomes.map((outcome) => {
        const [was, is] = [before[outcome], after[outcome]]
        return [outcome, (is?.deliveries ?? 0) - (was?.deliveries ?? 0), (is?.timed ?? 0) - (was?.timed ?? 0)]
      })
      assert.deepStrictEqual(difference, [
        ["kept", 1, 1],
        ["refused", 2, 2],
        ["too_large", 1, 1],
        ["aborted", 1, 0],
        ["not_kept", 1, 1]
      ])
    })
  )

  it.live("answers 503 to an inbox that breaks, and tells nobody what it said", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const { port } = yield* makeLoopback(front, {
        append: () => Effect.die(new Error("16505550177 wrote something odd")),
        loggers: [Logger.make(({ cause, message }) => void lines.push(`${String(message)} ${Cause.pretty(cause)}`))]
      })
      const received = yield* exchange(port, delivered(path))
      assert.deepStrictEqual(statuses(received), [503])
      assert.match(received, /^retry-after: 5\r$/im)
      assert.include(lines.join(), "could not be kept")
      assert.notInclude(lines.join(), "16505550177")
    })
  )

  it.live("goes on on one connection after what it refused", () =>
    Effect.gen(function* () {
      const { appended, port } = yield* makeLoopback(front)
      const connection = yield* open(port)
      yield* connection.write(post(length(body)) + text(body))
      yield* connection.until((received) => statuses(received).length === 1)
      yield* connection.write(delivered(path))
      yield* connection.closed
      assert.deepStrictEqual(statuses(connection.received()), [401, 200])
      assert.deepStrictEqual(appended, [body])
    })
  )

  it.live.prop(
    "answers any bytes, or closes the connection, and goes on",
    [
      Schema.Array(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))).check(
        Schema.isMaxLength(8)
      )
    ],
    ([strings]) =>
      Effect.gen(function* () {
        const { appended, port } = yield* makeLoopback(front)
        for (const bytes of strings) {
          for (const before of ["", `POST ${path} HTTP/1.1\r\nhost: localhost\r\n`]) {
            const connection = yield* open(port)
            yield* connection.write(before)
            yield* connection.write(Uint8Array.from(bytes))
            yield* connection.write("\r\n\r\n")
            yield* connection.end
            yield* connection.closed
            assert.match(connection.received(), /^$|^HTTP\/1\.1 4\d\d /)
          }
        }
        assert.deepStrictEqual(appended, [])
        assert.deepStrictEqual(statuses(yield* exchange(port, delivered(path))), [200])
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 20 } }
  )
})
