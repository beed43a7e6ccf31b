/**
 * Deduplication shared by several processes through Redis: one string for each key, which Redis drops in time. While the
 * lease lasts it is the id of the claim, and then "done". The script reads and writes one key, so it is atomic, on a
 * cluster too.
 */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import * as Schema from "effect/Schema"
import { DeduplicationError } from "../errors/DeduplicationError.ts"
import * as Deduplication from "../services/Deduplication.ts"
import { answer, expiry } from "./RedisStore.ts"

export interface Options extends Deduplication.Options {
  /** Prepended to every key; another one for each program that handles everything itself. @default "whatsapp:dedup:" */
  readonly prefix?: string | undefined
}

/**
 * One script for all, so that whoever can claim can release. ARGV: what to do, the id of the claim, and for how many
 * milliseconds. Tells what stands in the way of a claim, and for how long; nothing when it is granted. The others
 * compare before they write: a claim that outlived its lease must not touch its successor's.
 */
const script = Redis.script(
  (key: string, act: "claim" | "complete" | "release", id: string, millis: number) => [key, act, id, millis],
  {
    numberOfKeys: 1,
    lua: `
local held = redis.call("GET", KEYS[1])
if ARGV[1] == "claim" then
  if held then return {held, redis.call("PTTL", KEYS[1])} end
  redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
elseif held == ARGV[2] then
  if ARGV[1] == "complete" then redis.call("SET", KEYS[1], "done", "PX", ARGV[3]) else redis.call("DEL", KEYS[1]) end
end`
  }
).withReturnType<unknown>()

const Reply = Schema.Union([
  Schema.Null,
  Schema.Tuple([Schema.Literal("done"), Schema.Number]),
  Schema.Tuple([Schema.String.check(Schema.isUUID(4)), Schema.Number.check(Schema.isGreaterThanOrEqualTo(0))])
])
const isReply = Schema.is(Reply)

/** The end of time, for leases that never end. */
const lastInstant = 8.64e15

/** Redis knows bytes, in which halves of surrogate pairs would all be the same. No two keys become one. */
const wellFormed = (key: string): string => (key.isWellFormed() && !key.startsWith('"') ? key : JSON.stringify(key))

export const make = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<Deduplication.Deduplication["Service"], never, Redis.Redis> {
  const redis = yield* Redis.Redis
  const { Busy, Claimed, Done } = Deduplication.Claim
  const prefix = options?.prefix ?? "whatsapp:dedup:"
  // Redis keeps a key to the end of its last millisecond.
  const lease = Math.max(1, expiry(options?.lease ?? "1 minute") - 1)
  const remember = expiry(options?.remember ?? "8 days")

  const nameOf = (key: string) => prefix + wellFormed(key)
  const ask = ({ id, key }: Deduplication.Token, act: "claim" | "complete" | "release", millis: number) =>
    answer(nameOf(key), redis.eval(script)(nameOf(key), act, id, millis)).pipe(
      Effect.mapError((cause) => new DeduplicationError({ cause }))
    )
  /** Redis may grant, sooner or later, what nobody waits for any more: that lease is ended behind it. */
  const giveBack = ({ id, key }: Deduplication.Token) =>
    Effect.forkDetach(Effect.ignore(redis.eval(script)(nameOf(key), "release", id, 0)), { startImmediately: true })

  return {
    claim: Effect.fnUntraced(function* (key) {
      const token = { key, id: SecureRandom.uuidV4Unsafe() }
      const reply = yield* Effect.onError(ask(token, "claim", lease), () => giveBack(token))
      // Without the value itself, of which nothing is known.
      if (!isReply(reply)) return yield* new DeduplicationError({ cause: "a value that is no claim" })
      if (reply === null) return Claimed({ token })
      const [held, left] = reply
      if (held === "done") return Done()
      const until = (yield* Clock.currentTimeMillis) + left + 1
      return Busy({ until: DateTime.makeUnsafe(Math.min(until, lastInstant)) })
    }),
    complete: (token) => Effect.asVoid(ask(token, "complete", remember)),
    release: (token) => Effect.asVoid(ask(token, "release", 0))
  }
})
