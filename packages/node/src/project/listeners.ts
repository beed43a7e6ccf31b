/**
 * Which listeners a project has, read from its sources and without running them. What only a running program knows, such
 * as a tag that comes from a parameter, is said to be unknown and not guessed.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import { callsIn, type Found } from "./internal/calls.ts"
import { type Source, sources } from "./internal/sources.ts"

/** A place in the sources. */
const place = {
  /** From the folder of the project, with `/` between the names. */
  file: Schema.String,
  /** From 1. */
  line: Schema.Int,
  /** From 1. */
  column: Schema.Int
}

/** A call of `Listener.make`. */
const FoundListener = Schema.Struct({
  /** Absent where it is not known. */
  name: Schema.optionalKey(Schema.String),
  /** The event tags that are known, as they are written. Empty with `wantsAll`. */
  tags: Schema.Array(Schema.String),
  /** Whether it wants every event (`"*"`). */
  wantsAll: Schema.Boolean,
  /** What could not be known of the name or the tags, and why. Empty when both are whole. */
  unresolved: Schema.Array(Schema.String),
  ...place
})
type FoundListener = typeof FoundListener.Type

/** A use of `Listener` behind which there may be listeners that were not found, such as an export of it. */
const HiddenUse = Schema.Struct({ ...place, reason: Schema.String })
type HiddenUse = typeof HiddenUse.Type

/** A file that was not read, or not whole. */
const FileProblem = Schema.Struct({ file: Schema.String, reason: Schema.String })
type FileProblem = typeof FileProblem.Type

export const FoundListeners = Schema.Struct({
  /** In the order of files and lines. */
  listeners: Schema.Array(FoundListener),
  hidden: Schema.Array(HiddenUse),
  problems: Schema.Array(FileProblem),
  /** How many source files there were. */
  files: Schema.Int,
  /** Whether there was more than is looked at: 5000 files, 32 folders deep. */
  isCutShort: Schema.Boolean
})
export type FoundListeners = typeof FoundListeners.Type

/** Only a file that names the package can call it. */
const isConcerned = (text: string): boolean => text.includes("@effect-whatsapp/node")

const nothing: Found = { calls: [], hidden: [] }

const analyse = (file: string, text: string): Effect.Effect<Found, FileProblem> =>
  isConcerned(text)
    ? Effect.try({
        try: () => callsIn(file, text),
        catch: (error) => ({ file, reason: error instanceof SyntaxError ? error.message : "It is nested too deep" })
      })
    : Effect.succeed(nothing)

const read = Effect.fnUntraced(function* ({ file, path, problem }: Source) {
  const files = yield* FileSystem.FileSystem
  if (problem !== undefined) return yield* Effect.fail({ file, reason: problem })
  const text = yield* Effect.mapError(files.readFileString(path), () => ({ file, reason: "It cannot be read" }))
  return { file, found: yield* analyse(file, text) }
})

/**
 * Finds the calls of `Listener.make` of this package in the sources under a folder: TypeScript and JavaScript, whatever
 * names the imports have. Not looked at are tests, what was installed or built, folders that start with a dot, files
 * over 1 MiB, and links that lead out of the folder. Fails only when the folder cannot be read.
 */
export const findListeners = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<FoundListeners, PlatformError, FileSystem.FileSystem | Path.Path> {
  const walked = yield* sources(folder)
  const listeners: Array<FoundListener> = []
  const hidden: Array<HiddenUse> = []
  const problems: Array<FileProblem> = []
  yield* Effect.forEach(
    walked.sources,
    (source) =>
      Effect.match(read(source), {
        onFailure: (problem) => void problems.push(problem),
        onSuccess: ({ file, found }) => {
          for (const call of found.calls) listeners.push({ ...call, file })
          for (const use of found.hidden) hidden.push({ ...use, file })
          if (found.mistake !== undefined) problems.push({ file, reason: found.mistake })
        }
      }),
    { discard: true }
  )
  return { listeners, hidden, problems, files: walked.sources.length, isCutShort: walked.isCutShort }
})
