/** A program in a process of its own, for tests that end it. */
import { Effect, Queue } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { appSecret, verifyToken } from "../webhook/loopback.ts"

const compileCache = fileURLToPath(new URL("../../../node_modules/.cache/node", import.meta.url))

/** Starts a program on the sources. It ends with the scope. */
export const startProcess = Effect.fnUntraced(function* (
  program: URL,
  env: { readonly [name: string]: string | undefined } = {}
) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=effect-whatsapp-source", fileURLToPath(program)], {
        // A start is mostly compiling; the cache changes nothing else.
        env: {
          NODE_COMPILE_CACHE: compileCache,
          PORT: "0",
          WHATSAPP_APP_SECRET: appSecret,
          WHATSAPP_VERIFY_TOKEN: verifyToken,
          ...env
        },
        stdio: "pipe"
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const lines = yield* Queue.unbounded<string>()
  const printed: Array<string> = []
  let log = ""
  let rest = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n")
    rest = parts.pop() ?? ""
    printed.push(...parts)
    Queue.offerAllUnsafe(lines, parts)
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (log += chunk))
  // It may be gone when it is told something.
  child.stdin.on("error", () => {})
  // Emitted when standard output and error have ended too.
  const closed = once(child, "close")
  return {
    pid: child.pid,
    /** Waits for a line of its standard output. */
    line: Queue.take(lines),
    /** The lines so far. */
    printed: () => printed,
    /** What it wrote to standard error so far. */
    log: () => log,
    tell: (line: string) => Effect.sync(() => child.stdin.write(`${line}\n`)),
    terminate: Effect.sync(() => child.kill("SIGTERM")),
    kill: Effect.sync(() => child.kill("SIGKILL")),
    /** Waits for its end, and gives its exit code; null when it was killed. */
    exit: Effect.map(
      Effect.promise(() => closed),
      ([code]: ReadonlyArray<unknown>) => code
    )
  }
})
