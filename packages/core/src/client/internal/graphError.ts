/**
 * How an answer of Meta's becomes a result or a `WhatsAppError`. Errors are read as leniently as can be, because a
 * refusal that cannot be read must still be a refusal; what they say is cut, cleaned and freed of secrets, because it
 * ends up in logs.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { NoAnswer, OutcomeUnknown, type Reason, UnexpectedAnswer } from "../../errors/reasons.ts"
import { fromMetaCode } from "../../errors/WhatsAppError.ts"
import type { Message, Raw } from "../../message/Message.ts"
import * as Recipient from "../../message/Recipient.ts"
import * as Json from "../../wire/Json.ts"
import * as Scalars from "../../wire/scalars.ts"
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
  readonly secrets: ReadonlyArray<string>
}

const maxDetails = 500

const decodeNumber = SchemaParser.decodeUnknownResult(Scalars.Number)

const integer = (json: Schema.Json | undefined): number | undefined => {
  const value = Result.getOrUndefined(decodeNumber(json))
  return Number.isSafeInteger(value) ? value : undefined
}

/**
 * What may be a phone number, in whatever spelling Meta chose: 7 digits and more, with punctuation between them. Not
 * limited to 15, so that of two numbers in a row no end remains; and not after `#`, where Meta writes its codes, nor
 * beside a letter, as in the id of a trace.
 */
const phones = /(?<![A-Za-z\d#])\+?\d(?:[ ().\p{Pd}]*\d){6,}(?![A-Za-z\d])/gu

/** In one line, without secrets, of bounded length; `undefined` when nothing is left. */
const tidy = (json: Schema.Json | undefined, { secrets }: Sent): string | undefined => {
  if (typeof json !== "string") return undefined
  const without = secrets.reduce((text, secret) => text.replaceAll(secret, "<redacted>"), json)
  const line = without
    .replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(phones, "<redacted>")
    .trim()
    .slice(0, maxDetails)
    .toWellFormed()
  return line === "" ? undefined : line
}

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
  decode: (json: unknown) => Result.Result<A, SchemaIssue.Issue>
): Result.Result<A, Reason> => {
  const { status } = answer
  const json = Json.parseObject(answer.body)
  const isOk = status >= 200 && status < 300
  const accepted = isOk && Result.isSuccess(json) ? decode(json.success) : undefined
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

/** Members that are Meta's words, and not the customer's. */
const plain: ReadonlySet<string> = new Set(["type", "sub_type", "message_id", "parameter_name"])
/** Shorter texts are left alone: they would blank out half of every sentence. */
const minSecret = 5

/** The texts in a value, but for those that are too short. */
export const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return value.length < minSecret ? [] : [value]
  if (!Predicate.isObjectOrArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    plain.has(key) && typeof inner === "string" ? [] : textsOf(inner)
  )
}

/**
 * What may not stand in an error of a URL, or an id, whose query makes it a secret: the whole, and each value, as it is
 * and decoded, with a plus for itself and for a space.
 */
export const secretsOfUrl = (url: string): ReadonlyArray<string> => {
  const query = url.slice(url.indexOf("?") + 1).replace(/#.*$/s, "")
  const values = [
    ...query.split(/[&=]/),
    ...new URLSearchParams(query).values(),
    ...new URLSearchParams(query.replaceAll("+", "%2B")).values()
  ]
  return [url, ...new Set(values.filter(({ length }) => length >= minSecret))]
}

/** Longer texts may hold shorter ones. */
export const longestFirst = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.toSorted((one, other) => other.length - one.length)

/** What may not stand in an error: who it went to, and what it said. Name and language of a template say nothing. */
export const secretsOf = (to: Recipient.Recipient, message: Message | Raw): ReadonlyArray<string> => [
  Recipient.format(to),
  ...textsOf(message.type === "template" ? message.template.components : message)
]
