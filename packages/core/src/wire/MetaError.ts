/** The error object of webhooks: in `value.errors`, `messages[].errors` and `statuses[].errors`. */
import * as Schema from "effect/Schema"
import { Number, optional, Text } from "./scalars.ts"

export const MetaError = Schema.Struct({
  code: Number,
  title: optional(Text),
  message: optional(Text),
  error_data: optional(Schema.Struct({ details: optional(Text) })),
  href: optional(Text),
  /** The flat spelling of old `unknown` messages. */
  details: optional(Text)
})
export type MetaError = typeof MetaError.Type
