/** The inbox in this process: what is told is done, and kept by nobody. */
import { InboxError } from "@effect-whatsapp/core/errors"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Inbox from "./Inbox.ts"
import { digestOf } from "./internal/digest.ts"
import * as EndOfTurn from "./internal/endOfTurn.ts"
import * as Engine from "./internal/engine.ts"
import * as Service from "./internal/service.ts"
import { currentTrace } from "./internal/trace.ts"

export interface Options {
  /**
   * How many deliveries may be open at once; beyond that Meta is told to come back (503). As many dead letters are kept
   * beside them; beyond that the oldest is erased. @default 100_000
   */
  readonly capacity?: number | undefined
  /** How many bytes it may hold in all; beyond that dead letters go, and then 503. @default 268_435_456 (256 MiB) */
  readonly maxBytes?: number | undefined
  /** How long dead letters are kept. @default "30 days" */
  readonly keepDeadLetters?: Duration.Input | undefined
}

export const make: (options?: Options) => Effect.Effect<Inbox.Inbox["Service"], never, Scope.Scope> = Effect.fnUntraced(
  function* (options) {
    const clock = yield* Clock.Clock
    const announce = EndOfTurn.make(() => engine.announce())
    const { engine } = Engine.make({
      now: () => clock.currentTimeMillisUnsafe(),
      counter: 0,
      capacity: options?.capacity ?? 100_000,
      maxBytes: options?.maxBytes ?? 268_435_456,
      deadCount: true,
      keeper: (engine) => ({
        delivery: (kept) => {
          if (kept.erased) engine.drop(kept)
        },
        task: engine.marked
      })
    })
    return yield* Service.make({
      engine,
      durable: false,
      keptBy: "process",
      kept: Effect.void,
      read: ({ body }) => Effect.succeed(body),
      append: (body) =>
        Effect.withFiber((fiber) => {
          const digest = digestOf(body)
          if (engine.find(digest) !== undefined) return Effect.void
          const details = engine.refuses(body.length)
          if (details !== undefined) return Effect.fail(new InboxError({ method: "append", details }))
          engine.arrive([engine.add(digest, body, currentTrace(fiber))])
          // Meta has its answer before any work begins.
          announce()
          return Effect.void
        }),
      keepDeadLetters: options?.keepDeadLetters
    })
  }
)
