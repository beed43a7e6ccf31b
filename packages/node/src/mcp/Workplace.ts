/** Where the tools work: the folder of a project, and the variables that a program started there would see. */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Project from "../project/Project.ts"
import { ToolError } from "./internal/ToolError.ts"

/** Where a variable has its value from. */
type Source = "environment" | ".env"

interface Found {
  readonly value: string
  readonly source: Source
}

/** The variables, whose values no tool may tell. */
export interface Variables {
  /** The environment of this process, and behind it the file `.env` of the project. */
  readonly provider: ConfigProvider.ConfigProvider
  readonly valueOf: (name: string) => Effect.Effect<Found | undefined>
  /** What became of the file `.env`. */
  readonly file: "none" | "read" | "unreadable"
}

export class Workplace extends Context.Service<
  Workplace,
  {
    /** Absolute. */
    readonly folder: string
    /** Read anew each time: agents change files. */
    readonly project: Effect.Effect<Project.Project>
    /** Read anew each time. */
    readonly variables: Effect.Effect<Variables>
    /** The real path of a file that may be read: inside the folder, wherever links lead. */
    readonly readable: (path: string) => Effect.Effect<string, ToolError>
  }
>()("@effect-whatsapp/node/mcp/Workplace") {}

export interface Options {
  /** The folder of the project, or one inside of it. */
  readonly folder: string
  /** Whether tools may read files that are not in the project. @default false */
  readonly readsOutside?: boolean
}

/** A file of variables is small. */
const maxBytes = 64 * 1024

const read = (name: string, provider: ConfigProvider.ConfigProvider) =>
  Effect.orElseSucceed(Config.option(Config.String(name)).parse(provider), () => Option.none<string>())

export const layer = (options: Options): Layer.Layer<Workplace, never, FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    Workplace,
    Effect.gen(function* () {
      const services = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      const files = yield* FileSystem.FileSystem
      const paths = yield* Path.Path
      const { folder } = yield* Project.find(options.folder)
      const root = yield* Effect.orElseSucceed(files.realPath(folder), () => folder)

      const readable = Effect.fnUntraced(function* (path: string) {
        const whole = paths.resolve(root, path)
        const real = yield* Effect.mapError(
          files.realPath(whole),
          () => new ToolError({ message: `There is no file ${path} in the project` })
        )
        const isInside = real === root || real.startsWith(root + paths.sep)
        if (isInside || options.readsOutside === true) return real
        return yield* new ToolError({
          message: `${path} is outside of the project, where nothing is read unless the server is started with --read-outside`
        })
      })

      const environment = yield* ConfigProvider.ConfigProvider
      const envFile = Effect.gen(function* () {
        const path = yield* readable(".env")
        const { size, type } = yield* files.stat(path)
        // Of a pipe nobody knows whether there will ever be something in it.
        return type !== "File" || size > maxBytes ? undefined : yield* files.readFileString(path)
      }).pipe(Effect.orElseSucceed(() => undefined))

      const variables = Effect.gen(function* () {
        const exists = yield* Effect.orElseSucceed(files.exists(paths.join(root, ".env")), () => false)
        const text = exists ? yield* envFile : undefined
        const file = ConfigProvider.fromDotEnvContents(text ?? "")
        return {
          provider: ConfigProvider.orElse(environment, file),
          file: exists ? (text === undefined ? "unreadable" : "read") : "none",
          valueOf: Effect.fnUntraced(function* (name: string): Effect.fn.Return<Found | undefined> {
            const own = yield* read(name, environment)
            if (Option.isSome(own)) return { value: own.value, source: "environment" }
            const other = yield* read(name, file)
            return Option.isSome(other) ? { value: other.value, source: ".env" } : undefined
          })
        } satisfies Variables
      })

      return Workplace.of({ folder: root, project: Effect.provide(Project.find(root), services), variables, readable })
    })
  )
