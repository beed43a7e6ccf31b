import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseEnv } from "node:util"
import root from "../../../package.json" with { type: "json" }
import manifest from "../../../packages/node/package.json" with { type: "json" }
import { type Variable, variables } from "../../../packages/node/src/project/variables.ts"
import type { Choices } from "../../../packages/node/src/scaffold/choices.ts"
import { filesOf, templates } from "../../../packages/node/src/scaffold/content.ts"

const repository = fileURLToPath(new URL("../../..", import.meta.url))
const usual: Choices = { name: "my-bot", inbox: "memory", packageManager: "npm" }

const contents = (choices: Partial<Choices> = {}) =>
  filesOf({ ...usual, ...choices }).pipe(
    Effect.map((files) => new Map(files.map(({ content, path }) => [path, content]))),
    Effect.provide(NodeServices.layer)
  )

const Ranges = Schema.Record(Schema.String, Schema.String)
const Project = Schema.fromJsonString(
  Schema.Struct({ name: Schema.String, dependencies: Ranges, devDependencies: Ranges })
)

describe("a new project", () => {
  it.effect("is made of every template, and of nothing that is left to be filled in", () =>
    Effect.gen(function* () {
      const folder = join(repository, "packages/node/src/scaffold/template")
      const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      const paths = found.map(({ name, parentPath }) => join(parentPath, name).slice(folder.length + 1))
      assert.deepStrictEqual(paths.toSorted(), templates.toSorted())
      for (const [path, text] of yield* contents()) assert.notMatch(text, /__[A-Z]+__/, path)
    })
  )

  it.effect("takes each version from the manifest of the package, which holds those that it is tested with", () =>
    Effect.gen(function* () {
      const text = (yield* contents()).get("package.json") ?? ""
      const { dependencies, devDependencies, name } = yield* Schema.decodeEffect(Project)(text)
      assert.strictEqual(name, "my-bot")
      assert.deepStrictEqual(dependencies, {
        "@effect-whatsapp/core": `^${manifest.dependencies["@effect-whatsapp/core"]}`,
        "@effect-whatsapp/node": `^${manifest.version}`,
        ...manifest.peerDependencies,
        ...manifest.newProject.dependencies
      })
      assert.deepStrictEqual(devDependencies, manifest.newProject.devDependencies)
      const tested: { readonly [name: string]: string } = root.devDependencies
      for (const [one, range] of Object.entries({ ...manifest.newProject.dependencies, ...devDependencies })) {
        assert.strictEqual(range, `^${tested[one]}`, one)
      }
    })
  )

  it.effect("names every variable in .env.example, with values that a program takes, and has no .env", () =>
    Effect.gen(function* () {
      const files = yield* contents()
      assert.isFalse(files.has(".env"))
      const text = files.get(".env.example") ?? ""
      const all = parseEnv(text.replaceAll(/^# (?=[A-Z_]+=)/gm, ""))
      const known: ReadonlyArray<readonly [string, Variable]> = Object.entries(variables)
      const names = known.map(([name]) => name)
      assert.deepStrictEqual(Object.keys(all).toSorted(), [...names, "REDIS_URL"].toSorted())
      const needed = known.filter(
        ([, { without }]) => "cannot" in without && ["send", "receive"].includes(without.cannot)
      )
      assert.deepStrictEqual(Object.keys(parseEnv(text)).toSorted(), needed.map(([name]) => name).toSorted())
      const provider = ConfigProvider.fromUnknown(all)
      for (const [, { config }] of known) yield* config.parse(provider)
    })
  )

  for (const inbox of ["sqlite", "redis"] as const) {
    it.effect(`says in one line of its config where things are kept: ${inbox}`, () =>
      Effect.gen(function* () {
        const files = yield* contents()
        const config = "src/whatsapp/config.ts"
        const switched = files.get(config)?.replace(/\bStores = stores\.memory\n$/, `Stores = stores.${inbox}\n`) ?? ""
        assert.deepStrictEqual(yield* contents({ inbox }), new Map(files).set(config, switched))
      })
    )
  }

  for (const [packageManager, words] of [
    ["npm", ["npm install", "npm run dev", "npx effect-whatsapp"]],
    ["pnpm", ["pnpm install", "pnpm run dev", "pnpm exec effect-whatsapp"]],
    ["yarn", ["yarn install", "yarn run dev", "yarn run effect-whatsapp"]],
    ["bun", ["bun install", "bun run dev", "bunx effect-whatsapp"]]
  ] as const) {
    it.effect(`speaks the words of ${packageManager}`, () =>
      Effect.gen(function* () {
        const files = yield* contents({ packageManager })
        for (const word of words) assert.include(files.get("README.md"), word)
        assert.strictEqual(files.has(".yarnrc.yml"), packageManager === "yarn")
      })
    )
  }

  it.effect("is formatted", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-content-"))),
        (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
      )
      // Prose is laid out by its author.
      const files = Array.from(yield* contents({ inbox: "redis" })).filter(([path]) => /\.(ts|json)$/.test(path))
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const oxfmt = [join(repository, "node_modules/.bin/oxfmt"), "--check", "--config"]
      const outcome = spawnSync(process.execPath, [...oxfmt, join(repository, ".oxfmtrc.jsonc"), "."], {
        cwd: folder,
        encoding: "utf8"
      })
      assert.strictEqual(outcome.status, 0, outcome.stdout + outcome.stderr)
      assert.include(outcome.stdout, `on ${files.length} files`)
    })
  )
})
