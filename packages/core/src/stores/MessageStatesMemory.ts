/** Message states in this process, in two generations: a message that keeps moving stays, one that is done falls out. */
import * as Effect from "effect/Effect"
import { type DeliveryStatus, highest, isStale } from "../domain/DeliveryStatus.ts"
import type { MessageStates } from "../services/MessageStates.ts"
import { keyOf } from "./MessageStatesKey.ts"

export interface Options {
  /** How many messages are remembered at most. @default 200_000 */
  readonly capacity?: number | undefined
}

export const make = (options?: Options): MessageStates["Service"] => {
  const half = Math.max(1, Math.floor((options?.capacity ?? 200_000) / 2))
  let young = new Map<string, DeliveryStatus>()
  let old = new Map<string, DeliveryStatus>()
  const known = (key: string): DeliveryStatus | undefined => young.get(key) ?? old.get(key)

  return {
    observe: (update) =>
      Effect.sync(() => {
        const key = keyOf(update)
        const before = known(key)
        const after = highest(before, update.status)
        if (after !== undefined) {
          if (young.size >= half && !young.has(key)) {
            old = young
            young = new Map()
          }
          young.set(key, after)
        }
        return isStale(update.status, before)
      }),
    highest: (of) => Effect.sync(() => known(keyOf(of)))
  }
}
