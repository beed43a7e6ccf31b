/** Message states in this process, in two generations: a message that keeps moving stays, one that is done falls out. */
import * as Effect from "effect/Effect"
import { type DeliveryStatus, highest, isStale } from "../domain/DeliveryStatus.ts"
import type { StatusUpdate } from "../events/StatusUpdate.ts"
import * as Method from "../services/Method.ts"
import type { MessageStates } from "../services/MessageStates.ts"
import { keyOf } from "./MessageStatesKey.ts"
import * as TwoGenerations from "./TwoGenerations.ts"

export interface Options {
  /** How many messages are remembered at most. @default 200_000 */
  readonly capacity?: number | undefined
}

export const make = (options?: Options): MessageStates["Service"] => {
  const states = TwoGenerations.make<DeliveryStatus>(options?.capacity ?? 200_000)
  return {
    observe: Method.make((update: StatusUpdate) => {
      const key = keyOf(update)
      const before = states.get(key)
      const after = highest(before, update.status)
      if (after !== undefined) states.set(key, after)
      return isStale(update.status, before)
    }),
    highest: (of) => Effect.sync(() => states.get(keyOf(of)))
  }
}
