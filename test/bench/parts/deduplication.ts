/** Keys that deduplication remembers, at a million of them. */
import { Console, Effect, Schema } from "effect"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { table } from "../markdown.ts"
import { runScript } from "../processes.ts"
import { makePart } from "../results.ts"

const Row = Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number]))
const script = fileURLToPath(new URL("../deduplication.ts", import.meta.url))

export const deduplication = makePart({
  name: "deduplication",
  about: "a million remembered keys",
  results: Schema.Array(Row),
  measure: () =>
    existsSync(script)
      ? runScript(script, Row)
      : Effect.as(Console.log("There is no test/bench/deduplication.ts yet."), []),
  sections: (rows) => {
    const columns = Object.keys(rows[0] ?? {})
    return columns.length === 0
      ? {}
      : {
          deduplication: table(
            columns,
            rows.map((row) => columns.map((column) => String(row[column])))
          )
        }
  }
})
