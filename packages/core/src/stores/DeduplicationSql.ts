/**
 * Deduplication of one process in a SQL database: leases live in this process, and so end with it; a key that is done
 * is in memory first, and the journal keeps it.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { DeduplicationError } from "../errors/DeduplicationError.ts"
import * as Deduplication from "../services/Deduplication.ts"
import * as Method from "../services/Method.ts"
import { fingerprint } from "./fingerprint.ts"
import * as ForgottenEarly from "./ForgottenEarly.ts"
import * as Leases from "./Leases.ts"
import * as SqlMap from "./SqlMap.ts"

export interface Options extends Deduplication.Options {
  /** How many keys are remembered at most; about 35 bytes each on disk. @default 20_000_000 */
  readonly capacity?: number | undefined
  /**
   * How many keys are gathered, on disk and in memory, before they are moved to their place in the table together; 0
   * writes each there at once, which costs more the more keys there are. @default 100_000
   */
  readonly log?: number | undefined
}

export const make = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<Deduplication.Deduplication["Service"], SqlError, SqlClient.SqlClient | Scope.Scope> {
  const clock = yield* Clock.Clock
  const capacity = options?.capacity ?? 20_000_000
  const isDone = Deduplication.Claim.Done()
  const done = Effect.succeed(isDone)
  const leases = Leases.make(Duration.toMillis(options?.lease ?? "1 minute"))
  const warn = ForgottenEarly.make(capacity, "Raise `capacity`.")
  const keys = yield* SqlMap.make({
    store: "deduplication",
    remember: options?.remember ?? "8 days",
    capacity,
    encode: fingerprint,
    log: options?.log ?? 100_000
  })

  const claim = (key: string): Effect.Effect<Deduplication.Claim, DeduplicationError> =>
    Effect.suspend(() => {
      const now = clock.currentTimeMillisUnsafe()
      const held = leases.held(key, now)
      if (held !== undefined) return Effect.succeed(held)
      const known = keys.peek(key)
      if (known === null) return Effect.succeed(leases.grant(key, now))
      return known === undefined ? loadAndClaim(key) : done
    })
  /** Claims again, since somebody else may have in the meantime. */
  const loadAndClaim = (key: string) =>
    Effect.matchEffect(keys.load(key), {
      onFailure: (cause) => Effect.fail(new DeduplicationError({ cause })),
      onSuccess: (known) => (known === null ? claim(key) : done)
    })

  return {
    claim: Object.assign(claim, {
      now: (key: string) => {
        const now = clock.currentTimeMillisUnsafe()
        return leases.held(key, now) ?? (keys.find(key) === null ? leases.grant(key, now) : isDone)
      }
    }),
    complete: Object.assign(
      (token: Deduplication.Token) =>
        Effect.suspend(() => {
          if (!leases.end(token, clock.currentTimeMillisUnsafe())) return Effect.void
          const early = keys.set(token.key, "")
          return early > 0 ? warn(early) : Effect.void
        }),
      {
        now: (token: Deduplication.Token) => {
          if (keys.isFull()) throw new Error("Others must go first, which may be worth a warning")
          if (leases.end(token, clock.currentTimeMillisUnsafe())) keys.set(token.key, "")
        }
      }
    ),
    release: Method.make((token: Deduplication.Token) => void leases.end(token, clock.currentTimeMillisUnsafe())),
    keptBy: keys.journal
  }
})
