/**
 * Identities shared by several processes through Redis: one string for each link, under a key that names the business
 * number as its hash tag, so that the links of one number are in one slot and a script may follow them.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redis from "effect/persistence/Redis"
import * as Schema from "effect/Schema"
import type { PhoneNumberId } from "../domain/Ids.ts"
import { IdentitiesError } from "../errors/IdentitiesError.ts"
import type { Identities } from "../services/Identities.ts"
import { keysOf, knownAs, maxHops, nobody } from "./IdentitiesKey.ts"
import { answer, expiry } from "./RedisStore.ts"

export interface Options {
  /** Prepended to every key. @default "whatsapp:identities:" */
  readonly prefix?: string | undefined
  /** How long a link is kept after it was last used. @default "90 days" */
  readonly remember?: Duration.Input | undefined
}

// KEYS[1] is the common beginning of the keys of one number, ARGV[1] the milliseconds that a link lives on.
const links = `
local function head(key)
  for _ = 1, ${maxHops} do
    local to = redis.call("GETEX", KEYS[1] .. key, "PX", ARGV[1])
    if not to then return key end
    key = to
  end
  return key
end
local function has(key) return redis.call("EXISTS", KEYS[1] .. key) == 1 end
-- Links only to where a chain ends, and never to itself: so there is no loop.
local function link(from, to)
  if from ~= to and not has(to) then redis.call("SET", KEYS[1] .. from, to, "PX", ARGV[1]) end
end
`
const script = (lua: string) =>
  Redis.script((of: string, remember: number, ...keys: ReadonlyArray<string>) => [of, remember, ...keys], {
    numberOfKeys: 1,
    lua: links + lua
  }).withReturnType<unknown>()

const find = script(`return head(ARGV[2])`)
const observe = script(`
local t = head(ARGV[2])
if head(ARGV[3]) ~= t then link(ARGV[3], t) end
return t`)
/** The keys of the previous and the current user, then their phones: an empty text where there is none beside the key. */
const merge = script(`
local t = head(ARGV[3])
link(head(ARGV[2]), t)
-- The old phone may be somebody else's by now: what is known of it is newer than this.
if ARGV[4] ~= "" and not has(ARGV[4]) then link(ARGV[4], t) end
if ARGV[5] ~= "" then link(ARGV[5], t) end
return t`)

/** Deletes those of the keys that lead to a target, and tells which they were: all that lead to them do so too. */
const forget = Redis.script((of: string, targets: string, ...keys: ReadonlyArray<string>) => [of, targets, ...keys], {
  numberOfKeys: 1,
  lua: `
local targets = {}
for _, target in ipairs(cjson.decode(ARGV[1])) do targets[target] = true end
local found = {}
for i = 2, #ARGV do
  local key = ARGV[i]
  for _ = 1, ${maxHops} do
    local to = redis.call("GET", KEYS[1] .. key)
    if not to then break end
    key = to
    if targets[key] then break end
  end
  if key ~= ARGV[i] and targets[key] then table.insert(found, ARGV[i]) end
end
for _, key in ipairs(found) do redis.call("DEL", KEYS[1] .. key) end
return found`
}).withReturnType<unknown>()

const Keys = Schema.Array(Schema.String)
const isKeys = Schema.is(Keys)
const isPage = Schema.is(Schema.Tuple([Schema.String, Keys]))
const literally = (text: string): string => text.replaceAll(/[*?[\]\\]/g, "\\$&")

export const make = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<Identities["Service"], never, Redis.Redis> {
  const redis = yield* Redis.Redis
  const prefix = options?.prefix ?? "whatsapp:identities:"
  const remember = expiry(options?.remember ?? "90 days")

  const run = Effect.fnUntraced(
    function* (which: typeof find, number: PhoneNumberId, ...keys: ReadonlyArray<string>) {
      const of = `${prefix}{${number}}:`
      const head = yield* answer(of, redis.eval(which)(of, remember, ...keys))
      const known = typeof head === "string" ? knownAs(head) : undefined
      // Without the text itself, which may be an id.
      return known ?? (yield* Effect.fail("a link to what is neither a BSUID nor a phone"))
    },
    Effect.mapError((cause) => new IdentitiesError({ cause }))
  )

  /** Looks through all keys of the store, a thousand at a time. */
  const forgetAll = Effect.fnUntraced(
    function* (number: PhoneNumberId, head: string) {
      const of = `${prefix}{${number}}:`
      const targets = [head]
      let cursor = "0"
      do {
        const page = yield* answer(of, redis.send("SCAN", cursor, "MATCH", `${literally(of)}*`, "COUNT", "1000"))
        if (!isPage(page)) return yield* Effect.fail("a page of keys that is none")
        const keys = page[1].map((key) => key.slice(of.length))
        const forgotten = yield* answer(of, redis.eval(forget)(of, JSON.stringify(targets), ...keys))
        if (!isKeys(forgotten)) return yield* Effect.fail("a list of keys that is none")
        targets.push(...forgotten)
        cursor = page[0]
      } while (cursor !== "0")
    },
    Effect.mapError((cause) => new IdentitiesError({ cause }))
  )

  const service: Identities["Service"] = {
    observe: (number, user) => {
      const keys = keysOf(user)
      if (keys === undefined) return Effect.succeed(nobody)
      return keys.phone === undefined ? run(find, number, keys.key) : run(observe, number, keys.key, keys.phone)
    },
    find: (number, user) => {
      const keys = keysOf(user)
      return keys === undefined ? Effect.succeed(nobody) : run(find, number, keys.key)
    },
    merge: (number, previous, current) => {
      const was = keysOf(previous)
      const is = keysOf(current)
      if (was === undefined) return service.observe(number, current)
      if (is === undefined) return service.observe(number, previous)
      return run(merge, number, was.key, is.key, was.phone ?? "", is.phone ?? "")
    },
    forget: Effect.fnUntraced(function* (number, user) {
      const keys = keysOf(yield* service.find(number, user))
      if (keys !== undefined) yield* forgetAll(number, keys.key)
    })
  }
  return service
})
