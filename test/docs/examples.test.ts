import { execFile } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { pathToFileURL } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { blocks, examples, isRun, moduleOf, nameOf, placeOf, unchecked } from "./blocks.ts"
import { root } from "./files.ts"
import { same } from "./same.ts"

// Ignored by git, and inside the repository, so that the packages resolve as they do for its users.
const folder = `${root}/docs/dist`

const options = {
  extends: "../../tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    types: ["node"],
    plugins: []
  },
  include: ["*.ts"]
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(options))
for (const block of examples) writeFileSync(`${folder}/${nameOf(block)}.ts`, moduleOf(block))

/** What the compiler says about the modules, as what it says about the pages. */
const diagnostics = (output: string): ReadonlyArray<string> =>
  output.split("\n").flatMap((line) => {
    const [, name, at, message] = /^(?:.*\/)?([^/]+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? []
    const block = examples.find((block) => nameOf(block) === name)
    return block === undefined ? [] : [`${block.file}:${block.line + Number(at) - 1} ${message}`]
  })

const typeCheck = new Promise<{ readonly code: unknown; readonly output: string }>((resolve) => {
  const tsc = [`${root}/node_modules/typescript/bin/tsc`, "-p", folder, "--pretty", "false"]
  execFile(process.execPath, tsc, { cwd: root }, (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, output: stdout + stderr })
  )
})

describe("examples", () => {
  it("are written as ```ts, every one, so that none escapes the compiler", () => {
    const allowed = new Set(["ts", "sh", "json", "text", "diff", "toml"])
    const wrong = blocks.filter(({ language }) => !allowed.has(language))
    assert.deepStrictEqual(
      wrong.map((block) => `${placeOf(block)} \`\`\`${block.language}`),
      []
    )
  })

  it("compile under the options of the sources", { timeout: 60_000 }, async () => {
    const { code, output } = await typeCheck
    assert.deepStrictEqual(diagnostics(output), [])
    assert.strictEqual(code, 0, output)
  })

  it("state no result that is not checked", () => {
    assert.deepStrictEqual(examples.flatMap(unchecked), [])
  })

  it("name the line that states another result than there is", () => {
    assert.throws(() => same("docs/page.md:7", [1], [2]), "docs/page.md:7: states [ 2 ], and it is [ 1 ]")
  })

  for (const block of examples.filter(isRun)) {
    const isTest = block.lines.some((line) => line.includes(`from "@effect/vitest"`))
    const load = () => import(pathToFileURL(`${folder}/${nameOf(block)}.ts`).href)
    if (isTest) describe(placeOf(block), load)
    else it(`${placeOf(block)} results in what it states`, load)
  }
})
