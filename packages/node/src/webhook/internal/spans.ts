/** The spans of the pipeline. */
import type { Tag } from "@effect-whatsapp/core/events"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import type * as Inbox from "../../inbox/Inbox.ts"
import { nameOf } from "./nameOf.ts"

/** Whether anybody can see spans. Most programs have no tracer, and pay nothing for one. */
const isTraced = ({ cache: { tracer, tracerEnabled } }: Fiber.Fiber<unknown, unknown>): boolean =>
  tracerEnabled && tracer !== undefined && tracer !== Tracer.nativeTracer

const linksOf = ({ trace }: Inbox.Task): Array<Tracer.SpanLink> =>
  trace === undefined ? [] : [{ span: Tracer.externalSpan(trace), attributes: {} }]

/**
 * Gives an attempt a span of its own, the first of a new trace: the delivery was answered long ago, maybe by another
 * process, so its span is linked and not a parent. Where that was not recorded, this is not either. The span tells how
 * the attempt ended and by what kind of error; the error itself may quote a customer.
 */
export const attempt = <A, E>(
  task: Inbox.Task,
  tag: Tag,
  run: Effect.Effect<Exit.Exit<A, E>>
): Effect.Effect<Exit.Exit<A, E>> =>
  Effect.withFiber((fiber) =>
    isTraced(fiber)
      ? run.pipe(
          Effect.tap((exit) =>
            Effect.annotateCurrentSpan(
              "whatsapp.outcome",
              Exit.isSuccess(exit) ? "done" : nameOf(Cause.squash(exit.cause))
            )
          ),
          Effect.withSpan(
            `Listener.${task.listener}`,
            {
              root: true,
              kind: "consumer",
              links: linksOf(task),
              attributes: { "whatsapp.event": tag, "whatsapp.attempt": task.attempts + 1 },
              ...(task.trace?.sampled === false ? { sampled: false } : {})
            },
            // It would always be this place.
            { captureStackTrace: false }
          )
        )
      : run
  )
