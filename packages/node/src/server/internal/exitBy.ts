/**
 * The exit code of an orderly shutdown. `NodeRuntime.runMain` ends every interrupted program with 130, as if it had been
 * killed; a service that did all of its work on SIGTERM ends with 0, and one that could not ends with 1.
 */
import * as Effect from "effect/Effect"

const interrupted = 130
let undone = 0

const onExit = (code: number) => {
  if (code === interrupted) process.exitCode = undone === 0 ? 0 : 1
}

/** Notes how much a shutdown left undone, for the exit code. */
export const exitBy = (left: number): Effect.Effect<void> =>
  Effect.sync(() => {
    undone += left
    if (!process.listeners("exit").includes(onExit)) process.once("exit", onExit)
  })
