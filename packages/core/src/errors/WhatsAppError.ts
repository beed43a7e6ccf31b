/**
 * The one error of every `WhatsAppClient` method. Its `reason` is what a program chooses by, its `verdict` says whether
 * a second try is safe. Neither holds the token, the recipient or the message.
 */
import type * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { present } from "../internal/present.ts"
import { type GraphCode, lookUp } from "./graphCodes.ts"
import { type GraphReason, graphReasons, Reason, ServerError } from "./reasons.ts"
import { after, backoff, type Verdict } from "./Verdict.ts"

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

  /** What to do, in one sentence. */
  get advice(): string {
    return this.reason.advice
  }

  /** What a status event echoes if the message was accepted after all; set when the verdict is `Ambiguous`. */
  get callbackData(): string | undefined {
    const { reason } = this
    return reason._tag === "OutcomeUnknown" || reason._tag === "ServerError" ? reason.callbackData : undefined
  }
}

/** What is known beside the code. */
export interface Said {
  readonly subcode?: number | undefined
  /** @default what the table of codes advises */
  readonly details?: string | undefined
  readonly fbtraceId?: string | undefined
  /** Meta's `is_transient`, or HTTP 500 and above; read where the code is unknown. @default false */
  readonly isTransient?: boolean | undefined
  /** What was sent along, when it was a send. */
  readonly callbackData?: string | undefined
  /**
   * Whether a second try can do no harm: after a failed status (the message did not arrive), or of a call that may be
   * made twice, as marking a message as read. Then `Backoff` stands in the place of `Ambiguous`. @default false
   */
  readonly isRepeatable?: boolean | undefined
  /** How long Meta says to wait until calls are allowed again; read for codes that a header explains. */
  readonly regainsAccess?: Duration.Duration | undefined
}

/** The reason for a code of Meta's, from an answer or from the errors of a failed status. */
export const fromMetaCode = (code: number, said: Said = {}): GraphReason => {
  const row = lookUp(code, said.subcode, said.isTransient)
  const fields = {
    code,
    ...present({ subcode: said.subcode, fbtraceId: said.fbtraceId }),
    details: said.details ?? row.advice,
    verdict: verdictOf(row, said)
  }
  return row.reason === "ServerError"
    ? new ServerError({ ...fields, ...present({ callbackData: said.callbackData }) })
    : new graphReasons[row.reason](fields)
}

const verdictOf = ({ isHinted, verdict }: GraphCode, { isRepeatable, regainsAccess }: Said): Verdict => {
  if (isHinted === true && regainsAccess !== undefined) return after(regainsAccess)
  return isRepeatable === true && verdict._tag === "Ambiguous" ? backoff : verdict
}
