/** A place where an example runs as it is printed: a shell, a folder of its own, and `effect-whatsapp` on the PATH. */
import { Deferred, Effect, type Scope } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Outcome } from "../commandLine.ts"

const main = fileURLToPath(new URL("../../../../packages/node/src/cli/main.ts", import.meta.url))

const inherited = process.env["PATH"] ?? ""

export interface Shell {
  /** The folder that examples run in; it is removed at the end. */
  readonly folder: string
  /** Runs a line to its end. */
  readonly run: (line: string, env?: { readonly [name: string]: string }) => Effect.Effect<Outcome>
  /** Starts a line that goes on until it is told to stop; `ready` is a piece of what it prints when it is. */
  readonly start: (
    line: string,
    ready: string,
    env?: { readonly [name: string]: string }
  ) => Effect.Effect<Started, never, Scope.Scope>
}

interface Started {
  /** Ends it as Ctrl-C does. */
  readonly stop: Effect.Effect<Outcome>
  /** All that it printed so far. */
  readonly printed: () => string
}

/** Whether a program that an example uses is there. */
export const has = (program: string): boolean => {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

/** Opens a shell in a new folder; both end with the scope. */
export const open = Effect.gen(function* () {
  const home = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-example-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  const bin = join(home, "bin")
  const folder = join(home, "here")
  mkdirSync(bin)
  mkdirSync(folder)
  const command = join(bin, "effect-whatsapp")
  const running = join(home, "pid")
  writeFileSync(
    command,
    `#!/bin/sh\necho $$ > "${running}"\nexec "${process.execPath}" --conditions=effect-whatsapp-source "${main}" "$@"\n`
  )
  chmodSync(command, 0o755)
  const path = [bin, inherited].join(delimiter)

  const launch = Effect.fnUntraced(function* (line: string, env: { readonly [name: string]: string } = {}) {
    // A group of its own: what is stopped is the whole line, with its pipes.
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn("sh", ["-c", line], {
          cwd: folder,
          detached: true,
          env: { PATH: path, HOME: home, ...env },
          stdio: ["ignore", "pipe", "pipe"]
        })
      ),
      (child) =>
        Effect.sync(() => {
          if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
            process.kill(-child.pid, "SIGKILL")
          }
        })
    )
    const outcome = yield* Deferred.make<Outcome>()
    let stdout = ""
    let stderr = ""
    const watchers = new Set<() => void>()
    const tell = () => watchers.forEach((watch) => watch())
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
      tell()
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
      tell()
    })
    child.on("close", (code, signal) => {
      Deferred.doneUnsafe(outcome, Effect.succeed({ code: code ?? signal, stdout, stderr }))
      tell()
    })
    return { child, outcome: Deferred.await(outcome), printed: () => stdout + stderr, watchers }
  })

  const shell: Shell = {
    folder,
    run: (line, env) => Effect.scoped(Effect.flatMap(launch(line, env), ({ outcome }) => outcome)),
    start: (line, ready, env) =>
      Effect.gen(function* () {
        const { child, outcome, printed, watchers } = yield* launch(line, env)
        yield* Effect.callback<void>((resume) => {
          const look = () => {
            if (printed().includes(ready)) resume(Effect.void)
            else if (child.exitCode !== null) resume(Effect.die(`It ended before it said "${ready}": ${printed()}`))
          }
          watchers.add(look)
          look()
          return Effect.sync(() => watchers.delete(look))
        })
        // What stands behind it in a pipe ends by itself.
        const stop = Effect.suspend(() => {
          if (child.exitCode === null) process.kill(Number(readFileSync(running, "utf8")), "SIGINT")
          return outcome
        })
        return { stop, printed }
      })
  }
  return shell
})
