/** The command line at a terminal, as `script` makes one: what is typed, and what is shown. */
import { Effect } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../../packages/node/src/cli/main.ts", import.meta.url))

const path = process.env["PATH"] ?? ""

/** Only the `script` of util-linux takes a command and returns its exit code. */
export const hasTerminal = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "")

export const keys = { enter: "\r", down: "\u001B[B", interrupt: "\u0003", erase: "\u0015" } as const

export interface Answer {
  /** What is shown before it is typed. */
  readonly after: string
  readonly type: string
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

/** Runs it to its end, and types each answer once its question is shown. Returns the exit code and all that was shown. */
export const run = (cwd: string, args: ReadonlyArray<string>, answers: ReadonlyArray<Answer>) =>
  Effect.callback<{ readonly code: number | null; readonly shown: string }>((resume) => {
    const line = [process.execPath, "--conditions=effect-whatsapp-source", main, ...args].map(quoted).join(" ")
    const child = spawn("script", ["-qec", line, "/dev/null"], {
      cwd,
      env: { PATH: path, TERM: "xterm", NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "inherit"]
    })
    let shown = ""
    let from = 0
    const left = [...answers]
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text
      const [next] = left
      const at = next === undefined ? -1 : shown.indexOf(next.after, from)
      if (next === undefined || at === -1) return
      left.shift()
      from = shown.length
      child.stdin.write(next.type)
    })
    child.on("close", (code) => resume(Effect.succeed({ code, shown })))
    return Effect.sync(() => void child.kill("SIGKILL"))
  })
