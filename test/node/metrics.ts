/** What tests of metrics need: a registry of their own, and what it holds. */
import { Effect, Metric } from "effect"

/** Counts apart from everything else in this process. */
export const inRegistry = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => Effect.provideService(effect, Metric.MetricRegistry, new Map()))

const seriesOf = (snapshot: Metric.Metric.Snapshot): string => {
  const attributes = Object.entries(snapshot.attributes ?? {}).map(([key, value]) => `${key}=${value}`)
  return attributes.length === 0 ? snapshot.id : `${snapshot.id}{${attributes.toSorted().join(",")}}`
}

/** Counters and gauges whose name begins so, as `name{attribute=value}`; those at zero only when they are asked for. */
export const values = (prefix: string, options?: { readonly zeros: boolean }) =>
  Effect.map(Metric.snapshot, (all) => {
    const found: Record<string, number | bigint> = {}
    for (const snapshot of all) {
      if (!snapshot.id.startsWith(prefix)) continue
      const value =
        snapshot.type === "Counter"
          ? snapshot.state.count
          : snapshot.type === "Gauge"
            ? snapshot.state.value
            : snapshot.type === "Histogram"
              ? snapshot.state.count
              : 0
      if (options?.zeros === true || Number(value) !== 0) found[seriesOf(snapshot)] = value
    }
    return found
  })

/** The histogram of that name and those attributes. */
export const histogram = (series: string) =>
  Effect.map(Metric.snapshot, (all) => {
    const found = all.find((snapshot) => seriesOf(snapshot) === series)
    return found?.type === "Histogram" ? found.state : undefined
  })
