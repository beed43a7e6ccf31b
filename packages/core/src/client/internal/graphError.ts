/**
 * How an answer of Meta's becomes a result or a `WhatsAppError`. Errors are read as leniently as can be, because a
 * refusal that cannot be read must still be a refusal; what they say is cut, cleaned and freed of secrets, because it
 * ends up in logs.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { NoAnswer, OutcomeUnknown, type Reason, UnexpectedAnswer } from "../../errors/reasons.ts"
import { fromMetaCode } from "../../errors/WhatsAppError.ts"
import * as Json from "../../wire/Json.ts"
import * as Scalars from "../../wire/scalars.ts"
import { redact, type Secrets } from "./redact.ts"
import { type Headers, regainsAccess } from "./regainsAccess.ts"

export interface Answer {
  /** HTTP status. */
  readonly status: number
  readonly headers?: Headers | undefined
  readonly body: Uint8Array
}

/** What an answer is read with. */
export interface Sent {
  /** Of a send; a call without may be made again. */
  readonly callbackData?: string
  /** Texts that no error may hold. */
  readonly secrets: () => Secrets
}

const decodeNumber = SchemaParser.decodeUnknownResult(Scalars.Number)

const integer = (json: Schema.Json | undefined): number | undefined => {
  const value = Result.getOrUndefined(decodeNumber(json))
  return Number.isSafeInteger(value) ? value : undefined
}

const tidy = (json: Schema.Json | undefined, { secrets }: Sent): string | undefined =>
  typeof json === "string" ? redact(json, secrets()) : undefined

/** Meta's error as a reason; `undefined` when it is not one of Meta's. */
const reasonOf = (json: Schema.JsonObject, { headers, status }: Answer, sent: Sent): Reason | undefined => {
  const error = json.error
  if (!Json.isJsonObject(error)) return undefined
  const code = integer(error.code)
  if (code === undefined) return undefined
  const data = error.error_data
  return fromMetaCode(code, {
    subcode: integer(error.error_subcode),
    details:
      tidy(Json.isJsonObject(data) ? data.details : data, sent) ??
      tidy(error.error_user_msg, sent) ??
      tidy(error.message, sent),
    fbtraceId: tidy(error.fbtrace_id, sent),
    // A code that nobody knows, from a server in trouble, does not say that the message was refused.
    isTransient: error.is_transient === true || status >= 500,
    callbackData: sent.callbackData,
    isRepeatable: sent.callbackData === undefined,
    regainsAccess: regainsAccess(headers)
  })
}

/** Statuses of a proxy that gave up waiting, for an answer (408) or for the client (499): Meta may have the request. */
const gaveUp: ReadonlySet<number> = new Set([408, 499])

/**
 * Reads an answer: what was hoped for, even with an error beside it, since what Meta accepted is accepted; then Meta's
 * error, whatever the status; else what the status leaves open.
 */
export const read = <A>(
  answer: Answer,
  sent: Sent,
  decode: (json: unknown, headers: Headers | undefined) => Result.Result<A, SchemaIssue.Issue>
): Result.Result<A, Reason> => {
  const { status } = answer
  const json = Json.parseObject(answer.body)
  const isOk = status >= 200 && status < 300
  const accepted = isOk && Result.isSuccess(json) ? decode(json.success, answer.headers) : undefined
  if (accepted !== undefined && Result.isSuccess(accepted)) return Result.succeed(accepted.success)
  const reason = Result.isSuccess(json) ? reasonOf(json.success, answer, sent) : undefined
  if (reason !== undefined) return Result.fail(reason)
  if (!isOk && status < 500 && !gaveUp.has(status)) {
    const details = `HTTP ${status} with an answer that is not Meta's; is there a proxy, or a wrong WHATSAPP_API_URL?`
    return Result.fail(new UnexpectedAnswer({ status, details }))
  }
  const details = `HTTP ${status} with an answer that cannot be read`
  const { callbackData } = sent
  return Result.fail(
    callbackData === undefined
      ? new NoAnswer({ details })
      : new OutcomeUnknown({ callbackData, details: `${details}; the message may have been accepted` })
  )
}
