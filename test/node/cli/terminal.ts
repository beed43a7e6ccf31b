/** The command line on a terminal, which `script` of util-linux makes: what is typed, and what is shown. */
import { Deferred, Effect } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../../packages/node/src/cli/main.ts", import.meta.url))
const path = process.env["PATH"] ?? ""
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Whether there is one: only the `script` of util-linux takes a command and returns its exit code. */
export const isThere = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "")

export const keys = { enter: "\r", down: "\u001B[B", interrupt: "\u0003", erase: "\u0015" } as const

export interface Options {
  /** What the environment holds besides PATH. */
  readonly env?: { readonly [name: string]: string }
  /** The folder it is started in. @default this one */
  readonly cwd?: string
}

interface Ended {
  readonly code: number | null
  readonly shown: string
}

interface OnTerminal {
  /** Waits until it has shown this since something was typed last, and gives all that it has shown. */
  readonly shown: (part: string) => Effect.Effect<string>
  readonly type: (text: string) => Effect.Effect<void>
  readonly ended: Effect.Effect<Ended>
}

/** Starts `effect-whatsapp` on a terminal of its own; it ends with the scope. */
export const start = Effect.fnUntraced(function* (args: ReadonlyArray<string>, { cwd, env }: Options = {}) {
  const line = [process.execPath, "--conditions=effect-whatsapp-source", main, ...args].map(quoted).join(" ")
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn("script", ["--quiet", "--return", "--command", `exec ${line}`, "/dev/null"], {
        cwd,
        env: { PATH: path, SHELL: "/bin/sh", TERM: "xterm", ...env },
        stdio: ["pipe", "pipe", "ignore"]
      })
    ),
    (child) =>
      Effect.callback<void>((resume) => {
        if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
        child.once("exit", () => resume(Effect.void))
        // Ctrl-C: it ends with what runs on its terminal.
        child.stdin.write(keys.interrupt)
      })
  )
  const ended = yield* Deferred.make<Ended>()
  let text = ""
  let from = 0
  const waiting = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
    for (const look of waiting) look()
  })
  // It may end without having read its input.
  child.stdin.on("error", () => {})
  child.on("close", (code) => Deferred.doneUnsafe(ended, Effect.succeed({ code, shown: text })))
  const shown = Effect.fnUntraced(function* (part: string) {
    const found = yield* Deferred.make<void>()
    const look = () => {
      if (text.includes(part, from)) Deferred.doneUnsafe(found, Effect.void)
    }
    waiting.add(look)
    look()
    yield* Deferred.await(found)
    waiting.delete(look)
    return text
  })
  const terminal: OnTerminal = {
    shown,
    type: (typed) =>
      Effect.sync(() => {
        from = text.length
        child.stdin.write(typed)
      }),
    ended: Deferred.await(ended)
  }
  return terminal
})

export interface Answer {
  /** What is shown before it is typed. */
  readonly after: string
  readonly type: string
}

/** Runs it to its end without colours, and types each answer once its question is shown. */
export const run = (cwd: string, args: ReadonlyArray<string>, answers: ReadonlyArray<Answer>) =>
  Effect.gen(function* () {
    const { ended, shown, type } = yield* start(args, { cwd, env: { NO_COLOR: "1" } })
    yield* Effect.forkScoped(
      Effect.forEach(answers, (answer) => Effect.andThen(shown(answer.after), type(answer.type)))
    )
    return yield* ended
  }).pipe(Effect.scoped)
