/** The store of seen items cannot be asked. Items wait and are asked for again; nothing is admitted unasked. */
import * as Schema from "effect/Schema"

/** Error of every `Deduplication` method. */
export class DeduplicationError extends Schema.TaggedError<DeduplicationError>()("DeduplicationError", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return "Deduplication: the store did not answer"
  }
}
