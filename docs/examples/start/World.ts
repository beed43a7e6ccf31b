/** A local Meta and the echo bot, wired to each other over real HTTP on free ports: all that `npm start` needs. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Context, Data, Deferred, Effect, Fiber, Layer, Ref, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { execPath } from "node:process"
import { fileURLToPath } from "node:url"

/** The bot did not do what it should, in words. */
export class Trouble extends Data.TaggedError("Trouble")<{ readonly message: string }> {}

export const owner = "15550001111"
const appSecret = "an-app-secret-for-this-machine"
const accessToken = "an-access-token-for-this-machine"
const verifyToken = "a-verify-token-for-this-machine"
const phoneNumberId = "207311904455012"

/** A local Meta. Its clock is real, and nothing leaves the machine. */
export const Meta = CloudApiEmulator.layer({
  appSecret,
  businessAccountId: "330011220044556",
  numbers: [{ phoneNumberId, displayPhoneNumber: "15557300142", accessToken }],
  templates: [{ name: "spring_offer", language: "en", body: "Spring is here: {{1}} off all lamps." }]
})

/** Service that stands for the running bot: a process of its own. */
export class Bot extends Context.Service<
  Bot,
  {
    /** Every line that the bot has printed. */
    readonly lines: Effect.Effect<ReadonlyArray<string>>
    /** Asks the bot to end, and returns its exit code. */
    readonly stop: Effect.Effect<number, Trouble>
  }
>()("effect-whatsapp/docs/examples/start/World/Bot") {}

/** What the bot sees of the environment: only this, whatever is set outside. */
const environment = (apiUrl: string) => ({
  PORT: "0",
  WHATSAPP_API_URL: apiUrl,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_ACCESS_TOKEN: accessToken,
  WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  WHATSAPP_OWNER_PHONES: owner
})

const program = fileURLToPath(new URL("../10_echo.ts", import.meta.url))
const listening = /Listening on http:\/\/\S+:(\d+)/

/** Layer that starts the bot, waits until it listens, and points Meta at it. */
export const BotLive = Layer.effect(
  Bot,
  Effect.gen(function* () {
    const meta = yield* CloudApiEmulator.CloudApiEmulator
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
    const bot = yield* spawner.spawn(
      ChildProcess.make(execPath, ["--conditions=effect-whatsapp-source", program], {
        env: environment(meta.url),
        stdin: "ignore"
      })
    )
    const lines = yield* Ref.make<ReadonlyArray<string>>([])
    const port = yield* Deferred.make<string, Trouble>()
    const reading = yield* bot.all.pipe(
      Stream.decodeText(),
      Stream.splitLines,
      Stream.runForEach((line) => {
        const [, found] = listening.exec(line) ?? []
        const kept = Ref.update(lines, (all) => [...all, line])
        return found === undefined ? kept : Effect.andThen(kept, Deferred.succeed(port, found))
      }),
      Effect.ensuring(Deferred.fail(port, new Trouble({ message: "The bot ended before it listened" }))),
      Effect.forkScoped
    )
    yield* meta.setWebhookUrl(`http://127.0.0.1:${yield* Deferred.await(port)}/whatsapp/webhook`)
    yield* meta.verifyWebhook(verifyToken)
    const trouble = () => new Trouble({ message: "The bot could not be ended" })
    return {
      lines: Ref.get(lines),
      stop: Effect.gen(function* () {
        // SIGTERM: the bot finishes what it has, and ends with 0.
        yield* Effect.forkScoped(Effect.ignore(bot.kill()))
        const code = yield* bot.exitCode
        yield* Fiber.await(reading)
        return Number(code)
      }).pipe(Effect.scoped, Effect.mapError(trouble))
    }
  })
)
