/** The error object of webhooks: in `value.errors`, `messages[].errors` and `statuses[].errors`. */
import * as Schema from "effect/Schema"
import { lenient, lenientArray, Number, Text } from "./scalars.ts"

export const MetaError = Schema.Struct({
  code: lenient(Number),
  title: lenient(Text),
  message: lenient(Text),
  error_data: lenient(Schema.Struct({ details: lenient(Text) })),
  href: lenient(Text),
  /** The flat spelling of old `unknown` messages. */
  details: lenient(Text)
})
export type MetaError = typeof MetaError.Type

/** Schema for a list of them; what is no error at all is `null`. */
export const MetaErrors = lenientArray(MetaError)
export type MetaErrors = typeof MetaErrors.Type
