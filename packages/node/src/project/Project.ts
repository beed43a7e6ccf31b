/** The project that a folder belongs to, and how much of a bot's scaffold is there. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"

/** The folder of the scaffold, from the folder of the project. */
const scaffoldFolder = "src/whatsapp"

/** The files of the scaffold, in its folder. */
const scaffoldFiles = ["config.ts", "webhook.ts", "listeners.ts"] as const

export const Scaffold = Schema.Struct({
  /** Whether there is a folder `src/whatsapp`. */
  exists: Schema.Boolean,
  /** Those of `config.ts`, `webhook.ts` and `listeners.ts` that are there. */
  present: Schema.Array(Schema.Literals(scaffoldFiles)),
  missing: Schema.Array(Schema.Literals(scaffoldFiles))
})
export interface Scaffold extends Schema.Schema.Type<typeof Scaffold> {}

export interface Project {
  /** Absolute. */
  readonly folder: string
  /** Whether there is a `package.json`; without one in any folder above, the project is the folder asked about. */
  readonly hasManifest: boolean
  readonly scaffold: Scaffold
}

const isKind = (path: string, kind: FileSystem.File.Type) =>
  Effect.flatMap(FileSystem.FileSystem, (files) => files.stat(path)).pipe(
    Effect.map(({ type }) => type === kind),
    Effect.orElseSucceed(() => false)
  )

/** The nearest folder, from here upwards, that has a `package.json`. */
const nearest: (folder: string) => Effect.Effect<string | undefined, never, FileSystem.FileSystem | Path.Path> =
  Effect.fnUntraced(function* (folder) {
    const paths = yield* Path.Path
    if (yield* isKind(paths.join(folder, "package.json"), "File")) return folder
    const above = paths.dirname(folder)
    return above === folder ? undefined : yield* nearest(above)
  })

const scaffoldOf = Effect.fnUntraced(function* (folder: string) {
  const paths = yield* Path.Path
  const place = paths.join(folder, scaffoldFolder)
  const present = yield* Effect.filter(scaffoldFiles, (file) => isKind(paths.join(place, file), "File"))
  const scaffold: Scaffold = {
    exists: yield* isKind(place, "Directory"),
    present,
    missing: scaffoldFiles.filter((file) => !present.includes(file))
  }
  return scaffold
})

/** Finds the project of a folder. What cannot be read counts as not there. */
export const find = Effect.fnUntraced(function* (
  from: string
): Effect.fn.Return<Project, never, FileSystem.FileSystem | Path.Path> {
  const paths = yield* Path.Path
  const start = paths.resolve(from)
  const found = yield* nearest(start)
  const folder = found ?? start
  return { folder, hasManifest: found !== undefined, scaffold: yield* scaffoldOf(folder) }
})
