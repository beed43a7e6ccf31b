/** The store of identities cannot be asked. The item waits; its conversation is not named by a guess. */
import * as Schema from "effect/Schema"

/** Error of every `Identities` method; it holds no id of a person. */
export class IdentitiesError extends Schema.TaggedError<IdentitiesError>()("IdentitiesError", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return "Identities: the store did not answer"
  }
}
