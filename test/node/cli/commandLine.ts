/** The command line as people have it: a process of its own, whose environment holds nothing but what is given. */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Queue, type Cause } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../../packages/node/src/cli/main.ts", import.meta.url))
const path = process.env["PATH"] ?? ""

export interface Options {
  /** What the environment holds besides PATH. */
  readonly env?: { readonly [name: string]: string }
  /** What stands on standard input; open is left to the test. */
  readonly stdin?: string | { readonly open: true }
  /** The folder it is started in. @default this one */
  readonly cwd?: string
}

export interface Outcome {
  /** The exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  /** The next line of standard output. */
  readonly line: Effect.Effect<string>
  /** The next line of standard error. */
  readonly complaint: Effect.Effect<string>
  /** All that was printed so far, on both. */
  readonly printed: () => string
  /** The lines of standard output that nobody has asked for yet. */
  readonly unread: Effect.Effect<ReadonlyArray<string>>
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Goes away from the other end of standard output, as `head -1` does after a line. */
  readonly closeStdout: Effect.Effect<void>
  readonly outcome: Effect.Effect<Outcome>
}

const read = Effect.fnUntraced(function* (stream: Readable) {
  const lines = yield* Queue.unbounded<string, Cause.Done>()
  let text = ""
  let rest = ""
  stream.setEncoding("utf8")
  stream.on("data", (chunk: string) => {
    text += chunk
    const parts = (rest + chunk).split("\n")
    rest = parts.pop() ?? ""
    Queue.offerAllUnsafe(lines, parts)
  })
  stream.on("close", () => Queue.endUnsafe(lines))
  return { lines, text: () => text }
})

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

/** Only the process that was started here, and only if it still runs. */
const end = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    if (hasEnded(child)) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGKILL")
  })

/** Starts `effect-whatsapp` with these arguments; it ends with the scope at the latest. */
export const start = Effect.fnUntraced(function* (args: ReadonlyArray<string>, options: Options = {}) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=effect-whatsapp-source", main, ...args], {
        env: { PATH: path, ...options.env },
        cwd: options.cwd,
        stdio: ["pipe", "pipe", "pipe"]
      })
    ),
    end
  )
  const outcome = yield* Deferred.make<Outcome>()
  const stdout = yield* read(child.stdout)
  const stderr = yield* read(child.stderr)
  child.on("close", (code, signal) => {
    Deferred.doneUnsafe(outcome, Effect.succeed({ code: code ?? signal, stdout: stdout.text(), stderr: stderr.text() }))
  })
  // It may end without having read its input.
  child.stdin.on("error", () => {})
  if (typeof options.stdin !== "object") child.stdin.end(options.stdin ?? "")
  const next = (lines: Queue.Dequeue<string, Cause.Done>) =>
    Effect.catchTag(Queue.take(lines), "Done", () =>
      Effect.die(`There is no further line. It printed: ${stderr.text()}`)
    )
  const running: Running = {
    child,
    line: next(stdout.lines),
    complaint: next(stderr.lines),
    printed: () => stdout.text() + stderr.text(),
    unread: Queue.clear(stdout.lines),
    signal: (signal) => Effect.sync(() => void child.kill(signal)),
    closeStdout: Effect.sync(() => void child.stdout.destroy()),
    outcome: Deferred.await(outcome)
  }
  return running
})

/** Runs it to its end. */
export const run = (args: ReadonlyArray<string>, options?: Options): Effect.Effect<Outcome> =>
  Effect.scoped(Effect.flatMap(start(args, options), ({ outcome }) => outcome))

/** Asserts that it ended with `code`, said why in one line that a person can read, and printed no result. */
export const assertReadable = ({ code, stderr, stdout }: Outcome, expected: 1 | 2) => {
  assert.strictEqual(code, expected, stderr)
  assert.strictEqual(stdout, "")
  // What effect/cli cannot parse comes with the way to the help.
  const line = stderr.replace(/\nSee: effect-whatsapp.* --help\n$/, "\n")
  assert.match(line, /^.{10,500}\n$/)
  assert.notMatch(line.trimEnd(), /[\p{Cc}\p{Bidi_Control}]/u)
  assertNoStack(stderr)
}

/** Asserts that it is written for people and not for who wrote the program. */
export const assertNoStack = (text: string) => {
  assert.notMatch(text, /^\s+at |node:|file:\/\/|\.[jt]s:\d|\[object |undefined|"_tag"|Schema validation/m)
}
