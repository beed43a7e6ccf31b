/** Every command of the command line, found by walking it. */
import { Effect } from "effect"
import type { Command } from "effect/cli"
import { all } from "../../../packages/node/src/cli/commands.ts"

export interface Found {
  /** How it is called, as in `["inbox", "dead"]`. */
  readonly words: ReadonlyArray<string>
  readonly command: Command.Command.Any
}

const walk = (before: ReadonlyArray<string>, command: Command.Command.Any): ReadonlyArray<Found> => {
  const found = { words: [...before, command.name], command }
  return [found, ...command.subcommands.flatMap(({ commands }) => commands.flatMap((one) => walk(found.words, one)))]
}

/** All of them, without the one that holds them. */
export const commands: ReadonlyArray<Found> = (await Effect.runPromise(all)).flatMap((command) => walk([], command))
