/**
 * Deduplication in this process, made for a million keys: two generations of keys, of which the older is dropped whole.
 * Evicting one key at a time from a large `Map` costs ten times as much, because the engine scans over deleted slots.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Deduplication from "../services/Deduplication.ts"
import * as ForgottenEarly from "./ForgottenEarly.ts"
import * as Leases from "./Leases.ts"
import * as Method from "../services/Method.ts"

export interface Options extends Deduplication.Options {
  /** How many keys are remembered at most; about 220 bytes each. @default 1_000_000 */
  readonly capacity?: number | undefined
}

/** Key to the instant at which it may be forgotten, in order of that instant. */
type Generation = Map<string, number>

export const make = Effect.fnUntraced(function* (options?: Options) {
  const clock = yield* Clock.Clock
  const done = Deduplication.Claim.Done()
  const remember = Duration.toMillis(options?.remember ?? "8 days")
  const half = Math.max(1, Math.floor((options?.capacity ?? 1_000_000) / 2))
  const leases = Leases.make(Duration.toMillis(options?.lease ?? "1 minute"))
  const warn = ForgottenEarly.make(half * 2, "Raise `capacity` or use a durable layer.")
  let young: Generation = new Map()
  let youngest = 0
  let old: Generation = new Map()
  let oldest = 0

  const isDone = (key: string, now: number): boolean => (young.get(key) ?? old.get(key) ?? 0) > now
  /** Drops the older generation, and tells how many keys of it had time left. */
  const rotate = (now: number): number => {
    const early = oldest > now ? old.size : 0
    old = young
    oldest = youngest
    young = new Map()
    return early
  }
  const isFull = (now: number): boolean => {
    const [first] = young.values()
    return young.size >= half || (first !== undefined && first <= now)
  }
  const remembering = (token: Deduplication.Token, now: number): void => {
    youngest = now + remember
    young.set(token.key, youngest)
  }

  return Deduplication.Deduplication.of({
    claim: Method.make((key: string): Deduplication.Claim => {
      const now = clock.currentTimeMillisUnsafe()
      if (isDone(key, now)) return done
      return leases.held(key, now) ?? leases.grant(key, now)
    }),
    complete: Object.assign(
      (token: Deduplication.Token) =>
        Effect.suspend(() => {
          const now = clock.currentTimeMillisUnsafe()
          if (!leases.end(token, now)) return Effect.void
          const early = isFull(now) ? rotate(now) : 0
          remembering(token, now)
          return early > 0 ? warn(early) : Effect.void
        }),
      {
        now: (token: Deduplication.Token) => {
          const now = clock.currentTimeMillisUnsafe()
          if (isFull(now)) throw new Error("The older half must go first, which may be worth a warning")
          if (leases.end(token, now)) remembering(token, now)
        }
      }
    ),
    release: Method.make((token: Deduplication.Token) => void leases.end(token, clock.currentTimeMillisUnsafe())),
    keptBy: "process"
  })
})
