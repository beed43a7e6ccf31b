import * as Effect from "effect/Effect"
import { Failure } from "./outcome.ts"

/** Nobody reads any more. */
export class StdoutClosed extends Failure {}

/** Without a handler of its own, a closed pipe would end the process in the middle of its work. */
export const survivePipe: Effect.Effect<void> = Effect.sync(() => void process.stdout.on("error", () => {}))

/** Writes one line to standard output, and returns when the operating system has it. */
export const writeLine = (line: string): Effect.Effect<void, StdoutClosed> =>
  Effect.callback((resume) => {
    process.stdout.write(`${line}\n`, (error) =>
      resume(error ? Effect.fail(new StdoutClosed({ message: "Standard output was closed" })) : Effect.void)
    )
  })
