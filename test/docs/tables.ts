/** The parts of the guides that are made from the code, by the name that stands in their markers. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import * as Domain from "@effect-whatsapp/core/domain"
import { type GraphCode, graphCodes, graphSubcodes, lookUp, Reason, Verdict } from "@effect-whatsapp/core/errors"
import { Context, Conversation, MessageEvent, Pricing, Referral, WhatsAppEvent } from "@effect-whatsapp/core/events"
import { describe, limits } from "@effect-whatsapp/core/message"
import { Duration, Schema } from "effect"
import { read, root, sources } from "./files.ts"

const table = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [heads, heads.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n")

const code = (text: string) => `\`${text}\``

// What doc comments say

/** The sentences of a doc comment, without its sections and tags. */
const prose = (comment: string): string =>
  comment
    .replaceAll(/^\s*\*? ?/gm, "")
    .split(/\n\n|\n\*\*|\n@/)[0]
    ?.replaceAll(/\s+/g, " ")
    .trim() ?? ""

const docOf = (file: string, declaration: string): string => {
  const source = read(file)
  const at = source.indexOf(`\nexport ${declaration} `)
  const start = source.lastIndexOf("/**", at)
  const end = source.indexOf("*/", start)
  if (at === -1 || start === -1 || source.slice(end + 2, at).trim() !== "") {
    throw new Error(`${file}: there is no doc comment above "export ${declaration}"`)
  }
  return prose(source.slice(start + 3, end))
}

/** What the comment at the top of a file says. */
const headOf = (file: string): string => {
  const [, comment] = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(read(file)) ?? []
  if (comment === undefined) throw new Error(`${file}: it does not begin with a doc comment`)
  return prose(comment)
}

// Events

const named = {
  ...Domain,
  Context,
  Conversation,
  Pricing,
  Referral,
  string: Schema.String,
  boolean: Schema.Boolean,
  Json: Schema.Json,
  "DateTime.Utc": Schema.DateTimeUtcFromString,
  Uint8Array: Schema.Uint8ArrayFromBase64
}
const names = new Map<unknown, string>(Object.entries(named).map(([name, schema]) => [schema, name]))

const has = <K extends string>(value: object, key: K): value is { readonly [_ in K]: Schema.Top } => key in value

const typeOf = (schema: Schema.Top): string => {
  const name = names.get(schema)
  if (name !== undefined) return name
  if (schema.ast._tag === "Arrays" && has(schema, "value")) return `Array<${typeOf(schema.value)}>`
  if (schema.ast.context?.isOptional === true && has(schema, "schema")) return typeOf(schema.schema)
  if (has(schema, "fields") && "waId" in schema.fields) return "WhatsAppUser & { groupId?: GroupId }"
  throw new Error(`docs: name the ${schema.ast._tag} in test/docs/tables.ts`)
}

const isOptional = ({ ast }: Schema.Top): boolean => ast.context?.isOptional === true

const field = ([name, schema]: readonly [string, Schema.Top]) =>
  code(`${name}${isOptional(schema) ? "?" : ""}: ${typeOf(schema)}`)

const [text] = MessageEvent.members
const shared = Object.entries<Schema.Top>(text.fields).filter(
  ([name]) => name !== "_tag" && MessageEvent.members.every(({ fields }) => name in fields)
)
const tags = new Set<string>(MessageEvent.discriminants)

const fileOf: { readonly [tag: string]: string } = {
  StatusUpdate: "StatusUpdate",
  UnknownFieldReceived: "openWorld",
  Undecodable: "openWorld",
  DeliveryUnreadable: "openWorld"
}

const eventRows = (isMessage: boolean) =>
  WhatsAppEvent.members
    .filter(({ fields }) => tags.has(fields._tag.schema.literal) === isMessage)
    .map(({ fields }) => {
      const tag = fields._tag.schema.literal
      const own = Object.entries<Schema.Top>(fields).filter(
        ([name]) => name !== "_tag" && !(tags.has(tag) && shared.some(([known]) => known === name))
      )
      const file = `packages/core/src/events/${fileOf[tag] ?? "messages"}.ts`
      return [code(tag), docOf(file, `const ${tag}`), own.map(field).join("<br>")]
    })

/** The comment that stands above a field in the sources of the events. */
const sharedFields = () => {
  const source = read("packages/core/src/events/shared.ts")
  const body = source.slice(source.indexOf("export const message = {"))
  const said = (name: string) => {
    const [, comment = ""] = new RegExp(`/\\*\\* ([^*]*) \\*/\\n  ${name}: `).exec(body) ?? []
    return comment
  }
  const meanings: { readonly [name: string]: string } = {
    wamid: "The message, for `replyTo`.",
    phoneNumberId: "The business number that was written to.",
    businessAccountId: "The WhatsApp Business Account of that number.",
    conversationId: "This number with this person or group; what is ordered is ordered within it.",
    timestamp: "When it was written, to the second.",
    sender: "An `Owner` or a `Customer`, each with the `user`.",
    context: docOf("packages/core/src/events/shared.ts", "const Context"),
    referral: docOf("packages/core/src/events/shared.ts", "const Referral"),
    raw: docOf("packages/core/src/events/shared.ts", "const raw")
  }
  return shared.map((entry) => {
    const meaning = meanings[entry[0]] ?? said(entry[0])
    if (meaning === "") throw new Error(`docs: say in test/docs/tables.ts what the field ${entry[0]} is`)
    return [field(entry), meaning]
  })
}

// Errors

const verdict = (it: Verdict): string =>
  it._tag === "After" ? `After ${Duration.toMinutes(it.duration)} min` : it._tag

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
  return [code(tag), words.join(", "), docOf("packages/core/src/errors/reasons.ts", `class ${tag}`)]
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

/** Which folders a folder imports from: the arrows of the architecture. */
const folders = () => {
  const uses = new Map<string, Set<string>>()
  const firsts = new Map<string, string>()
  for (const file of sources) {
    const [, name, folder, rest] = /^packages\/(\w+)\/src\/(\w+)\/(.+)$/.exec(file) ?? []
    if (name === undefined || folder === undefined || folder === "internal") continue
    const from = `${name}/${folder}`
    if (rest === "index.ts" || rest === "main.ts") firsts.set(from, file)
    const found = uses.get(from) ?? new Set()
    uses.set(from, found)
    for (const [, core, target] of read(file).matchAll(imported)) {
      const to = `${core ?? name}/${target}`
      if (to !== from && target !== "internal" && existing.has(to)) found.add(to)
    }
  }
  return Array.from(uses, ([from, found]) => {
    const first = firsts.get(from)
    const what = first === undefined ? "The bodies behind the layers of `services`." : headOf(first)
    return [code(from), what, Array.from(found).toSorted().map(code).join(", ")]
  })
}
const existing = new Set(sources.map((file) => file.replace(/^packages\/(\w+)\/src\/(\w+)\/.*$/, "$1/$2")))

// Operating

const metric = /Metric\.(counter|gauge|histogram)\("([^"]+)", \{\s*description: "([^"]+)"/g

const metrics = () =>
  sources
    .flatMap((file) => Array.from(read(file).matchAll(metric)))
    .map(([, kind = "", name = "", description = ""]) => [code(name), kind, description] as const)
    .toSorted(([one], [other]) => one.localeCompare(other))

// Command line

const help = async (command: string): Promise<string> => {
  const program = ["--conditions=effect-whatsapp-source", "packages/node/src/cli/main.ts", command, "--help"]
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root, env: { NO_COLOR: "1" } })
  // Flags that every command has are said once, in the guide.
  const own = stdout.replace(/GLOBAL FLAGS\n(?: .*\n)+\n?/, "").trimEnd()
  return ["```text", own, "```"].join("\n")
}

/** What stands between `<!-- generated: name -->` and `<!-- end -->`. */
export const tables: { readonly [name: string]: () => string | Promise<string> } = {
  "message events": () => table(["Event", "What happened", "Fields of its own"], eventRows(true)),
  "other events": () => table(["Event", "What happened", "Fields"], eventRows(false)),
  "message fields": () => table(["Field", "What it is"], sharedFields()),
  limits: () =>
    table(
      ["Field", "Limit"],
      Object.entries(limits).map(([name, limit]) => [code(name), describe(limit)])
    ),
  reasons: () => table(["Reason", "Verdict", "What it means"], reasonRows),
  codes: () => table(["Code", "Reason", "Verdict", "Comes in", "What to do"], codeRows),
  "subpaths of core": () => table(["Import", "What it is"], subpaths("core")),
  "subpaths of node": () => table(["Import", "What it is"], subpaths("node")),
  folders: () => table(["Folder", "What it is", "Uses"], folders()),
  metrics: () => table(["Metric", "Kind", "What it counts"], metrics()),
  "help of listen": () => help("listen"),
  "help of send": () => help("send")
}
