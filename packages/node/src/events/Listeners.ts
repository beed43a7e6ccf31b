/** The listeners of a program. The pipeline requires them, so it cannot start before they exist. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import type { Listener } from "./Listener.ts"

/** Name of the task that admission leaves behind when it gives up on an item; requeued, the item is admitted anew. */
export const admissionTask = "(admission)"

/** Service that holds every listener, with all that it needs provided. */
export class Listeners extends Context.Service<Listeners, ReadonlyArray<Listener>>()(
  "@effect-whatsapp/node/events/Listeners"
) {}

/**
 * Layer that registers listeners. None at all is allowed: then events are only published to who watches.
 *
 * **Gotchas**
 *
 * Two listeners of one name would share their tasks; that ends the program at the start.
 */
export function layer<const All extends ReadonlyArray<Listener<unknown>>>(
  ...listeners: All
): Layer.Layer<Listeners, never, Requirements<All>>
export function layer<R>(...listeners: ReadonlyArray<Listener<R>>): Layer.Layer<Listeners, never, R> {
  return Layer.effect(
    Listeners,
    Effect.gen(function* () {
      const names = listeners.map(({ name }) => name)
      const twice = names.find((name, i) => names.indexOf(name) !== i)
      if (twice !== undefined) {
        return yield* Effect.die(new Error(`Two listeners are named "${twice}"; give each its own name`))
      }
      if (names.includes(admissionTask)) {
        return yield* Effect.die(new Error(`"${admissionTask}" is a name that the pipeline needs for itself`))
      }
      const context = yield* Effect.context<R>()
      return listeners.map((listener): Listener => ({
        ...listener,
        handle: (event) =>
          Effect.withFiber(({ cache: { span } }) =>
            // The context holds the span in which the program was started; this is about an event.
            Effect.provideContext(
              listener.handle(event),
              span === undefined ? context : Context.add(context, Tracer.ParentSpan, span)
            )
          )
      }))
    })
  )
}

/** What a list of listeners needs. */
export type Requirements<All extends ReadonlyArray<Listener<unknown>>> = [All[number]] extends [never]
  ? never
  : All[number] extends Listener<infer R>
    ? R
    : never
