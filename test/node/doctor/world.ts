/** A set-up in which all is well: a project in a folder, a local Meta, a bot, and variables that fit them; and its faults. */
import { execFileSync } from "node:child_process"
import { createHmac } from "node:crypto"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert } from "@effect/vitest"
import { Deduplication, OwnerResolver } from "@effect-whatsapp/core/services"
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Listener, Listeners } from "@effect-whatsapp/node/events"
import { Inbox } from "@effect-whatsapp/node/inbox"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { WebhookConfig, WebhookPipeline } from "@effect-whatsapp/node/webhook"
import { ConfigProvider, Context, Effect, Layer, Logger, Schema } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { checks } from "../../../packages/node/src/doctor/checks.ts"
import { examine } from "../../../packages/node/src/doctor/examine.ts"
import * as Setup from "../../../packages/node/src/doctor/Setup.ts"
import * as CommandLine from "../cli/commandLine.ts"
import { serveBytes } from "../cli/graph.ts"

const token = "EAAGorchidtokenofthedoctor"
const appSecret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
const verifyToken = "orchid-verify-token"
const appId = "1190220033044055"
const businessAccountId = "330011220044556"
const phoneNumberId = "207311904455012"
const displayPhoneNumber = "15557300142"

const root = fileURLToPath(new URL("../../..", import.meta.url))

export interface World {
  readonly env: { readonly [name: string]: string | undefined }
  /** The files of the project; `undefined` for one that is missing. */
  readonly files: { readonly [path: string]: string | undefined }
  readonly meta: Partial<CloudApiEmulator.MetaOptions>
  /** What the bot is configured with. */
  readonly bot: { readonly appSecret: string; readonly verifyToken: string }
  /** Another webhook in the place of the bot, by what it answers. */
  readonly webhook?: (request: Asked) => Answer
  /** What Meta answers, by the end of the path, in the place of the emulator. */
  readonly instead?: { readonly [path: string]: Schema.Json }
  /** What is done to the project at the end. */
  readonly arrange: (folder: string) => void
  /** The URL that is given with `--callback`. */
  readonly callback?: string
}

export interface Asked {
  readonly method: string
  /** Of the handshake. */
  readonly query: URLSearchParams
  readonly isSigned: boolean
}

export interface Answer {
  readonly status: number
  readonly body?: string
}

export interface Places {
  readonly metaUrl: string
  readonly botUrl: string
  readonly folder: string
}

const listeners = `
import { Listener } from "@effect-whatsapp/node/events"
import { Effect } from "effect"

export const greet = Listener.make("greet", "TextReceived", () => Effect.void)
export const watch = Listener.make("watch", ["StatusUpdate", "TemplateStatusChanged"], () => Effect.void)
`

/** Nothing is wrong. */
export const healthy: World = {
  env: {
    WHATSAPP_ACCESS_TOKEN: token,
    WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: verifyToken,
    WHATSAPP_BUSINESS_ACCOUNT_ID: businessAccountId,
    WHATSAPP_APP_ID: appId
  },
  files: {
    "package.json": JSON.stringify({ dependencies: { effect: "^4.1.0", "@effect-whatsapp/node": "*" } }),
    "src/whatsapp/config.ts": "export {}\n",
    "src/whatsapp/webhook.ts": "export {}\n",
    "src/whatsapp/listeners.ts": listeners,
    ".gitignore": ".env\n",
    ".env": "WHATSAPP_OWNER_PHONES=+39 340 123 4567\n"
  },
  meta: {},
  bot: { appSecret, verifyToken },
  arrange: () => {}
}

export const git = (folder: string, ...args: ReadonlyArray<string>) =>
  execFileSync("git", args, { cwd: folder, stdio: "ignore" })

export const write = (folder: string, path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const link = (folder: string, name: string, target: string) => {
  const place = join(folder, "node_modules", name)
  mkdirSync(dirname(place), { recursive: true })
  rmSync(place, { force: true })
  symlinkSync(target, place)
}

/** Where the packages of this repository are. */
const packages: ReadonlyArray<readonly [name: string, target: string]> = [
  ["effect", join(root, "node_modules/effect")],
  ["@effect/platform-node", join(root, "node_modules/@effect/platform-node")],
  ["@effect-whatsapp/core", join(root, "packages/core")],
  ["@effect-whatsapp/node", join(root, "packages/node")]
]

const makeProject = Effect.fnUntraced(function* ({ arrange, files }: World) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-doctor-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  for (const [path, text] of Object.entries(files)) if (text !== undefined) write(folder, path, text)
  if (files[".env"] !== undefined) chmodSync(join(folder, ".env"), 0o600)
  for (const [name, target] of packages) link(folder, name, target)
  git(folder, "init", "-q")
  arrange(folder)
  return folder
})

const makeBot = Effect.fnUntraced(function* ({ bot, webhook }: World) {
  if (webhook !== undefined) {
    const { url } = yield* serveBytes((url, body, response, { headers, method = "" }) => {
      const signature = `sha256=${createHmac("sha256", bot.appSecret).update(body).digest("hex")}`
      const isSigned = headers["x-hub-signature-256"] === signature
      const answer = webhook({ method, query: new URL(url, "http://localhost").searchParams, isSigned })
      response.writeHead(answer.status).end(answer.body ?? "")
    })
    return { url: `${url}/whatsapp/webhook`, heard: Effect.succeed([]) }
  }
  const heard: Array<string> = []
  const hear = Listener.make("hear", "*", ({ _tag }) => Effect.sync(() => void heard.push(_tag)))
  const context = yield* Layer.build(
    WebhookServer.layer({
      port: 0,
      host: "127.0.0.1",
      shutdownTimeout: "1 second",
      config: WebhookConfig.layer({ appSecrets: bot.appSecret.split(","), verifyToken: bot.verifyToken })
    }).pipe(
      Layer.provide([
        Listeners.layer(hear),
        OwnerResolver.layerPhones([]),
        Deduplication.layerMemory(),
        Inbox.layerMemory(),
        Logger.layer([])
      ])
    )
  )
  return {
    url: `${HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address)}/whatsapp/webhook`,
    /** The events that its listeners got. */
    heard: Effect.as(Effect.provideContext(WebhookPipeline.awaitIdle, context), heard)
  }
})

/** Somebody between the doctor and Meta, who answers some calls himself. */
const makeBetween = (metaUrl: string, instead: { readonly [path: string]: Schema.Json }) =>
  Effect.map(
    serveBytes((url, body, response, { headers, method = "" }) => {
      const own = Object.keys(instead).find((path) => url.replace(/\?.*/, "").endsWith(path))
      if (own !== undefined) {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(instead[own]))
        return
      }
      request(`${metaUrl}${url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }).end(body)
    }),
    ({ url }) => url
  )

/** Brings up the world; `change` sees where its parts are. */
export const open = Effect.fnUntraced(function* (
  change: (world: World, botUrl: string) => Partial<World> = () => ({})
) {
  const { heard, url: botUrl } = yield* makeBot({
    ...healthy,
    ...change(healthy, "http://127.0.0.1:9/whatsapp/webhook")
  })
  const world = { ...healthy, ...change(healthy, botUrl) }
  const meta = Context.get(
    yield* Layer.build(
      CloudApiEmulator.layer({
        businessAccountId,
        appId,
        appSecret,
        webhookUrl: botUrl,
        numbers: [{ phoneNumberId, displayPhoneNumber, accessToken: token }],
        ...world.meta
      })
    ),
    CloudApiEmulator.CloudApiEmulator
  )
  const folder = yield* makeProject(world)
  const metaUrl = world.instead === undefined ? meta.url : yield* makeBetween(meta.url, world.instead)
  const places: Places = { metaUrl, botUrl, folder }
  return { world, places, meta, heard }
})

const Finding = Schema.fromJsonString(
  Schema.Struct({
    check: Schema.String,
    status: Schema.Literals(["ok", "warning", "failure", "skipped"]),
    what: Schema.String,
    why: Schema.optionalKey(Schema.String),
    mend: Schema.optionalKey(Schema.String)
  })
)
export type Finding = typeof Finding.Type

export const environment = ({ env }: World, { metaUrl }: Places) =>
  Object.fromEntries(
    Object.entries({ WHATSAPP_API_URL: metaUrl, ...env }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]]
    )
  )

/** No secret, and no phone number, is printed. */
export const assertNothingLeaks = ({ stderr, stdout }: CommandLine.Outcome) => {
  for (const secret of [token, appSecret, verifyToken, displayPhoneNumber, "340 123", "3401234567"]) {
    assert.notInclude(stdout + stderr, secret)
  }
  CommandLine.assertNoStack(stderr)
}

const argsOf = ({ callback }: World) => (callback === undefined ? [] : ["--callback", callback])

/** Runs the command in the project. */
export const run = Effect.fnUntraced(function* (world: World, places: Places, ...args: ReadonlyArray<string>) {
  const outcome = yield* CommandLine.run(["doctor", ...argsOf(world), ...args], {
    env: environment(world, places),
    cwd: places.folder
  })
  assertNothingLeaks(outcome)
  return outcome
})

/** What it printed with `--json`. */
export const findings = ({ stderr, stdout }: CommandLine.Outcome): ReadonlyArray<Finding> => {
  assert.notStrictEqual(stdout, "", stderr)
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => Schema.decodeUnknownSync(Finding)(line))
}

const Http = Layer.provide(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }))

/** The same without a process of its own. */
export const look = (world: World, places: Places): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.map(examine(checks), (results) =>
    results.map(({ check, outcome }): Finding => {
      const { status, what } = outcome
      return outcome.status === "ok" || outcome.status === "skipped"
        ? { check: check.id, status, what }
        : { check: check.id, status, what, why: outcome.why ?? check.why, mend: outcome.mend }
    })
  ).pipe(
    Effect.provide(
      Setup.layer({
        project: places.folder,
        nodeVersion: process.versions.node,
        isOffline: false,
        callback: world.callback
      })
    ),
    Effect.provide([Http, NodeCrypto.layerMac, NodeServices.layer]),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(environment(world, places))),
    Effect.orDie
  )

const isProblem = ({ status }: Finding) => status === "warning" || status === "failure"

/** Asserts that exactly these checks are not fine, and that nothing was skipped but for want of one of them. */
export const assertFound = (
  all: ReadonlyArray<Finding>,
  found: { readonly [check: string]: "warning" | "failure" },
  said: RegExp
) => {
  const problems = all.filter(isProblem)
  assert.deepStrictEqual(
    Object.fromEntries(problems.map(({ check, status }) => [check, status])),
    found,
    JSON.stringify(problems, null, 2)
  )
  assert.match(problems.map(({ what }) => what).join("\n"), said)
  for (const { mend = "", why = "" } of problems) assert.match(`${mend}\n${why}`, /^.*\w.*\n.*\w.*$/)
  for (const { check, status, what } of all) {
    if (status !== "skipped") continue
    const isUnknown = check.startsWith("webhook.") && what === "no callback URL is known; give it with --callback"
    assert.isTrue(isUnknown || Object.keys(found).some((id) => what === `because of ${id}`), `${check}: ${what}`)
  }
}
