/**
 * Bytes to JSON without a way to throw. Meta writes some ids as JSON integers that may exceed 2^53, where a double
 * loses digits silently: those are kept as strings of their digits.
 */
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"

/** Deeper JSON is refused: no document of Meta's comes near, and walking it would exhaust the stack. */
export const maxDepth = 256
const tooDeep = `nested deeper than ${maxDepth} levels`

/** Why bytes are not the JSON that was hoped for. */
export class Unreadable extends Data.TaggedError("Unreadable")<{ readonly reason: string }> {}

const utf8 = new TextDecoder("utf-8", { fatal: true })

const exact = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  if (typeof value !== "number") return value
  if (value === 0) return 0
  const source = context?.source
  if (source === undefined) return value
  return !Number.isFinite(value) || (/^-?\d+$/.test(source) && !Number.isSafeInteger(value)) ? source : value
}

type Finding = "too deep" | "inexact" | undefined

/** A number that JSON cannot give back: an integer beyond 2^53, `-0`. */
const isInexact = (value: number): boolean =>
  Number.isSafeInteger(value) ? Object.is(value, -0) : Number.isInteger(value) || !Number.isFinite(value)

/** Looks at every value once: what is wrong with the whole. */
const inspect = (value: unknown, levels: number): Finding => {
  if (typeof value === "number") return isInexact(value) ? "inexact" : undefined
  if (typeof value !== "object" || value === null) return undefined
  if (levels === 0) return "too deep"
  let found: Finding
  if (Array.isArray(value)) {
    for (const child of value) found = worse(found, inspect(child, levels - 1))
  } else if (isJsonObject(value)) {
    // Nothing is inherited by what was parsed.
    for (const key in value) {
      const child = value[key]
      if (typeof child !== "string") found = worse(found, inspect(child, levels - 1))
    }
  }
  return found
}

const worse = (one: Finding, other: Finding): Finding => (one === "too deep" ? one : (other ?? one))

/** Whether a value is nested deeper than `maxDepth` levels, as one that holds itself is. */
export const isTooDeep = (value: unknown, levels: number = maxDepth): boolean =>
  Predicate.isObjectOrArray(value) &&
  (levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1)))

/** Reads bytes as a JSON object, or says in one line why they are none. */
export const parseObject = (bytes: Uint8Array): Result.Result<Schema.JsonObject, Unreadable> =>
  Result.flatMap(
    Result.try({ try: () => utf8.decode(bytes), catch: () => new Unreadable({ reason: "not UTF-8" }) }),
    parseObjectText
  )

/** Reads a text as a JSON object, or says in one line why it is none. */
export const parseObjectText = (source: string): Result.Result<Schema.JsonObject, Unreadable> => {
  const json = Result.try({
    try: (): unknown => JSON.parse(source),
    catch: () => new Unreadable({ reason: "not JSON" })
  })
  return Result.flatMap(json, (value) => {
    if (!isJsonObject(value)) return Result.fail(new Unreadable({ reason: "not a JSON object" }))
    const found = inspect(value, maxDepth)
    if (found === "too deep") return Result.fail(new Unreadable({ reason: tooDeep }))
    // Read twice, because a number tells what it was only while it is parsed, and that is slow.
    const again: unknown = found === "inexact" ? JSON.parse(source, exact) : value
    return Result.succeed(isJsonObject(again) ? again : value)
  })
}

/** Whether a value that came out of `JSON.parse` is an object; what is inside is JSON by construction. */
export const isJsonObject = (value: unknown): value is Schema.JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value)
