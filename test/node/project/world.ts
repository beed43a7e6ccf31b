/** A folder with files, which is gone after the test. */
import { Effect, FileSystem, Path } from "effect"

/** Makes the files, by their path in the folder. */
export const folderWith = Effect.fnUntraced(function* (files: { readonly [path: string]: string }) {
  const system = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const folder = yield* system.realPath(yield* system.makeTempDirectoryScoped({ prefix: "project-" }))
  for (const [file, text] of Object.entries(files)) {
    const path = paths.join(folder, file)
    yield* system.makeDirectory(paths.dirname(path), { recursive: true })
    yield* system.writeFileString(path, text)
  }
  return folder
})
