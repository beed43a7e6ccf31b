/** Middle and spread of measured values. */

export interface Spread {
  readonly p10: number
  readonly median: number
  readonly p90: number
}

/** The value below which this share of all lies. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

export const spreadOf = (values: ReadonlyArray<number>): Spread => ({
  p10: quantile(values, 0.1),
  median: quantile(values, 0.5),
  p90: quantile(values, 0.9)
})

/** Each value as a multiple of the base in the same round. */
export const ratiosTo = (base: ReadonlyArray<number>, values: ReadonlyArray<number>): ReadonlyArray<number> =>
  values.map((value, round) => value / (base[round] ?? NaN))

/** How much `ys` grow for each unit of `xs`, by least squares. */
export const slope = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): number => {
  const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(xs), mean(ys)]
  const covariance = xs.reduce((sum, one, i) => sum + (one - x) * ((ys[i] ?? NaN) - y), 0)
  const variance = xs.reduce((sum, one) => sum + (one - x) ** 2, 0)
  return covariance / variance
}
