/** What a command is given to read: a file, or `-` for standard input. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { Failure } from "./outcome.ts"

export const readStdin = Effect.flatMap(Stdio.Stdio, ({ stdin }) => Stream.mkString(Stream.decodeText(stdin))).pipe(
  Effect.mapError(() => new Failure({ message: "Standard input could not be read" }))
)

const readFile = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  return yield* Effect.mapError(
    files.readFileString(path),
    () => new Failure({ message: `The file ${path} could not be read` })
  )
})

/** The text of a file; `-` is standard input. */
export const readText = (path: string) => (path === "-" ? readStdin : readFile(path))
