/** `effect-whatsapp listen`: the webhook server with one listener, which prints. */
import { WhatsAppEvent } from "@effect-whatsapp/core/events"
import { Deduplication, Identities, MessageStates, OwnerResolver } from "@effect-whatsapp/core/services"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as SchemaParser from "effect/SchemaParser"
import * as Stdio from "effect/Stdio"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as HttpServer from "effect/http/HttpServer"
import { fetchClient } from "../internal/fetchClient.ts"
import * as Forwarder from "../deliveries/Forwarder.ts"
import * as Recorder from "../deliveries/Recorder.ts"
import * as Target from "../deliveries/Target.ts"
import * as Listener from "../events/Listener.ts"
import * as Listeners from "../events/Listeners.ts"
import * as Inbox from "../inbox/Inbox.ts"
import * as WebhookServer from "../server/WebhookServer.ts"
import * as WebhookConfig from "../webhook/WebhookConfig.ts"
import { describe } from "./internal/describe.ts"
import { harmless } from "./internal/harmless.ts"
import * as EventFilter from "./internal/eventFilter.ts"
import { configFailure, Failure, fileFailure, inboxFailure, Usage } from "./internal/outcome.ts"
import { firstAppSecret, secretFrom } from "./internal/secrets.ts"
import * as Show from "./internal/show.ts"
import { style } from "./internal/style.ts"
import { type StdoutClosed, survivePipe, writeLine } from "./internal/writeLine.ts"

const encode = SchemaParser.encodeEffect(WhatsAppEvent)

const encoded = (event: WhatsAppEvent) => Effect.map(encode(event), (it) => JSON.stringify(it))

/** For who watches a terminal as they would like it; elsewhere in the form that other programs know. */
const described = Effect.gen(function* () {
  const { stdoutIsTerminal } = yield* Stdio.Stdio
  const styled = yield* style
  const line = (yield* stdoutIsTerminal)
    ? Show.make(styled, DateTime.zoneMakeLocal())
    : (event: WhatsAppEvent) => styled(Show.formatOf(event), describe(event))
  return (event: WhatsAppEvent) => Effect.sync(() => line(event))
})

const urlOf = (address: HttpServer.HttpServer["Service"]["address"], path: string): string =>
  HttpServer.formatAddress(address).replace(/\/\/(0\.0\.0\.0|\[?::\]?)(?=:\d+$)/, "//localhost") + path

const inMemory = Layer.merge(Inbox.layerMemory(), Deduplication.layerMemory())
/** All that one file keeps: a restart knows what was delivered, what was printed, and who is who. */
const inFile = (path: string) =>
  Layer.mergeAll(Deduplication.layerSql(), Identities.layerSql(), MessageStates.layerSql()).pipe(
    Layer.provideMerge(Inbox.layerSqlite({ path }))
  )

/** The inbox that also records what it is given, and passes it on. What is passed on is recorded before. */
const passing = ({ forward, record }: Passing) =>
  Layer.effect(
    Inbox.Inbox,
    Effect.gen(function* () {
      const inbox = yield* Inbox.Inbox
      const recorded =
        record === undefined
          ? inbox
          : (yield* Effect.mapError(Recorder.open(record), (error) =>
              error._tag === "ForeignFile"
                ? new Failure({
                    message: `The file ${harmless(record)} is no file of recorded deliveries; give --record one of its own`
                  })
                : fileFailure(record, "written", error)
            ))(inbox)
      return forward === undefined ? recorded : yield* Forwarder.make(recorded, yield* Target.make(forward))
    })
  ).pipe(Layer.provide([fetchClient, NodeCrypto.layerMac]))

interface Passing {
  readonly forward: Target.Options | undefined
  readonly record: string | undefined
}

/** Where `--forward` leads. A secret stands in the environment, since others can see a command line. */
const readForward = Effect.fnUntraced(function* (to: string, secretEnv: string | undefined) {
  const url = Target.parseUrl(to)
  if (url === undefined) return yield* new Usage({ message: `--forward takes ${Target.expected}` })
  return { url, secret: yield* secretEnv === undefined ? firstAppSecret : secretFrom(secretEnv) }
})

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
    on: Flag.String("on").pipe(
      Flag.withDescription(
        "Print only these events: a tag such as TextReceived, or message, status, call, group, coexistence, routing, person, template, account or problem. May be repeated"
      ),
      Flag.withMetavar("EVENT"),
      Flag.atLeast(0)
    ),
    from: Flag.String("from").pipe(
      Flag.withDescription(
        "Print only what this person did, and the statuses of what was sent to them: a phone number in any spelling, or a BSUID. May be repeated"
      ),
      Flag.withMetavar("PERSON"),
      Flag.atLeast(0)
    ),
    forward: Flag.String("forward").pipe(
      Flag.withDescription("Pass every delivery on to this endpoint too, signed anew with the first app secret"),
      Flag.withMetavar("URL"),
      Flag.optional
    ),
    secretEnv: Flag.String("forward-secret-env").pipe(
      Flag.withDescription("Variable that holds the app secret to sign with for --forward"),
      Flag.withMetavar("NAME"),
      Flag.optional
    ),
    record: Flag.String("record").pipe(
      Flag.withDescription(
        "Append every delivery to this file, for replay. It holds what customers wrote, and its owner alone may read it"
      ),
      Flag.withMetavar("FILE"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print one encoded event per line, and nothing else, on standard output"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(
    function* ({ db, forward, from, json, on, port, record, secretEnv }) {
      if (Option.isSome(secretEnv) && Option.isNone(forward)) {
        return yield* new Usage({ message: "--forward-secret-env goes with --forward" })
      }
      if (Option.contains(record, "-")) {
        return yield* new Usage({ message: "--record takes a file: standard output is for the events" })
      }
      const isMeant = yield* EventFilter.make({ on, from })
      const passes = {
        forward: Option.isNone(forward)
          ? undefined
          : yield* readForward(forward.value, Option.getOrUndefined(secretEnv)),
        record: Option.getOrUndefined(record)
      }
      const lineOf = json ? encoded : yield* described
      const closed = yield* Deferred.make<never, StdoutClosed>()
      yield* survivePipe
      // What nothing keeps has to be recorded and passed on before the end, whether somebody reads or not.
      const isDrained = Option.isNone(db) && (Option.isSome(forward) || Option.isSome(record))
      const isShown = (event: WhatsAppEvent) => isMeant(event) && !(isDrained && Deferred.isDoneUnsafe(closed))
      const print = Listener.make(
        "print",
        "*",
        (event) =>
          isShown(event)
            ? Effect.flatMap(lineOf(event), (line) =>
                Effect.tapError(writeLine(line), (error) => Deferred.fail(closed, error))
              )
            : Effect.void,
        // What was handed to a reader who takes a pause cannot be taken back, so it must not be written again.
        { timeout: Duration.infinity }
      )
      const Server = WebhookServer.layer({ port: Option.getOrUndefined(port), config: WebhookConfig.layerConfig }).pipe(
        Layer.provide(Listeners.layer(print)),
        Layer.provide(passing(passes)),
        Layer.provide([Option.match(db, { onNone: () => inMemory, onSome: inFile }), OwnerResolver.layerConfig])
      )
      const Ready = Layer.effectDiscard(
        Effect.gen(function* () {
          const { address } = yield* HttpServer.HttpServer
          const { path } = yield* WebhookConfig.WebhookConfig
          yield* Console.error(`listening on ${urlOf(address, path)}`)
        })
      ).pipe(Layer.provide([Server, WebhookConfig.layerConfig]))
      // Without a reader it ends, instead of trying for the whole shutdown time to show what nobody sees.
      const server = yield* Effect.forkDetach(Layer.launch(Ready))
      return yield* Effect.raceFirst(Fiber.join(server), Deferred.await(closed)).pipe(
        Effect.tapError(() => (isDrained ? Fiber.interrupt(server) : Effect.void)),
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
    { command: "effect-whatsapp listen --db bot.db", description: "So that a crash loses nothing" },
    {
      command: `effect-whatsapp listen --on message --on StatusUpdate --from "+39 340 123 4567"`,
      description: "What one person writes, and what became of the answers"
    },
    {
      command: "effect-whatsapp listen --port 8080 --forward http://localhost:3000/whatsapp/webhook",
      description: "Watch what another program is given"
    },
    { command: "effect-whatsapp listen --record deliveries.jsonl", description: "Keep what arrives, to replay it" }
  ])
)
