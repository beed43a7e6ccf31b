/** Asks the `OwnerResolver` about the sender of an event, with the patience that a resolver may need. */
import { type Decision, isMessageEvent, type WhatsAppEvent } from "@effect-whatsapp/core/events"
import type { OwnerResolverError } from "@effect-whatsapp/core/errors"
import type { OwnerResolver } from "@effect-whatsapp/core/services"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as RetryPolicy from "../../events/RetryPolicy.ts"
import { within } from "./timeLimit.ts"

/** What is decided about an event without a sender. */
export const nobody: Exit.Exit<Decision> = Exit.succeed({})

export const make = (resolver: OwnerResolver.OwnerResolver["Service"]) => {
  const retry = RetryPolicy.make()

  /** Asks once. */
  const ask = (event: WhatsAppEvent): Effect.Effect<Decision, OwnerResolverError> =>
    isMessageEvent(event)
      ? within(
          Effect.suspend(() => resolver.resolve(event.sender.user)),
          "5 minutes"
        ).pipe(
          Effect.map((identity) => (identity._tag === "Owner" ? { owner: true } : {})),
          Effect.catchTag("TimeoutError", (cause) => Effect.die(cause))
        )
      : nobody

  /** Asks until there is an answer, or the retry policy gives up. */
  const insist = Effect.fnUntraced(function* (event: WhatsAppEvent) {
    for (let attempts = 1; ; attempts++) {
      const exit = yield* Effect.exit(ask(event))
      if (Exit.isSuccess(exit)) return exit
      const next = retry({ cause: exit.cause, attempts })
      if (next._tag === "Dead") return exit
      yield* Effect.sleep(next.after)
    }
  })

  return { ask, insist }
}
