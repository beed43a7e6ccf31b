/** `effect-whatsapp replay`: posts again what `listen --record` kept, as Meta would. */
import { Environment } from "@effect-whatsapp/core/client"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as PlatformError from "effect/PlatformError"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { createReadStream } from "node:fs"
import { fetchClient } from "../internal/fetchClient.ts"
import * as Recording from "../deliveries/Recording.ts"
import * as Replay from "../deliveries/Replay.ts"
import * as Target from "../deliveries/Target.ts"
import { portVariable } from "../server/internal/port.ts"
import * as WebhookConfig from "../webhook/WebhookConfig.ts"
import { harmless } from "./internal/harmless.ts"
import { configFailure, Failure, fileFailure, Usage } from "./internal/outcome.ts"
import { progress } from "./internal/progress.ts"
import { firstAppSecret } from "./internal/secrets.ts"
import { survivePipe, writeLine } from "./internal/writeLine.ts"

/** Where a program on this machine listens that reads the same environment. */
const here: Config.Config<URL> = Config.map(
  Environment.all({ port: portVariable, path: WebhookConfig.variables.path }),
  ({ path, port }) => new URL(`http://localhost:${port}${path}`)
)

const readTarget = (to: Option.Option<string>) =>
  Option.match(to, {
    onNone: () => here,
    onSome: (text) => {
      const url = Target.parseUrl(text)
      return url === undefined
        ? Effect.fail(new Usage({ message: `--to takes ${Target.expected}` }))
        : Effect.succeed(url)
    }
  })

interface File {
  readonly bytes: Stream.Stream<Uint8Array, Failure | PlatformError.PlatformError>
  readonly size: number | undefined
}

/** The bytes of a file or of standard input, and how many they are where that is known. */
const openFile = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<File, PlatformError.PlatformError, FileSystem.FileSystem | Stdio.Stdio> {
  const fs = yield* FileSystem.FileSystem
  if (path === "-") return { bytes: (yield* Stdio.Stdio).stdin, size: undefined }
  const { size, type } = yield* fs.stat(path)
  // What is there now: it may be the file that the deliveries are recorded into again.
  const end = type === "File" && size > 0n ? { end: Number(size) - 1 } : {}
  // Not by `FileSystem`, which reads at positions: a pipe has none.
  const bytes = NodeStream.fromReadable<Uint8Array, Failure>({
    evaluate: () => createReadStream(path, end),
    onError: () => new Failure({ message: `The file ${harmless(path)} cannot be read` })
  })
  return { bytes, size: type === "File" ? Number(size) : undefined }
})

/** What to do when it stopped at a line. */
const goOn = (line: number) => `go on with --from-line ${line}`

const refused = (file: string, origin: string, { answer, attempts, delivery }: Replay.NotAcknowledged): Failure => {
  const times = attempts === 1 ? "" : `, ${attempts} times`
  const hint = answer.status === 401 ? "WHATSAPP_APP_SECRET is not the secret that it checks with; " : ""
  return new Failure({
    message: `Line ${delivery.line} of ${file} was not acknowledged: ${origin} ${answer.details}${times}; ${hint}${goOn(delivery.line)}`
  })
}

const count = (n: number) => `${n} ${n === 1 ? "delivery" : "deliveries"}`

export const replay = Command.make(
  "replay",
  {
    file: Argument.String("FILE").pipe(
      Argument.withDescription("What listen --record wrote; - reads it from standard input")
    ),
    to: Flag.String("to").pipe(
      Flag.withDescription("Endpoint to post to. Default: http://localhost:$PORT$WHATSAPP_WEBHOOK_PATH"),
      Flag.withMetavar("URL"),
      Flag.optional
    ),
    pace: Flag.Literals("pace", ["none", "real"]).pipe(
      Flag.withDescription("real: with the pauses in which they were received. Default: none"),
      Flag.withDefault("none")
    ),
    fromLine: Flag.Int("from-line").pipe(
      Flag.withDescription("Begin at this line, where an earlier replay ended. Default: 1"),
      Flag.withMetavar("N"),
      Flag.filter(
        (line) => line >= 1,
        () => "Expected a line from 1"
      ),
      Flag.withDefault(1)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print one line of JSON per delivery: line, receivedAt, status and attempts"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(
    function* ({ file: path, fromLine, json, pace, to }) {
      yield* survivePipe
      const url = yield* readTarget(to)
      const target = yield* Target.make({ url, secret: yield* firstAppSecret })
      const file = path === "-" ? "standard input" : harmless(path)
      const { bytes, size } = yield* openFile(path)
      let done = 0
      const tell = ({ attempts, delivery, status }: Told) =>
        json
          ? writeLine(
              JSON.stringify({
                line: delivery.line,
                receivedAt: DateTime.formatIso(delivery.receivedAt),
                status: status ?? null,
                attempts
              })
            )
          : Effect.void
      yield* progress("replaying", (onProgress) =>
        Recording.read(bytes, fromLine).pipe(
          (deliveries) => Replay.replay(deliveries, target, pace),
          Stream.runForEach(({ attempts, delivery }) => {
            done++
            const told = tell({ attempts, delivery, status: 200 })
            return size === undefined || onProgress === undefined
              ? told
              : Effect.andThen(told, onProgress({ sent: delivery.end, total: size }))
          }),
          Effect.tapErrorTag("NotAcknowledged", ({ answer, attempts, delivery }) =>
            tell({ attempts, delivery, status: answer.status })
          )
        )
      ).pipe(
        Effect.catchTags({
          NotAcknowledged: (error) => Effect.fail(refused(file, target.origin, error)),
          Malformed: ({ details, line }) =>
            Effect.fail(
              new Failure({
                message: `Line ${line} of ${file} is no recorded delivery: ${details}; ${goOn(line + 1)}`
              })
            )
        })
      )
      if (!json) yield* writeLine(`${count(done)} acknowledged by ${target.origin}`)
    },
    (run, { file }) =>
      run.pipe(
        Effect.provide([fetchClient, NodeCrypto.layerMac]),
        Effect.catchTags({
          ConfigError: (error) => Effect.fail(configFailure(error)),
          CryptoError: () => Effect.fail(new Failure({ message: "The app secret cannot be used as a key" })),
          PlatformError: (error) => Effect.fail(fileFailure(file, "read", error))
        })
      )
  )
).pipe(
  Command.withDescription("Post recorded deliveries in order, signed anew with WHATSAPP_APP_SECRET"),
  Command.withExamples([
    { command: "effect-whatsapp replay deliveries.jsonl", description: "To a program on this machine" },
    {
      command: "effect-whatsapp replay deliveries.jsonl --to https://staging.example.com/whatsapp/webhook --pace real",
      description: "Elsewhere, as fast as they came"
    },
    {
      command: "tail -n 1 deliveries.jsonl | effect-whatsapp replay - --json",
      description: "The last one, for programs"
    }
  ])
)

interface Told extends Replay.Acknowledged {
  /** Nothing when there was no answer. */
  readonly status: number | undefined
}
