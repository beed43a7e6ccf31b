/**
 * What a pulled file says about itself, in its comments: by which options it was pulled, what it was pulled from, and the
 * checksums that tell whether somebody has edited it since.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type * as Digest from "effect/crypto/Digest"
import { digestOf, type Entry, sha256 } from "./Entry.ts"
import { quoted } from "./internal/source.ts"

/** Schema for what a file was pulled by, so that it is compared with the same. */
export const Options = Schema.Struct({
  /** `approved`, or `all`. */
  status: Schema.Literals(["approved", "all"]),
  /** A pattern for the names, in which `*` stands for anything. */
  name: Schema.optionalKey(Schema.String),
  /** Whether a name of one language is a record as well. */
  byLanguage: Schema.optionalKey(Schema.Boolean)
})
export type Options = typeof Options.Type

const Pulled = Schema.Struct({ name: Schema.String, language: Schema.String, digest: Schema.String })

/** A template that is in a file. */
export type Pulled = typeof Pulled.Type

interface Stamp {
  readonly options: Options
  readonly pulled: ReadonlyArray<Pulled>
}

/** A file: one that was pulled and is as it was, or was edited, or is somebody's own. */
export type File =
  | { readonly _tag: "Pulled"; readonly stamp: Stamp }
  | { readonly _tag: "Edited"; readonly stamp: Stamp | undefined }
  | { readonly _tag: "Foreign" }

const title = `// Pulled by "effect-whatsapp templates pull": pull again instead of editing it.`
const optionsMark = "// options "
const templatesMark = "// templates sha256 "
const fileMark = "// file sha256 "
const listMark = "// Pulled from:"

const json = (value: { readonly [key: string]: string | boolean }): string =>
  `{${Object.entries(value)
    .map(([name, one]) => `${quoted(name)}:${typeof one === "string" ? quoted(one) : one}`)
    .join(",")}}`

/** Of the file without the line that holds it, and however a version control system ends lines. */
const checksum = (text: string): Effect.Effect<string, never, Digest.Digest> =>
  sha256(
    text
      .replaceAll("\r\n", "\n")
      .split("\n")
      .filter((line) => !line.startsWith(fileMark))
      .join("\n")
  )

/** A module with all of this around it. */
export const stamp = Effect.fnUntraced(function* (body: string, entries: ReadonlyArray<Entry>, options: Options) {
  const list = entries.map(({ digest, language, name }) => `// ${json({ name, language, digest })}`)
  const head = [title, `${optionsMark}${json(options)}`, `${templatesMark}${yield* digestOf(entries)}`]
  const rest = ["", body, "", [listMark, ...list].join("\n"), ""]
  const digest = yield* checksum([...head, ...rest].join("\n"))
  return [...head, `${fileMark}${digest}`, ...rest].join("\n")
})

const parseOptions = SchemaParser.decodeUnknownResult(Schema.fromJsonString(Options))
const parsePulled = SchemaParser.decodeUnknownResult(Schema.fromJsonString(Pulled))

const readStamp = (lines: ReadonlyArray<string>) => {
  const options = lines.flatMap((line) => (line.startsWith(optionsMark) ? [line.slice(optionsMark.length)] : []))[0]
  const list = lines.slice(lines.lastIndexOf(listMark) + 1).flatMap((line) => (line === "" ? [] : [line.slice(3)]))
  return Result.all({ options: parseOptions(options), pulled: Result.all(list.map((line) => parsePulled(line))) })
}

/** What a file is. */
export const read = Effect.fnUntraced(function* (text: string): Effect.fn.Return<File, never, Digest.Digest> {
  const lines = text.replaceAll("\r\n", "\n").split("\n")
  if (lines[0] !== title) return { _tag: "Foreign" }
  const stamp = Result.getOrUndefined(readStamp(lines))
  const isWhole = lines.includes(`${fileMark}${yield* checksum(text)}`)
  return stamp !== undefined && isWhole ? { _tag: "Pulled", stamp } : { _tag: "Edited", stamp }
})
