/** What npm users get: both tarballs, installed into an empty project beside one Effect. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"

const Manifest = Schema.fromJsonString(
  Schema.Struct({
    name: Schema.String,
    exports: Schema.Record(Schema.String, Schema.Unknown),
    bin: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
  })
)
const Root = Schema.fromJsonString(Schema.Struct({ devDependencies: Schema.Record(Schema.String, Schema.String) }))
const Packed = Schema.fromJsonString(Schema.Array(Schema.Struct({ filename: Schema.String })))

const root = join(import.meta.dirname, "../..")
const tsc = join(root, "node_modules/typescript/bin/tsc")
// npm tells its children which project they belong to; these belong to the empty one.
const { npm_config_local_prefix: _, ...env } = process.env
const execute = promisify(execFile)
const run = async (cwd: string, command: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await execute(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

const manifestOf = async (folder: string) =>
  Schema.decodeSync(Manifest)(await readFile(join(root, "packages", folder, "package.json"), "utf8"))
const packages = [await manifestOf("core"), await manifestOf("node")]
const subpaths = packages.flatMap(({ exports, name }) =>
  Object.keys(exports)
    .filter((key) => key !== "./package.json")
    .map((key) => name + key.slice(1))
)

/** Says of every specifier whether Node imports it, in the installed project. */
const importAll = async (project: string, specifiers: ReadonlyArray<string>) => {
  const program = `
    const answers = {}
    for (const specifier of ${JSON.stringify(specifiers)}) {
      answers[specifier] = await import(specifier).then((module) => Object.keys(module).length > 0, (error) => error.code ?? String(error))
    }
    console.log(JSON.stringify(answers))`
  const stdout = await run(project, process.execPath, "--input-type=module", "--eval", program)
  return Schema.decodeSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))(stdout)
}

const consumer = `
import { Message } from "@effect-whatsapp/core/message"
import { WebhookServer } from "@effect-whatsapp/node/server"
import { Layer } from "effect"
${subpaths.map((subpath, index) => `import * as module${index} from "${subpath}"`).join("\n")}

type IsAny<A> = 0 extends 1 & A ? true : false
const message = Message.text("Hello")
const server = WebhookServer.layer()
const messageIsAny: IsAny<typeof message> = false
const serverIsAny: IsAny<typeof server> = false
// @ts-expect-error A text is a string, so the types are really there.
const wrong = Message.text(1)

export const main = Layer.launch(server)
export const all = [message, messageIsAny, serverIsAny, wrong, ${subpaths.map((_, index) => `module${index}`).join(", ")}]
`
const tsconfig = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "dom"],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    skipLibCheck: false
  },
  include: ["consumer.ts"]
}

describe("the published packages", () => {
  let project = ""

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), "effect-whatsapp-"))
    await run(root, process.execPath, tsc, "-b", "packages/core", "packages/node")
    await run(root, "npm", "run", "build:docs")
    const packed = await run(
      root,
      "npm",
      "pack",
      "--json",
      "--pack-destination",
      project,
      ...["core", "node"].flatMap((name) => ["--workspace", `packages/${name}`])
    )
    const tarballs = Schema.decodeSync(Packed)(packed).map(({ filename }) => `./${filename}`)
    const { devDependencies } = Schema.decodeSync(Root)(await readFile(join(root, "package.json"), "utf8"))
    const peers = ["effect", "@effect/platform-node"].map((name) => `${name}@${devDependencies[name]}`)
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }))
    await run(project, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs, ...peers)
    return () => rm(project, { recursive: true, force: true })
  }, 120_000)

  it("import by every exported subpath", async () => {
    assert.deepStrictEqual(await importAll(project, subpaths), Object.fromEntries(subpaths.map((key) => [key, true])))
  })

  it("close every path that is not exported", async () => {
    const closed: Array<string> = []
    for (const { name } of packages) {
      const files = await readdir(join(project, "node_modules", name, "dist"), { recursive: true })
      const modules = files
        .filter((file) => file.endsWith(".js"))
        .map((file) => file.slice(0, -3).replaceAll("\\", "/"))
      closed.push(`${name}/internal`, `${name}/package`)
      closed.push(...modules.map((module) => `${name}/${module}`).filter((path) => !subpaths.includes(path)))
      closed.push(...modules.flatMap((module) => [`${name}/dist/${module}.js`, `${name}/src/${module}.ts`]))
    }
    const expected = Object.fromEntries(closed.map((path) => [path, "ERR_PACKAGE_PATH_NOT_EXPORTED"]))
    assert.deepStrictEqual(await importAll(project, closed), expected)
  })

  it("type-check in a strict project", async () => {
    await writeFile(join(project, "consumer.ts"), consumer)
    await writeFile(join(project, "tsconfig.json"), JSON.stringify(tsconfig))
    await run(project, process.execPath, tsc, "--project", ".")
  }, 60_000)

  it("bring the sources that their source maps name, the license, and no second Effect", async () => {
    for (const { name } of packages) {
      const folder = join(project, "node_modules", name)
      for (const file of ["LICENSE", "dist/index.js", "dist/index.d.ts.map", "src/index.ts"]) {
        assert.isTrue(existsSync(join(folder, file)), `${name}/${file}`)
      }
      assert.isFalse(existsSync(join(folder, "dist/.tsbuildinfo")), `${name}/dist/.tsbuildinfo`)
      assert.isFalse(existsSync(join(folder, "node_modules")), `${name}/node_modules`)
    }
  })

  it("bring the guides", async () => {
    const guides = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"))
    const brought = await readdir(join(project, "node_modules/@effect-whatsapp/node/docs"))
    assert.deepStrictEqual(brought.toSorted(), guides.toSorted())
  })

  it("bring the command line", async () => {
    assert.include(
      await run(project, process.execPath, "node_modules/@effect-whatsapp/node/bin/effect-whatsapp.js", "--help"),
      "effect-whatsapp"
    )
    assert.isTrue(existsSync(join(project, "node_modules/.bin/effect-whatsapp")))
  })
})
