/** Scripts of the benchmark that need a process for themselves, on the core of the servers. */
import { Data, Effect, Schema } from "effect"
import { spawn } from "node:child_process"
import { onCore, serverCore } from "./http/cores.ts"

/** A script ended before its time. */
export class ScriptFailed extends Data.TaggedError("ScriptFailed")<{
  readonly script: string
  readonly problem: string
}> {
  override get message(): string {
    return `${this.script}: ${this.problem}`
  }
}

/** The sources run as they are, so that no build can be stale. */
export const sources: ReadonlyArray<string> = ["--conditions=effect-whatsapp-source", "--no-warnings"]

export interface RunOptions {
  readonly args?: ReadonlyArray<string> | undefined
  readonly execArgv?: ReadonlyArray<string> | undefined
  readonly env?: { readonly [name: string]: string } | undefined
}

/** Runs a script to its end, and gives all that it told by `process.send`. */
export const runScript = <A, I>(
  script: string,
  told: Schema.Codec<A, I>,
  options: RunOptions = {}
): Effect.Effect<ReadonlyArray<A>, ScriptFailed> =>
  Effect.callback((resume) => {
    const [command, ...args] = onCore(serverCore, [
      process.execPath,
      ...(options.execArgv ?? sources),
      script,
      ...(options.args ?? [])
    ])
    const child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, ...options.env }
    })
    const all: Array<A> = []
    const fail = (problem: string) => resume(Effect.fail(new ScriptFailed({ script, problem })))
    const decode = Schema.decodeUnknownOption(told)
    child.on("message", (message) => {
      const one = decode(message)
      if (one._tag === "Some") all.push(one.value)
      else fail("told something unexpected")
    })
    child.on("error", ({ message }) => fail(message))
    child.on("close", (code, signal) => {
      if (code === 0) resume(Effect.succeed(all))
      else fail(`ended with ${signal ?? code}`)
    })
    return Effect.sync(() => void child.kill("SIGKILL"))
  })
