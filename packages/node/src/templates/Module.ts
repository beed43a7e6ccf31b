/** A TypeScript module with a typed function for every template. The same templates make the same bytes. */
import type { Template } from "@effect-whatsapp/core/message"
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Digest from "effect/crypto/Digest"
import { compare, type Entry } from "./Entry.ts"
import { constantOf, identifierOf } from "./internal/names.ts"
import { doc, key, quotation, remark, spread } from "./internal/source.ts"
import * as Stamp from "./Stamp.ts"

interface Described {
  readonly entry: Entry
  readonly description: Template.Description
}

/** Category, status and language; then what the person reads. */
const docOf = ({ description, entry }: Described, indent = ""): string =>
  doc(
    `\`${entry.name}\` in ${entry.language}: ${[entry.category, entry.status].filter((word) => word !== "").join(", ")}`,
    description.body === undefined ? [] : quotation(description.body),
    indent
  )

const constant = ({ description, entry }: Described): string =>
  `const ${constantOf(entry.name, entry.language)} = ${spread(description)} as const`

const typeOf = ({ entry }: Described): string => `Template.Definition<typeof ${constantOf(entry.name, entry.language)}>`
const valueOf = ({ entry }: Described): string => `Template.define(${constantOf(entry.name, entry.language)})`

/** The type stands beside the value, so that declarations can be made of one file alone (`isolatedDeclarations`). */
const single = (one: Described): string =>
  [docOf(one), `export const ${identifierOf(one.entry.name)}: ${typeOf(one)} = ${valueOf(one)}`].join("\n")

const byLanguage = (name: string, all: ReadonlyArray<Described>): string =>
  [
    doc(`\`${name}\`, by language`, []),
    `export const ${identifierOf(name)}: {`,
    ...all.map((one) => `${docOf(one, "  ")}\n  readonly ${key(one.entry.language)}: ${typeOf(one)}`),
    "} = {",
    all.map((one) => `  ${key(one.entry.language)}: ${valueOf(one)}`).join(",\n"),
    "}"
  ].join("\n")

const functionsOf = (options: Stamp.Options, name: string, all: ReadonlyArray<Described>): ReadonlyArray<string> => {
  const [first, ...others] = all
  if (first === undefined) return []
  return [
    ...all.map(constant),
    others.length === 0 && options.byLanguage !== true ? single(first) : byLanguage(name, all)
  ]
}

const describedOf = (entry: Entry): ReadonlyArray<Described> =>
  Result.match(entry.content, { onFailure: () => [], onSuccess: (description) => [{ entry, description }] })

/** Why there is no function for a template; nothing where there is one. */
export const skippedOf = ({ content, language, name }: Entry): ReadonlyArray<string> =>
  Result.match(content, { onFailure: (why) => [`- ${name} (${language}): ${why}`], onSuccess: () => [] })

const notes = (entries: ReadonlyArray<Entry>): ReadonlyArray<string> => {
  const skipped = entries.flatMap(skippedOf)
  return skipped.length === 0
    ? []
    : [[remark("Without a function, because this version cannot fill them in:"), ...skipped.map(remark)].join("\n")]
}

const groupsOf = (described: ReadonlyArray<Described>): ReadonlyArray<readonly [string, ReadonlyArray<Described>]> =>
  Array.from(Map.groupBy(described, ({ entry }) => entry.name)).toSorted(([one], [other]) => compare(one, other))

/** The text of the module. */
export const make = (
  entries: ReadonlyArray<Entry>,
  options: Stamp.Options
): Effect.Effect<string, never, Digest.Digest> => {
  const functions = groupsOf(entries.flatMap(describedOf)).flatMap(([name, all]) => functionsOf(options, name, all))
  const body = [
    functions.length === 0 ? "export {}" : `import { Template } from "@effect-whatsapp/core/message"`,
    ...functions,
    ...notes(entries)
  ].join("\n\n")
  return Stamp.stamp(body, entries, options)
}
