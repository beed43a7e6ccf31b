/** Any interleaving of actors that claim, complete, release and die, beside a model too simple to be wrong. */
import { assert, describe, it } from "@effect/vitest"
import { Deduplication } from "@effect-whatsapp/core/services"
import { SqliteClient } from "@effect-whatsapp/node/inbox"
import { Arbitrary, Clock, Duration, Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { newFile } from "./sqlite.ts"

const keys = ["a", "b", "c"] as const
const actors = [0, 1, 2] as const
const lease = Duration.minutes(1)
const remember = Duration.days(8)

const on = { key: Schema.Literals(keys), actor: Schema.Literals(actors) }
const Command = Schema.Union([
  Schema.TaggedStruct("Claim", on),
  Schema.TaggedStruct("ClaimAll", on),
  Schema.TaggedStruct("Complete", on),
  Schema.TaggedStruct("Release", on),
  Schema.TaggedStruct("Die", { actor: on.actor }),
  Schema.TaggedStruct("Wait", {
    millis: Schema.Literals([1, 30_000, 59_999, 60_000, Duration.toMillis("4 days"), Duration.toMillis(remember)])
  })
])
type Command = typeof Command.Type

/** What is true of a key: nothing, a holder with the end of the lease, or the end of the memory. */
type State =
  | { readonly _tag: "Free" }
  | { readonly _tag: "Held"; readonly id: string; readonly until: number }
  | { readonly _tag: "Done"; readonly until: number }

const run = Effect.fnUntraced(function* (commands: ReadonlyArray<Command>) {
  const { claim, complete, release } = yield* Deduplication.Deduplication
  const states = new Map<string, State>()
  const tokens = new Map<string, Deduplication.Token>()
  const seen = new Set<string>()

  const stateOf = (key: string, now: number): State => {
    const state = states.get(key) ?? { _tag: "Free" }
    return state._tag === "Free" || state.until <= now ? { _tag: "Free" } : state
  }
  const claimOnce = Effect.fnUntraced(function* (key: string, actor: number) {
    const now = yield* Clock.currentTimeMillis
    const state = stateOf(key, now)
    const answer = yield* claim(key)
    switch (state._tag) {
      case "Done":
        // Never admitted twice within the memory of it.
        return assert.strictEqual(answer._tag, "Done")
      case "Held":
        // Never two current claims of one key.
        assert(answer._tag === "Busy")
        return assert.strictEqual(answer.until.epochMilliseconds, state.until)
      case "Free": {
        // Never lost.
        assert(answer._tag === "Claimed")
        const { token } = answer
        assert.isFalse(seen.has(`${key}/${token.id}`))
        seen.add(`${key}/${token.id}`)
        tokens.set(`${actor}/${key}`, token)
        states.set(key, { _tag: "Held", id: token.id, until: now + Duration.toMillis(lease) })
      }
    }
  })
  /** An actor uses the last token it got, though the lease may be over and the key someone else's. */
  const use = Effect.fnUntraced(function* (
    { actor, key }: { readonly actor: number; readonly key: string },
    method: typeof complete,
    after: (now: number) => State
  ) {
    const token = tokens.get(`${actor}/${key}`)
    if (token === undefined) return
    const now = yield* Clock.currentTimeMillis
    const state = stateOf(key, now)
    yield* method(token)
    if (state._tag === "Held" && state.id === token.id) states.set(key, after(now))
  })

  for (const command of commands) {
    switch (command._tag) {
      case "Claim":
        yield* claimOnce(command.key, command.actor)
        break
      case "ClaimAll":
        yield* Effect.forEach(actors, (actor) => claimOnce(command.key, actor), { concurrency: "unbounded" })
        break
      case "Complete":
        yield* use(command, complete, (now) => ({ _tag: "Done", until: now + Duration.toMillis(remember) }))
        break
      case "Release":
        yield* use(command, release, () => ({ _tag: "Free" }))
        break
      case "Die":
        for (const key of keys) tokens.delete(`${command.actor}/${key}`)
        break
      case "Wait":
        yield* TestClock.adjust(command.millis)
    }
  }

  // Whoever died: what was not completed can be claimed when its lease is over, and what was completed cannot.
  yield* TestClock.adjust(lease)
  yield* Effect.forEach(keys, (key) => claimOnce(key, 0))
})

describe("deduplication in SQLite", () => {
  it.effect.prop(
    "answers like the model under any interleaving of actors that claim, complete, release and die",
    { commands: Arbitrary.array(Arbitrary.schema(Command), { maxLength: 60 }) },
    ({ commands }) => {
      const layerOf = (path: string) =>
        Layer.provide(Deduplication.layerSql({ lease, remember }), SqliteClient.layer({ path }))
      return Effect.provide(run(commands), Layer.unwrap(Effect.map(newFile, layerOf)))
    },
    { arbitrary: { runs: 25, size: 60 }, timeout: 60_000 }
  )
})

describe("deduplication in memory", () => {
  it.effect.prop(
    "answers like the model under any interleaving of actors that claim, complete, release and die",
    { commands: Arbitrary.array(Arbitrary.schema(Command), { maxLength: 60 }) },
    ({ commands }) => Effect.provide(run(commands), Deduplication.layerMemory({ lease, remember })),
    { arbitrary: { runs: 500, size: 60 } }
  )
})
