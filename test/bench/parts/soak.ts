/**
 * Many deliveries through the SQLite inbox and `WebhookServer`, for as long as it takes: does it stay as fast as at the
 * start, and do memory and file stay bounded? Once with what is remembered for an hour, which is over in a minute by a clock
 * that hurries, so that forgetting is seen too; and once with the usual 8 days, in which nothing is forgotten.
 */
import { Console, Effect, Schema } from "effect"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { measure } from "../http/bursts.ts"
import { contestants } from "../http/contestants.ts"
import { pinClient } from "../http/cores.ts"
import { type Server, ServerFailed, start } from "../http/server.ts"
import { mebibytes, number, paragraph, table } from "../markdown.ts"
import { makePart, type Options } from "../results.ts"
import { slope } from "../statistics.ts"

const Window = Schema.Struct({
  /** Deliveries so far. */
  count: Schema.Number,
  rate: Schema.Number,
  /** Microseconds for each request. */
  cpu: Schema.Number,
  rss: Schema.Number,
  /** After a full garbage collection. */
  heapUsed: Schema.Number,
  /** Bytes of the database, without and with what SQLite writes beside it. */
  file: Schema.Number,
  files: Schema.Number,
  errors: Schema.Number
})
type Window = typeof Window.Type
const Results = Schema.Struct({ speed: Schema.Number, windows: Schema.Array(Window) })

const perBurst = 5000
const connections = 50

const sizes = ({ folder }: Server) => {
  const bytes = readdirSync(folder).map((name) => ({ name, size: statSync(join(folder, name)).size }))
  return {
    file: bytes.find(({ name }) => name === "bot.db")?.size ?? 0,
    files: bytes.reduce((sum, { size }) => sum + size, 0)
  }
}

const run = Effect.fnUntraced(function* (speed: number, { count: total, minutes }: Options) {
  const contestant = contestants.find(({ name }) => name === "SQLite, server")
  if (contestant === undefined) {
    return yield* new ServerFailed({ server: "SQLite, server", problem: "there is no such contestant" })
  }
  pinClient()
  const server = yield* start(contestant, { env: { BENCH_SPEED: String(speed) } })
  yield* measure(server, connections, perBurst)
  const perWindow = Math.min(50_000, Math.max(perBurst, total / 10))
  const windows: Array<Window> = []
  const end = performance.now() + minutes * 60_000
  for (let count = perWindow; count <= total && performance.now() < end; count += perWindow) {
    const bursts = yield* Effect.forEach(Array.from({ length: perWindow / perBurst }), () =>
      measure(server, connections, perBurst)
    )
    const sum = (of: (burst: (typeof bursts)[number]) => number) => bursts.reduce((all, burst) => all + of(burst), 0)
    const { heapUsed, rss } = yield* server.usage(true)
    const window = {
      count,
      rate: (1000 * perWindow) / sum(({ milliseconds }) => milliseconds),
      cpu: sum(({ cpu }) => cpu) / perWindow,
      rss,
      heapUsed,
      ...sizes(server),
      errors: sum(({ errors }) => errors)
    }
    yield* Console.log(cells(window).join("  "))
    windows.push(window)
  }
  return { speed, windows }
}, Effect.scoped)

const cells = ({ count, cpu, errors, file, files, heapUsed, rate, rss }: Window): ReadonlyArray<string> => [
  count.toLocaleString("en-US"),
  number(rate),
  number(cpu),
  mebibytes(rss),
  mebibytes(heapUsed),
  mebibytes(file),
  mebibytes(files),
  String(errors)
]

const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length

const millions = (windows: ReadonlyArray<Window>) => (windows.at(-1)?.count ?? 0).toLocaleString("en-US")

const hurried = (speed: number) =>
  "Digests and keys are remembered for 1 hour instead of 8 days (option `remember` of `Inbox.layerSqlite` and " +
  `\`Deduplication.layerSql\`), and the clock of the server runs ${speed} times as fast: after a minute it forgets as ` +
  "much as it takes in."
const usual = "Digests and keys are remembered for 8 days, as usual, so none is forgotten."

const findings = (windows: ReadonlyArray<Window>): string => {
  const tenth = Math.max(1, Math.round(windows.length / 10))
  const [first, last] = [windows.slice(0, tenth), windows.slice(-tenth)]
  const ratio = mean(last.map(({ rate }) => rate)) / mean(first.map(({ rate }) => rate))
  const ratioOfCpu = mean(first.map(({ cpu }) => cpu)) / mean(last.map(({ cpu }) => cpu))
  const half = windows.slice(Math.floor(windows.length / 2))
  const counts = half.map(({ count }) => count)
  const growth = (of: (window: Window) => number) => mebibytes(100_000 * slope(counts, half.map(of)))
  return [
    `- Throughput of the last tenth: ${number(ratio)} of the first (by processor time ${number(ratioOfCpu)}).`,
    paragraph(
      `- In the second half memory grew by ${growth(({ rss }) => rss)} for each 100,000 deliveries, of it the heap ` +
        `after a collection by ${growth(({ heapUsed }) => heapUsed)}, and the file by ${growth(({ file }) => file)}.`,
      "  "
    )
  ].join("\n")
}

const makeSoak = (name: string, about: string, speed: number) =>
  makePart({
    name,
    about,
    results: Results,
    measure: (options) => run(speed, options),
    sections: ({ speed, windows }) => ({
      [name]: [
        paragraph(
          `${millions(windows)} text messages through \`Inbox.layerSqlite\` and \`WebhookServer\`, everything of one ` +
            `machine in the file, ${connections} connections, in bursts of ${perBurst.toLocaleString("en-US")} each of ` +
            `which is handled before the next begins. ${speed === 1 ? usual : hurried(speed)}`
        ),
        findings(windows),
        table(
          ["Deliveries", "req/s", "CPU µs/req", "RSS", "heap in use", "file", "file and WAL", "errors"],
          windows.map(cells)
        )
      ].join("\n\n")
    })
  })

export const soak = makeSoak("soak", "a million deliveries through the SQLite inbox, which forgets them in time", 60)
export const soakUsual = makeSoak("soak-8-days", "the same with everything remembered for the usual 8 days", 1)
