/** What a call loads: nothing that it does not use, so that it starts at once; and nothing at all on an old Node. */
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as CommandLine from "./commandLine.ts"
import manifest from "../../../packages/node/package.json" with { type: "json" }

vi.setConfig({ testTimeout: 30_000 })

/** Writes the URL of each module that is loaded into a file. */
const spy = `
  import { appendFileSync } from "node:fs"
  import { registerHooks } from "node:module"
  registerHooks({
    load: (url, context, next) => {
      appendFileSync(process.env.LOADED, url + "\\n")
      return next(url, context)
    }
  })`

const loadedBy = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-whatsapp-loaded-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  const LOADED = join(folder, "modules")
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(spy)}`
  const { code, stderr } = yield* CommandLine.run(args, { env: { LOADED, NODE_OPTIONS } })
  assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
  return readFileSync(LOADED, "utf8").split("\n")
})

const parser = "/@babel/parser/"
const core = "/packages/core/src/"
const [emulator, inbox, mcp, server] = ["emulator", "inbox", "mcp", "server"].map((it) => `/packages/node/src/${it}/`)

describe.concurrent("effect-whatsapp", () => {
  for (const [args, unused] of [
    [["--version"], [parser, core, emulator, inbox, mcp, server]],
    [
      ["send", "--help"],
      [parser, emulator, inbox, mcp, server]
    ],
    [
      ["init", "--help"],
      [parser, emulator, inbox, mcp]
    ],
    [
      ["doctor", "--help"],
      [emulator, inbox, mcp]
    ],
    [
      ["inbox", "--help"],
      [parser, emulator, mcp, server]
    ]
  ] as const) {
    it.live(`loads only what it uses: ${args.join(" ")}`, () =>
      Effect.gen(function* () {
        const loaded = yield* loadedBy(args)
        assert.isTrue(loaded.some((url) => url.endsWith("/cli/main.ts")))
        for (const part of unused) {
          assert.isUndefined(loaded.find((url) => url.includes(part ?? "")))
        }
      }).pipe(Effect.scoped)
    )
  }
})

describe("the program", () => {
  const program = fileURLToPath(new URL("../../../packages/node/src/cli/program.ts", import.meta.url))

  it("says in one line that Node is too old, the version that the package asks for", () => {
    const older = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.18.0" } })`
    const preload = `data:text/javascript,${encodeURIComponent(older)}`
    const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", preload, program, "--version"], {
      encoding: "utf8"
    })
    CommandLine.assertReadable({ code: status, stderr, stdout }, 1)
    assert.include(stderr, `Node ${manifest.engines.node.replace(">=", "")} or newer`)
  })
})
