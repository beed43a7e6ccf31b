import { assert, describe, layer } from "@effect/vitest"
import { DeduplicationError } from "@effect-whatsapp/core/errors"
import { Deduplication } from "@effect-whatsapp/core/services"
import { DeduplicationContract } from "@effect-whatsapp/core/testing"
import { Clock, Context, DateTime, Duration, Effect, Fiber, Layer, Number } from "effect"
import { Redis } from "effect/persistence"
import { TimeoutError } from "redis"
import { afterFiveSeconds, connection, daysLeft, describeRedis, layerRedis, printsOf, RedisServer } from "./redis.ts"

type Service = Deduplication.Deduplication["Service"]
/** What one process has: a connection of its own. */
const processOf = (options?: Parameters<typeof Deduplication.layerRedis>[0]) =>
  Effect.map(
    Layer.build(Layer.provide(Deduplication.layerRedis(options), connection)),
    Context.get(Deduplication.Deduplication)
  )

const claimed = Effect.fnUntraced(function* ({ claim }: Service, key: string) {
  const answer = yield* claim(key)
  assert(answer._tag === "Claimed", `${answer._tag} instead of Claimed`)
  return answer.token
})
const busy = Effect.fnUntraced(function* ({ claim }: Service, key: string) {
  const answer = yield* claim(key)
  assert(answer._tag === "Busy", `${answer._tag} instead of Busy`)
  return answer.until
})
const tagOf = ({ claim }: Service, key: string) => Effect.map(claim(key), ({ _tag }) => _tag)

/** Waits for what the clock says: a timer of Node may be early by as much as its turn was long. */
const wait = Effect.fnUntraced(function* (duration: Duration.Duration) {
  const end = (yield* Clock.currentTimeMillis) + Duration.toMillis(duration)
  for (let left = duration; Duration.isGreaterThan(left, Duration.zero);) {
    yield* Effect.sleep(left)
    left = Duration.millis(Math.max(0, end - (yield* Clock.currentTimeMillis)))
  }
})

// Redis has a clock of its own, so these wait; all at once.
describeRedis("deduplication in Redis, in real time", () => {
  layer(layerRedis, { excludeTestServices: true })((it) => {
    describe.concurrent("", () => {
      const times = { lease: "2 seconds", remember: "5 seconds" } as const
      for (const law of DeduplicationContract.laws({ wait, ...times })) {
        it.effect(law.name, () => Effect.provide(law.run, Deduplication.layerRedis(times)), 15_000)
      }

      it.effect(
        "lets a key be claimed at the very instant until which it is Busy",
        Effect.fn(function* () {
          const store = yield* processOf({ prefix: "instant:", lease: "50 millis" })
          const claimTwice = Effect.fnUntraced(function* (i: number) {
            yield* Effect.sleep(Duration.millis(i * 7.3))
            const key = String(i)
            const [, second] = yield* Effect.all([claimed(store, key), store.claim(key)], { concurrency: "unbounded" })
            // On a machine that is very busy the lease may be over already.
            if (second._tag !== "Busy") return 0
            yield* wait(DateTime.distance(yield* DateTime.now, second.until))
            yield* claimed(store, key)
            return 1
          })
          const seen = yield* Effect.forEach(Array.from({ length: 60 }).keys(), claimTwice, {
            concurrency: "unbounded"
          })
          assert.isAbove(Number.sumAll(seen), 30)
        })
      )
    })
  })
})

describeRedis("deduplication in Redis", () => {
  layer(layerRedis)((it) => {
    it.effect(
      "grants a key to exactly one of several machines, and tells each of them when it is done",
      Effect.fn(function* () {
        const machines = yield* Effect.forEach([0, 1, 2], () => processOf({ prefix: "machines:" }))
        const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`)
        const claims = yield* Effect.forEach(
          machines,
          (store) => Effect.forEach(keys, (key) => store.claim(key), { concurrency: "unbounded" }),
          { concurrency: "unbounded" }
        )
        const tokens = claims.flat().flatMap((claim) => (claim._tag === "Claimed" ? [claim.token] : []))
        assert.strictEqual(tokens.length, keys.length)
        assert.sameMembers(
          tokens.map(({ key }) => key),
          keys
        )
        assert.strictEqual(new Set(tokens.map(({ id }) => id)).size, keys.length)

        // A token is proof wherever it is shown.
        const [first, second] = machines
        assert(first !== undefined && second !== undefined)
        yield* Effect.forEach(tokens, (token, i) => (i % 2 === 0 ? first.complete(token) : second.release(token)))
        for (const store of machines) {
          for (const [i, { key }] of tokens.entries()) {
            if (i % 2 === 0) assert.strictEqual(yield* tagOf(store, key), "Done")
            else yield* store.release(yield* claimed(store, key))
          }
        }
      })
    )

    it.effect(
      "says when the lease of another machine ends, by the clock of the one that asks",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const [one, other] = yield* Effect.all([
          processOf({ prefix: "until:" }),
          processOf({ prefix: "until:", lease: "5 minutes" })
        ])
        const left = Effect.fnUntraced(function* (until: DateTime.Utc) {
          return Duration.toMillis(DateTime.distance(yield* DateTime.now, until))
        })
        yield* claimed(one, "a")
        const ofOne = yield* left(yield* busy(other, "a"))
        assert(ofOne > 50_000 && ofOne <= 60_000, String(ofOne))
        yield* claimed(other, "b")
        const ofOther = yield* left(yield* busy(one, "b"))
        assert(ofOther > 290_000 && ofOther <= 300_000, String(ofOther))
        yield* redis.send("PEXPIRE", "until:b", "1000")
        const later = yield* left(yield* busy(one, "b"))
        assert(later > 0 && later <= 1001, String(later))
      })
    )

    it.effect(
      "remembers for eight days, a day longer than Meta redelivers, or for as long as is asked",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const eight = yield* processOf({ prefix: "days:" })
        const token = yield* claimed(eight, "a")
        const lease = yield* redis.send<number>("PTTL", "days:a")
        assert(lease > 50_000 && lease < 60_000, String(lease))
        yield* eight.complete(token)
        assert.deepStrictEqual(yield* daysLeft("days:"), [8])

        const thirty = yield* processOf({ prefix: "days:", remember: "30 days" })
        assert.strictEqual(yield* tagOf(thirty, "a"), "Done")
        yield* thirty.complete(yield* claimed(thirty, "b"))
        assert.sameMembers([...(yield* daysLeft("days:"))], [8, 30])

        // What the end of that time does.
        yield* redis.send("FLUSHDB")
        yield* claimed(eight, "a")
      })
    )

    it.effect(
      "keeps nothing of what was released",
      Effect.fn(function* () {
        const store = yield* processOf({ prefix: "released:" })
        yield* store.release(yield* claimed(store, "a"))
        assert.deepStrictEqual(yield* daysLeft("released:"), [])
      })
    )

    it.effect(
      "takes times that never end, and times of nothing",
      Effect.fn(function* () {
        const never = yield* processOf({ prefix: "never:", lease: "Infinity", remember: "Infinity" })
        const token = yield* claimed(never, "a")
        assert.isAbove((yield* busy(never, "a")).epochMilliseconds, Duration.toMillis(Duration.days(365 * 100_000)))
        yield* never.complete(token)
        const [left = 0] = yield* daysLeft("never:")
        assert.isAbove(left, 365 * 100_000)

        const nothing = yield* processOf({ prefix: "nothing:", lease: 0, remember: 0 })
        yield* nothing.complete(yield* claimed(nothing, "a"))
      })
    )

    it.effect(
      "keeps keys of any characters and length apart",
      Effect.fn(function* () {
        const store = yield* processOf({ prefix: "{odd} \n:" })
        const long = "x".repeat(100_000)
        const keys = [
          ["", "{", "}", "{a}", "{}", "{{a}}", "\n", "\r\n", "\0", "a\0b", "a", "a ", " a", "*", "?", "[a]", "\\"],
          ["ß", "SS", "é", "e\u0301", "\u{1F600}", "\ufffd", "\ud83d", "\ude00", "\ud83d\ud83d", "a\ud800"],
          ['"', '""', '"a"', '"\\ud83d"', '"\\ude00"', "done", "$0", "KEYS[1]", long, `${long}y`]
        ].flat()
        const tokens = yield* Effect.forEach(keys, (key) => claimed(store, key))
        for (const key of keys) yield* busy(store, key)
        yield* Effect.forEach(tokens, (token, i) => (i % 2 === 0 ? store.complete(token) : store.release(token)))
        for (const [i, key] of keys.entries()) {
          assert.strictEqual(
            yield* tagOf(store, key),
            i % 2 === 0 ? "Done" : "Claimed",
            JSON.stringify(key.slice(0, 9))
          )
        }
      })
    )

    it.effect(
      "is a store of its own, so that it is told of an item only when the inbox keeps its tasks",
      Effect.fn(function* () {
        assert.isUndefined((yield* processOf()).keptBy)
      })
    )
  })
})

describeRedis("an error of deduplication in Redis", () => {
  layer(layerRedis)((it) => {
    const phone = "16505550177"
    const key = `messages/207311904455012/message/wamid.${phone}`
    /** Fails, names its error, and gives nothing of the key away. */
    const failing = Effect.fnUntraced(function* (method: Effect.Effect<unknown, DeduplicationError>) {
      const error = yield* Effect.flip(method)
      assert.instanceOf(error, DeduplicationError)
      const print = printsOf(error)
      for (const part of [phone, "wamid", "207311904455012"]) assert.notInclude(print, part)
      return print
    })
    const methods = ({ claim, complete, release }: Service, token: Deduplication.Token) => [
      failing(claim(key)),
      failing(complete(token)),
      failing(release(token))
    ]
    const allFail = (store: Service, token: Deduplication.Token) => Effect.all(methods(store, token))
    const allFailInTime = (store: Service, token: Deduplication.Token) =>
      Effect.forEach(methods(store, token), afterFiveSeconds)

    it.effect(
      "comes within five seconds when Redis does not answer, and nothing was admitted that nobody heard of",
      Effect.fn(function* () {
        const { freeze, thaw } = yield* RedisServer
        const [asked, never] = yield* Effect.all([processOf({ prefix: "frozen:" }), processOf({ prefix: "frozen:" })])
        const before = yield* claimed(asked, "before")
        yield* freeze
        yield* Effect.gen(function* () {
          yield* allFailInTime(asked, before)
          yield* afterFiveSeconds(failing(asked.claim(key)))
          yield* afterFiveSeconds(failing(never.claim("first question of this process")))
          yield* afterFiveSeconds(failing(never.complete({ key, id: "never" })))
          const question = asked.claim("a question that is given up")
          yield* Fiber.interrupt(yield* Effect.forkChild(question, { startImmediately: true }))
        }).pipe(Effect.ensuring(thaw))
        // Redis does now what it was told: the claims are given back, and what was asked again is done.
        yield* asked.complete(yield* claimed(asked, key))
        assert.strictEqual(yield* tagOf(never, key), "Done")
        yield* claimed(never, "first question of this process")
        yield* claimed(asked, "a question that is given up")
      })
    )

    it.effect(
      "comes within five seconds when Redis is gone, and what was claimed is not done when an empty one is in its place",
      Effect.fn(function* () {
        const { start, stop } = yield* RedisServer
        const store = yield* processOf({ prefix: "gone:" })
        const late = yield* claimed(store, key)
        yield* stop
        yield* Effect.ensuring(allFailInTime(store, late), start)
        yield* store.complete(late)
        const token = yield* claimed(store, key)
        yield* store.release(late)
        yield* busy(store, key)
        yield* store.complete(token)
        assert.strictEqual(yield* tagOf(store, key), "Done")
      })
    )

    it.effect(
      "comes when a key holds what is no claim of ours, which is left as it is",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const store = yield* processOf({ prefix: "odd:" })
        const token = yield* claimed(store, key)
        const others = [
          ["SET", phone],
          ["SET", phone, "PX", "60000"],
          ["SET", ""],
          ["SET", `${token.id} `],
          ["SET", "DONE"],
          // A claim that would never end.
          ["SET", "11111111-1111-4111-8111-111111111111"],
          ["RPUSH", phone],
          ["HSET", phone, phone]
        ]
        for (const [command = "", ...args] of others) {
          yield* redis.send("DEL", `odd:${key}`)
          yield* redis.send(command, `odd:${key}`, ...args)
          yield* failing(store.claim(key))
          yield* Effect.ignore(store.complete(token))
          yield* Effect.ignore(store.release(token))
          yield* failing(store.claim(key))
        }
      })
    )

    it.effect(
      "says what Redis says, up to where that quotes the question",
      Effect.fn(function* () {
        const redis = yield* Redis.Redis
        const store = yield* processOf({ prefix: "" })
        const token = yield* claimed(store, key)
        yield* redis.send("ACL", "SETUSER", "default", "resetkeys")
        const refused = yield* Effect.ensuring(
          allFail(store, token),
          Effect.ignore(redis.send("ACL", "SETUSER", "default", "allkeys"))
        )
        for (const print of refused) assert.include(print, "NOPERM")

        /** As a Redis says it that has no EVALSHA, cut short, and as a client does that shows the whole command. */
        const quoting = Layer.mock(Redis.Redis, {
          eval:
            (script) =>
            (...params) => {
              const args = ["<sha>", "1", ...script.params(...params)]
              const quoted = args.map((arg) => `'${String(arg)}'`).join(" ")
              const said = `ERR unknown command 'EVALSHA', with args beginning with: ${quoted.slice(0, 60)}`
              return Effect.fail(new Redis.RedisError({ cause: Object.assign(new Error(said), { args }) }))
            }
        })
        for (const options of [{}, { prefix: "" }]) {
          const service = Layer.provide(Deduplication.layerRedis(options), quoting)
          const quoted = yield* allFail(Context.get(yield* Layer.build(service), Deduplication.Deduplication), token)
          for (const print of quoted) assert.include(print, "unknown command 'EVALSHA'")
        }

        /** As the client says it whose patience ends before ours, and one of which nothing is known. */
        for (const [cause, words] of [
          [new TimeoutError(), "TimeoutError"],
          [Object.create(null), "an error without words"]
        ] as const) {
          const silent = Layer.mock(Redis.Redis, { eval: () => () => Effect.fail(new Redis.RedisError({ cause })) })
          const service = Layer.provide(Deduplication.layerRedis(), silent)
          const said = yield* allFail(Context.get(yield* Layer.build(service), Deduplication.Deduplication), token)
          for (const print of said) assert.include(print, words)
        }
      })
    )
  })
})
