/** `effect-whatsapp doctor`: looks whether everything that a bot needs is there and right, and says how to mend it. */
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Prompt from "effect/cli/Prompt"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Target from "../deliveries/Target.ts"
import { checks } from "../doctor/checks.ts"
import * as Examine from "../doctor/examine.ts"
import * as Setup from "../doctor/Setup.ts"
import { fetchClient } from "../internal/fetchClient.ts"
import * as Project from "../project/Project.ts"
import { describeResults, resultJson, summary } from "./internal/describeDoctor.ts"
import { print } from "./internal/print.ts"
import { Failure, Usage } from "./internal/outcome.ts"
import { progress } from "./internal/progress.ts"
import { style } from "./internal/style.ts"

// Neither Meta nor a webhook redirects, and whoever does gets nothing secret.

const examine = progress("Checking", (onProgress) =>
  Examine.examine(checks, {
    onSettled: (sent) => (onProgress === undefined ? Effect.void : onProgress({ sent, total: checks.length }))
  })
)

const notMended = (will: string, error: WhatsAppError | PlatformError) =>
  new Failure({
    message:
      error._tag === "WhatsAppError"
        ? `Could not ${will}: ${error.reason.details}. ${error.advice}`
        : `Could not ${will}: the file cannot be changed`
  })

/** Says what it will do, asks, and does it; `false` when there was nothing to do, or it was not wanted. */
const repair = Effect.fnUntraced(function* (results: ReadonlyArray<Examine.Result>, isAgreed: boolean) {
  const repairs = yield* Examine.repairs(results)
  for (const { will } of repairs) yield* Console.error(`Will ${will}`)
  if (repairs.length === 0) return false
  const goOn = isAgreed || (yield* Prompt.run(Prompt.Confirm({ message: "Go on?" })))
  if (!goOn) return false
  for (const { run, will } of repairs) yield* Effect.mapError(run, (error) => notMended(will, error))
  return true
})

const callback = Flag.String("callback").pipe(
  Flag.withDescription("The URL of your webhook. Default: the one that Meta has"),
  Flag.withMetavar("URL"),
  Flag.filter(
    (url) => Target.parseUrl(url) !== undefined,
    () => `expected ${Target.expected}`
  ),
  Flag.optional
)

export const doctor = Command.make(
  "doctor",
  {
    callback,
    // Not --env-file: Node takes that for itself, wherever it stands on the command line.
    envFile: Flag.String("env").pipe(
      Flag.withDescription(
        "The file of variables behind the environment. Default: .env of the project, if there is one"
      ),
      Flag.withMetavar("FILE"),
      Flag.optional
    ),
    offline: Flag.Boolean("offline").pipe(
      Flag.withDescription("Ask neither Meta nor the webhook"),
      Flag.withDefault(false)
    ),
    fix: Flag.Boolean("fix").pipe(
      Flag.withDescription(
        "Mend what can be mended, after asking: subscribe the app, register --callback, protect the file of variables"
      ),
      Flag.withDefault(false)
    ),
    yes: Flag.Boolean("yes").pipe(Flag.withDescription("Mend without asking"), Flag.withDefault(false)),
    strict: Flag.Boolean("strict").pipe(Flag.withDescription("End with 1 on warnings too"), Flag.withDefault(false)),
    json: Flag.Boolean("json").pipe(Flag.withDescription("Print JSON, one check per line"), Flag.withDefault(false))
  },
  Effect.fnUntraced(function* ({ callback, envFile, fix, json, offline, strict, yes }) {
    if (yes && !fix) return yield* new Usage({ message: "--yes goes with --fix" })
    if (fix && offline) return yield* new Usage({ message: "--fix does not go with --offline" })
    const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
    if (fix && !yes && (json || !canPrompt)) {
      return yield* new Usage({ message: "--fix asks on a terminal: give --yes where there is none" })
    }
    const path = yield* Path.Path
    const { folder } = yield* Project.find(".")
    const file = Option.getOrUndefined(envFile)
    const setup = Setup.layer({
      project: folder,
      envFile: file === undefined ? undefined : path.resolve(file),
      nodeVersion: process.versions.node,
      isOffline: offline,
      callback: Option.getOrUndefined(callback)
    })
    const format = yield* style
    const show = (results: ReadonlyArray<Examine.Result>) =>
      json
        ? Effect.forEach(results, (result) => print(resultJson(result)), { discard: true })
        : Console.log([...describeResults(format, results), summary(results)].join("\n"))
    const results = yield* Effect.gen(function* () {
      const { envFile } = yield* Setup.Setup
      if (!json) {
        const behind =
          envFile === undefined ? `, for there is no ${Setup.defaultEnvFile}` : `, and behind it in ${envFile}`
        yield* Console.error(`Looking at ${folder}, with the variables in the environment${behind}`)
      }
      const found = yield* examine
      if (!fix) return found
      if (!json) yield* show(found)
      return (yield* repair(found, yes)) ? yield* examine : found
    }).pipe(
      Effect.provide([fetchClient, NodeCrypto.layerMac]),
      Effect.provide(setup),
      Effect.catchTags({
        PlatformError: () =>
          Effect.fail(
            file === undefined
              ? new Failure({ message: `The file ${Setup.defaultEnvFile} of the project could not be read` })
              : new Usage({ message: `The file ${file} could not be read` })
          ),
        QuitError: () => Effect.fail(new Failure({ message: "Nothing was mended" })),
        SourceError: () => Effect.fail(new Failure({ message: "The environment could not be read" }))
      })
    )
    yield* show(results)
    const counts = (status: Examine.Result["outcome"]["status"]) =>
      results.filter(({ outcome }) => outcome.status === status).length
    const [failures, warnings] = [counts("failure"), counts("warning")]
    if (failures > 0 || (strict && warnings > 0)) {
      return yield* new Failure({ message: `Not all is well: ${summary(results)}` })
    }
  })
).pipe(
  Command.withDescription("Look whether all that a bot needs is there and right, and say how to mend what is not"),
  Command.withExamples([
    { command: "effect-whatsapp doctor", description: "Everything, with the variables of the environment and .env" },
    { command: "effect-whatsapp doctor --offline --env .env.production", description: "What can be seen from here" },
    {
      command: "effect-whatsapp doctor --fix --yes --callback https://bot.example.com/whatsapp/webhook",
      description: "Subscribe the app, and have Meta deliver to your webhook"
    },
    {
      command: "effect-whatsapp doctor --json --strict | jq -r 'select(.status == \"failure\").check'",
      description: "For a pipeline"
    }
  ])
)
