/** Standard output for the protocol alone: what anything else in the process prints goes to standard error. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Sink from "effect/Sink"

export interface Protected {
  /** Writes a text, and returns when the operating system has it, or nobody reads any more. */
  readonly write: (text: string) => Effect.Effect<void>
  readonly sink: Sink.Sink<void, string | Uint8Array>
}

/** Takes standard output for itself until the scope closes. */
export const stdout: Effect.Effect<Protected, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => {
    const { stderr, stdout } = process
    const own = stdout.write.bind(stdout)
    stdout.write = stderr.write.bind(stderr)
    // Without a handler of its own, a client that goes away would end the process in the middle of its work.
    stdout.on("error", () => {})
    const write = (chunk: string | Uint8Array): Effect.Effect<void> =>
      Effect.callback((resume) => {
        own(chunk, () => resume(Effect.void))
      })
    return { write, sink: Sink.forEach(write), own }
  }),
  ({ own }) =>
    Effect.sync(() => {
      process.stdout.write = own
    })
)
