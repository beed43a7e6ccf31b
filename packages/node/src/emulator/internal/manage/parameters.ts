/** What a management call says: Graph takes it in the query, as a form or as JSON, and a part of it in each. */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { query } from "../graph.ts"
import { Refused } from "../graphError.ts"
import * as Multipart from "../multipart.ts"
import { invalid } from "../sendIssue.ts"

export type Parameters = ReadonlyMap<string, Schema.Json>

type Request = HttpServerRequest.HttpServerRequest

const decodeObject = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.JsonObject))
const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

export const read = Effect.fnUntraced(function* (request: Request): Effect.fn.Return<Parameters, Refused> {
  const given = new Map<string, Schema.Json>(query(request))
  for (const [key, value] of yield* body(request)) given.set(key, value)
  given.delete("access_token")
  return given
})

const body = Effect.fnUntraced(function* (
  request: Request
): Effect.fn.Return<Iterable<readonly [string, Schema.Json]>, Refused> {
  if (request.method === "GET") return []
  const type = request.headers["content-type"] ?? ""
  if (/^multipart\/form-data\b/i.test(type)) return (yield* Multipart.read(request)).fields
  const text = yield* request.text.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.mebibytes(1)),
    Effect.mapError(() => new Refused({ code: 1, details: "The body could not be read." }))
  )
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return new URLSearchParams(text)
  // Graph reads any other body as a form, in which it then finds nothing.
  if (text === "" || !/^application\/json\b/i.test(type)) return []
  return Object.entries(
    yield* Effect.fromOption(decodeObject(text)).pipe(Effect.mapError(() => invalid("The body is not a JSON object.")))
  )
})

/** A text; a number is taken for its digits. */
export const text = (given: Parameters, name: string): Effect.Effect<string | undefined, Refused> => {
  const value = given.get(name)
  if (value === undefined || typeof value === "string") return Effect.succeed(value)
  return typeof value === "number"
    ? Effect.succeed(String(value))
    : Effect.fail(invalid(`Param ${name} must be a string.`))
}

/** A text that must be there. */
export const required = (given: Parameters, name: string): Effect.Effect<string, Refused> =>
  Effect.flatMap(text(given, name), (value) =>
    value === undefined || value === ""
      ? Effect.fail(
          new Refused({
            code: 100,
            graph: { type: "OAuthException", message: `(#100) The parameter ${name} is required.` }
          })
        )
      : Effect.succeed(value)
  )

/** A value that is no text; in a query or a form it is written as JSON. */
export const json = (given: Parameters, name: string): Schema.Json | undefined => {
  const value = given.get(name)
  return typeof value === "string" ? Option.getOrElse(decodeJson(value), () => value) : value
}

/** A list of words: a list, or with commas between. */
export const words = (given: Parameters, name: string): Effect.Effect<ReadonlyArray<string> | undefined, Refused> => {
  const value = json(given, name)
  if (value === undefined) return Effect.succeed(undefined)
  if (isList(value) && value.every((one) => typeof one === "string" || typeof one === "number")) {
    return Effect.succeed(value.map(String))
  }
  const plain = given.get(name)
  return typeof plain === "string"
    ? Effect.succeed(
        plain
          .split(",")
          .map((one) => one.trim())
          .filter((one) => one !== "")
      )
    : Effect.fail(invalid(`Param ${name} must be a list of strings.`))
}

const isList: (value: Schema.Json) => value is Schema.JsonArray = Array.isArray
