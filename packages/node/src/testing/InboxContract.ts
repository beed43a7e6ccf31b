/**
 * The laws of `Inbox`, for every body it has or will have. Each law wants an inbox of its own that is empty. Time is a
 * parameter: an inbox that lives in this process is given the test clock, a store with a clock of its own is made with
 * short times and given real waiting.
 *
 * **Example** (The laws of a store of your own)
 *
 * ```ts
 * import { it } from "@effect/vitest"
 * import { Inbox } from "@effect-whatsapp/node/inbox"
 * import { InboxContract } from "@effect-whatsapp/node/testing"
 * import { Effect } from "effect"
 * import { TestClock } from "effect/testing"
 *
 * for (const { name, run } of InboxContract.laws({ wait: TestClock.adjust })) {
 *   it.effect(name, () => Effect.provide(run, Inbox.layerMemory()))
 * }
 * ```
 */
import type { InboxError } from "@effect-whatsapp/core/errors"
import type { Law } from "@effect-whatsapp/core/testing"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Inbox } from "../inbox/Inbox.ts"
import { deadLetters } from "./internal/inboxDeadLetters.ts"
import { deliveries } from "./internal/inboxDeliveries.ts"
import { forgetting } from "./internal/inboxForgetting.ts"
import { makeKit } from "./internal/inboxKit.ts"
import { leases } from "./internal/inboxLeases.ts"
import { tasks } from "./internal/inboxTasks.ts"

export interface Options {
  /** Lets time pass, for the store and for this process. */
  readonly wait: (duration: Duration.Duration) => Effect.Effect<void>
  /** After how long the store has surely noticed what it is waiting for. @default "1 second" */
  readonly notice?: Duration.Input | undefined
  /** Held back for this long, a task is held back visibly: longer than ten times `notice`. @default "10 minutes" */
  readonly delay?: Duration.Input | undefined
  /** How long tasks wait for a listener that nobody asks for. @default "1 hour" */
  readonly orphanedAfter?: Duration.Input | undefined
  /** How long the store was told to keep dead letters. @default "30 days" */
  readonly keepDeadLetters?: Duration.Input | undefined
  /** How long after its time something may be cleared away. @default "5 minutes" */
  readonly sweep?: Duration.Input | undefined
}

/** The laws, each to be run on an empty inbox. */
export const laws = (options: Options): ReadonlyArray<Law<InboxError, Inbox>> => {
  const kit = makeKit(options)
  return [...deliveries(kit), ...tasks(kit), ...leases(kit), ...deadLetters(kit), ...forgetting(kit)]
}
