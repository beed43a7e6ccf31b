/** Something that is done with deliveries before anything else is: before they are read, and long behind the answer. */
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Effect from "effect/Effect"
import type * as Inbox from "../../inbox/Inbox.ts"

/**
 * An inbox whose deliveries are handed out when `step` is done with them. An inbox hands out each delivery once, so what
 * `step` failed on is kept and comes first when deliveries are asked for again.
 */
export const onTake = (
  inbox: Inbox.Inbox["Service"],
  step: (delivery: Inbox.Delivery) => Effect.Effect<void, InboxError>
): Inbox.Inbox["Service"] => {
  let taken: ReadonlyArray<Inbox.Delivery> = []
  let passed = 0
  const take = Effect.suspend(() =>
    passed < taken.length
      ? Effect.void
      : Effect.map(inbox.take, (deliveries) => {
          taken = deliveries
          passed = 0
        })
  )
  const pass = Effect.gen(function* () {
    for (let one = taken[passed]; one !== undefined; one = taken[passed]) {
      yield* step(one)
      passed++
    }
    return taken
  })
  return { ...inbox, take: Effect.andThen(take, pass) }
}
