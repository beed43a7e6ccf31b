/** The raw results of each part, kept as JSON so that the page can be written again without measuring again. */
import { Effect, Schema } from "effect"
import { mkdirSync, readFileSync, existsSync, writeFileSync } from "node:fs"
import { arch, cpus, loadavg, release, totalmem, type } from "node:os"
import { fileURLToPath } from "node:url"
import { isPinned } from "./http/cores.ts"
import { paragraph } from "./markdown.ts"

export const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = `${root}node_modules/.cache/effect-whatsapp-bench`

/** Where and when something was measured. */
const Circumstances = Schema.Struct({
  date: Schema.String,
  machine: Schema.String,
  system: Schema.String,
  node: Schema.String,
  pinned: Schema.Boolean,
  /** How many programs wanted to run when it began, on average. */
  load: Schema.Number
})
type Circumstances = typeof Circumstances.Type

const circumstances = (): Circumstances => ({
  date: new Date().toISOString().slice(0, "2000-01-01".length),
  machine: `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${type()} ${release().split("-")[0]} ${arch()}`,
  node: process.version,
  pinned: isPinned,
  load: loadavg()[0] ?? 0
})

/** Sections of the page by name, as Markdown. */
export type Sections = { readonly [name: string]: string }

/** What can be measured on its own. */
export interface Part<E> {
  readonly name: string
  /** What it measures, in a few words. */
  readonly about: string
  /** Measures, and keeps what came of it. */
  readonly measure: (options: Options) => Effect.Effect<void, E>
  /** Its sections from what was kept last; none when nothing was. */
  readonly sections: Effect.Effect<Sections>
}

export interface Options {
  /** A short run, to see that everything works: its figures mean little. */
  readonly quick: boolean
  /** Only the contestants whose name has one of these in it. @default all */
  readonly only: ReadonlyArray<string>
  /** Deliveries of the soak. */
  readonly count: number
  /** Longest time of the soak. */
  readonly minutes: number
}

/** Makes a part that keeps its results. */
export const makePart = <A, I, E>(options: {
  readonly name: string
  readonly about: string
  readonly results: Schema.Codec<A, I>
  readonly measure: (options: Options) => Effect.Effect<A, E>
  readonly sections: (results: A) => Sections
}): Part<E> => {
  const file = `${folder}/${options.name}.json`
  const Kept = Schema.fromJsonString(Schema.Struct({ circumstances: Circumstances, results: options.results }))
  return {
    name: options.name,
    about: options.about,
    measure: (given) =>
      Effect.gen(function* () {
        const found = circumstances()
        const results = yield* options.measure(given)
        const json = yield* Effect.orDie(Schema.encodeEffect(Kept)({ circumstances: found, results }))
        mkdirSync(folder, { recursive: true })
        writeFileSync(file, json)
      }),
    sections: Effect.gen(function* () {
      if (!existsSync(file)) return {}
      const kept = yield* Effect.orDie(Schema.decodeEffect(Kept)(readFileSync(file, "utf8")))
      const { date, load, machine, node, pinned, system } = kept.circumstances
      const cores = pinned ? "; servers on the first core, the client on the second" : ""
      const busy = load > 0.5 ? `; other programs ran too (load ${load.toFixed(1)} when it began)` : ""
      const footer = paragraph(`*${date}, Node ${node}, ${system}, ${machine}${cores}${busy}.*`)
      return Object.fromEntries(
        Object.entries(options.sections(kept.results)).map(([name, text]) => [name, `${text}\n\n${footer}`])
      )
    })
  }
}
