/** The inbox could not do what was asked. For a delivery this means 503: Meta keeps it and delivers it again. */
import * as Schema from "effect/Schema"

/** Error of every `Inbox` method. */
export class InboxError extends Schema.TaggedError<InboxError>()("InboxError", {
  method: Schema.String,
  /** What is wrong, in one line and without anything a customer wrote. */
  details: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message(): string {
    return `Inbox.${this.method}: ${this.details}`
  }
}
