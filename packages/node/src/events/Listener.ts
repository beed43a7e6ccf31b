/**
 * A piece of work as a value: a name, the event it wants and what it does. The inbox keeps one task for each listener
 * and event, so a listener is called at least once, in the order of the conversation, again when it failed, and what
 * keeps failing is kept as a dead letter.
 */
import type { Tag, Tagged, WhatsAppEvent } from "@effect-whatsapp/core/events"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as RetryPolicy from "./RetryPolicy.ts"

/** Work on events, which needs `R`. */
export interface Listener<out R = never> {
  /** Names the work in the inbox. Renamed, it is another listener: what waits for the old name becomes a dead letter. */
  readonly name: string
  readonly wants: (event: WhatsAppEvent) => boolean
  readonly handle: (event: WhatsAppEvent) => Effect.Effect<unknown, unknown, R>
  readonly timeout: Duration.Duration
  readonly retry: RetryPolicy.RetryPolicy
}

export interface Options {
  /** How long one attempt may take; then it has failed. @default "5 minutes" */
  readonly timeout?: Duration.Input | undefined
  /** What follows a failed attempt. @default 5 attempts, 1 second doubling to 30, and what a `WhatsAppError` says */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
}

/**
 * Makes a listener for one tag, for several, or for every event (`"*"`).
 *
 * **Gotchas**
 *
 * A retried listener does all of its work again, sends included. Work that must not happen twice belongs in listeners of
 * its own, one effect on the world each: a listener that succeeded is not run again because its neighbour failed.
 *
 * **Example** (Echoing texts)
 *
 * ```ts
 * import { WhatsAppClient } from "@effect-whatsapp/core/client"
 * import { Message } from "@effect-whatsapp/core/message"
 * import { Listener } from "@effect-whatsapp/node/events"
 * import { Effect } from "effect"
 *
 * const echo = Listener.make("echo", "TextReceived", Effect.fn("echo")(function*(event) {
 *   const whatsapp = yield* WhatsAppClient.WhatsAppClient
 *   yield* whatsapp.reply(event, Message.text(event.text))
 * }))
 * echo.name // => "echo"
 * ```
 */
export const make: {
  <E, R>(
    name: string,
    tag: "*",
    handle: (event: WhatsAppEvent) => Effect.Effect<unknown, E, R>,
    options?: Options
  ): Listener<R>
  <const T extends Tag, E, R>(
    name: string,
    tag: T | ReadonlyArray<T>,
    handle: (event: Tagged<T>) => Effect.Effect<unknown, E, R>,
    options?: Options
  ): Listener<R>
} = <T extends Tag, R>(
  name: string,
  tag: T | ReadonlyArray<T> | "*",
  handle: (event: Tagged<T>) => Effect.Effect<unknown, unknown, R>,
  options?: Options
): Listener<R> => {
  const tags = tag === "*" ? undefined : new Set<string>(typeof tag === "string" ? [tag] : tag)
  const wants = (event: WhatsAppEvent): event is Tagged<T> => tags === undefined || tags.has(event._tag)
  return {
    name,
    wants,
    handle: (event) => (wants(event) ? handle(event) : Effect.void),
    timeout: Duration.fromInputUnsafe(options?.timeout ?? "5 minutes"),
    retry: options?.retry ?? RetryPolicy.make()
  }
}
