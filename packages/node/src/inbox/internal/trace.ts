import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import * as Context from "effect/Context"
import type { Trace } from "../Inbox.ts"

/** The span that a fiber is in. */
export const currentTrace = (fiber: Fiber.Fiber<unknown, unknown>): Trace | undefined => {
  const span = Option.getOrUndefined(Context.getOption(fiber.context, Tracer.ParentSpan))
  return span && { traceId: span.traceId, spanId: span.spanId, sampled: span.sampled }
}
