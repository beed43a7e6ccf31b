/** A full delivery behind the answer, with the schema interpreter and with the schema compiler. */
import { Console, Effect, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { number, paragraph, spread, table } from "../markdown.ts"
import { runScript, sources } from "../processes.ts"
import { makePart } from "../results.ts"

const Spread = Schema.Struct({ p10: Schema.Number, median: Schema.Number, p90: Schema.Number })
const Row = Schema.Struct({ name: Schema.String, milliseconds: Spread, ratio: Spread })
const Comparison = Schema.Struct({ title: Schema.String, rows: Schema.Array(Row) })
const Results = Schema.Struct({ interpreted: Schema.Array(Comparison), compiled: Schema.Array(Comparison) })
type Comparison = typeof Comparison.Type

const script = fileURLToPath(new URL("../batch.ts", import.meta.url))
const compiler = ["--import", "effect/schema/SchemaJITCompiler/enable"]

const run = (quick: boolean, ...execArgv: ReadonlyArray<string>) =>
  runScript(script, Comparison, {
    execArgv: [...sources, ...execArgv],
    env: quick ? { BENCH_ROUNDS: "10" } : {}
  })

const section = (comparisons: ReadonlyArray<Comparison>, how: string) =>
  comparisons
    .map(({ rows, title }) => {
      const cells = rows.map(({ milliseconds, name, ratio }) => [name, number(milliseconds.median), spread(ratio)])
      return `### ${title}, ${how}\n\n${table(["", "ms", "multiple"], cells)}`
    })
    .join("\n\n")

const wanted = 2
const ratioOf = (comparisons: ReadonlyArray<Comparison>) =>
  comparisons.flatMap(({ rows }) => rows).find(({ name }) => name === "decode + admit + publish")?.ratio

export const batch = makePart({
  name: "batch",
  about: "a delivery of a thousand items behind the answer",
  results: Results,
  measure: (options) =>
    Effect.gen(function* () {
      yield* Console.log("with the schema interpreter")
      const interpreted = yield* run(options.quick)
      yield* Console.log("with the schema compiler")
      const compiled = yield* run(options.quick, ...compiler)
      return { interpreted, compiled }
    }),
  sections: ({ compiled, interpreted }) => ({
    batch: [
      paragraph(
        "Processor time of one delivery behind the answer, as a multiple of what nobody can leave out: HMAC and " +
          "`JSON.parse` of the same bytes. The compiler is Effect's, `effect/schema/SchemaJITCompiler/enable`."
      ),
      section(interpreted, "with the schema interpreter"),
      section(compiled, "with the schema compiler")
    ].join("\n\n"),
    "targets-batch": table(
      ["A delivery of 1000 statuses: decoded, admitted, published", "Compared with", "Target", "Measured"],
      [
        ["with the schema interpreter", ratioOf(interpreted)] as const,
        ["with the schema compiler", ratioOf(compiled)] as const
      ].flatMap(([how, ratio]) => {
        if (ratio === undefined) return []
        const verdict = ratio.median <= wanted ? "met" : "**missed**"
        return [[how, "HMAC + JSON.parse", `≤ ${wanted.toFixed(2)}`, `${spread(ratio)}, ${verdict}`]]
      })
    )
  })
})
