/** Recorded deliveries: a line of JSON for each, with its bytes and when it was received. No signature and no secret. */
import * as Data from "effect/Data"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as Stream from "effect/Stream"
import { defaultMaxBodySize } from "../webhook/WebhookConfig.ts"
import * as Lines from "./internal/lines.ts"

const isWellFormed = Schema.makeFilter((text: string) => text.isWellFormed(), { expected: "well-formed text" })
const isDelivery = Schema.makeFilter((body: Uint8Array) => body.length <= defaultMaxBodySize, {
  expected: `at most ${defaultMaxBodySize} bytes`
})

/** Bytes that are UTF-8 stand as text, all others as base64. */
const Recorded = Schema.Union(
  [
    Schema.Struct({ receivedAt: Schema.DateTimeUtcFromString, text: Schema.String.check(isWellFormed) }),
    Schema.Struct({ receivedAt: Schema.DateTimeUtcFromString, base64: Schema.Uint8ArrayFromBase64.check(isDelivery) })
  ],
  { mode: "oneOf" }
)
const Line = Schema.fromJsonString(Recorded)
const encode = SchemaParser.encodeSync(Line)
const decode = SchemaParser.decodeEffect(Line)

/** Longest line, in bytes: a delivery of the largest size in which JSON escapes every byte, and room for the rest. */
const maxLine = 6 * defaultMaxBodySize + 1024

/** A line of a file that is no recorded delivery. Its content is not quoted. */
export class Malformed extends Data.TaggedError("Malformed")<{
  /** From 1. */
  readonly line: number
  readonly details: string
}> {}

export interface Delivery {
  /** The line that it stands in, from 1. */
  readonly line: number
  readonly receivedAt: DateTime.Utc
  readonly body: Uint8Array
  /** How many bytes of the file were read up to the end of its line. */
  readonly end: number
}

/** How every line begins that was written by `write`. */
export const beginning = `{"receivedAt":"`

const utf8 = new TextEncoder()
// A byte order mark is part of what came.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const textOf = (bytes: Uint8Array) => Result.getOrUndefined(Result.try(() => strict.decode(bytes)))

/** A delivery as its line, without the line end. */
export const write = ({
  body,
  receivedAt
}: {
  readonly body: Uint8Array
  readonly receivedAt: DateTime.Utc
}): string => {
  const text = textOf(body)
  return encode(text === undefined ? { receivedAt, base64: body } : { receivedAt, text })
}

/**
 * Reads recorded deliveries line by line, from line `first` on; blank lines are passed over. Ends at the first line that
 * is malformed.
 */
export const read = <E, R>(
  file: Stream.Stream<Uint8Array, E, R>,
  first = 1
): Stream.Stream<Delivery, E | Malformed, R> =>
  Lines.split(file, maxLine).pipe(
    Stream.filter(({ number }) => number >= first),
    Stream.mapEffect(readLine),
    Stream.filter((found) => found !== undefined)
  )

const readLine = Effect.fnUntraced(function* ({ bytes, end, number: line }: Lines.Line) {
  const malformed = (details: string) => new Malformed({ line, details })
  if (bytes === undefined) return yield* malformed(`it is longer than ${maxLine} bytes`)
  const json = textOf(bytes)
  if (json === undefined) return yield* malformed("it is not UTF-8")
  if (json.trim() === "") return undefined
  const recorded = yield* Effect.mapError(decode(json), () =>
    malformed(`it is not {"receivedAt":…} with the delivery as "text" or "base64"`)
  )
  const body = "text" in recorded ? utf8.encode(recorded.text) : recorded.base64
  if (body.length > defaultMaxBodySize) return yield* malformed("the delivery is larger than Meta sends")
  const delivery: Delivery = { line, receivedAt: recorded.receivedAt, body, end }
  return delivery
})
