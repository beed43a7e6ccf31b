/** Whatever items may say about a few people, in any order and repeated, beside a model too simple to be wrong. */
import { assert, describe, layer, type Vitest } from "@effect/vitest"
import { BusinessScopedUserId, PhoneNumberId, WaId } from "@effect-whatsapp/core/domain"
import { Identities } from "@effect-whatsapp/core/services"
import { Arbitrary, Effect, Layer, Schema } from "effect"
import { describeRedis, layerRedis } from "./redis.ts"
import { newFile, ways } from "./sqlite.ts"

const bsuids = ["US.1", "US.2", "US.3", "US.4"] as const
/** The last two are one phone. */
const phones = ["16505550101", "16505550102", "551187654321", "5511987654321"] as const
const User = Schema.Struct({
  userId: Schema.optionalKey(Schema.Literals(bsuids)),
  waId: Schema.optionalKey(Schema.Literals(phones))
})
type User = typeof User.Type
const Said = Schema.Union([
  Schema.TaggedStruct("Observe", { user: User }),
  Schema.TaggedStruct("Find", { user: User }),
  Schema.TaggedStruct("Merge", { previous: User, user: User })
])
type Said = typeof Said.Type
/** Something new, or what was said that long ago once more. */
const Command = Schema.Union([Said, Schema.TaggedStruct("Again", { ago: Schema.Literals([1, 2, 3, 5, 8]) })])
type Command = typeof Command.Type
const everyone: ReadonlyArray<User> = [...bsuids.map((userId) => ({ userId })), ...phones.map((waId) => ({ waId }))]

/** All that was learned, the newest first: who was called what is on the left is called what is on the right. */
type Facts = ReadonlyArray<readonly [from: string, to: string]>
const phoneOf = ({ waId }: User) => (waId === "5511987654321" ? "551187654321" : waId)
const nameOf = (user: User): string | undefined => user.userId ?? phoneOf(user)
const toldOf = (facts: Facts, name: string) => facts.find(([from]) => from === name)?.[1]
const called = (facts: Facts, name: string, passed: ReadonlyArray<string> = []): string => {
  assert.notInclude(passed, name, "a circle")
  const told = toldOf(facts, name)
  return told === undefined ? name : called(facts, told, [...passed, name])
}
const learn = (facts: Facts, from: string | undefined, to: string): Facts =>
  from === undefined || from === to ? facts : [[from, to], ...facts]

const observed = (facts: Facts, user: User): Facts => {
  const [name, phone] = [nameOf(user), phoneOf(user)]
  if (name === undefined || phone === undefined) return facts
  const now = called(facts, name)
  return called(facts, phone) === now ? facts : learn(facts, phone, now)
}
const merged = (facts: Facts, previous: User, user: User): Facts => {
  const [was, is, phone] = [nameOf(previous), nameOf(user), phoneOf(previous)]
  if (was === undefined || is === undefined) return observed(facts, was === undefined ? user : previous)
  const now = called(facts, is)
  const known = learn(facts, called(facts, was), now)
  const old = phone !== undefined && toldOf(known, phone) === undefined ? learn(known, phone, now) : known
  return learn(old, user.userId === undefined ? undefined : phoneOf(user), now)
}
const after = (facts: Facts, said: Said): Facts => {
  switch (said._tag) {
    case "Find":
      return facts
    case "Observe":
      return observed(facts, said.user)
    case "Merge":
      return merged(facts, said.previous, said.user)
  }
}
const expected = (facts: Facts, said: Said): string | undefined => {
  const only = said._tag === "Merge" && nameOf(said.user) === undefined ? said.previous : said.user
  const name = nameOf(only)
  return name === undefined ? undefined : called(facts, name)
}

const branded = ({ userId, waId }: User): Identities.Known => ({
  ...(userId === undefined ? {} : { userId: BusinessScopedUserId.make(userId) }),
  ...(waId === undefined ? {} : { waId: WaId.make(waId) })
})
let worlds = 0
/** A business number that nobody has used yet. */
const newWorld = Effect.map(Identities.Identities, ({ find, merge, observe }) => {
  const number = PhoneNumberId.make(`number ${++worlds}`)
  const ask = (said: Said) => {
    switch (said._tag) {
      case "Find":
        return find(number, branded(said.user))
      case "Observe":
        return observe(number, branded(said.user))
      case "Merge":
        return merge(number, branded(said.previous), branded(said.user))
    }
  }
  const say = (said: Said) =>
    Effect.map(ask(said), (known) => {
      assert.isAtMost(Object.keys(known).length, 1)
      return known.userId ?? known.waId
    })
  const names = Effect.forEach(everyone, (user) => say({ _tag: "Find", user }), { concurrency: "unbounded" })
  return { say, names }
})

const agree = Effect.fnUntraced(function* (commands: ReadonlyArray<Command>) {
  const { names, say } = yield* newWorld
  const all: Array<Said> = []
  let facts: Facts = []
  for (const command of commands) {
    const said = command._tag === "Again" ? all.at(-command.ago) : command
    if (said === undefined) continue
    all.push(said)
    facts = after(facts, said)
    assert.strictEqual(yield* say(said), expected(facts, said))
  }
  assert.deepStrictEqual(
    yield* names,
    everyone.map((user) => expected(facts, { _tag: "Find", user }))
  )
})

const sayTwice = Effect.fnUntraced(function* (all: ReadonlyArray<Said>) {
  const { names, say } = yield* newWorld
  for (const said of all) {
    const answer = yield* say(said)
    const before = yield* names
    assert.strictEqual(yield* say(said), answer)
    assert.deepStrictEqual(yield* names, before)
  }
})

const Change = Schema.Struct({ from: Schema.Literals(bsuids), to: Schema.Literals(bsuids) })
const changeTwice = Effect.fnUntraced(function* (changes: ReadonlyArray<typeof Change.Type>) {
  const { names, say } = yield* newWorld
  const all = Effect.forEach(changes, ({ from, to }) =>
    say({ _tag: "Merge", previous: { userId: from }, user: { userId: to } })
  )
  yield* all
  const before = yield* names
  yield* all
  assert.deepStrictEqual(yield* names, before)
})

const properties = (runs: number) => (it: Vitest.MethodsNonLive<Identities.Identities>) => {
  const options = { arbitrary: { runs, size: 40 }, timeout: 60_000 }
  const listOf = <S extends typeof Command | typeof Said | typeof Change>(schema: S) =>
    Arbitrary.array(Arbitrary.schema(schema), { maxLength: 40 })
  it.effect.prop(
    "answers like the model, whatever is said in whatever order",
    { commands: listOf(Command) },
    ({ commands }) => agree(commands),
    options
  )
  it.effect.prop(
    "anything may be said twice: it is answered the same, and nobody's name changes",
    { all: listOf(Said) },
    ({ all }) => sayTwice(all),
    options
  )
  it.effect.prop(
    "changes from BSUID to BSUID may all come again late: nobody's name changes",
    { changes: listOf(Change) },
    ({ changes }) => changeTwice(changes),
    options
  )
}

describe("identities in memory", () => {
  layer(Identities.layerMemory())(properties(500))
})
for (const { open, way } of ways) {
  describe(`identities in SQLite, ${way}`, () => {
    layer(Layer.unwrap(Effect.map(newFile, (path) => Layer.provide(Identities.layerSql(), open(path)))))(properties(60))
  })
}
describeRedis("identities in Redis", () => {
  layer(Layer.provide(Identities.layerRedis(), layerRedis))(properties(60))
})
