/** Message states of one process in a SQL database: the name of the status of each message. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { DeliveryStatus, highest, isStale } from "../domain/DeliveryStatus.ts"
import type { StatusUpdate } from "../events/StatusUpdate.ts"
import { MessageStatesError } from "../errors/MessageStatesError.ts"
import type { MessageStates } from "../services/MessageStates.ts"
import { keyOf } from "./MessageStatesKey.ts"
import * as SqlMap from "./SqlMap.ts"

export interface Options {
  /** How long a message is remembered after its last status, to within a day. @default "30 days" */
  readonly remember?: Duration.Input | undefined
  /** How many messages are remembered at most. @default 20_000_000 */
  readonly capacity?: number | undefined
}

const isStatus = Schema.is(DeliveryStatus)

export const make = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<MessageStates["Service"], SqlError, SqlClient.SqlClient | Scope.Scope> {
  const states = yield* SqlMap.make({
    store: "message_states",
    remember: options?.remember ?? "30 days",
    capacity: options?.capacity ?? 20_000_000
  })

  /** Goes on, in one step, with what is known of a message now. */
  const withState = <A>(
    key: string,
    use: (before: DeliveryStatus | undefined) => A
  ): Effect.Effect<A, MessageStatesError> =>
    Effect.suspend(() => {
      const known = states.peek(key)
      if (known === null) return Effect.succeed(use(undefined))
      if (isStatus(known)) return Effect.succeed(use(known))
      return known === undefined ? loadAndUse(key, use) : noStatus
    })
  const loadAndUse = <A>(key: string, use: (before: DeliveryStatus | undefined) => A) =>
    Effect.matchEffect(states.load(key), {
      onFailure: (cause) => Effect.fail(new MessageStatesError({ cause })),
      onSuccess: () => withState(key, use)
    })

  const take = (key: string, { status }: StatusUpdate, before: DeliveryStatus | undefined): boolean => {
    const after = highest(before, status)
    if (after !== undefined) states.set(key, after)
    return isStale(status, before)
  }

  return {
    observe: Object.assign(
      (update: StatusUpdate) => {
        const key = keyOf(update)
        return withState(key, (before) => take(key, update, before))
      },
      {
        now: (update: StatusUpdate) => {
          const key = keyOf(update)
          const before = states.find(key) ?? undefined
          if (before !== undefined && !isStatus(before)) throw new Error("A status that is none")
          return take(key, update, before)
        }
      }
    ),
    highest: (of) => withState(keyOf(of), (status) => status)
  }
})
const noStatus = Effect.fail(new MessageStatesError({ cause: "a status that is none" }))
