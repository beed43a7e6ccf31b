/** `effect-whatsapp mcp`: tools and guides for agents, over the Model Context Protocol. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as McpServer from "../mcp/McpServer.ts"
import { Usage } from "./internal/outcome.ts"
import { version } from "./internal/version.ts"

export const mcp = Command.make(
  "mcp",
  {
    project: Flag.String("project").pipe(
      Flag.withDescription("Folder of the project, or one inside of it. Default: the folder it is started in"),
      Flag.withMetavar("DIR"),
      Flag.withDefault(".")
    ),
    readOutside: Flag.Boolean("read-outside").pipe(
      Flag.withDescription("Let tools read files outside of the project, when they are asked for one"),
      Flag.withDefault(false)
    ),
    emulatorPort: Flag.Int("emulator-port").pipe(
      Flag.withDescription("Port of the emulator, on 127.0.0.1, once a tool starts it. Default: a free one"),
      Flag.filter(
        (port) => port >= 0 && port <= 65_535,
        () => "Expected a port from 0 to 65535"
      ),
      Flag.withDefault(0)
    ),
    allowSend: Flag.Boolean("allow-send").pipe(
      Flag.withDescription("Offer a tool that sends real messages; a person is asked before each"),
      Flag.withDefault(false)
    ),
    withoutConfirmation: Flag.Boolean("without-confirmation").pipe(
      Flag.withDescription("With --allow-send: ask nobody, for clients that cannot ask"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* ({ allowSend, emulatorPort, project, readOutside, withoutConfirmation }) {
    if (withoutConfirmation && !allowSend) {
      return yield* new Usage({ message: "--without-confirmation goes with --allow-send" })
    }
    const server = McpServer.layer({
      version,
      folder: project,
      readsOutside: readOutside,
      emulator: { port: emulatorPort },
      ...(allowSend ? { send: { withoutConfirmation } } : {})
    })
    const running = yield* Effect.forkChild(Layer.launch(server))
    const exit = yield* Fiber.await(running)
    // It interrupts itself when standard input ends, which is how a client says goodbye.
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.die(Cause.squash(exit.cause))
  })
).pipe(
  Command.withDescription(
    "Serve tools and the guides to agents, by the Model Context Protocol on standard input and output"
  ),
  Command.withExamples([
    { command: "effect-whatsapp mcp", description: "As a client starts it" },
    {
      command: "effect-whatsapp mcp --emulator-port 4010",
      description: "With an emulator that is always at one place"
    },
    { command: "effect-whatsapp mcp --allow-send", description: "With a tool that sends, after a person said yes" }
  ])
)
