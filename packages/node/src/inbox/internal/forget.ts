/** Erases a person from what an engine knows, delivery by delivery. */
import { withoutPerson } from "@effect-whatsapp/core/events"
import type { WhatsAppUser } from "@effect-whatsapp/core/domain"
import type { InboxError } from "@effect-whatsapp/core/errors"
import * as Effect from "effect/Effect"
import type * as Inbox from "../Inbox.ts"
import type * as Engine from "./engine.ts"
import type { Kept } from "./kept.ts"

export interface Options {
  readonly engine: Engine.Engine
  /** The bytes of a delivery. */
  readonly read: (kept: Kept) => Effect.Effect<Uint8Array | undefined, InboxError>
  /** Is told the bytes that take the place of a delivery's, and at which positions there is nothing any more. */
  readonly rewritten: (kept: Kept, body: Uint8Array, positions: ReadonlySet<string>) => void
}

/** After how many deliveries others get their turn. */
const breath = 100

export const make = ({ engine, read, rewritten }: Options) =>
  Effect.fnUntraced(function* (user: WhatsAppUser): Effect.fn.Return<Inbox.Forgotten, InboxError> {
    let [deliveries, tasks, dead, running, looked] = [0, 0, 0, 0, 0]
    for (const kept of engine.deliveries()) {
      if (++looked % breath === 0) yield* Effect.yieldNow
      const body = kept.erased ? undefined : yield* read(kept)
      const remains = body === undefined ? undefined : withoutPerson(kept.digest, body, user)
      if (remains === undefined) continue
      const count = engine.forget(kept, remains.positions)
      tasks += count.tasks
      dead += count.dead
      running += count.running
      // What runs may have to read it again.
      if (count.running > 0) continue
      deliveries++
      if (kept.erased) continue
      if (kept.body !== undefined) kept.body = remains.body
      rewritten(kept, remains.body, remains.positions)
    }
    return { deliveries, tasks, dead, running }
  })
