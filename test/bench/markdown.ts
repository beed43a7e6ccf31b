/** Tables and numbers of the page. */
import { type Spread, spreadOf } from "./statistics.ts"

/** Text in lines of at most 120 characters. */
export const paragraph = (text: string, margin = ""): string => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > 120) {
      lines.push(line)
      line = margin + word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line].join("\n")
}

export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

/** As many digits as are worth reading. */
export const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : value >= 10 ? value.toFixed(1) : value.toFixed(2)

/** The median, and p10 and p90 beside it. */
export const spread = ({ median, p10, p90 }: Spread): string => `${number(median)} (${number(p10)}–${number(p90)})`

export const spreadOfAll = (values: ReadonlyArray<number>): string => spread(spreadOf(values))

export const mebibytes = (bytes: number): string => `${number(bytes / 2 ** 20)} MiB`

export const kilobytes = (bytes: number): string => `${number(bytes / 1000)} kB`
