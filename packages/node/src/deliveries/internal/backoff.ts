import * as Schedule from "effect/Schedule"

/** 1 second, doubling to 30, for as long as it takes. */
export const backoff = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])
