/** The command line on a terminal, which `script` of util-linux makes. */
import { Deferred, Effect } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../../packages/node/src/cli/main.ts", import.meta.url))
const path = process.env["PATH"] ?? ""
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Whether there is one. */
export const isThere = process.platform === "linux"

interface OnTerminal {
  /** Waits until it has shown this, and gives all that it has shown. */
  readonly shown: (part: string) => Effect.Effect<string>
}

/** Starts `effect-whatsapp` on a terminal of its own; it ends with the scope. */
export const start = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  env: { readonly [name: string]: string }
) {
  const line = [process.execPath, "--conditions=effect-whatsapp-source", main, ...args].map(quoted).join(" ")
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn("script", ["--quiet", "--return", "--command", `exec ${line}`, "/dev/null"], {
        env: { PATH: path, SHELL: "/bin/sh", TERM: "xterm", ...env },
        stdio: ["pipe", "pipe", "ignore"]
      })
    ),
    (child) =>
      Effect.callback<void>((resume) => {
        if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
        child.once("exit", () => resume(Effect.void))
        // Ctrl-C: it ends with what runs on its terminal.
        child.stdin.write("\u0003")
      })
  )
  let text = ""
  const waiting = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
    for (const look of waiting) look()
  })
  const shown = Effect.fnUntraced(function* (part: string) {
    const found = yield* Deferred.make<void>()
    const look = () => {
      if (text.includes(part)) Deferred.doneUnsafe(found, Effect.void)
    }
    waiting.add(look)
    look()
    yield* Deferred.await(found)
    waiting.delete(look)
    return text
  })
  const terminal: OnTerminal = { shown }
  return terminal
})
