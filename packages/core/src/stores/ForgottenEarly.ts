/** What is said when a deduplication is full. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const forgottenEarly = Metric.counter("whatsapp_deduplication_forgotten_early", {
  description: "Keys that were forgotten before their time because the memory was full",
  incremental: true
})

/** Counts keys that had to make room, and warns the first time. */
export const make = (capacity: number, advice: string) => {
  let warned = false
  return (keys: number): Effect.Effect<void> => {
    const count = Metric.update(forgottenEarly, keys)
    if (warned) return count
    warned = true
    return Effect.andThen(
      count,
      Effect.logWarning(
        `Deduplication is full at ${capacity} keys and forgets the older half before its time: ` +
          `what Meta redelivers late may be handled twice. ${advice}`
      )
    )
  }
}
