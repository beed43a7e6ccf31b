/** The packages that are compared with, and the bundler: not for `npm ci` of the repository, so a folder of their own. */
import { Console, Data, Effect } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, dirname } from "node:path"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL(".", import.meta.url))
const lock = `${folder}package-lock.json`
const installed = `${folder}node_modules/.installed`

class NotInstalled extends Data.TaggedError("NotInstalled")<{ readonly problem: string }> {
  override get message(): string {
    return this.problem
  }
}

const npm = process.env["npm_execpath"]
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}` }

/** Installs them when they are not there as the lock file says, under this Node: npm chooses versions by its own. */
export const install = Effect.gen(function* () {
  const wanted = readFileSync(lock, "utf8")
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return
  yield* Console.log("Installing the packages to compare with in test/bench; this happens once.")
  if (npm === undefined) return yield* new NotInstalled({ problem: "Start it with npm run bench." })
  const { status } = spawnSync(process.execPath, [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: "inherit",
    env
  })
  if (status !== 0) return yield* new NotInstalled({ problem: "npm ci failed in test/bench." })
  writeFileSync(installed, wanted)
  return undefined
})
