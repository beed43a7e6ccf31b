/** Message states shared by several processes through Redis: one string for each message, the name of its status. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import * as Schema from "effect/Schema"
import { DeliveryStatus, highest, isStale } from "../domain/DeliveryStatus.ts"
import { MessageStatesError } from "../errors/MessageStatesError.ts"
import type { MessageStates } from "../services/MessageStates.ts"
import { keyOf } from "./MessageStatesKey.ts"
import { answer, expiry } from "./RedisStore.ts"

export interface Options {
  /** Prepended to every key. @default "whatsapp:states:" */
  readonly prefix?: string | undefined
  /** How long a message is remembered after its last status, beyond which a late status is news. @default "30 days" */
  readonly remember?: Duration.Input | undefined
}

/** Tells what was known before; the status takes its place when that is one of those it outdoes. */
const exchange = Redis.script(
  (key: string, remember: number, status: DeliveryStatus, outdone: ReadonlyArray<DeliveryStatus | "">) => [
    key,
    remember,
    status,
    ...outdone
  ],
  {
    numberOfKeys: 1,
    lua: `
local before = redis.call("GETEX", KEYS[1], "PX", ARGV[1]) or ""
for i = 3, #ARGV do
  if before == ARGV[i] then redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[1]) end
end
return before`
  }
).withReturnType<unknown>()

const outdoneBy = (status: DeliveryStatus): ReadonlyArray<DeliveryStatus | ""> => [
  ...(highest(undefined, status) === status ? ([""] as const) : []),
  ...DeliveryStatus.literals.filter((before) => before !== status && highest(before, status) === status)
]

const Reply = Schema.Union([DeliveryStatus, Schema.Literal(""), Schema.Null])
const isReply = Schema.is(Reply)

export const make = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<MessageStates["Service"], never, Redis.Redis> {
  const redis = yield* Redis.Redis
  const prefix = options?.prefix ?? "whatsapp:states:"
  const remember = expiry(options?.remember ?? "30 days")

  const ask = (key: string, question: Effect.Effect<unknown, Redis.RedisError>) =>
    answer(key, question).pipe(
      Effect.mapError((cause) => new MessageStatesError({ cause })),
      Effect.filterOrFail(isReply, () => new MessageStatesError({ cause: "a status that is none" })),
      Effect.map((status) => (status === "" || status === null ? undefined : status))
    )

  return {
    observe: (update) => {
      const key = prefix + keyOf(update)
      return Effect.map(
        ask(key, redis.eval(exchange)(key, remember, update.status, outdoneBy(update.status))),
        (before) => isStale(update.status, before)
      )
    },
    highest: (of) => {
      const key = prefix + keyOf(of)
      return ask(key, redis.send("GET", key))
    }
  }
})
