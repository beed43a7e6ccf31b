import { assert, describe, it } from "@effect/vitest"
import { BusinessScopedUserId, WaId, type WhatsAppUser } from "@effect-whatsapp/core/domain"
import { OwnerResolverError } from "@effect-whatsapp/core/errors"
import { OwnerResolver } from "@effect-whatsapp/core/services"
import { Cause, ConfigProvider, Context, Data, Effect, Exit, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"

const phone = (waId: string): WhatsAppUser => ({ waId: WaId.make(waId) })
const person = (userId: string): WhatsAppUser => ({ userId: BusinessScopedUserId.make(userId) })
const ida = phone("16505550177")

const resolve = (user: WhatsAppUser) => Effect.flatMap(OwnerResolver.OwnerResolver, (it) => it.resolve(user))
const tag = (user: WhatsAppUser) => Effect.map(resolve(user), ({ _tag }) => _tag)

describe("an owner known by phone", () => {
  it.effect.each([
    ["+39 340 123 4567", "393401234567"],
    ["39-340-1234567", "393401234567"],
    ["(39) 340.123.4567", "+39 340 123 4567"],
    ["5511987654321", "551187654321"],
    ["551187654321", "+55 11 98765-4321"],
    ["+52 1 55 1234 5678", "525512345678"],
    ["525512345678", "5215512345678"],
    ["+54 9 11 2345-6789", "541123456789"],
    ["541123456789", "5491123456789"]
  ] as const)("as %s is the owner when WhatsApp says %s", ([known, waId]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* resolve(phone(waId)), { _tag: "Owner", user: phone(waId) })
      assert.strictEqual(yield* tag(phone(`${waId}0`)), "Customer")
      assert.strictEqual(yield* tag(phone(waId.slice(0, -1))), "Customer")
    }).pipe(Effect.provide(OwnerResolver.layerPhones([known])))
  )

  it.effect(
    "is nobody when no phone is given, and nobody when the sender hides theirs",
    Effect.fn(function* () {
      const none = OwnerResolver.layerPhones([])
      assert.strictEqual(yield* tag(ida).pipe(Effect.provide(none)), "Customer")
      for (const phones of [["16505550177"], [""], ["unknown"]]) {
        const layer = OwnerResolver.layerPhones(phones)
        for (const user of [{}, person("US.1"), { profileName: "16505550177" }, phone("")]) {
          assert.strictEqual(yield* tag(user).pipe(Effect.provide(layer)), "Customer")
        }
      }
    })
  )

  it.effect(
    "comes back with all that was known of them",
    Effect.fn(
      function* () {
        const user = { ...ida, ...person("US.1"), username: "ida.voss", profileName: "Ida" }
        assert.deepStrictEqual(yield* resolve(user), { _tag: "Owner", user })
      },
      Effect.provide(OwnerResolver.layerPhones(["16505550177"]))
    )
  )
})

describe("owners from the environment", () => {
  const configured = (env: { readonly [name: string]: string }) =>
    OwnerResolver.layerConfig.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))
  const tags = (env: { readonly [name: string]: string }, ...users: ReadonlyArray<WhatsAppUser>) =>
    Effect.forEach(users, tag).pipe(Effect.provide(configured(env)))

  it.effect(
    "are known by phone, in any spelling, with spaces between the entries",
    Effect.fn(function* () {
      const env = { WHATSAPP_OWNER_PHONES: "+1 (650) 555-0177 , 5511987654321" }
      assert.deepStrictEqual(yield* tags(env, ida, phone("551187654321"), phone("16505550188")), [
        "Owner",
        "Owner",
        "Customer"
      ])
    })
  )

  it.effect(
    "are known by BSUID, of one portfolio or of several",
    Effect.fn(function* () {
      const env = { WHATSAPP_OWNER_USER_IDS: "US.7733, US.ENT.9041" }
      const parent = { ...person("US.7"), parentUserId: BusinessScopedUserId.make("US.ENT.9041") }
      assert.deepStrictEqual(yield* tags(env, person("US.7733"), parent, person("US.77"), person("us.7733"), ida), [
        "Owner",
        "Owner",
        "Customer",
        "Customer",
        "Customer"
      ])
    })
  )

  it.effect(
    "may be given both ways",
    Effect.fn(function* () {
      const env = { WHATSAPP_OWNER_PHONES: "16505550177", WHATSAPP_OWNER_USER_IDS: "US.7733" }
      assert.deepStrictEqual(yield* tags(env, ida, person("US.7733"), { ...ida, ...person("US.1") }), [
        "Owner",
        "Owner",
        "Owner"
      ])
    })
  )

  it.effect.each([
    {},
    { WHATSAPP_OWNER_PHONES: "" },
    { WHATSAPP_OWNER_PHONES: " \t", WHATSAPP_OWNER_USER_IDS: "" },
    { WHATSAPP_OWNER_PHONES: "", WHATSAPP_OWNER_USER_IDS: "  " }
  ])("are nobody when the variables are unset or blank: %j", (env) =>
    Effect.map(tags(env, ida, person("US.1"), {}), (all) =>
      assert.deepStrictEqual(all, ["Customer", "Customer", "Customer"])
    )
  )

  it.effect.each([
    ["WHATSAPP_OWNER_PHONES", "hunter2"],
    ["WHATSAPP_OWNER_PHONES", "16505550177,hunter2"],
    ["WHATSAPP_OWNER_PHONES", "16505550177,,16505550188"],
    ["WHATSAPP_OWNER_PHONES", "16505550177;16505550188"],
    ["WHATSAPP_OWNER_PHONES", "650550"],
    ["WHATSAPP_OWNER_PHONES", "1650555017716505550"],
    ["WHATSAPP_OWNER_USER_IDS", "hunter2"],
    ["WHATSAPP_OWNER_USER_IDS", "US.7733,16505550177"],
    ["WHATSAPP_OWNER_USER_IDS", "US.7733 US.7744"],
    ["WHATSAPP_OWNER_USER_IDS", "us.7733"],
    ["WHATSAPP_OWNER_USER_IDS", "US.FOO.7733"]
  ] as const)("stop the start when an entry of %s is malformed, without showing it: %s", ([name, value]) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(tags({ [name]: value }, ida))
      assert(Exit.isFailure(exit))
      const shown = `${Cause.pretty(exit.cause)} ${JSON.stringify(exit.cause)} ${String(Cause.squash(exit.cause))}`
      assert.include(shown, name)
      for (const entry of value.split(/[,; ]/).filter((entry) => entry !== "")) assert.notInclude(shown, entry)
    })
  )
})

describe("an owner told by a program", () => {
  class Down extends Data.TaggedError("Down")<{ readonly host: string }> {}
  class Owners extends Context.Service<
    Owners,
    { readonly has: (user: WhatsAppUser) => Effect.Effect<boolean, Down> }
  >()("effect-whatsapp/test/core/services/OwnerResolver.test/Owners") {}

  it.effect(
    "may be a predicate over all that is known of the sender",
    Effect.fn(
      function* () {
        assert.strictEqual(yield* tag({ ...ida, username: "ida.voss" }), "Owner")
        assert.strictEqual(yield* tag(ida), "Customer")
      },
      Effect.provide(OwnerResolver.layer((user) => user.username === "ida.voss"))
    )
  )

  it.effect(
    "may be an effect with requirements of its own",
    Effect.fn(
      function* () {
        assert.strictEqual(yield* tag(ida), "Owner")
        assert.strictEqual(yield* tag(person("US.1")), "Customer")
      },
      Effect.provide(
        OwnerResolver.layer((user) => Effect.flatMap(Owners, ({ has }) => has(user))).pipe(
          Layer.provide(Layer.succeed(Owners, { has: (user) => Effect.succeed(user.waId === ida.waId) }))
        )
      )
    )
  )

  it.effect(
    "is an OwnerResolverError, and no guess, when the program fails",
    Effect.fn(
      function* () {
        const error = yield* Effect.flip(resolve(ida))
        assert.instanceOf(error, OwnerResolverError)
        assert.instanceOf(error.cause, Down)
        assert.notInclude(error.message, "db.internal")
      },
      Effect.provide(OwnerResolver.layer(() => Effect.fail(new Down({ host: "db.internal" }))))
    )
  )
})

describe("an owner whose answer is remembered", () => {
  /** Counts how often it is asked; `isDown` makes it fail. */
  const counted = Effect.fnUntraced(function* (options?: OwnerResolver.CacheOptions) {
    const asked = yield* Ref.make(0)
    const isDown = yield* Ref.make(false)
    const layer = OwnerResolver.layerCached(options).pipe(
      Layer.provide(
        OwnerResolver.layer((user) =>
          Effect.gen(function* () {
            yield* Ref.update(asked, (n) => n + 1)
            if (yield* Ref.get(isDown)) return yield* Effect.fail("down")
            yield* Effect.yieldNow
            return user.waId === ida.waId
          })
        )
      )
    )
    return { asked: Ref.get(asked), isDown, layer }
  })

  it.effect(
    "is asked for once, until the answer is five minutes old",
    Effect.fn(function* () {
      const { asked, layer } = yield* counted()
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* tag(ida), "Owner")
        assert.strictEqual(yield* tag({ ...ida }), "Owner")
        yield* TestClock.adjust("4 minutes")
        assert.strictEqual(yield* tag(ida), "Owner")
        assert.strictEqual(yield* asked, 1)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(yield* tag(ida), "Owner")
        assert.strictEqual(yield* asked, 2)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect(
    "is asked for once by many at the same time, and once for each person",
    Effect.fn(function* () {
      const { asked, layer } = yield* counted({ timeToLive: "1 second" })
      yield* Effect.gen(function* () {
        const users = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? ida : person("US.1")))
        const tags = yield* Effect.forEach(users, tag, { concurrency: "unbounded" })
        assert.deepStrictEqual(tags.slice(0, 4), ["Owner", "Customer", "Owner", "Customer"])
        assert.strictEqual(yield* asked, 2)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect(
    "is asked for again at once after a failure",
    Effect.fn(function* () {
      const { asked, isDown, layer } = yield* counted()
      yield* Effect.gen(function* () {
        yield* Ref.set(isDown, true)
        assert.instanceOf(yield* Effect.flip(resolve(ida)), OwnerResolverError)
        assert.instanceOf(yield* Effect.flip(resolve(ida)), OwnerResolverError)
        yield* Ref.set(isDown, false)
        assert.strictEqual(yield* tag(ida), "Owner")
        assert.strictEqual(yield* asked, 3)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect(
    "is found out for one who waits, though another who asked gave up",
    Effect.fn(function* () {
      const layer = OwnerResolver.layerCached().pipe(
        Layer.provide(OwnerResolver.layer(() => Effect.as(Effect.sleep("1 second"), true)))
      )
      yield* Effect.gen(function* () {
        const hasty = yield* Effect.forkChild(resolve(ida), { startImmediately: true })
        const patient = yield* Effect.forkChild(tag(ida), { startImmediately: true })
        yield* Fiber.interrupt(hasty)
        yield* TestClock.adjust("2 seconds")
        assert.strictEqual(yield* Fiber.join(patient), "Owner")
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect(
    "is forgotten when more people wrote than are remembered",
    Effect.fn(function* () {
      const { asked, layer } = yield* counted({ capacity: 2 })
      yield* Effect.gen(function* () {
        for (const user of [ida, person("US.1"), person("US.2"), ida]) yield* tag(user)
        assert.strictEqual(yield* asked, 4)
      }).pipe(Effect.provide(layer))
    })
  )
})
