/** What a new project depends on: versions that this package was published with, out of its own manifest. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import type { Choices } from "./choices.ts"

const Ranges = Schema.Record(Schema.String, Schema.String)

/** The manifest of this package. `newProject` is ours: ranges of what only a project needs. */
const Manifest = Schema.fromJsonString(
  Schema.Struct({
    name: Schema.String,
    version: Schema.String,
    engines: Ranges,
    dependencies: Schema.StructWithRest(Schema.Struct({ "@effect-whatsapp/core": Schema.String }), [Ranges]),
    peerDependencies: Ranges,
    newProject: Schema.Struct({ dependencies: Ranges, devDependencies: Ranges })
  })
)

const read = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = yield* path.fromFileUrl(new URL("../../package.json", import.meta.url))
  return yield* Schema.decodeEffect(Manifest)(yield* fs.readFileString(file))
}).pipe(Effect.orDie)

const sorted = (ranges: { readonly [name: string]: string }) =>
  Object.fromEntries(Object.entries(ranges).toSorted(([one], [other]) => (one < other ? -1 : 1)))

/** The `package.json` of a new project. */
export const manifestOf = ({ name }: Choices) =>
  Effect.map(read, (own) => ({
    name,
    version: "0.0.0",
    private: true,
    type: "module",
    engines: own.engines,
    scripts: {
      dev: "node src/dev.ts",
      start: "node --env-file-if-exists=.env src/main.ts",
      test: "vitest run",
      typecheck: "tsc"
    },
    dependencies: sorted({
      "@effect-whatsapp/core": `^${own.dependencies["@effect-whatsapp/core"]}`,
      [own.name]: `^${own.version}`,
      ...own.peerDependencies,
      ...own.newProject.dependencies
    }),
    devDependencies: sorted(own.newProject.devDependencies)
  }))
