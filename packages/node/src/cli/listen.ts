/** `effect-whatsapp listen`: the webhook server with one listener, which prints. */
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Deduplication, Identities, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as SchemaParser from "effect/SchemaParser"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as HttpServer from "effect/http/HttpServer"
import * as Listener from "../events/Listener.ts"
import * as Listeners from "../events/Listeners.ts"
import * as Inbox from "../inbox/Inbox.ts"
import * as WebhookServer from "../server/WebhookServer.ts"
import * as WebhookConfig from "../webhook/WebhookConfig.ts"
import { describe } from "./internal/describe.ts"
import { configFailure, Failure, inboxFailure } from "./internal/outcome.ts"

const encode = SchemaParser.encodeEffect(WhatsAppEvent)

class StdoutClosed extends Failure {}

/** Writes one line, and returns when the operating system has it: only then is the event handled. */
const writeLine = (line: string): Effect.Effect<void, StdoutClosed> =>
  Effect.callback((resume) => {
    process.stdout.write(`${line}\n`, (error) =>
      resume(error ? Effect.fail(new StdoutClosed({ message: "Standard output was closed" })) : Effect.void)
    )
  })

const urlOf = (address: HttpServer.HttpServer["Service"]["address"], path: string): string =>
  HttpServer.formatAddress(address).replace(/\/\/(0\.0\.0\.0|\[?::\]?)(?=:\d+$)/, "//localhost") + path

const inMemory = Layer.merge(Inbox.layerMemory(), Deduplication.layerMemory())
/** All that one file keeps: a restart knows what was delivered, what was printed, and who is who. */
const inFile = (path: string) =>
  Layer.mergeAll(Deduplication.layerSql(), Identities.layerSql(), MessageStates.layerSql()).pipe(
    Layer.provideMerge(Inbox.layerSqlite({ path }))
  )

/** The line on standard error says all that the server would log about itself, unless more is asked for. */
const quietly = <A, E, R>(run: Effect.Effect<A, E, R>) =>
  Effect.flatMap(GlobalFlag.LogLevel, (level) =>
    Option.isSome(level) ? run : Effect.provideService(run, References.MinimumLogLevel, "Warn")
  )

export const listen = Command.make(
  "listen",
  {
    port: Flag.Int("port").pipe(
      Flag.withDescription("Port to listen on; 0 takes a free one. Default: the variable PORT, else 3000"),
      Flag.filter(
        (port) => port >= 0 && port <= 65_535,
        () => "Expected a port from 0 to 65535"
      ),
      Flag.optional
    ),
    db: Flag.String("db").pipe(
      Flag.withDescription("File that keeps what was delivered until it is printed. Default: nothing is kept on disk"),
      Flag.withMetavar("FILE"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print one encoded event per line, and nothing else, on standard output"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(
    function* ({ db, json, port }) {
      const closed = yield* Deferred.make<never, StdoutClosed>()
      // Without a handler of its own, a closed pipe would end the process in the middle of its work.
      process.stdout.on("error", () => {})
      const print = Listener.make(
        "print",
        "*",
        (event) =>
          Effect.flatMap(
            json ? Effect.map(encode(event), (it) => JSON.stringify(it)) : Effect.succeed(describe(event)),
            (line) => Effect.tapError(writeLine(line), (error) => Deferred.fail(closed, error))
          ),
        // What was handed to a reader who takes a pause cannot be taken back, so it must not be written again.
        { timeout: Duration.infinity }
      )
      const Server = WebhookServer.layer({ port: Option.getOrUndefined(port), config: WebhookConfig.layerConfig }).pipe(
        Layer.provide(Listeners.layer(print)),
        Layer.provide([Option.match(db, { onNone: () => inMemory, onSome: inFile }), OwnerResolver.layerConfig])
      )
      const Ready = Layer.effectDiscard(
        Effect.gen(function* () {
          const { address } = yield* HttpServer.HttpServer
          const { path } = yield* WebhookConfig.WebhookConfig
          yield* Console.error(`listening on ${urlOf(address, path)}`)
        })
      ).pipe(Layer.provide([Server, WebhookConfig.layerConfig]))
      // Without a reader it ends at once, instead of trying for the whole shutdown time to show what nobody sees.
      const server = yield* Effect.forkDetach(Layer.launch(Ready))
      return yield* Effect.raceFirst(Fiber.join(server), Deferred.await(closed)).pipe(
        Effect.onInterrupt(() => Fiber.interrupt(server))
      )
    },
    (run) =>
      run.pipe(
        quietly,
        Effect.catchTags({
          ConfigError: (error) => Effect.fail(configFailure(error)),
          ServeError: () => Effect.fail(new Failure({ message: "The port cannot be listened on; is it taken?" })),
          InboxError: (error) => Effect.fail(inboxFailure(error)),
          SqlError: ({ message }) => Effect.fail(new Failure({ message: `The database cannot be used: ${message}` })),
          CryptoError: () => Effect.fail(new Failure({ message: "The app secret cannot be used as a key" }))
        })
      )
  )
).pipe(
  Command.withDescription("Receive what Meta delivers and print each event"),
  Command.withExamples([
    { command: "effect-whatsapp listen --port 8080", description: "For people" },
    { command: "effect-whatsapp listen --json | jq .text", description: "For programs" },
    { command: "effect-whatsapp listen --db bot.db", description: "So that a crash loses nothing" }
  ])
)
