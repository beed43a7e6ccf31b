/** What doc comments say. */
import { read } from "./files.ts"

/** The sentences of a doc comment, without its sections and tags. */
export const prose = (comment: string): string =>
  comment
    .replaceAll(/^\s*\*? ?/gm, "")
    .split(/\n\n|\n\*\*|\n@/)[0]
    ?.replaceAll(/\s+/g, " ")
    .trim() ?? ""

export const docOf = (file: string, declaration: string): string => {
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
export const headOf = (file: string): string => {
  const [, comment] = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(read(file)) ?? []
  if (comment === undefined) throw new Error(`${file}: it does not begin with a doc comment`)
  return prose(comment)
}
