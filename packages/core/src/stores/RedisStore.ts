/** What the stores over Redis have in common. */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RedisError } from "effect/persistence/Redis"

/** How long an answer is waited for: a client that reconnects holds its commands back, and the question may come again. */
const patience: Duration.Input = "5 seconds"

/** For how many milliseconds a key is kept; at least one, and at most for as long as Redis can count. */
export const expiry = (remember: Duration.Input): number =>
  Math.min(Math.max(1, Math.ceil(Duration.toMillis(remember))), Number.MAX_SAFE_INTEGER)

/** As much of a key as tells that a text quotes it, though the text may cut it short. */
const telling = 12

/** Some errors of clients have nothing but a class. */
const words = (cause: unknown): string => {
  if (cause instanceof Error) return `${cause.constructor.name}: ${cause.message}`
  return typeof cause === "string" ? cause : "an error without words"
}

/** Redis and its clients quote the question in some errors, and ids may stand in it: what they say is told up to there. */
const reason = (key: string, error: RedisError | Cause.TimeoutError): string => {
  if (error._tag === "TimeoutError") return error.message
  const said = words(error.cause)
  const quoted = said.indexOf(key.slice(0, telling))
  return quoted === -1 ? said : `${said.slice(0, quoted)}…`
}

/** Waits for the answer to a question that begins with `key`. Fails with why there is none, in words without the key. */
export const answer = <A>(key: string, question: Effect.Effect<A, RedisError>): Effect.Effect<A, string> =>
  question.pipe(
    Effect.timeout(patience),
    Effect.mapError((error) => reason(key, error))
  )
