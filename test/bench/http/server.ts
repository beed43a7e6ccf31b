/** Starts the server of a contestant in a process of its own, asks it, and ends it. */
import { Data, Deferred, type Duration, Effect, Queue, Schema } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onCore, serverCore } from "./cores.ts"
import { Connection } from "./connections.ts"
import { type Contestant, moduleOf } from "./contestants.ts"
import type { Question } from "../servers/driven.ts"

/** What a server tells. */
const Answer = Schema.TaggedUnion({
  Listening: { port: Schema.Number },
  Reached: { count: Schema.Number },
  Usage: { heapUsed: Schema.Number, rss: Schema.Number, cpuMicroseconds: Schema.Number },
  ProfileStarted: {},
  ProfileWritten: {},
  Started: { wamid: Schema.String },
  Handled: { wamid: Schema.String }
})
type Answer = typeof Answer.Type
const isAnswer = Schema.is(Answer)
const {
  Listening: isListening,
  ProfileStarted: isProfileStarted,
  ProfileWritten: isProfileWritten,
  Reached: isReached,
  Usage: isUsage
} = Answer.guards

/** A server ended by itself, or does not answer. */
export class ServerFailed extends Data.TaggedError("ServerFailed")<{
  readonly server: string
  readonly problem: string
}> {
  override get message(): string {
    return `${this.server}: ${this.problem}`
  }
}

export interface StartOptions {
  readonly execArgv?: ReadonlyArray<string> | undefined
  readonly env?: { readonly [name: string]: string } | undefined
  /** Where it keeps its file. @default a new folder, removed at the end */
  readonly folder?: string | undefined
}

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-bench-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** The sources run as they are, so that no build can be stale. */
const sources = ["--conditions=effect-whatsapp-source", "--no-warnings", "--expose-gc"]

const kill = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGKILL")
    return undefined
  })

/** Nanoseconds of processor time that the threads of a process had so far; nothing where Linux does not tell. */
const nanosecondsOf = (pid: number): number | undefined => {
  if (process.platform !== "linux") return undefined
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks)
    .map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]))
    .reduce((sum, one) => sum + one, 0)
}

export const start = Effect.fnUntraced(function* (contestant: Contestant, options: StartOptions = {}) {
  const { name } = contestant
  const folder = options.folder ?? (yield* temporaryFolder)
  const answers = yield* Queue.unbounded<Answer>()
  const ended = yield* Deferred.make<never, ServerFailed>()
  const startedAt = performance.now()
  const [command, ...args] = onCore(serverCore, [
    process.execPath,
    ...(options.execArgv ?? sources),
    moduleOf(contestant.module),
    ...contestant.args,
    folder
  ])
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(command, args, {
        // What a server logs is not of interest here, unless it is an error.
        stdio: ["ignore", "ignore", "inherit", "ipc"],
        env: { ...process.env, NODE_ENV: "production", ...options.env }
      })
    ),
    kill
  )
  child.on("message", (message) => {
    if (isAnswer(message)) Queue.offerUnsafe(answers, message)
  })
  const fail = (problem: string) => Deferred.doneUnsafe(ended, Effect.fail(new ServerFailed({ server: name, problem })))
  child.on("error", ({ message }) => fail(message))
  child.on("exit", (code, signal) => fail(`ended with ${signal ?? code}`))

  /** The next answer that is this; what is told before it is dropped. */
  const next = <A extends Answer>(is: (answer: unknown) => answer is A) =>
    Effect.gen(function* () {
      while (true) {
        const answer: unknown = yield* Queue.take(answers)
        if (is(answer)) return answer
      }
    }).pipe(
      Effect.raceFirst(Deferred.await(ended)),
      Effect.timeoutOrElse({
        duration: "60 seconds",
        orElse: () => Effect.fail(new ServerFailed({ server: name, problem: "did not answer within 60 seconds" }))
      })
    )
  const ask = (question: Question) => Effect.sync(() => void child.send(question))

  const { port } = yield* next(isListening)
  const startMilliseconds = performance.now() - startedAt
  const connections = Array.from({ length: 50 }, () => new Connection(port))
  yield* Effect.addFinalizer(() => Effect.sync(() => connections.forEach((one) => one.close())))

  const usage = (collect: boolean) => Effect.andThen(ask({ _tag: "Usage", collect }), next(isUsage))
  return {
    name,
    folder,
    port,
    /** From the start of the process until it listened. */
    startMilliseconds,
    connections: (count: number) =>
      Effect.suspend(() => {
        const some = connections.slice(0, count)
        return Effect.as(
          Effect.forEach(some, (one) => one.open, { discard: true }),
          some
        )
      }),
    /** Memory in bytes, with `collect` after a full garbage collection. */
    usage,
    /** Processor time so far, in microseconds. */
    cpu: Effect.suspend(() => {
      const nanoseconds = child.pid === undefined ? undefined : nanosecondsOf(child.pid)
      return nanoseconds === undefined
        ? Effect.map(usage(false), ({ cpuMicroseconds }) => cpuMicroseconds)
        : Effect.succeed(nanoseconds / 1000)
    }),
    expect: (count: number) => ask({ _tag: "Expect", count }),
    reached: next(isReached),
    profile: <A, E, R>(file: string, work: Effect.Effect<A, E, R>) =>
      Effect.gen(function* () {
        yield* ask({ _tag: "StartProfile" })
        yield* next(isProfileStarted)
        const result = yield* work
        yield* ask({ _tag: "StopProfile", file })
        yield* next(isProfileWritten)
        return result
      }),
    /** What a probed server tells within this time. */
    told: (duration: Duration.Input) =>
      Effect.gen(function* () {
        yield* Effect.sleep(duration)
        const told = yield* Queue.clear(answers)
        const handled = told.flatMap((answer) => (answer._tag === "Handled" ? [answer.wamid] : []))
        const all = told.flatMap((answer) =>
          answer._tag === "Started" || answer._tag === "Handled" ? [`${answer._tag} ${answer.wamid}`] : []
        )
        return { handled, all }
      }),
    kill: kill(child)
  }
})

export type Server = Effect.Success<ReturnType<typeof start>>
