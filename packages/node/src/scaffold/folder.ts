/** The folder of a new project: what stands in the way, and how files come into it whole or not at all. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type { File } from "./content.ts"

/** The folder cannot be used, in one line. Nothing was written, unless it says so. */
export class FolderError extends Data.TaggedError("FolderError")<{ readonly message: string }> {}

/** A file to be written, and what is in its place. */
export interface Planned extends File {
  readonly place: "free" | "same" | "taken"
}

const words: { readonly [tag: string]: string } = {
  AlreadyExists: "something else is in its place",
  BadResource: "a file on the way is no folder",
  NotFound: "there is no such place",
  PermissionDenied: "permission denied"
}

const refused =
  (what: string) =>
  ({ reason }: PlatformError): FolderError =>
    new FolderError({ message: `${what}: ${words[reason._tag] ?? `the system refused it (${reason._tag})`}` })

const whenMissing =
  <B>(instead: B) =>
  <A, R>(run: Effect.Effect<A, PlatformError, R>): Effect.Effect<A | B, PlatformError, R> =>
    Effect.catchIf(
      run,
      ({ reason }) => reason._tag === "NotFound",
      () => Effect.succeed(instead)
    )

/** Whether there is a folder; fails when there is something else. */
const isFolder = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const found = yield* fs.stat(directory).pipe(whenMissing(undefined), Effect.mapError(refused(directory)))
  if (found !== undefined && found.type !== "Directory") {
    return yield* new FolderError({ message: `${directory} is a file, and a folder is needed: name another one` })
  }
  return found !== undefined
})

/** Fails when a project cannot be in this place. */
export const check = (directory: string): Effect.Effect<void, FolderError, FileSystem.FileSystem> =>
  Effect.asVoid(isFolder(directory))

/** Looks at each place that a file would take. Links are never written through, unless they stay in the folder. */
export const plan = Effect.fnUntraced(function* (directory: string, files: ReadonlyArray<File>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const free = (file: File): Planned => ({ ...file, place: "free" })
  if (!(yield* isFolder(directory))) return files.map(free)
  const root = yield* Effect.mapError(fs.realPath(directory), refused(directory))

  const look = (place: string) =>
    fs.lstat(path.join(root, place)).pipe(whenMissing(undefined), Effect.mapError(refused(place)))

  /** Whether the folder that a file goes into is there. */
  const folderOf = Effect.fnUntraced(function* (place: string) {
    const parts = place.split("/").slice(0, -1)
    for (let i = 1; i <= parts.length; i++) {
      const folder = parts.slice(0, i).join("/")
      const found = yield* look(folder)
      if (found === undefined) return false
      if (found.type === "SymbolicLink") {
        const target = yield* Effect.mapError(fs.realPath(path.join(root, folder)), refused(folder))
        if (!target.startsWith(root + path.sep)) {
          return yield* new FolderError({ message: `${folder} is a link that leads out of ${directory}: remove it` })
        }
      } else if (found.type !== "Directory") {
        return yield* new FolderError({ message: `${folder} is in the way: a folder is needed there, so move it` })
      }
    }
    return true
  })

  return yield* Effect.forEach(files, (file) =>
    Effect.gen(function* () {
      if (!(yield* folderOf(file.path))) return free(file)
      const found = yield* look(file.path)
      if (found === undefined) return free(file)
      if (found.type !== "File") {
        return yield* new FolderError({ message: `${file.path} is in the way, and is no plain file: move it` })
      }
      const content = yield* Effect.mapError(fs.readFileString(path.join(root, file.path)), refused(file.path))
      const planned: Planned = { ...file, place: content === file.content ? "same" : "taken" }
      return planned
    })
  )
})

/** Makes a folder and those above it, one by one: all at once, Node never ends where the system takes no folders. */
const makeFolder: (directory: string) => Effect.Effect<void, PlatformError, FileSystem.FileSystem | Path.Path> =
  Effect.fnUntraced(function* (directory) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const make = Effect.catchIf(
      fs.makeDirectory(directory),
      ({ reason }) => reason._tag === "AlreadyExists",
      () => Effect.void
    )
    const above = path.dirname(directory)
    yield* Effect.catchIf(
      make,
      ({ reason }) => reason._tag === "NotFound" && above !== directory,
      () => Effect.andThen(makeFolder(above), make)
    )
  })

/**
 * Writes files, each of which is there whole or not at all, however the process ends: all are written and synced beside
 * their places before the first is moved into its own.
 */
export const write = Effect.fnUntraced(function* (
  directory: string,
  files: ReadonlyArray<File & { readonly mode?: number }>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* Effect.mapError(makeFolder(path.resolve(directory)), refused(`${directory} cannot be made`))
  const staging = yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ directory, prefix: ".effect-whatsapp-" }),
    refused(`${directory} cannot be written to`)
  )
  const staged = (index: number) => path.join(staging, String(index))
  yield* Effect.forEach(files, ({ content, mode, path: place }, index) =>
    Effect.scoped(
      Effect.gen(function* () {
        const file = yield* fs.open(staged(index), { flag: "wx" })
        yield* file.writeAll(new TextEncoder().encode(content))
        yield* file.sync
        if (mode !== undefined) yield* fs.chmod(staged(index), mode)
      })
    ).pipe(Effect.mapError(refused(`${place} cannot be written`)))
  )
  yield* Effect.forEach(files, ({ path: place }, index) => {
    const target = path.join(directory, place)
    return Effect.andThen(makeFolder(path.dirname(target)), fs.rename(staged(index), target)).pipe(
      Effect.mapError(refused(`${place} cannot be written, though files before it were`))
    )
  })
}, Effect.scoped)
