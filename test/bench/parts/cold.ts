/** From the start of a process until it listens, for the built packages. */
import { Effect, Random, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { bare, type Contestant, moduleOf } from "../http/contestants.ts"
import { start } from "../http/server.ts"
import { number, paragraph, spreadOfAll, table } from "../markdown.ts"
import { runScript, ScriptFailed } from "../processes.ts"
import { makePart, root } from "../results.ts"
import { ratiosTo, spreadOf } from "../statistics.ts"
import { builder } from "./bundles.ts"
import { chosen } from "./http.ts"

const Row = Schema.Struct({ name: Schema.String, milliseconds: Schema.Array(Schema.Number) })

/** Inside the bench, so that modules find the packages. */
const folder = fileURLToPath(new URL("../node_modules/.cache/cold", import.meta.url))
const bundledFolder = join(folder, "bundled")

/** What a user runs is JavaScript: the packages as they are published, and the servers without their types. */
const build = Effect.gen(function* () {
  const compiler = `${root}node_modules/typescript/bin/tsc`
  const { status } = spawnSync(process.execPath, [compiler, "-b", "packages/core", "packages/node"], {
    cwd: root,
    stdio: "inherit"
  })
  if (status !== 0) return yield* new ScriptFailed({ script: "tsc", problem: `ended with ${status}` })
  mkdirSync(folder, { recursive: true })
  const modules = ["bare.ts", "ours.ts"].map((module) => moduleOf(module))
  yield* runScript(builder, Schema.Never, { execArgv: [], args: ["servers", folder, ...modules] })
  yield* runScript(builder, Schema.Never, { execArgv: [], args: ["bundled", bundledFolder, moduleOf("ours.ts")] })
  return undefined
})

const builtIn = (path: string, contestant: Contestant, name: string): Contestant => ({
  ...contestant,
  name,
  module: pathToFileURL(join(path, contestant.module.replace(".ts", ".js"))).href
})

/** Who is started: the base, and this SDK as it is installed and as a bundler leaves it. */
const builds = (contestant: Contestant): ReadonlyArray<Contestant> => {
  const { args, module, name } = contestant
  const installed = builtIn(folder, contestant, name)
  if (name === bare) return [installed]
  return module === "ours.ts" && args.includes("server")
    ? [installed, builtIn(bundledFolder, contestant, `${name}, bundled`)]
    : []
}

const measure = (rounds: number, contestants: ReadonlyArray<Contestant>) =>
  Effect.gen(function* () {
    yield* build
    const times = new Map(contestants.map(({ name }) => [name, new Array<number>()]))
    for (let round = -1; round < rounds; round++) {
      for (const contestant of yield* Random.shuffle(contestants)) {
        const { startMilliseconds } = yield* Effect.scoped(start(contestant, { execArgv: ["--no-warnings"] }))
        if (round >= 0) times.get(contestant.name)?.push(startMilliseconds)
      }
    }
    return Array.from(times, ([name, milliseconds]) => ({ name, milliseconds }))
  }).pipe(Effect.ensuring(Effect.sync(() => rmSync(folder, { recursive: true, force: true }))))

export const cold = makePart({
  name: "cold",
  about: "from the start of a process until it listens",
  results: Schema.Array(Row),
  measure: (options) => measure(options.quick ? 3 : 20, chosen(options).flatMap(builds)),
  sections: (rows) => {
    const base = rows.find(({ name }) => name === bare)?.milliseconds ?? []
    return {
      cold: [
        paragraph(
          `${base.length} starts each, in random order: from the start of the process until it listens, Node's own ` +
            "start included. The built packages from `node_modules`; bundled is one minified file by esbuild."
        ),
        table(
          ["", "ms", "multiple of bare"],
          rows.map(({ milliseconds, name }) => [
            name,
            number(spreadOf(milliseconds).median),
            name === bare ? "1" : spreadOfAll(ratiosTo(base, milliseconds))
          ])
        )
      ].join("\n\n")
    }
  }
})
