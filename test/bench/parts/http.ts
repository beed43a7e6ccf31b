/** One message after the other over HTTP, at 1, 10 and 50 connections: all contestants side by side. */
import { Console, Effect, Schema } from "effect"
import { type Measured, type Plan, rotate } from "../http/bursts.ts"
import { bare, bareDurable, type Contestant, contestants } from "../http/contestants.ts"
import { pinClient } from "../http/cores.ts"
import { bodySize } from "../http/requests.ts"
import { ServerFailed, start } from "../http/server.ts"
import { number, paragraph, spreadOfAll, table } from "../markdown.ts"
import { makePart, type Options } from "../results.ts"
import { quantile, ratiosTo, spreadOf } from "../statistics.ts"

const Row = Schema.Struct({
  name: Schema.String,
  /** Microseconds of processor time for each request, by round. */
  cpu: Schema.Array(Schema.Number),
  /** Requests per second, by round. */
  rate: Schema.Array(Schema.Number),
  /** Milliseconds, of all requests. */
  p50: Schema.Number,
  p99: Schema.Number,
  errors: Schema.Number
})
type Row = typeof Row.Type
const Comparison = Schema.Struct({ connections: Schema.Number, requests: Schema.Number, rows: Schema.Array(Row) })
type Comparison = typeof Comparison.Type

const plans = (quick: boolean): ReadonlyArray<Plan> => [
  { connections: 50, requests: 1000, warmUp: quick ? 3 : 10, rounds: quick ? 5 : 40, seconds: 180 },
  { connections: 10, requests: 500, warmUp: 2, rounds: quick ? 5 : 30, seconds: 60 },
  { connections: 1, requests: 200, warmUp: 2, rounds: quick ? 3 : 20, seconds: 60 }
]

const rowOf = (name: string, bursts: ReadonlyArray<Measured>): Row => {
  const latencies = bursts.flatMap((burst) => burst.latencies)
  return {
    name,
    cpu: bursts.map(({ cpu, requests }) => cpu / requests),
    rate: bursts.map(({ milliseconds, requests }) => (requests / milliseconds) * 1000),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    errors: bursts.reduce((sum, { errors }) => sum + errors, 0)
  }
}

/** The bases are always among them. */
export const chosen = ({ only }: Options): ReadonlyArray<Contestant> =>
  contestants.filter(
    ({ name }) => name === bare || name === bareDurable || only.length === 0 || only.some((part) => name.includes(part))
  )

const measure = Effect.fnUntraced(function* (options: Options) {
  pinClient()
  const servers = yield* Effect.forEach(chosen(options), (one) => start(one))
  const comparisons: Array<Comparison> = []
  for (const plan of plans(options.quick)) {
    const { connections, requests } = plan
    const measured = yield* rotate(servers, plan)
    const rows = Array.from(measured, ([name, bursts]) => rowOf(name, bursts))
    const comparison = { connections, requests, rows }
    yield* Console.log(`\n${connections} connections\n${tableOf(comparison)}`)
    comparisons.push(comparison)
  }
  const failed = comparisons.flatMap(({ rows }) => rows).find(({ errors }) => errors > 0)
  if (failed !== undefined) {
    return yield* new ServerFailed({
      server: failed.name,
      problem: `${failed.errors} requests were not answered with 200`
    })
  }
  return comparisons
}, Effect.scoped)

/** Speed as a multiple of a base's, by round: requests per second, and the inverse of processor time. */
const ratesOf = ({ rows }: Comparison, name: string) => rows.find((row) => row.name === name)?.rate ?? []
const speedsOf = ({ rows }: Comparison, name: string) =>
  (rows.find((row) => row.name === name)?.cpu ?? []).map((one) => 1 / one)
const rateTo = (comparison: Comparison, base: string, name: string) =>
  ratiosTo(ratesOf(comparison, base), ratesOf(comparison, name))
const speedTo = (comparison: Comparison, base: string, name: string) =>
  ratiosTo(speedsOf(comparison, base), speedsOf(comparison, name))

const tableOf = (comparison: Comparison): string =>
  table(
    [
      "Contestant",
      "req/s to bare",
      "req/s to bare durable",
      "CPU to bare",
      "CPU to bare durable",
      "CPU µs/req",
      "p50 ms",
      "p99 ms",
      "errors"
    ],
    comparison.rows.map(({ cpu, errors, name, p50, p99 }) => [
      name,
      spreadOfAll(rateTo(comparison, bare, name)),
      spreadOfAll(rateTo(comparison, bareDurable, name)),
      spreadOfAll(speedTo(comparison, bare, name)),
      spreadOfAll(speedTo(comparison, bareDurable, name)),
      number(spreadOf(cpu).median),
      number(p50),
      number(p99),
      String(errors)
    ])
  )

const section = (comparisons: ReadonlyArray<Comparison>): string =>
  [
    paragraph(
      `One text message of ${bodySize} bytes in each request, as Meta writes it, signed, with an id of its own, from 200 ` +
        "people in turn. Bursts of all contestants take turns in random order. A burst ends when its last message was " +
        "handled, which for this SDK is by a listener behind the answer. Everything is told as a multiple of the base " +
        'in the same round: the median, with p10 and p90. "req/s" is by the clock; "CPU" is the speed by processor ' +
        "time of the server, so 0.50 needs twice the time. More is better in both."
    ),
    ...comparisons.map((comparison) => {
      const { connections, requests, rows } = comparison
      const rounds = rows[0]?.rate.length ?? 0
      const title = connections === 1 ? "1 connection" : `${connections} connections`
      return `### ${title}\n\n${rounds} bursts of ${requests} requests each.\n\n${tableOf(comparison)}`
    }),
    `### Who they are\n\n${table(
      ["Contestant", "How it is set up"],
      contestants.map(({ name, setup }) => [name, setup])
    )}`
  ].join("\n\n")

const targets: ReadonlyArray<readonly [name: string, base: string, wanted: number]> = [
  ["SQLite, router", bareDurable, 0.9],
  ["SQLite, server", bareDurable, 0.95],
  ["memory, server", bare, 0.95]
]

const targetsSection = (comparisons: ReadonlyArray<Comparison>): string => {
  const at50 = comparisons.find(({ connections }) => connections === 50)
  if (at50 === undefined) return ""
  return table(
    ["Requests per second at 50 connections", "Compared with", "Target", "Measured", "By processor time"],
    targets.map(([name, base, wanted]) => {
      const { median } = spreadOf(rateTo(at50, base, name))
      const verdict = Number.isNaN(median) ? "not measured" : median >= wanted ? "met" : "**missed**"
      return [
        name,
        base,
        `≥ ${wanted.toFixed(2)}`,
        `${spreadOfAll(rateTo(at50, base, name))}, ${verdict}`,
        spreadOfAll(speedTo(at50, base, name))
      ]
    })
  )
}

export const http = makePart({
  name: "http",
  about: "requests per second, processor time and latency of all contestants",
  results: Schema.Array(Comparison),
  measure,
  sections: (comparisons) => ({ http: section(comparisons), "targets-http": targetsSection(comparisons) })
})
