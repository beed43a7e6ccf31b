/** From an empty folder to a bot that answers, with nothing but npm and the packed packages. */
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { daysLeft, describeRedis, layerRedis, RedisServer } from "../core/services/redis.ts"
import * as Scaffold from "./scaffold/project.ts"

class Project extends Context.Service<Project, Scaffold.Project>()(
  "effect-whatsapp/test/e2e/scaffold.long.test/Project"
) {}

const config = "src/whatsapp/config.ts"
const chosen = /^(export const Stores = stores\.)\w+$/m

/** Switches the inbox in place, and asserts that the project is still all that it was. */
const assertWorksWith = Effect.fnUntraced(function* (inbox: string, env: { readonly [name: string]: string } = {}) {
  const project = yield* Project
  const before = project.read(config)
  assert.match(before, chosen)
  project.write(config, before.replace(chosen, `$1${inbox}`))
  yield* project.script("typecheck")
  assert.match(yield* project.script("test"), /Tests .*3 passed/)
  yield* Scaffold.assertAnswers(project, env)
})

layer(Layer.effect(Project, Scaffold.makeProject), { excludeTestServices: true, timeout: 300_000 })(
  "a new project",
  (it) => {
    it.effect("comes with the inbox in memory, compiles, passes its tests and answers", () =>
      Effect.gen(function* () {
        yield* assertWorksWith("memory")
        assert.isFalse((yield* Project).has("bot.db"))
      })
    )

    it.effect("answers at the terminal with nothing set, and ends with its input", () =>
      Effect.gen(function* () {
        const bot = yield* (yield* Project).start("dev", {})
        yield* bot.said(/You are a customer/)
        bot.type("Hello")
        yield* bot.said(/bot > Hello/)
        bot.type("owner: Hello")
        yield* bot.said(/bot > Boss, you wrote: Hello/)
        assert.strictEqual(yield* bot.stop("end of input"), 0)
      })
    )

    it.effect("does so with the inbox in a file, after a change of one line", () =>
      Effect.gen(function* () {
        yield* assertWorksWith("sqlite")
        assert.isTrue((yield* Project).has("bot.db"))
      })
    )

    describeRedis("with a Redis", () => {
      it.effect("does so with what was seen in Redis, after a change of one line", () =>
        Effect.gen(function* () {
          const { url } = yield* RedisServer
          yield* assertWorksWith("redis", { REDIS_URL: url })
          assert.isNotEmpty(yield* daysLeft("whatsapp:"))
        }).pipe(Effect.provide(layerRedis))
      )
    })

    it.effect(
      "compiles and answers with listeners that were added, for one event, for each that there is, for all",
      () =>
        Effect.gen(function* () {
          const project = yield* Project
          const tags = Object.keys(WhatsAppEvent.guards)
          yield* project.command("add", "listener", "thank", "--on", "ImageReceived")
          yield* project.command(
            "add",
            "listener",
            "follow the money",
            "--on",
            "PaymentUpdate",
            "--on",
            "OrderReceived"
          )
          yield* project.command("add", "listener", "each", ...tags.flatMap((tag) => ["--on", tag]))
          yield* project.command("add", "listener", "watch", "--on", "*")
          yield* project.script("typecheck")
          yield* assertWorksWith("memory")
        })
    )
  }
)
