/** Everything that a program, a log or Node itself may print of a failure. */
import { Cause, type Exit } from "effect"
import { inspect } from "node:util"

export const printed = (
  exit: Exit.Failure<unknown, unknown>
): ReadonlyArray<readonly [text: string, where: string]> => {
  const error = Cause.squash(exit.cause)
  return [
    [String(error), "String"],
    [JSON.stringify(error), "JSON"],
    [JSON.stringify(exit), "JSON of the exit"],
    [inspect(error, { depth: 20, showHidden: true }), "inspect"],
    // As the printer of uncaught errors does, which ignores what a class says about itself.
    [inspect(error, { depth: 20, customInspect: false }), "inspect, raw"],
    [Cause.pretty(exit.cause), "Cause.pretty"],
    [error instanceof Error ? String(error.stack) : "", "stack"]
  ]
}
