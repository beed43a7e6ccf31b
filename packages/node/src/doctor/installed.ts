/** Packages as Node finds them: in the `node_modules` of a folder, or of a folder above it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"

const Manifest = Schema.Struct({
  version: Schema.optionalKey(Schema.String),
  engines: Schema.optionalKey(Schema.Struct({ node: Schema.optionalKey(Schema.String) })),
  dependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  devDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  peerDependencies: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
export type Manifest = typeof Manifest.Type

const parse = SchemaParser.decodeUnknownEffect(Schema.fromJsonString(Manifest))

/** The manifest of a folder; `None` when there is none that can be read. */
export const manifestOf = (
  folder: string
): Effect.Effect<Option.Option<Manifest>, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    return yield* parse(yield* files.readFileString(path.join(folder, "package.json")))
  }).pipe(Effect.option)

/** A folder and all above it, from inside to outside. */
const upwards = (path: Path.Path, from: string): ReadonlyArray<string> => {
  const above = path.dirname(from)
  return above === from ? [from] : [from, ...upwards(path, above)]
}

/** Whether Yarn's Plug'n'Play finds the packages, and not their folders. */
export const isWithoutFolders = Effect.fnUntraced(function* (from: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const found = yield* Effect.forEach(upwards(path, from), (folder) =>
    Effect.orElseSucceed(files.exists(path.join(folder, ".pnp.cjs")), () => false)
  )
  return found.includes(true)
})

interface Installed {
  /** Where it really is, behind links. */
  readonly folder: string
  readonly manifest: Manifest
}

/** The package that `import name` finds from a folder. */
export const find = Effect.fnUntraced(function* (
  name: string,
  from: string
): Effect.fn.Return<Option.Option<Installed>, never, FileSystem.FileSystem | Path.Path> {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const folder of upwards(path, from)) {
    const place = path.join(folder, "node_modules", name)
    const manifest = yield* manifestOf(place)
    if (Option.isNone(manifest)) continue
    const real = yield* Effect.orElseSucceed(files.realPath(place), () => place)
    return Option.some({ folder: real, manifest: manifest.value })
  }
  return Option.none()
})
