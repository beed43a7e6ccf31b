/** Admitting a message when a million keys are remembered. */
import { Schema } from "effect"
import { fileURLToPath } from "node:url"
import { number, paragraph, table } from "../markdown.ts"
import { runScript, sources } from "../processes.ts"
import { makePart } from "../results.ts"

const Row = Schema.Struct({
  store: Schema.String,
  keys: Schema.Number,
  /** Microseconds for each of the first keys, and for each of those that come then. */
  first: Schema.Number,
  more: Schema.Number,
  bytes: Schema.Number
})

const script = fileURLToPath(new URL("../deduplication.ts", import.meta.url))

export const deduplication = makePart({
  name: "deduplication",
  about: "admitting a message when a million keys are remembered",
  results: Schema.Array(Row),
  measure: ({ quick }) =>
    runScript(script, Row, { execArgv: [...sources, "--expose-gc"], env: quick ? { BENCH_KEYS: "200000" } : {} }),
  sections: (rows) => ({
    deduplication: [
      paragraph(
        "Processor time of `claim` and `complete`, 200 keys in a turn of the event loop, in SQLite with their commit: of " +
          "the first keys, and of 100,000 more. Bytes are of the heap or of the file, the key included."
      ),
      table(
        ["Store", "keys", "µs for each of them", "µs for each more", "bytes for each"],
        rows.map(({ bytes, first, keys, more, store }) => [
          `\`${store}\``,
          number(keys),
          number(first),
          number(more),
          number(bytes)
        ])
      )
    ].join("\n\n")
  })
})
