/** What Meta refused, as an outcome. */
import type { WhatsAppError } from "@effect-whatsapp/core/errors"
import * as Effect from "effect/Effect"
import { failure, type Outcome, type Services } from "./Check.ts"

/** What to do when the app wants a proof that this package does not send. */
const proof =
  "Turn off App settings › Advanced › Require app secret: this package does not prove its calls by the app secret."

/** A call that failed; `mend` says what to do where Meta's code cannot know it. */
export const refused = ({ advice, reason }: WhatsAppError, mend: string = advice): Outcome => {
  const code = "code" in reason ? ` (Meta's code ${reason.code})` : ""
  return failure(`${reason.details}${code}`, /appsecret_proof/.test(reason.details) ? proof : mend)
}

/** An outcome of what Meta says, or of that it refuses. */
export const asked = <A, R extends Services>(
  ask: Effect.Effect<A, WhatsAppError, R>,
  look: (answer: A) => Outcome,
  mend?: string
): Effect.Effect<Outcome, never, R> =>
  Effect.match(ask, { onSuccess: look, onFailure: (error) => refused(error, mend) })
