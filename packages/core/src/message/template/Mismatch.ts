/**
 * What a template message holds when its values do not fit its description. A constructor never throws, so a message is
 * made all the same, and this in it makes it fail before it leaves, with the name of the parameter.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const Shape = Schema.Struct({
  /** Which parameter, as in `["body", "first_name"]`. */
  path: Schema.Array(Schema.Union([Schema.String, Schema.Int])),
  /** What was expected there. */
  issue: Schema.String
})
export type Mismatch = typeof Shape.Type

const forbidden = SchemaGetter.forbiddenEncoding

/** Schema for it; no message that may be sent has one, so none is ever generated. */
export const Mismatch = Schema.declare<Mismatch>(Schema.is(Shape), {
  expected: "a mismatch",
  toCodecJson: () => undefined,
  toCodecArbitrary: () =>
    Schema.link<Mismatch>()(Schema.Never, { decode: SchemaGetter.passthrough(), encode: forbidden })
})
