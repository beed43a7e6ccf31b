/** What the stores over Redis have in common. */
import * as Duration from "effect/Duration"

/** How long an answer is waited for: a client that reconnects holds its commands back, and the question may come again. */
export const patience: Duration.Input = "5 seconds"

/** For how many milliseconds a key is kept; at most for as long as Redis can count. */
export const expiry = (remember: Duration.Input): number =>
  Math.min(Math.ceil(Duration.toMillis(remember)), Number.MAX_SAFE_INTEGER)
