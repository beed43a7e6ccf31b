/** What goes wrong beside all messages. */
import * as Schema from "effect/Schema"
import { MetaError } from "../domain/MetaError.ts"
import { account, raw } from "./shared.ts"

/** Meta reports an error of the number, the account or the app that belongs to no message and to no call. */
export const ErrorReported = Schema.TaggedStruct("ErrorReported", {
  ...account,
  /** The webhook field it came in: `messages`, `calls` or `history`. */
  field: Schema.String,
  error: MetaError,
  ...raw
})
export type ErrorReported = typeof ErrorReported.Type
