/** What a client may tell its user about a tool before it is called. */
import * as Context from "effect/Context"
import * as Tool from "effect/ai/Tool"

const hints = (options: {
  readonly readonly: boolean
  readonly idempotent: boolean
  readonly openWorld: boolean
}): Context.Context<never> =>
  Context.empty().pipe(
    Context.add(Tool.Readonly, options.readonly),
    Context.add(Tool.Destructive, false),
    Context.add(Tool.Idempotent, options.idempotent),
    Context.add(Tool.OpenWorld, options.openWorld),
    // An argument that does not exist is refused, and not passed over.
    Context.add(Tool.Strict, true)
  )

/** Looks at the project, or at nothing at all. */
export const looksHere = hints({ readonly: true, idempotent: true, openWorld: false })
/** Asks Meta, and changes nothing there. */
export const asksMeta = hints({ readonly: true, idempotent: true, openWorld: true })
/** Changes the emulator, which lives in this process. */
export const playsHere = hints({ readonly: false, idempotent: false, openWorld: false })
/** Writes to people. */
export const sends = hints({ readonly: false, idempotent: false, openWorld: true })
