/**
 * Templates of an account, as far as a program that sends them has to know: what is pulled into a file, and compared with
 * it. Of two pulls of the same templates every digest is the same, since nothing that moves is in it: no ids, no quality,
 * and no links of samples, which Meta signs anew each time.
 */
import { Message, Template } from "@effect-whatsapp/core/message"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as Digest from "effect/crypto/Digest"
import { firstProblem } from "../internal/problems.ts"

/** As much of a template as is read. */
export interface Source {
  readonly name: string
  readonly language: string
  readonly category?: string
  readonly status?: string
  /** The node as Meta gave it. */
  readonly raw: Schema.JsonObject
}

export interface Entry {
  readonly name: string
  readonly language: string
  /** In lower case, as all words of Meta's here. */
  readonly category: string
  readonly status: string
  /** What it is, or why no message can be made of it. */
  readonly content: Result.Result<Template.Description, string>
  /** SHA-256, in hex, of all of this. */
  readonly digest: string
}

const utf8 = new TextEncoder()

/** SHA-256 of a text, in hex. */
export const sha256 = (text: string): Effect.Effect<string, never, Digest.Digest> =>
  Effect.flatMap(Digest.Digest, ({ digest }) =>
    Effect.map(digest(Digest.sha256, utf8.encode(text)), (bytes) => Hex.encode(bytes))
  )

const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => compare(one, other)))
    : value

/** JSON that is the same for the same value, in whatever order its members are. */
const canonical = (value: unknown): string => JSON.stringify(value, sorted)

/** By UTF-16 units, so that it is the same on every machine. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const parse = SchemaParser.decodeUnknownResult(Template.DescriptionFromNode)

const refusalOf = (message: Message): Effect.Effect<ReadonlyArray<string>> =>
  Message.validate(message).pipe(
    Effect.match({
      onSuccess: () => [],
      onFailure: ({ reason }) => [reason.details.replace(/^template\./, "")]
    })
  )

/** What keeps every message of a description from being sent; that values are missing does not. */
const flawOf = Effect.fnUntraced(function* (description: Template.Description) {
  const { language, name } = description
  const named = yield* refusalOf(Message.template({ name, language }))
  const filled = yield* refusalOf(Template.define(description)())
  return [...named, ...filled.filter((words) => words.startsWith("description."))][0]
})

const contentOf = (raw: Schema.JsonObject): Effect.Effect<Entry["content"]> =>
  Result.match(parse(raw), {
    onFailure: (issue) => Effect.succeed(Result.fail(firstProblem(issue))),
    onSuccess: (description) =>
      Effect.map(flawOf(description), (flaw) => (flaw === undefined ? Result.succeed(description) : Result.fail(flaw)))
  })

const readOne = Effect.fnUntraced(function* ({ category = "", language, name, raw, status = "" }: Source) {
  const facts = { name, language, category: category.toLowerCase(), status: status.toLowerCase() }
  const content = yield* contentOf(raw)
  const digest = yield* sha256(canonical({ ...facts, description: Result.getOrNull(content) }))
  const entry: Entry = { ...facts, content, digest }
  return entry
})

/** By name, then by language. */
const byName = (one: Entry, other: Entry): number =>
  compare(one.name, other.name) || compare(one.language, other.language) || compare(one.digest, other.digest)

/** Templates in the order of their names. What comes twice, as when a list changes while it is read, comes once. */
export const read = (sources: ReadonlyArray<Source>): Effect.Effect<ReadonlyArray<Entry>, never, Digest.Digest> =>
  Effect.map(Effect.forEach(sources, readOne), (entries) =>
    entries
      .toSorted(byName)
      .filter(
        ({ language, name }, at, all) => at === 0 || name !== all[at - 1]?.name || language !== all[at - 1]?.language
      )
  )

/** SHA-256 of all templates. */
export const digestOf = (entries: ReadonlyArray<Entry>): Effect.Effect<string, never, Digest.Digest> =>
  sha256(entries.map(({ digest }) => digest).join("\n"))
