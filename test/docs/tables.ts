/** The parts of the guides that are made from the code, by the name that stands in their markers. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import {
  type GraphCode,
  graphCodes,
  graphReasons,
  graphSubcodes,
  lookUp,
  Reason,
  Verdict
} from "@effect-whatsapp/core/errors"
import { itemKeys } from "@effect-whatsapp/core/events"
import { describe, limits, mediaTypes, type MediaTypes } from "@effect-whatsapp/core/message"
import { Duration, Schema } from "effect"
import { docOf, headOf } from "./comments.ts"
import * as Events from "./events.ts"
import { read, root, sources } from "./files.ts"
import { commands } from "../node/cli/commands.ts"
import { checks } from "../../packages/node/src/doctor/checks.ts"
import { type Variable, variables } from "../../packages/node/src/project/variables.ts"

const table = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [heads, heads.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n")

const code = (text: string) => `\`${text}\``

// Errors

const span = (it: Duration.Duration): string =>
  Duration.toHours(it) < 1 ? `${Duration.toMinutes(it)} min` : `${Duration.toHours(it)} h`
const verdict = (it: Verdict): string => (it._tag === "After" ? `After ${span(it.duration)}` : it._tag)

const allCodes: ReadonlyArray<readonly [string, GraphCode]> = [
  ...Object.entries(graphCodes),
  ...Object.entries(graphSubcodes)
]
const codeRows = allCodes
  .toSorted(([one], [other]) => Number(one.split("/")[0]) - Number(other.split("/")[0]))
  .map(([number, row]) => [number.replace("/", " / "), code(row.reason), verdict(row.verdict), row.when, row.advice])

const reasonRows = Reason.members.map((reason) => {
  const tag = reason.identifier
  const rows = allCodes.map(([, row]) => row).concat(lookUp(-1))
  // What is not Meta's has one verdict, and gets it from its class.
  const own: unknown = Reflect.get(reason.prototype, "verdict")
  const verdicts = Schema.is(Verdict)(own) ? [own] : rows.filter((row) => row.reason === tag).map((row) => row.verdict)
  const words = Array.from(new Set(verdicts.map(verdict)))
  const file = Object.hasOwn(graphReasons, tag) ? "graphReasons" : "reasons"
  return [code(tag), words.join(", "), docOf(`packages/core/src/errors/${file}.ts`, `class ${tag}`)]
})

// Messages

const size = (bytes: number) => (bytes < 1024 * 1024 ? `${bytes / 1024} kB` : `${bytes / 1024 / 1024} MB`)

const kindsOfMedia: ReadonlyArray<readonly [string, MediaTypes]> = Object.entries(mediaTypes)
const mediaRows = kindsOfMedia.map(([kind, { content = "", maxBytes, maxStillBytes, open, types }]) => {
  const listed = Object.entries(types).map(
    ([mime, extensions]) => `${code(mime)} (${extensions.map((it) => `.${it}`).join(", ")})`
  )
  const largest = maxStillBytes === undefined ? size(maxBytes) : `${size(maxStillBytes)}, animated ${size(maxBytes)}`
  return [code(kind), listed.concat(open ? ["any other"] : []).join(", "), largest, content]
})

// Packages

const subpaths = (folder: string) => {
  const manifest: unknown = JSON.parse(read(`packages/${folder}/package.json`))
  const { exports, name } = Schema.decodeUnknownSync(
    Schema.Struct({ name: Schema.String, exports: Schema.Record(Schema.String, Schema.Unknown) })
  )(manifest)
  return Object.keys(exports)
    .filter((key) => key.startsWith("./") && key !== "./package.json")
    .map((key) => [code(`${name}${key.slice(1)}`), headOf(`packages/${folder}/src/${key.slice(2)}/index.ts`)])
}

const imported = /^(?! \*).*from "(?:@effect-whatsapp\/(core)\/|(?:\.\.\/)+)([a-z]+)/gm

/** What the folders are that have no module which says it for all. */
const folderHeads: { readonly [folder: string]: string } = {
  "core/stores": "The bodies behind the layers of `services`.",
  "node/deliveries": "Deliveries as bytes: passed on, recorded, replayed.",
  "node/doctor": "Looks whether all that a bot needs is there and right.",
  "node/mcp": "Tools and guides for coding agents, by the Model Context Protocol.",
  "node/project": "What can be read of a project: its variables, its listeners, its scaffold.",
  "node/scaffold": "The files of a new project, and listeners that are added to one.",
  "node/templates": "The templates of an account as a TypeScript module, and those that are handed in for review."
}

/** Which folders a folder imports from: the arrows of the architecture. */
const folders = () => {
  const uses = new Map<string, Set<string>>()
  const firsts = new Map<string, string>()
  for (const file of sources) {
    const [, name, folder, rest] = /^packages\/(\w+)\/src\/(\w+)\/(.+)$/.exec(file) ?? []
    if (name === undefined || folder === undefined || folder === "internal") continue
    const from = `${name}/${folder}`
    if (rest !== undefined && heads.has(rest)) firsts.set(from, file)
    const found = uses.get(from) ?? new Set()
    uses.set(from, found)
    for (const [, core, target] of read(file).matchAll(imported)) {
      const to = `${core ?? name}/${target}`
      if (to !== from && target !== "internal" && existing.has(to)) found.add(to)
    }
  }
  return Array.from(uses, ([from, found]) => {
    const first = firsts.get(from)
    const what = first === undefined ? folderHeads[from] : headOf(first)
    if (what === undefined) throw new Error(`docs: say in test/docs/tables.ts what the folder ${from} is`)
    return [code(from), what, Array.from(found).toSorted().map(code).join(", ")]
  })
}
/** The file that says what its folder is. */
const heads: ReadonlySet<string> = new Set(["index.ts", "main.ts", "Project.ts", "McpServer.ts"])
const existing = new Set(sources.map((file) => file.replace(/^packages\/(\w+)\/src\/(\w+)\/.*$/, "$1/$2")))

// Operating

const metric = /Metric\.(counter|gauge|histogram)\("([^"]+)", \{\s*description: "([^"]+)"/g

const metrics = () =>
  sources
    .flatMap((file) => Array.from(read(file).matchAll(metric)))
    .map(([, kind = "", name = "", description = ""]) => [code(name), kind, description] as const)
    .toSorted(([one], [other]) => one.localeCompare(other))

const rows: ReadonlyArray<readonly [string, Variable]> = Object.entries(variables)
const variableRows = rows.map(([name, { what, without }]) => [
  code(name),
  "default" in without
    ? without.default
    : without.cannot === "startUpload"
      ? "required for `startUpload`"
      : `required to ${without.cannot}`,
  what
])

const checkRows = checks.map(({ id, isRemote, needs, right, why }) => [
  code(id),
  right,
  why,
  needs.map(code).join(", "),
  isRemote ? "" : "yes"
])

// Command line

const help = async (...command: ReadonlyArray<string>): Promise<string> => {
  const program = ["--conditions=effect-whatsapp-source", "packages/node/src/cli/main.ts", ...command, "--help"]
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root, env: { NO_COLOR: "1" } })
  // Flags that every command has are said once, in the guide.
  const own = stdout.replace(/GLOBAL FLAGS\n(?: .*\n)+\n?/, "").trimEnd()
  return ["```text", own, "```"].join("\n")
}

// Tools for agents

const Answer = Schema.fromJsonString(
  Schema.Struct({
    result: Schema.Struct({
      tools: Schema.Array(
        Schema.Struct({
          name: Schema.String,
          description: Schema.String,
          inputSchema: Schema.Struct({
            properties: Schema.optionalKey(Schema.JsonObject),
            required: Schema.optionalKey(Schema.Array(Schema.String))
          })
        })
      )
    })
  })
)

/** As the server itself lists them. */
const tools = async () => {
  const program = ["--conditions=effect-whatsapp-source", "packages/node/src/cli/main.ts", "mcp", "--allow-send"]
  const running = promisify(execFile)(process.execPath, program, { cwd: root, env: {} })
  const initialize = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "docs", version: "0" }
  }
  const said = [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: initialize },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 2, method: "tools/list" }
  ]
  running.child.stdin?.end(said.map((message) => `${JSON.stringify(message)}\n`).join(""))
  const { stdout } = await running
  const { result } = Schema.decodeSync(Answer)(stdout.trimEnd().split("\n").at(-1) ?? "")
  return result.tools.map(({ description, inputSchema: { properties = {}, required = [] }, name }) => [
    code(name),
    Object.keys(properties)
      .map((key) => code(required.includes(key) ? key : `${key}?`))
      .join(", "),
    description
  ])
}

/** What stands between `<!-- generated: name -->` and `<!-- end -->`. */
export const tables: { readonly [name: string]: () => string | Promise<string> } = {
  "message events": () => table(["Event", "What happened"], Events.rows(true)),
  "other events": () => table(["Event", "What happened", "Meta's field"], Events.rows(false)),
  "message fields": () => table(["Field", "What it is"], Events.sharedFields()),
  ...Object.fromEntries(
    Object.keys(Events.families).map((family) => [`events: ${family}`, () => Events.sections(family)])
  ),
  "nested objects": () => table(["Object", "What it is", "Fields"], Events.nested()),
  "item keys": () =>
    table(
      ["Item", "Known by"],
      Object.values(itemKeys).map(({ items, parts }) => [items, parts.join(", ")])
    ),
  limits: () =>
    table(
      ["Field", "Limit"],
      Object.entries(limits).map(([name, limit]) => [
        code(name),
        "advised" in limit ? `${describe(limit)}; over ${limit.advised} with a warning` : describe(limit)
      ])
    ),
  "media types": () => table(["Kind", "Types", "At most", "Content"], mediaRows),
  reasons: () => table(["Reason", "Verdict", "What it means"], reasonRows),
  codes: () => table(["Code", "Reason", "Verdict", "Comes in", "What to do"], codeRows),
  "subpaths of core": () => table(["Import", "What it is"], subpaths("core")),
  "subpaths of node": () => table(["Import", "What it is"], subpaths("node")),
  folders: () => table(["Folder", "What it is", "Uses"], folders()),
  "mcp tools": async () => table(["Tool", "Arguments", "What it does"], await tools()),
  metrics: () => table(["Metric", "Kind", "What it counts"], metrics()),
  checks: () => table(["Check", "Right is that", "Why it matters", "Needs", "Offline too"], checkRows),
  variables: () => table(["Variable", "Default", "What it is"], variableRows),
  ...Object.fromEntries(commands.map(({ words }) => [`help of ${words.join(" ")}`, () => help(...words)]))
}
