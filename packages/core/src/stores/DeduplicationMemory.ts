/**
 * Deduplication in this process, made for a million keys: two generations of keys, of which the older is dropped whole.
 * Evicting one key at a time from a large `Map` costs ten times as much, because the engine scans over deleted slots.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Deduplication from "../services/Deduplication.ts"
import * as Method from "../services/Method.ts"

export interface Options extends Deduplication.Options {
  /** How many keys are remembered at most; about 220 bytes each. @default 1_000_000 */
  readonly capacity?: number | undefined
}

const forgottenEarly = Metric.counter("whatsapp_deduplication_forgotten_early", {
  description: "Keys that were forgotten before their time because the memory was full",
  incremental: true
})

/** Key to the instant at which it may be forgotten, in order of that instant. */
type Generation = Map<string, number>

export const make = Effect.fnUntraced(function* (options?: Options) {
  const clock = yield* Clock.Clock
  const { Busy, Claimed, Done } = Deduplication.Claim
  const done = Done()
  const lease = Duration.toMillis(options?.lease ?? "1 minute")
  const remember = Duration.toMillis(options?.remember ?? "8 days")
  const half = Math.max(1, Math.floor((options?.capacity ?? 1_000_000) / 2))
  const leases = new Map<string, { readonly id: string; readonly until: number }>()
  let young: Generation = new Map()
  let youngest = 0
  let old: Generation = new Map()
  let oldest = 0
  let claims = 0
  let warned = false

  const isDone = (key: string, now: number): boolean => (young.get(key) ?? old.get(key) ?? 0) > now
  const isCurrent = (token: Deduplication.Token, now: number): boolean => {
    const current = leases.get(token.key)
    return current !== undefined && current.id === token.id && current.until > now
  }
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
    if (!isCurrent(token, now)) return
    leases.delete(token.key)
    youngest = now + remember
    young.set(token.key, youngest)
  }
  const warn = (early: number) => {
    const count = Metric.update(forgottenEarly, early)
    if (warned) return count
    warned = true
    return Effect.andThen(
      count,
      Effect.logWarning(
        `Deduplication is full at ${half * 2} keys and forgets the older half before its time: ` +
          "what Meta redelivers late may be handled twice. Raise `capacity` or use a durable layer."
      )
    )
  }

  return Deduplication.Deduplication.of({
    claim: Method.make((key: string): Deduplication.Claim => {
      const now = clock.currentTimeMillisUnsafe()
      if (isDone(key, now)) return done
      const held = leases.get(key)
      if (held !== undefined && held.until > now) {
        return Busy({ until: DateTime.makeUnsafe(held.until) })
      }
      const id = String(++claims)
      leases.set(key, { id, until: now + lease })
      return Claimed({ token: { key, id } })
    }),
    complete: Object.assign(
      (token: Deduplication.Token) =>
        Effect.suspend(() => {
          const now = clock.currentTimeMillisUnsafe()
          const early = isCurrent(token, now) && isFull(now) ? rotate(now) : 0
          remembering(token, now)
          return early > 0 ? warn(early) : Effect.void
        }),
      {
        now: (token: Deduplication.Token) => {
          const now = clock.currentTimeMillisUnsafe()
          if (isFull(now)) throw new Error("The older half must go first, which may be worth a warning")
          remembering(token, now)
        }
      }
    ),
    release: Method.make((token: Deduplication.Token) => {
      if (isCurrent(token, clock.currentTimeMillisUnsafe())) leases.delete(token.key)
    }),
    keptBy: "process"
  })
})
