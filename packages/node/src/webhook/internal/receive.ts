/**
 * What stands between a delivery and its answer, for every way in which a request can arrive: its size, its signature
 * and one append. What becomes of it is one of five outcomes, and each has its answer and its count here.
 */
import { InboxError } from "@effect-whatsapp/core/errors"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Schema from "effect/Schema"
import * as Inbox from "../../inbox/Inbox.ts"
import type { Verifier } from "../Signature.ts"
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

/** Reads a body, checks and keeps it, and tells what became of it. It is counted, however it ends. */
export type Receive = (
  body: Effect.Effect<Uint8Array, BodyTooLarge | BodyAborted>,
  signature: string | undefined
) => Effect.Effect<Outcome>

export const make = Effect.fnUntraced(function* (verify: Verifier): Effect.fn.Return<Receive, never, Inbox.Inbox> {
  const inbox = yield* Inbox.Inbox
  const clock = yield* Clock.Clock
  const warn = makeWarning()

  const count = (outcome: Outcome, startedAt: bigint) =>
    Effect.withFiberSucceed(({ context }) => {
      const { deliveries, seconds } = counts[outcome]
      deliveries.updateUnsafe(1, context)
      // Who hung up got no answer.
      if (outcome !== "aborted") {
        seconds.updateUnsafe(Number(clock.monotonicTimeNanosUnsafe() - startedAt) / 1e9, context)
      }
      return outcome
    })
  const keep = (body: Uint8Array) =>
    Effect.matchCauseEffect(inbox.append(body), {
      onSuccess: () => kept,
      onFailure: (cause) => Effect.andThen(Effect.logError(`A delivery could not be kept. ${reasonOf(cause)}`), notKept)
    })

  return (body, signature) =>
    // Uninterruptible but for the reading: a client that hangs up never leaves a half-kept delivery, or an uncounted one.
    Effect.uninterruptibleMask((restore) => {
      const startedAt = clock.monotonicTimeNanosUnsafe()
      return restore(body).pipe(
        Effect.onInterrupt(() => count("aborted", startedAt)),
        Effect.flatMap((bytes) => Effect.andThen(verify(bytes, signature), keep(bytes))),
        Effect.catchTags({
          BodyTooLarge: () => tooLarge,
          BodyAborted: () => aborted,
          InvalidSignature: () => Effect.as(warn, "refused" as const)
        }),
        Effect.flatMap((outcome) => count(outcome, startedAt))
      )
    })
})

const kept = Effect.succeed<Outcome>("kept")
const notKept = Effect.succeed<Outcome>("not_kept")
const tooLarge = Effect.succeed<Outcome>("too_large")
const aborted = Effect.succeed<Outcome>("aborted")

const isInboxError = Schema.is(InboxError)

/** The message of an `InboxError` is made to be logged; what else an inbox may throw could quote a customer. */
const reasonOf = (cause: Cause.Cause<InboxError>): string => {
  const error = Cause.squash(cause)
  return isInboxError(error) ? error.message : "The inbox ended unexpectedly"
}
