/** The file that templates are pulled into: read, compared with the account, and written as a whole or not at all. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Glob from "effect/Glob"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Digest from "effect/crypto/Digest"
import * as Entry from "./Entry.ts"
import * as Module from "./Module.ts"
import * as Stamp from "./Stamp.ts"

/** Where a bot looks for its templates. */
export const defaultPath = "src/whatsapp/templates.ts"

/** What stands at a path. */
export type Present = { readonly _tag: "Absent" } | (Stamp.File & { readonly text: string })

const isNotFound = ({ reason }: PlatformError) => reason._tag === "NotFound"

/** Reads what is there. */
export const read = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Present, PlatformError, FileSystem.FileSystem | Digest.Digest> {
  const files = yield* FileSystem.FileSystem
  const text = yield* files
    .readFileString(path)
    .pipe(Effect.catchIf(isNotFound, () => Effect.succeed<string | undefined>(undefined)))
  return text === undefined ? { _tag: "Absent" } : { ...(yield* Stamp.read(text)), text }
})

/** The templates that a file is to have, of all that the account has. */
export const select = (
  sources: ReadonlyArray<Entry.Source>,
  { name, status }: Stamp.Options
): Effect.Effect<ReadonlyArray<Entry.Entry>, never, Digest.Digest> => {
  const pattern = name === undefined ? undefined : Glob.make(name)
  return Entry.read(
    sources.filter(
      (source) =>
        (status === "all" || source.status?.toLowerCase() === status) &&
        (pattern === undefined || Glob.match(pattern, source.name))
    )
  )
}

/** Where a path leads: a link stays one, also one to a file that is yet to be. */
const targetOf = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const linked = files.readLink(path).pipe(
    Effect.map((to) => paths.resolve(paths.dirname(path), to)),
    Effect.orElseSucceed(() => path)
  )
  return yield* Effect.catchIf(files.realPath(path), isNotFound, () => linked)
})

/** Replaces the file in one step, through another beside it, so that nobody reads a half of it. */
const replace = Effect.fnUntraced(function* (path: string, text: string) {
  const files = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const target = yield* targetOf(path)
  yield* files.makeDirectory(paths.dirname(target), { recursive: true })
  const folder = yield* files.makeTempDirectoryScoped({ directory: paths.dirname(target), prefix: ".templates-" })
  const beside = paths.join(folder, paths.basename(target))
  yield* files.writeFileString(beside, text)
  yield* files.rename(beside, target)
}, Effect.scoped)

/** Somebody else has written the file since it was read. */
class Overtaken extends Data.TaggedError("Overtaken") {}

const textOf = (present: Present): string | undefined => (present._tag === "Absent" ? undefined : present.text)

/** Writes the templates, over what was read `before` and nothing else; whether that has changed the file. */
export const write = Effect.fnUntraced(function* (
  path: string,
  before: Present,
  entries: ReadonlyArray<Entry.Entry>,
  options: Stamp.Options
) {
  const text = yield* Module.make(entries, options)
  const now = textOf(yield* read(path))
  if (now === text) return false
  if (now !== textOf(before)) return yield* new Overtaken()
  yield* replace(path, text)
  return true
})
