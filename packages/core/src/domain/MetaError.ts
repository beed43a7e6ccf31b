/** What Meta reports as an error inside a webhook: beside a message, in a status, or on its own. */
import * as Schema from "effect/Schema"

/** Schema for an error that arrived by webhook. Codes are an open set; the table in `errors` explains the known ones. */
export const MetaError = Schema.Struct({
  /** `0` when Meta sent none that can be read. */
  code: Schema.Finite,
  title: Schema.optionalKey(Schema.String),
  message: Schema.optionalKey(Schema.String),
  /** The text that helps most: which parameter, which person, how long. */
  details: Schema.optionalKey(Schema.String),
  href: Schema.optionalKey(Schema.String)
})
export type MetaError = typeof MetaError.Type
