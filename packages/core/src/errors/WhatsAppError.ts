/**
 * The one error of every `WhatsAppClient` method. Its `reason` is what a program chooses by, its `verdict` says whether
 * a second try is safe. Neither holds the token, the recipient or the message.
 */
import * as Schema from "effect/Schema"
import { lookUp } from "./graphCodes.ts"
import { type GraphReason, graphReasons, Reason, ServerError } from "./reasons.ts"
import { Verdict } from "./Verdict.ts"

/**
 * Error of every `WhatsAppClient` method; recover with `Effect.catchReason`.
 *
 * **Example** (A template when the window is closed)
 *
 * ```ts
 * import { WhatsAppClient } from "@effect-whatsapp/core/client"
 * import { Message } from "@effect-whatsapp/core/message"
 * import { Effect } from "effect"
 *
 * const remind = Effect.gen(function*() {
 *   const whatsapp = yield* WhatsAppClient.WhatsAppClient
 *   return yield* whatsapp.send("+39 340 123 4567", Message.text("See you at ten?")).pipe(
 *     Effect.catchReason("WhatsAppError", "WindowClosed", () =>
 *       whatsapp.send("+39 340 123 4567", Message.template({ name: "reminder", language: "en" })))
 *   )
 * })
 * ```
 */
export class WhatsAppError extends Schema.TaggedError<WhatsAppError>()("WhatsAppError", {
  /** What was called, as in `WhatsAppClient.send`. */
  method: Schema.String,
  reason: Reason
}) {
  override get message(): string {
    return `${this.method}: ${this.reason._tag}, ${this.reason.details}`
  }

  /** Whether a second try is safe: all that the retry policy of a listener reads. */
  get verdict(): Verdict {
    return this.reason.verdict
  }

  /** What a status event echoes if the message was accepted after all; set when the verdict is `Ambiguous`. */
  get callbackData(): string | undefined {
    const { reason } = this
    return reason._tag === "OutcomeUnknown" || reason._tag === "ServerError" ? reason.callbackData : undefined
  }
}

/** What Meta said beside the code. */
export interface Said {
  readonly subcode?: number | undefined
  /** @default what the table of codes advises */
  readonly details?: string | undefined
  readonly fbtraceId?: string | undefined
  /** Meta's `is_transient`, or HTTP 500 and above; read where the code is unknown. @default false */
  readonly isTransient?: boolean | undefined
  /** What was sent along, when it was a send. */
  readonly callbackData?: string | undefined
  /** From a failed status: then nothing is ambiguous, the message did not arrive. @default false */
  readonly isStatus?: boolean | undefined
}

const backoff = Verdict.cases.Backoff.make({})

/** The reason for a code of Meta's, from an answer or from the errors of a failed status. */
export const fromMetaCode = (code: number, said: Said = {}): GraphReason => {
  const { advice, reason, verdict } = lookUp(code, said.subcode, said.isTransient)
  const fields = {
    code,
    ...(said.subcode === undefined ? {} : { subcode: said.subcode }),
    details: said.details ?? advice,
    ...(said.fbtraceId === undefined ? {} : { fbtraceId: said.fbtraceId }),
    verdict: said.isStatus === true && verdict._tag === "Ambiguous" ? backoff : verdict
  }
  return reason === "ServerError" && said.callbackData !== undefined
    ? new ServerError({ ...fields, callbackData: said.callbackData })
    : new graphReasons[reason](fields)
}
