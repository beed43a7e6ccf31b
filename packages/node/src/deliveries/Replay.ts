/** Posts recorded deliveries again, in their order, each when the one before was acknowledged. */
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type { Delivery } from "./Recording.ts"
import type { NotTaken, Target } from "./Target.ts"

/** A delivery that was acknowledged. */
export interface Acknowledged {
  readonly delivery: Delivery
  /** How often it was posted. */
  readonly attempts: number
}

/** A delivery that was not acknowledged, after which nothing was posted. */
export class NotAcknowledged extends Data.TaggedError("NotAcknowledged")<{
  readonly delivery: Delivery
  readonly attempts: number
  readonly answer: NotTaken
}> {}

/** `real`: with the pauses in which they were received; `none`: without. */
export type Pace = "real" | "none"

/** After a fifth of a second, doubling: five times in all, over three seconds. */
const again = Schedule.exponential("200 millis").pipe(Schedule.upTo({ times: 4 }))

/** Whether the endpoint may take it in a moment: it is overloaded, down, or just starting. */
const mayTakeIt = ({ status }: NotTaken): boolean =>
  status === undefined || status >= 500 || status === 408 || status === 425 || status === 429

export const replay = <E, R>(
  deliveries: Stream.Stream<Delivery, E, R>,
  target: Target,
  pace: Pace
): Stream.Stream<Acknowledged, E | NotAcknowledged, R> =>
  Stream.suspend(() => {
    let before: DateTime.Utc | undefined
    return Stream.mapEffect(
      deliveries,
      Effect.fnUntraced(function* (delivery) {
        const { receivedAt } = delivery
        if (pace === "real" && before !== undefined) {
          yield* Effect.sleep(Math.max(0, DateTime.toEpochMillis(receivedAt) - DateTime.toEpochMillis(before)))
        }
        before = receivedAt
        let attempts = 0
        const post = Effect.suspend(() => {
          attempts++
          return target.post(delivery.body)
        })
        yield* Effect.retry(post, { schedule: again, while: mayTakeIt }).pipe(
          Effect.mapError((answer) => new NotAcknowledged({ delivery, attempts, answer }))
        )
        return { delivery, attempts }
      })
    )
  })
