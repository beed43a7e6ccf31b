/** Nobody could say whether the sender is the owner. The item waits, since a guess could show a customer the back office. */
import * as Schema from "effect/Schema"

/** Error of `OwnerResolver.resolve`. */
export class OwnerResolverError extends Schema.TaggedError<OwnerResolverError>()("OwnerResolverError", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return "OwnerResolver: the sender could not be resolved"
  }
}
