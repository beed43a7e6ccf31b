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

/** What may be a number that JSON cannot give back: 16 digits and more, `-0`, an exponent. */
const inexact = /[[:,\s](?:-0|-?\d{16}|-?[\d.]+[eE])/

const exact = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  if (typeof value !== "number") return value
  if (value === 0) return 0
  const source = context?.source
  if (source === undefined) return value
  return !Number.isFinite(value) || (/^-?\d+$/.test(source) && !Number.isSafeInteger(value)) ? source : value
}

const isWithin = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return true
  if (levels === 0) return false
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof child === "object" && child !== null && !isWithin(child, levels - 1)) return false
  }
  return true
}

/** Reads bytes as a JSON object, or says in one line why they are none. */
export const parseObject = (bytes: Uint8Array): Result.Result<Schema.JsonObject, Unreadable> => {
  const text = Result.try({ try: () => utf8.decode(bytes), catch: () => new Unreadable({ reason: "not UTF-8" }) })
  const json = Result.flatMap(text, (source) =>
    Result.try({
      try: (): unknown => (inexact.test(source) ? JSON.parse(source, exact) : JSON.parse(source)),
      // Deep JSON exhausts the stack of `exact` before its depth can be counted.
      catch: (error) => new Unreadable({ reason: error instanceof RangeError ? tooDeep : "not JSON" })
    })
  )
  return Result.flatMap(json, (value) => {
    if (!isJsonObject(value)) return Result.fail(new Unreadable({ reason: "not a JSON object" }))
    if (!isWithin(value, maxDepth)) return Result.fail(new Unreadable({ reason: tooDeep }))
    return Result.succeed(value)
  })
}

/** Whether a value that came out of `JSON.parse` is an object; what is inside is JSON by construction. */
export const isJsonObject = (value: unknown): value is Schema.JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value)
