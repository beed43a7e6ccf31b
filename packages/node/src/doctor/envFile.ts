/** The file of variables: nobody else can read it, and it does not end up in a repository. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { type Check, failure, ok, type Outcome, type Services, skipped, warning } from "./Check.ts"
import { Setup } from "./Setup.ts"

const none = skipped("there is no file of variables")

/** Skips when there is no file. */
const withFile = (
  look: (file: {
    readonly whole: string
    readonly folder: string
    readonly name: string
  }) => Effect.Effect<Outcome, never, Services>
) =>
  Effect.gen(function* () {
    const { envFile } = yield* Setup
    const path = yield* Path.Path
    return envFile === undefined
      ? none
      : yield* look({ whole: envFile, folder: path.dirname(envFile), name: path.basename(envFile) })
  })

const access: Check = {
  id: "env.access",
  right: "the file of variables can be read by its owner alone",
  why: "Everybody with an account on the machine could send in your name.",
  isRemote: false,
  needs: [],
  run: withFile(({ name, whole }) =>
    Effect.gen(function* () {
      const path = yield* Path.Path
      if (path.sep === "\\") return skipped("Windows has no such modes")
      const files = yield* FileSystem.FileSystem
      const { mode } = yield* files.stat(whole)
      return (mode & 0o077) === 0
        ? ok(`${name} is its owner's alone`)
        : warning(`${name} can be read by other users of this machine`, `Run: chmod 600 ${name}`)
    }).pipe(Effect.catch(() => Effect.succeed(skipped(`the mode of ${name} cannot be read`))))
  ),
  fix: {
    will: Effect.map(Setup, ({ envFile }) => envFile && `make ${envFile} readable by its owner alone`),
    run: Effect.gen(function* () {
      const { envFile } = yield* Setup
      const files = yield* FileSystem.FileSystem
      if (envFile !== undefined) yield* files.chmod(envFile, 0o600)
    })
  }
}

const repository: Check = {
  id: "env.repository",
  right: "git ignores the file of variables",
  why: "Whoever gets the repository gets the secrets, and history keeps them when the file is gone.",
  isRemote: false,
  needs: [],
  run: withFile(({ folder, name }) =>
    Effect.gen(function* () {
      const spawner = yield* ChildProcessSpawner
      const git = (...args: ReadonlyArray<string>) =>
        spawner.exitCode(ChildProcess.make("git", [...args, "--", name], { cwd: folder }))
      if ((yield* git("ls-files", "--error-unmatch")) === 0) {
        return failure(
          `${name} is committed to git`,
          `Run git rm --cached ${name}, add it to .gitignore, and renew every secret in it: history keeps them.`
        )
      }
      const ignored = yield* git("check-ignore", "--quiet")
      if (ignored === 0) return ok(`git ignores ${name}`)
      return ignored === 1
        ? warning(`git does not ignore ${name}`, `Add a line with ${name} to .gitignore.`)
        : skipped(`${name} is in no git repository`)
    }).pipe(Effect.catch(() => Effect.succeed(skipped("git cannot be run here"))))
  )
}

export const checks: ReadonlyArray<Check> = [access, repository]
