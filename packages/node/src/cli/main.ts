/** The command line. Imported for its effect by `program.ts`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stdio from "effect/Stdio"
import * as Command from "effect/cli/Command"
import { presenter } from "./internal/presenter.ts"
import { teardown } from "./internal/outcome.ts"
import { version } from "./internal/version.ts"
import { calledBy } from "./commands.ts"

// Standard output is for results: logs go to standard error.
const Logs = Logger.layer([Logger.withConsoleError(Logger.formatSimple)])

Effect.gen(function* () {
  const { args } = yield* Stdio.Stdio
  const commands = yield* calledBy(yield* args)
  yield* Command.make("effect-whatsapp").pipe(
    Command.withDescription("The WhatsApp Business Cloud API on the command line"),
    Command.withSubcommands(commands),
    Command.run({ version })
  )
}).pipe(Effect.provide(Layer.mergeAll(NodeServices.layer, presenter, Logs)), NodeRuntime.runMain({ teardown }))
