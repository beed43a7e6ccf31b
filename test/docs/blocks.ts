/**
 * Examples out of pages and doc comments, as modules that compile and run. Each keeps its line numbers, so that what is
 * wrong with a module is wrong at that line of the page.
 */
import { pages, read, sources } from "./files.ts"

/** A fenced block: what stands behind the three backticks, and its lines without the margin of a comment. */
export interface Block {
  readonly file: string
  /** Line of the first line inside the fence, from 1. */
  readonly line: number
  readonly language: string
  readonly lines: ReadonlyArray<string>
}

const fence = /^\s*```(.*)$/

const blocksOf = (file: string, lines: ReadonlyArray<string>): ReadonlyArray<Block> => {
  const found: Array<Block> = []
  let open: { line: number; language: string } | undefined
  lines.forEach((text, i) => {
    const [, language] = fence.exec(text) ?? []
    if (language === undefined) return
    if (open === undefined) open = { line: i + 2, language: language.trim() }
    else {
      found.push({ file, ...open, lines: lines.slice(open.line - 1, i) })
      open = undefined
    }
  })
  if (open !== undefined) found.push({ file, ...open, language: "that never ends", lines: [] })
  return found
}

/** The text of doc comments, on the lines on which it stands; what is code becomes empty. */
const comments = (source: string): ReadonlyArray<string> =>
  source.split("\n").map((line) => /^\s*\* ?(?!\/)(.*)$/.exec(line)?.[1] ?? "")

/** Every fenced block of the repository's pages and doc comments. */
export const blocks: ReadonlyArray<Block> = [
  ...pages.flatMap((file) => blocksOf(file, read(file).split("\n"))),
  ...sources.flatMap((file) => blocksOf(file, comments(read(file))))
]

/** The blocks that are programs. */
export const examples: ReadonlyArray<Block> = blocks.filter(({ language }) => language === "ts")

export const placeOf = ({ file, line }: Block): string => `${file}:${line}`

/** Name of the module that is made of a block. */
export const nameOf = ({ file, line }: Block): string => `${file.replaceAll(/[/.]/g, "_")}_L${line}`

const stated = /^(\s*)(\S.*?);?\s*\/\/ => (.+)$/
const declared = /^(?:const|function\*?|class|type|interface) (\w+)/

/** Whether a block is a test by itself, or says what its expressions are; a program that runs for ever says nothing. */
export const isRun = ({ lines }: Block): boolean =>
  lines.some((line) => stated.test(line) || line.includes(`from "@effect/vitest"`)) &&
  !lines.some((line) => line.includes("runMain"))

/** Lines that state a result which nobody checks: written in another way, or in a program that is not run. */
export const unchecked = (block: Block): ReadonlyArray<string> =>
  block.lines.flatMap((line, i) =>
    /\/\/\s*=>/.test(line) && !(stated.test(line) && isRun(block)) ? [`${block.file}:${block.line + i}`] : []
  )

/** The module: stated results become checks, and what is declared is exported, since an example may end there. */
export const moduleOf = (block: Block): string => {
  const body = block.lines.map((line, i) =>
    line.replace(stated, (_, indent: string, expression: string, value: string) => {
      const place = JSON.stringify(`${block.file}:${block.line + i}`)
      return `${indent}$same(${place}, ${expression}, ${value})`
    })
  )
  const names = block.lines.flatMap((line) => declared.exec(line)?.[1] ?? [])
  const exports = `export { ${Array.from(new Set(names)).join(", ")} }`
  const imports = body.some((line) => line.includes("$same("))
    ? `import { same as $same } from "../../test/docs/same.ts"`
    : ""
  return [...body, exports, imports, ""].join("\n")
}
