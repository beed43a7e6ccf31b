/** Schemas that something stands before. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { describe, type Limit } from "../limits.ts"

/** What is wrong with an input as a whole. */
export type Guard = (input: unknown) => SchemaIssue.Issue | undefined

/** The same schema behind a guard, which may refuse before anything inside is looked at. */
export const guarded = <T>(schema: Schema.Codec<T>, guard: Guard, generated: SchemaAST.Link = same(schema)) =>
  Schema.declareConstructor<T>()(
    [schema],
    ([inner]) => {
      const decode = SchemaParser.decodeUnknownEffect(inner)
      return (input, _, options) => {
        const issue = guard(input)
        return issue === undefined ? decode(input, options) : Effect.fail(issue)
      }
    },
    { toCodec: ([inner]) => same(inner), toCodecArbitrary: () => generated }
  )

function same<T>(inner: Schema.Codec<T>): SchemaAST.Link {
  return Schema.link<T>()(inner, SchemaTransformation.passthrough())
}

/** A list that says first that it is too long: what its elements are does not matter then. */
export const bounded = <T>(limit: Limit, list: Schema.Codec<T>) =>
  guarded(list, (input) =>
    Array.isArray(input) && input.length > limit.max
      ? new SchemaIssue.InvalidValue({ message: `Expected ${describe(limit)}, got ${input.length}` })
      : undefined
  )
