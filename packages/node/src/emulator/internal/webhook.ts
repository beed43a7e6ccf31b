/** The line to the webhook: POSTs deliveries, again and again until 200, and makes the handshake. */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import { constTrue } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import type { Attempt, Delivery, Settled } from "../Delivery.ts"
import { HandshakeRefused } from "../HandshakeRefused.ts"
import * as Bounded from "./bounded.ts"
import * as MetaJson from "./metaJson.ts"
import type { Destination, Route } from "./subscriptions.ts"

export interface Options {
  readonly destinationOf: (route: Route) => Destination
  readonly secret: string
  readonly redelivery: Schedule.Schedule<unknown> | undefined
  readonly timeout: Duration.Input | undefined
  readonly onAttempt: (attempt: Attempt) => void
}

/** What is put on the wire. */
export interface Signed {
  readonly body: string
  readonly signature: string
  readonly wamids: ReadonlyArray<string>
  readonly route: Route
}

/** From 200 ms, doubling to 5 s; Meta goes on for seven days, this gives up after about a minute and a half. */
const defaultRedelivery = Schedule.min([Schedule.exponential("200 millis"), Schedule.spaced("5 seconds")]).pipe(
  Schedule.upTo({ times: 20 })
)

/** Meta does not follow redirects, sends no trace headers, and does not care for the body of an answer. */
const userAgent = { "user-agent": "facebookexternalua", accept: "*/*" }

export const make = Effect.fnUntraced(function* (options: Options) {
  const clock = yield* Clock.Clock
  const http = yield* HttpClient.HttpClient
  const fibers = yield* FiberSet.make<unknown, never>()
  const run = yield* FiberSet.runtime(fibers)()
  const redelivery = options.redelivery ?? defaultRedelivery
  const timeout = options.timeout ?? "10 seconds"
  const attempts: Array<Attempt> = []
  const routes = new Map<string, Route>()

  const execute = <A>(
    request: HttpClientRequest.HttpClientRequest,
    read: (response: HttpClientResponse.HttpClientResponse) => Effect.Effect<A>
  ): Effect.Effect<Result.Result<A, "NoAnswer" | "Timeout">> =>
    http.execute(HttpClientRequest.setHeaders(request, userAgent)).pipe(
      Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
      Effect.mapError(() => "NoAnswer" as const),
      Effect.flatMap(read),
      Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail("Timeout" as const) }),
      Effect.result
    )

  const statusOf = (response: HttpClientResponse.HttpClientResponse) =>
    // Reading to the end gives the connection back.
    Effect.as(Effect.ignore(response.arrayBuffer), response.status)

  const post = Effect.fnUntraced(function* (signed: Signed, deliveryId: string, number: number) {
    const at = () => DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())
    const request = (to: string) =>
      HttpClientRequest.post(to).pipe(
        HttpClientRequest.bodyText(signed.body, "application/json"),
        HttpClientRequest.setHeader("x-hub-signature-256", signed.signature)
      )
    const destination = options.destinationOf(signed.route)
    const answer = Result.isFailure(destination)
      ? Result.fail(destination.failure)
      : yield* execute(request(destination.success), statusOf)
    const attempt: Attempt = Result.match(answer, {
      onFailure: (failure) => ({ deliveryId, number, at: at(), failure }),
      onSuccess: (status) => ({ deliveryId, number, at: at(), status })
    })
    Bounded.push(attempts, attempt)
    options.onAttempt(attempt)
    return attempt
  })

  /** Sends until 200; returns after the first try. */
  const deliver = Effect.fnUntraced(function* (signed: Signed): Effect.fn.Return<Delivery> {
    const { body, signature, wamids } = signed
    const id = SecureRandom.uuidV4Unsafe()
    Bounded.set(routes, id, signed.route)
    const first = yield* Deferred.make<Attempt>()
    const settled = yield* Deferred.make<Settled>()
    const own: Array<Attempt> = []
    const fiber = run(
      Effect.suspend(() => post(signed, id, own.length + 1)).pipe(
        Effect.tap((attempt) => {
          own.push(attempt)
          return Deferred.succeed(first, attempt)
        }),
        Effect.filterOrFail(
          (attempt) => attempt.status === 200,
          (attempt) => attempt
        ),
        Effect.retry({ schedule: redelivery, while: (attempt) => attempt.failure !== "NotSubscribed" }),
        Effect.result,
        Effect.flatMap((end) => Deferred.succeed(settled, { acknowledged: Result.isSuccess(end), attempts: own }))
      )
    )
    // When the emulator stops, so does everybody who waits.
    fiber.addObserver(() => {
      Deferred.doneUnsafe(first, Effect.interrupt)
      Deferred.doneUnsafe(settled, Effect.interrupt)
    })
    return { id, body, signature, wamids, first: yield* Deferred.await(first), settled: Deferred.await(settled) }
  })

  const sign = (body: string, wamids: ReadonlyArray<string>, route: Route, secret = options.secret): Signed => ({
    route,
    body,
    signature: MetaJson.sign(body, secret),
    wamids
  })

  const verify = Effect.fnUntraced(function* (
    url: string,
    verifyToken: string
  ): Effect.fn.Return<void, HandshakeRefused> {
    // The first digit is a zero: whoever reads the challenge as a number loses it.
    const challenge = `0${Array.from(SecureRandom.randomBytesUnsafe(9), (byte) => byte % 10).join("")}`
    const answer = yield* execute(
      HttpClientRequest.get(url).pipe(
        HttpClientRequest.setUrlParams({
          "hub.mode": "subscribe",
          "hub.challenge": challenge,
          "hub.verify_token": verifyToken
        })
      ),
      (response) =>
        Effect.map(
          Effect.orElseSucceed(response.text, () => ""),
          (text) => ({ text, status: response.status })
        )
    )
    if (Result.isFailure(answer)) return yield* new HandshakeRefused({ details: answer.failure })
    const { status, text } = answer.success
    if (status !== 200) return yield* new HandshakeRefused({ status, details: `answered ${status}` })
    if (text !== challenge) return yield* new HandshakeRefused({ status, details: "did not echo the challenge" })
  })

  return {
    sign,
    deliver,
    /** Sends the same bytes to where the first went. */
    redeliver: (delivery: Delivery, route: Route) => deliver({ ...delivery, route: routes.get(delivery.id) ?? route }),
    /** Sends once, whatever the answer. */
    once: (signed: Signed) => Effect.suspend(() => post(signed, SecureRandom.uuidV4Unsafe(), 1)),
    verify,
    attempts: Effect.sync(() => attempts.slice()),
    awaitIdle: FiberSet.awaitEmpty(fibers),
    /** Runs in the background, as part of what `awaitIdle` waits for. */
    background: (work: Effect.Effect<unknown>) => void run(work)
  }
})
