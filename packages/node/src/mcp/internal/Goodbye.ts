import * as Context from "effect/Context"
import type * as Deferred from "effect/Deferred"

/** Done when standard input has ended: whoever was asked something will not answer any more. */
export class Goodbye extends Context.Service<Goodbye, Deferred.Deferred<void>>()(
  "@effect-whatsapp/node/mcp/internal/Goodbye"
) {}
