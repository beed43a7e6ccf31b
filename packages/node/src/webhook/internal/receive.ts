/**
 * What stands between a delivery and its answer, for every way in which a request can arrive: its size, its signature
 * and one append. What becomes of it is one of five outcomes, and each has its answer and its count here.
 */
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Inbox from "../../inbox/Inbox.ts"
import type { InvalidSignature, Verifier } from "../Signature.ts"
import * as OnceAMinute from "./onceAMinute.ts"
import type { BodyAborted, BodyTooLarge } from "./rawBody.ts"

export type Outcome = "kept" | "refused" | "too_large" | "aborted" | "not_kept"

export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

const empty = (status: number, headers: Answer["headers"] = {}): Answer => ({
  status,
  headers: { "content-length": "0", ...headers },
  body: ""
})
const received = `{"received":true}`

/** What Meta is told. Only 200 ends a delivery; all else makes it come again. */
export const answers: { readonly [Name in Outcome]: Answer } = {
  // 200 means kept.
  kept: {
    status: 200,
    headers: { "content-type": "application/json", "content-length": String(received.length) },
    body: received
  },
  refused: empty(401),
  too_large: empty(413, { connection: "close" }),
  // Nobody is there to read it.
  aborted: empty(400),
  // Our outage costs a delay, not a message.
  not_kept: empty(503, { "retry-after": "5" })
}

// Made once for each outcome: attributes that are added at each use cost more than the count.
const makeCount = (outcome: Outcome) => ({
  result: Effect.succeed(outcome),
  deliveries: Metric.counter("whatsapp_webhook_deliveries", {
    description: "Deliveries by what became of them",
    incremental: true,
    attributes: { outcome }
  }),
  seconds: Metric.histogram("whatsapp_webhook_ack_seconds", {
    description: "Seconds from the head of a delivery to its answer, by what became of it",
    // A quarter of a second and one second are among them: what Meta wants in the median, and for nearly all.
    boundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    attributes: { outcome }
  })
})
const counts: { readonly [Name in Outcome]: ReturnType<typeof makeCount> } = {
  kept: makeCount("kept"),
  refused: makeCount("refused"),
  too_large: makeCount("too_large"),
  aborted: makeCount("aborted"),
  not_kept: makeCount("not_kept")
}

/** A wrong secret refuses everything, and a scanner must not fill the log. */
const makeWarning = () =>
  OnceAMinute.make(
    Effect.logWarning(
      "A delivery was refused because its signature does not fit. If Meta sent it, WHATSAPP_APP_SECRET is probably wrong: " +
        "it is the app secret of the app that owns the webhook, not the access token."
    )
  )

type Failure = BodyTooLarge | BodyAborted | InvalidSignature | InboxError

/** Reads a body, checks and keeps it, and tells what became of it. It is counted, however it ends. */
export type Receive = (
  body: Effect.Effect<Uint8Array, BodyTooLarge | BodyAborted>,
  signature: string | undefined
) => Effect.Effect<Outcome>

export const make = Effect.fnUntraced(function* (verify: Verifier): Effect.fn.Return<Receive, never, Inbox.Inbox> {
  const inbox = yield* Inbox.Inbox
  const clock = yield* Clock.Clock
  const context = yield* Effect.context()
  const warn = makeWarning()

  const ended = (outcome: Outcome, startedAt: bigint): Effect.Effect<Outcome> => {
    const { deliveries, result, seconds } = counts[outcome]
    deliveries.updateUnsafe(1, context)
    // Who hung up got no answer.
    if (outcome !== "aborted") {
      seconds.updateUnsafe(Number(clock.monotonicTimeNanosUnsafe() - startedAt) / 1e9, context)
    }
    return result
  }
  const failed = (cause: Cause.Cause<Failure>, startedAt: bigint): Effect.Effect<Outcome> => {
    const error = Option.getOrUndefined(Cause.findErrorOption(cause))
    switch (error?._tag) {
      case "BodyTooLarge":
        return ended("too_large", startedAt)
      case "BodyAborted":
        return ended("aborted", startedAt)
      case "InvalidSignature":
        return Effect.andThen(warn, () => ended("refused", startedAt))
      case "InboxError":
      case undefined: {
        if (Cause.hasInterruptsOnly(cause)) return Effect.andThen(ended("aborted", startedAt), Effect.interrupt)
        // The message of an `InboxError` is made to be logged; what else may be thrown could quote a customer.
        const reason = error === undefined ? "The inbox ended unexpectedly" : error.message
        return Effect.andThen(Effect.logError(`A delivery could not be kept. ${reason}`), () =>
          ended("not_kept", startedAt)
        )
      }
    }
  }

  return (body, signature) =>
    // Only the reading is interruptible: a client that hangs up leaves no half-kept delivery, and no uncounted one.
    Effect.uninterruptibleMask((restore) => {
      const startedAt = clock.monotonicTimeNanosUnsafe()
      const kept = Effect.flatMap(restore(body), (bytes) =>
        Effect.flatMapEager(verify(bytes, signature), () => inbox.append(bytes))
      )
      return Effect.matchCauseEffect(kept, {
        onSuccess: () => ended("kept", startedAt),
        onFailure: (cause) => failed(cause, startedAt)
      })
    })
})
