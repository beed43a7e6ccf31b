/** Values and remarks as TypeScript. Texts are anybody's: none of them ends the string or the comment that it stands in. */
import type * as Schema from "effect/Schema"

/** What a reader of source would not see, or would see somewhere else: control characters, line ends, turned text. */
const unseen = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]/gu

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** A string literal, which is JSON as well; of lone surrogates and of what is not seen only the escapes stand in it. */
export const quoted = (text: string): string => JSON.stringify(text).replace(unseen, escaped)

/** A name of a member. In the literal of an object, `__proto__` would be no member but the prototype. */
export const key = (name: string): string =>
  name === "__proto__" ? `["__proto__"]` : /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)

const width = 110

const isList = (value: Schema.Json): value is ReadonlyArray<Schema.Json> => Array.isArray(value)

const partsOf = (value: Schema.Json, indent: string): ReadonlyArray<string> | string => {
  if (typeof value === "string") return quoted(value)
  if (typeof value !== "object" || value === null) return String(value)
  return isList(value)
    ? value.map((one) => literal(one, indent))
    : Object.entries(value).map(([name, one]) => `${key(name)}: ${literal(one, indent)}`)
}

/** A value as a literal: on one line where it fits, else with a line for each member. */
export const literal = (value: Schema.Json, indent = ""): string => {
  const parts = partsOf(value, "")
  if (typeof parts === "string") return parts
  const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"]
  if (parts.length === 0) return `${open}${close}`
  const line = isList(value) ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`
  return indent.length + line.length <= width && !line.includes("\n") ? line : spread(value, indent)
}

/** The same with a line for each member, however short it is. */
export const spread = (value: Schema.Json, indent = ""): string => {
  const inner = `${indent}  `
  const parts = partsOf(value, inner)
  if (typeof parts === "string") return parts
  const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"]
  return [open, parts.map((part) => inner + part).join(",\n"), indent + close].join("\n")
}

const lineEnd = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/

/** A text within a comment: it neither ends the comment, nor makes a tag of itself such as `@deprecated`. */
const spoken = (line: string): string =>
  line.toWellFormed().replace(unseen, escaped).replaceAll("*/", "*\\/").replaceAll("@", "\\@")

/** A remark on one line, whatever the text. */
export const remark = (text: string): string => `// ${text.toWellFormed().replace(unseen, escaped)}`

/** A text as the quotation of a doc comment. */
export const quotation = (text: string): ReadonlyArray<string> =>
  text.split(lineEnd).map((line) => `> ${spoken(line)}`.trimEnd())

/** A doc comment; the first line is made one, and the others are taken as they are. */
export const doc = (first: string, others: ReadonlyArray<string>, indent = ""): string =>
  [
    `${indent}/**`,
    ...[spoken(first), ...(others.length === 0 ? [] : ["", ...others])].map((line) => `${indent} * ${line}`.trimEnd()),
    `${indent} */`
  ].join("\n")
