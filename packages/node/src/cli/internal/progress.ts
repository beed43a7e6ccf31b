/** How far a long work is, on a terminal: one line on standard error that is written anew. */
import type { Upload } from "@effect-whatsapp/core/client"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"

type OnProgress = (progress: Upload.Progress) => Effect.Effect<void>

/** Runs a work that tells how far it is; shows it where standard error is a terminal, and nowhere else. */
export const progress = <A, E, R>(
  what: string,
  run: (onProgress: OnProgress | undefined) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Stdio.Stdio> =>
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    if (!(yield* stdio.stderrIsTerminal)) return yield* run(undefined)
    const write = (text: string) =>
      Stream.run(Stream.make(text), stdio.stderr({ endOnDone: false })).pipe(Effect.ignore)
    let shown = -1
    const show: OnProgress = ({ sent, total }) => {
      const percent = total === 0 ? 100 : Math.floor((100 * sent) / total)
      if (percent === shown) return Effect.void
      shown = percent
      return write(`\r${what} ${percent} %`)
    }
    // What is said next begins on a line of its own.
    return yield* Effect.ensuring(
      run(show),
      Effect.suspend(() => (shown === -1 ? Effect.void : write("\n")))
    )
  })
