/** The source files of a folder: what a person wrote, and not what was installed, built or made to test it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"

/** How far a walk goes. */
const limits = { files: 5000, bytes: 1024 * 1024, depth: 32 } as const

const isSource = (name: string): boolean =>
  /\.[cm]?[jt]sx?$/.test(name) && !/\.(d|test|spec|stories)\.[cm]?[jt]sx?$/.test(name)

const skipped: ReadonlySet<string> = new Set([
  "node_modules",
  "bower_components",
  "vendor",
  "dist",
  "build",
  "out",
  "coverage",
  "test",
  "tests",
  "__tests__"
])
const isFolderOfSources = (name: string): boolean => !name.startsWith(".") && !skipped.has(name)

/** A file, by its path from the folder with `/` between the names, or why it is not read. */
export interface Source {
  readonly file: string
  readonly path: string
  readonly problem?: string
}

export interface Sources {
  readonly sources: ReadonlyArray<Source>
  /** Whether a limit ended the walk before all was seen. */
  readonly isCutShort: boolean
}

/**
 * Lists the sources under a folder, in the order of their names. A link is followed only to what lies under the folder
 * too, and nothing is seen twice.
 */
export const sources = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<Sources, PlatformError, FileSystem.FileSystem | Path.Path> {
  const files = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const root = yield* files.realPath(folder)
  const found: Array<Source> = []
  const seen = new Set<string>([root])
  const cut = { isShort: false }
  const visit = Effect.fnUntraced(function* (path: string, file: string, depth: number) {
    const real = yield* files.realPath(path)
    const name = paths.basename(path)
    if (!real.startsWith(root + paths.sep) || seen.has(real)) return
    seen.add(real)
    const { size, type } = yield* files.stat(real)
    if (type === "Directory" && isFolderOfSources(name)) {
      if (depth >= limits.depth) cut.isShort = true
      else yield* list(real, file, depth + 1)
    }
    if (type !== "File" || !isSource(name)) return
    if (found.length >= limits.files) cut.isShort = true
    else
      found.push(size > limits.bytes ? { file, path: real, problem: "It is larger than 1 MiB" } : { file, path: real })
  })
  const list = (folder: string, prefix: string, depth: number): Effect.Effect<void> =>
    files.readDirectory(folder).pipe(
      Effect.tapError(() => {
        found.push({ file: `${prefix}/`, path: folder, problem: "The folder cannot be read" })
        return Effect.void
      }),
      Effect.orElseSucceed((): Array<string> => []),
      Effect.flatMap((names) =>
        Effect.forEach(
          names.toSorted(byName),
          // Ignored is a link to nowhere, and what was removed meanwhile.
          (name) => Effect.ignore(visit(paths.join(folder, name), prefix === "" ? name : `${prefix}/${name}`, depth)),
          { discard: true }
        )
      )
    )
  yield* list(root, "", 0)
  return { sources: found, isCutShort: cut.isShort }
})

const byName = (one: string, other: string): number => (one < other ? -1 : 1)
