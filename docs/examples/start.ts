/** `npm start`: the echo bot against a local Meta, to talk with; with `--script`, a fixed conversation that is checked. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { argv } from "node:process"
import { chat } from "./start/chat.ts"
import { script } from "./start/script.ts"
import { BotLive, Meta } from "./start/World.ts"

const World = BotLive.pipe(Layer.provideMerge(Meta), Layer.provideMerge(NodeServices.layer))

const main = Effect.gen(function* () {
  if (argv.includes("--script")) yield* script
  else yield* chat
}).pipe(
  Effect.scoped,
  Effect.provide(World),
  Effect.tapError(({ message }) => Console.error(`\n${message}`))
)

NodeRuntime.runMain(main, { disableErrorReporting: true })
