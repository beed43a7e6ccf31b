/** An account with templates, and a folder that `effect-whatsapp templates` runs in. */
import { CloudApiEmulator } from "@effect-whatsapp/node/emulator"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as CommandLine from "./commandLine.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

export const token = "EAAG-token-of-orchid"
export const appId = "5512"
const businessAccountId = "330011220044556"

export type Templates = ReadonlyArray<CloudApiEmulator.TemplateDefinition>

/** A Meta whose account has these templates, and a token that lives. */
export const meta = (templates: Templates, options: Partial<CloudApiEmulator.MetaOptions> = {}) =>
  CloudApiEmulator.layer({
    businessAccountId,
    appId,
    numbers: [{ phoneNumberId: "207311904455012", displayPhoneNumber: "15550100001", accessToken: token }],
    appSecret: "secret-of-orchid",
    customerServiceWindow: false,
    templates,
    ...options
  })

export const environment = (url: string) => ({
  WHATSAPP_ACCESS_TOKEN: token,
  WHATSAPP_BUSINESS_ACCOUNT_ID: businessAccountId,
  WHATSAPP_API_URL: url
})

/** A new folder that finds the packages as a project does; it is removed with the scope. */
export const project = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = mkdtempSync(join(tmpdir(), "effect-whatsapp-templates-"))
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
    writeFileSync(join(folder, "package.json"), `{"type":"module"}`)
    return folder
  }),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Runs `effect-whatsapp templates …` against the Meta of the test. */
export const templates = Effect.fnUntraced(function* (args: ReadonlyArray<string>, options: CommandLine.Options = {}) {
  const { url } = yield* CloudApiEmulator.CloudApiEmulator
  return yield* CommandLine.run(["templates", ...args], {
    ...options,
    env: { ...environment(url), ...options.env }
  })
})

/** Runs a program of the project's own, such as the compiler; what it printed, and its exit code. */
export const program = (name: string, args: ReadonlyArray<string>, folder: string) =>
  Effect.callback<{ readonly code: number; readonly printed: string; readonly stdout: string }>((resume) => {
    const child = execFile(join(root, "node_modules/.bin", name), args, { cwd: folder }, (_, stdout, stderr) =>
      resume(Effect.succeed({ code: child.exitCode ?? -1, printed: stdout + stderr, stdout }))
    )
  })

/** The strictest options that there are for a module that a project has among its own. */
export const strictest = JSON.stringify({
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "dom"],
    module: "nodenext",
    customConditions: ["effect-whatsapp-source"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    isolatedModules: true,
    isolatedDeclarations: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    declaration: true,
    noEmit: true
  },
  include: ["src"]
})
