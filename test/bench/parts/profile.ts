/** Where the processor time of one contestant goes during bursts: by kind, by file and by function. */
import { Console, Effect, Schema } from "effect"
import { readFileSync, copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { measure } from "../http/bursts.ts"
import { contestants } from "../http/contestants.ts"
import { pinClient } from "../http/cores.ts"
import { ServerFailed, start } from "../http/server.ts"
import { table } from "../markdown.ts"
import { makePart, root } from "../results.ts"
import { spreadOf } from "../statistics.ts"

const Frame = Schema.Struct({ functionName: Schema.String, url: Schema.String, lineNumber: Schema.Number })
type Frame = typeof Frame.Type
const Profile = Schema.fromJsonString(
  Schema.Struct({
    nodes: Schema.Array(
      Schema.Struct({ id: Schema.Number, callFrame: Frame, children: Schema.optional(Schema.Array(Schema.Number)) })
    ),
    samples: Schema.Array(Schema.Number),
    timeDeltas: Schema.Array(Schema.Number)
  })
)

/** Methods of `node:sqlite`, which V8 shows without a file. */
const sqlite = new Set(["run", "get", "all", "exec", "iterate", "prepare", "close", "open"])

/** Kind and file of a function. */
const placeOf = ({ functionName, url }: Frame): readonly [kind: string, file: string] => {
  if (functionName === "(garbage collector)") return ["garbage collector", functionName]
  if (functionName === "(program)") return ["native code outside of functions", functionName]
  if (url === "") return sqlite.has(functionName) ? ["sqlite", "node:sqlite"] : ["native functions", functionName]
  if (url.startsWith("node:")) return ["node core", url]
  const [, module] = /node_modules\/(?!.*node_modules\/)(.+)$/.exec(url) ?? []
  if (module !== undefined) return [module.startsWith("effect/") ? "effect" : (module.split("/")[0] ?? ""), module]
  const file = url.replace(`file://${root}`, "")
  return [file.startsWith("packages/") ? "this SDK" : "benchmark", file]
}

/** Where a function stands, and for native ones who calls them. */
const nameOf = (frame: Frame, caller: Frame | undefined): string => {
  const [, file] = placeOf(frame)
  const name = frame.functionName === "" ? "(anonymous)" : frame.functionName
  if (frame.url !== "") return `${name} ${file}:${frame.lineNumber + 1}`
  return caller === undefined || caller.functionName === "(root)"
    ? name
    : `${name} called by ${nameOf(caller, undefined)}`
}

const add = (sums: Map<string, number>, name: string, time: number) => sums.set(name, (sums.get(name) ?? 0) + time)

const top = (title: string, sums: Map<string, number>, total: number, perRequest: number, count: number) => {
  const rows = Array.from(sums).toSorted(([, a], [, b]) => b - a)
  return [
    `\n${title}`,
    ...rows.slice(0, count).map(([name, time]) => {
      const share = `${((100 * time) / total).toFixed(1)} %`.padStart(7)
      return `${share} ${(time / perRequest).toFixed(2).padStart(8)} µs  ${name}`
    })
  ].join("\n")
}

const describe = Effect.fnUntraced(function* (file: string, requests: number) {
  const { nodes, samples, timeDeltas } = yield* Schema.decodeEffect(Profile)(readFileSync(file, "utf8"))
  const frames = new Map(nodes.map(({ callFrame, id }) => [id, callFrame]))
  const callers = new Map(nodes.flatMap(({ callFrame, children = [] }) => children.map((id) => [id, callFrame])))
  const [kinds, files, functions] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  let total = 0
  samples.forEach((id, i) => {
    const frame = frames.get(id)
    const time = timeDeltas[i] ?? 0
    if (frame === undefined || frame.functionName === "(idle)" || frame.url === "node:inspector") return
    const [kind, place] = placeOf(frame)
    total += time
    add(kinds, kind, time)
    add(files, `${place} [${kind}]`, time)
    add(functions, nameOf(frame, callers.get(id)), time)
  })
  yield* Console.log(
    [
      `${(total / requests).toFixed(2)} µs for each of ${requests} requests: the main thread alone, waiting for the disk included`,
      top("By kind", kinds, total, requests, 20),
      top("By file", files, total, requests, 40),
      top("By function", functions, total, requests, 60)
    ].join("\n")
  )
  const shares = (sums: Map<string, number>) =>
    Array.from(sums, ([name, time]) => ({ name, share: time / total }))
      .toSorted((a, b) => b.share - a.share)
      .slice(0, shown)
  return { kinds: shares(kinds), functions: shares(functions) }
})
/** How many rows the page shows. */
const shown = 8

const bursts = 40
const perBurst = 1000

/** Profiles a contestant, after it has warmed up, at 50 connections. */
export const profile = Effect.fnUntraced(function* (name: string) {
  const contestant = contestants.find((one) => one.name === name)
  if (contestant === undefined) {
    const problem = `no contestant has this name; there are ${contestants.map((one) => one.name).join("; ")}`
    return yield* new ServerFailed({ server: name, problem })
  }
  pinClient()
  const server = yield* start(contestant)
  for (let i = 0; i < 15; i++) yield* measure(server, 50, perBurst)
  const file = join(server.folder, "bench.cpuprofile")
  const measured = yield* server.profile(
    file,
    Effect.forEach(Array.from({ length: bursts }), () => measure(server, 50, perBurst))
  )
  const kept = `${root}node_modules/.cache/effect-whatsapp-bench`
  mkdirSync(kept, { recursive: true })
  const copy = `${kept}/${name.replaceAll(/[^a-z-]+/gi, "-")}.cpuprofile`
  copyFileSync(file, copy)
  const perRequest = spreadOf(measured.map(({ cpu, requests }) => cpu / requests))
  yield* Console.log(
    `${name}: ${perRequest.median.toFixed(1)} µs of processor time for each request, the profiler's own included; ${copy}`
  )
  return yield* describe(file, bursts * perBurst)
}, Effect.scoped)

const Shares = Schema.Array(Schema.Struct({ name: Schema.String, share: Schema.Number }))
const Row = Schema.Struct({ name: Schema.String, kinds: Shares, functions: Shares })

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const sharesOf = (title: string, rows: ReadonlyArray<typeof Row.Type>, of: "kinds" | "functions") => {
  const lines = Array.from({ length: shown }, (_, i) =>
    rows.map((row) => {
      const one = row[of][i]
      return one === undefined ? "" : `${percent(one.share)} ${one.name}`
    })
  )
  return `${title}\n\n${table(
    rows.map(({ name }) => name),
    lines.filter((line) => line.some((cell) => cell !== ""))
  )}`
}

/** Profiles what the targets are about, for the page. */
export const profiles = makePart({
  name: "profile",
  about: "where the time of this SDK goes in bursts at 50 connections",
  results: Schema.Array(Row),
  measure: () =>
    Effect.forEach(["memory, server", "SQLite, server"], (name) =>
      Effect.map(profile(name), ({ functions, kinds }) => ({ name, kinds, functions }))
    ),
  sections: (rows) => ({
    profile: [
      "Share of the main thread's time in bursts of texts at 50 connections, waiting for the disk included.",
      sharesOf("By kind:", rows, "kinds"),
      sharesOf("By function, native ones with who calls them:", rows, "functions")
    ].join("\n\n")
  })
})
