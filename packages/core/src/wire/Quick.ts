/** Reads JSON by the schemas of these modules without the schema parser, as far as it comes in its usual form. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { quickOf, slow } from "./internal/quick.ts"

/**
 * `SchemaParser.decodeUnknownResult`, several times as fast on what Meta sends, and the same on everything. What needs no
 * change is not copied, so it may share its inner objects with the JSON it was read from.
 */
export const decodeUnknownResult = <A>(
  schema: Schema.Codec<A, unknown>
): ((json: unknown) => Result.Result<A, SchemaIssue.Issue>) => {
  const quick = quickOf(schema.ast)
  const parse = SchemaParser.decodeUnknownResult(schema)
  return (json) => {
    const it = quick(json)
    // What reads quickly is what the parser would have made of it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return it === slow ? parse(json) : Result.succeed(it as A)
  }
}
