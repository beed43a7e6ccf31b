/** What is examined: a folder, the variables that a program started there would read, and what was asked for. */
import type * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import type * as PlatformError from "effect/PlatformError"
import { variables } from "../project/variables.ts"

/** The value of a variable as it stands there, and where that is. */
export interface Value {
  readonly text: string
  readonly from: string
}

export class Setup extends Context.Service<
  Setup,
  {
    /** The folder of the project. */
    readonly project: string
    /** The file that variables come from, beside the environment. */
    readonly envFile: string | undefined
    /** By name; what is not there is missing or empty. */
    readonly values: ReadonlyMap<string, Value>
    /** The environment, and behind it the file. */
    readonly provider: ConfigProvider.ConfigProvider
    /** The version of Node that runs, without the `v`. */
    readonly nodeVersion: string
    /** Whether nothing is asked of Meta and of the webhook. */
    readonly isOffline: boolean
    /** Where Meta is to deliver to, if that was said. */
    readonly callback: string | undefined
  }
>()("@effect-whatsapp/node/doctor/Setup") {}

export interface Options {
  readonly project: string
  /** @default `.env` in the project, if there is one */
  readonly envFile?: string | undefined
  readonly nodeVersion: string
  readonly isOffline: boolean
  readonly callback?: string | undefined
}

/** The name of the file that is read when none is named. */
export const defaultEnvFile = ".env"

const textOf = (provider: ConfigProvider.ConfigProvider, name: string) =>
  // Not through a `Config`, which would drop what is looked for: quotes and white space.
  Effect.map(provider.load([name]), (node) => node?.value ?? "")

/** Layer that reads the variables; fails when the file that was named cannot be read. */
export const layer = (
  options: Options
): Layer.Layer<
  Setup,
  PlatformError.PlatformError | ConfigProvider.SourceError | Config.ConfigError,
  FileSystem.FileSystem | Path.Path
> =>
  Layer.effect(
    Setup,
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const usual = path.join(options.project, defaultEnvFile)
      const envFile = options.envFile ?? ((yield* files.exists(usual)) ? usual : undefined)
      const environment = yield* ConfigProvider.ConfigProvider
      const file = ConfigProvider.fromDotEnvContents(envFile === undefined ? "" : yield* files.readFileString(envFile))
      const values = new Map<string, Value>()
      for (const name of Object.keys(variables)) {
        const own = yield* textOf(environment, name)
        const text = own === "" ? yield* textOf(file, name) : own
        if (text.trim() === "") continue
        values.set(name, {
          text,
          from: own === "" && envFile !== undefined ? path.basename(envFile) : "the environment"
        })
      }
      return {
        project: options.project,
        envFile,
        values,
        provider: ConfigProvider.orElse(environment, file),
        nodeVersion: options.nodeVersion,
        isOffline: options.isOffline,
        callback: options.callback
      }
    })
  )
