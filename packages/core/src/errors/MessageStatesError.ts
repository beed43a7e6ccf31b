/** The store of message states cannot be asked. The status waits; it is not handed out with a guess. */
import * as Schema from "effect/Schema"

/** Error of every `MessageStates` method. */
export class MessageStatesError extends Schema.TaggedError<MessageStatesError>()("MessageStatesError", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return "MessageStates: the store did not answer"
  }
}
