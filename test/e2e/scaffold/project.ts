/** A project as somebody makes it who has only npm: from the packed packages, in an empty folder. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { execFile, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const Packed = Schema.fromJsonString(Schema.Array(Schema.Struct({ filename: Schema.String })))
const Manifest = Schema.fromJsonString(
  Schema.Struct({ scripts: Schema.Struct({ dev: Schema.String, start: Schema.String }) })
)

// npm tells its children which project they belong to; these belong to their own. And they run on this Node.
const { npm_config_local_prefix: _, ...inherited } = process.env
const environment = {
  ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !/^(WHATSAPP_|REDIS_URL|PORT$)/.test(name))),
  PATH: [dirname(process.execPath), inherited["PATH"] ?? ""].join(delimiter)
}

/** Runs a program to its end, and returns what it printed; dies of any code but 0, with all that was said. */
const run = (cwd: string, command: string, ...args: ReadonlyArray<string>): Effect.Effect<string> =>
  Effect.callback((resume) => {
    execFile(command, args, { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resume(
        error === null ? Effect.succeed(stdout) : Effect.die(`${[command, ...args].join(" ")}\n${stdout}\n${stderr}`)
      )
    )
  })

const install = (cwd: string, ...packages: ReadonlyArray<string>) =>
  run(cwd, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages)

export interface Project {
  /** Runs a script of the project to its end. */
  readonly script: (name: "typecheck" | "test") => Effect.Effect<string>
  /** Runs `effect-whatsapp`, as the project has it. */
  readonly command: (...args: ReadonlyArray<string>) => Effect.Effect<string>
  readonly has: (path: string) => boolean
  readonly read: (path: string) => string
  readonly write: (path: string, text: string) => void
  /** Starts what `dev` or `start` says, with these variables. */
  readonly start: (script: "dev" | "start", env: { readonly [name: string]: string }) => Effect.Effect<Started>
}

interface Started {
  /** Returns when this has been printed, with what the pattern found. */
  readonly said: (pattern: RegExp) => Effect.Effect<string>
  readonly type: (line: string) => void
  /** Asks it to end, and returns its exit code. */
  readonly stop: (by: "SIGTERM" | "end of input") => Effect.Effect<number | null>
}

const start = (cwd: string, script: string, env: { readonly [name: string]: string }): Started => {
  const [, ...args] = script.split(" ")
  const child = spawn(process.execPath, args, { cwd, env: { ...environment, ...env }, stdio: "pipe" })
  let printed = ""
  const watchers = new Set<() => void>()
  const keep = (text: string) => {
    printed += text
    for (const watch of watchers) watch()
  }
  child.stdout.setEncoding("utf8").on("data", keep)
  child.stderr.setEncoding("utf8").on("data", keep)
  const exit = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      resolve(code)
      for (const watch of watchers) watch()
    })
  })
  return {
    said: (pattern) =>
      Effect.callback<string>((resume) => {
        const look = () => {
          const [whole, group] = pattern.exec(printed) ?? []
          if (whole !== undefined) resume(Effect.succeed(group ?? whole))
          else if (child.exitCode !== null) resume(Effect.die(`It ended without saying ${pattern}:\n${printed}`))
        }
        watchers.add(look)
        look()
        return Effect.sync(() => watchers.delete(look))
      }),
    type: (line) => void child.stdin.write(`${line}\n`),
    stop: (by) => {
      if (by === "SIGTERM") child.kill("SIGTERM")
      else child.stdin.end()
      return Effect.promise(() => exit)
    }
  }
}

/** Packs both packages, and makes and installs a project with them. */
export const makeProject = Effect.gen(function* () {
  const home = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-scaffold-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  yield* run(root, "npm", "run", "build")
  const workspaces = ["core", "node"].flatMap((name) => ["--workspace", `packages/${name}`])
  const packed = yield* run(root, "npm", "pack", "--json", "--pack-destination", home, ...workspaces)
  const tarballs = (yield* Schema.decodeEffect(Packed)(packed)).map(({ filename }) => join(home, filename))

  // What npx would do: the command comes from a place of its own.
  const tool = join(home, "tool")
  mkdirSync(tool)
  writeFileSync(join(tool, "package.json"), JSON.stringify({ private: true }))
  yield* install(tool, ...tarballs)
  yield* run(home, join(tool, "node_modules/.bin/effect-whatsapp"), "init", "my-bot", "--yes")

  const folder = join(home, "my-bot")
  yield* install(folder, ...tarballs)
  const { scripts } = yield* Schema.decodeEffect(Manifest)(readFileSync(join(folder, "package.json"), "utf8"))
  const project: Project = {
    script: (name) => run(folder, "npm", "run", name),
    command: (...args) => run(folder, "npx", "effect-whatsapp", ...args),
    has: (path) => existsSync(join(folder, path)),
    read: (path) => readFileSync(join(folder, path), "utf8"),
    write: (path, text) => writeFileSync(join(folder, path), text),
    start: (name, env) => Effect.sync(() => start(folder, scripts[name], env))
  }
  return project
})

const appSecret = "an-app-secret"
const accessToken = "an-access-token"
const verifyToken = "a-verify-token"
const phoneNumberId = "207311904455012"

/** Starts the project as in production, against a Meta of its own, and asserts that it answers and ends as it should. */
export const assertAnswers = (project: Project, env: { readonly [name: string]: string }) =>
  Effect.gen(function* () {
    const meta = yield* CloudApiEmulator.CloudApiEmulator
    const bot = yield* project.start("start", {
      PORT: "0",
      WHATSAPP_API_URL: meta.url,
      WHATSAPP_APP_SECRET: appSecret,
      WHATSAPP_ACCESS_TOKEN: accessToken,
      WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
      WHATSAPP_VERIFY_TOKEN: verifyToken,
      ...env
    })
    const port = yield* bot.said(/Listening on http:\/\/\S+:(\d+)/)
    yield* meta.setWebhookUrl(`http://127.0.0.1:${port}/whatsapp/webhook`)
    yield* meta.verifyWebhook(verifyToken)
    const ida = yield* meta.customer({ name: "Ida", phone: "16505550177" })
    yield* ida.sendText("Perché no? 🌻")
    const answer = yield* ida.next
    assert.strictEqual(answer.text, "Perché no? 🌻")
    yield* meta.awaitTick(answer.wamid, "read")
    yield* bot.said(new RegExp(`Read ${answer.wamid.replaceAll(/[+.]/g, "\\$&")}`))
    assert.strictEqual(yield* bot.stop("SIGTERM"), 0)
  }).pipe(
    Effect.provide(
      CloudApiEmulator.layer({
        appSecret,
        businessAccountId: "330011220044556",
        numbers: [{ phoneNumberId, displayPhoneNumber: "15557300142", accessToken }]
      })
    )
  )
