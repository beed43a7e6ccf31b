/**
 * What a client may put on the wire: one JSON object or batch a line, of a bounded length and depth. Everything else is
 * answered here, one line at a time, so that it costs nothing but itself.
 */
import { Json } from "@effect-whatsapp/core/wire"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"

/** Enough for a file of 3 MiB in base64 within JSON. */
const maxLength = 8 * 1024 * 1024

/** A line of text, or that there was one that was too long. */
export type Line = string | typeof tooLong
export const tooLong: unique symbol = Symbol.for("@effect-whatsapp/node/mcp/tooLong")

/** Splits bytes into lines, and keeps no more of a line than may be kept. */
export const split = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>, max = maxLength): Stream.Stream<Line, E, R> =>
  Stream.suspend(() => {
    let kept = ""
    let isTooLong = false
    const lines = (chunk: string): ReadonlyArray<Line> => {
      const parts = chunk.split("\n")
      const rest = parts.pop() ?? ""
      const found: Array<Line> = []
      for (const part of parts) {
        found.push(isTooLong || kept.length + part.length > max ? tooLong : kept + part)
        kept = ""
        isTooLong = false
      }
      isTooLong ||= kept.length + rest.length > max
      kept = isTooLong ? "" : kept + rest
      return found
    }
    return Stream.concat(
      Stream.flattenIterable(Stream.map(Stream.decodeText(bytes), lines)),
      // The last line may have no end.
      Stream.suspend(() => Stream.fromIterable<Line>(isTooLong ? [tooLong] : kept === "" ? [] : [kept]))
    )
  })

const refusal = (code: number, message: string): string =>
  `${JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } })}\n`

const isText = (value: unknown): boolean => typeof value === "string"
const hasBut = (message: object, key: string, isRight: (value: unknown) => boolean): boolean =>
  Object.hasOwn(message, key) && !isRight(Reflect.get(message, key))

/** Whether JSON-RPC knows a message of this shape: a request, a notification or an answer. */
const isMessage = (message: unknown): boolean =>
  Predicate.isObject(message) &&
  Reflect.get(message, "jsonrpc") === "2.0" &&
  ["method", "result", "error"].some((key) => Object.hasOwn(message, key)) &&
  !hasBut(message, "method", isText) &&
  !hasBut(message, "id", (id) => isText(id) || Number.isSafeInteger(id))

const refused = (line: Line): string | undefined => {
  if (line === tooLong) return refusal(-32600, `The line is longer than ${maxLength} characters`)
  const parsed = Result.try((): unknown => JSON.parse(line))
  if (Result.isFailure(parsed)) return refusal(-32700, "The line is not JSON")
  const json = parsed.success
  if (Json.isTooDeep(json)) return refusal(-32600, `The message is nested deeper than ${Json.maxDepth} levels`)
  const isOne = Array.isArray(json) ? json.every(isMessage) : isMessage(json)
  return isOne ? undefined : refusal(-32600, "The line is no JSON-RPC message")
}

const encoder = new TextEncoder()

/** The lines that are messages; `answer` is told what to say to the others. */
export const messages = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  answer: (line: string) => Effect.Effect<void>
): Stream.Stream<Uint8Array, E, R> =>
  split(bytes).pipe(
    Stream.filter((line) => line === tooLong || line.trim() !== ""),
    Stream.mapEffect((line) => {
      const refusal = refused(line)
      return refusal === undefined ? Effect.succeed(line) : Effect.as(answer(refusal), tooLong)
    }),
    Stream.filter((line) => line !== tooLong),
    Stream.map((line) => encoder.encode(`${line}\n`))
  )
