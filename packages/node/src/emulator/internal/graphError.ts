/** Meta's errors, with the HTTP status and the title that Meta's table of November 2025 gives them. */
import * as Data from "effect/Data"
import type * as Schema from "effect/Schema"
import { compact } from "./envelope.ts"
import * as ids from "./ids.ts"

/** A request that Meta refuses. */
export class Refused extends Data.TaggedError("Refused")<{
  readonly code: number
  readonly details?: string
  readonly subcode?: number
  readonly status?: number
  readonly isTransient?: boolean
  /** What a person is to read, as management calls have it; then there is no `error_data`. */
  readonly user?: { readonly title: string; readonly message: string }
  /** In place of `(#code) title`, and then without `error_data`: an error of the Graph API, not of WhatsApp. */
  readonly graph?: { readonly type: "OAuthException" | "GraphMethodException"; readonly message: string }
}> {}

const table: { readonly [code: number]: readonly [status: number, title: string] } = {
  0: [401, "AuthException"],
  1: [400, "API Unknown"],
  2: [503, "API Service"],
  3: [500, "API Method"],
  4: [400, "API Too Many Calls"],
  10: [403, "Permission Denied"],
  15: [400, "This method must be called with an app access_token"],
  33: [400, "Parameter value is not valid"],
  100: [400, "Invalid parameter"],
  190: [401, "Access token has expired"],
  200: [403, "API Permission"],
  368: [403, "Temporarily blocked for policies violations"],
  2200: [400, "Callback verification failed"],
  2500: [400, "Syntax error"],
  80007: [400, "Rate limit issues"],
  130403: [400, "User is blocked"],
  130429: [400, "Rate limit hit"],
  130472: [400, "User's number is part of an experiment"],
  130497: [403, "Business account is restricted from messaging users in this country"],
  131000: [500, "Something went wrong"],
  131005: [403, "Access denied"],
  131008: [400, "Required parameter is missing"],
  131009: [400, "Parameter value is not valid"],
  131016: [500, "Service unavailable"],
  131020: [400, "Group has no other participant"],
  131021: [400, "Recipient cannot be sender"],
  131026: [400, "Message undeliverable"],
  131030: [400, "Recipient phone number not in allowed list"],
  131031: [403, "Account has been locked"],
  131037: [400, "Display name approval needed"],
  131041: [400, "Group not found"],
  131042: [400, "Business eligibility payment issue"],
  131045: [500, "Incorrect certificate"],
  131047: [400, "Re-engagement message"],
  131048: [400, "Spam rate limit hit"],
  131049: [400, "Meta chose not to deliver"],
  131050: [400, "User has stopped receiving marketing messages"],
  131051: [400, "Unsupported message type"],
  131052: [400, "Media download error"],
  131053: [400, "Media upload error"],
  131055: [400, "Method not allowed"],
  131056: [400, "(Business account, consumer account) pair rate limit hit"],
  131057: [500, "Account in maintenance mode"],
  131062: [400, "Authentication templates need a phone number"],
  131063: [400, "Marketing messages are disabled"],
  131064: [400, "Template misclassification limit hit"],
  132000: [400, "Template param count mismatch"],
  132001: [404, "Template does not exist"],
  132005: [400, "Template hydrated text too long"],
  132007: [400, "Template format character policy violated"],
  132012: [400, "Template parameter format mismatch"],
  132015: [400, "Template is paused"],
  132016: [400, "Template is disabled"],
  132018: [400, "Template parameter issue"],
  132068: [400, "Flow is blocked"],
  132069: [400, "Flow is throttled"],
  133010: [400, "Phone number not registered"],
  134011: [400, "WhatsApp Pay terms not accepted"],
  134100: [400, "Only marketing messages are supported"],
  134101: [400, "Template is syncing"],
  134102: [500, "Template is unavailable for use"],
  135000: [400, "Generic user error"],
  137000: [400, "Identity key hash mismatch"],
  139200: [400, "Direct Send restricted"]
}

const titleOf = (code: number): string => table[code]?.[1] ?? "Unknown error"

export const statusOf = (error: Refused): number => error.status ?? table[error.code]?.[0] ?? 400

/** The body of the answer. */
export const body = (error: Refused): Schema.JsonObject => ({
  error: compact({
    message:
      error.graph?.message ??
      (error.user === undefined ? `(#${error.code}) ${titleOf(error.code)}` : titleOf(error.code)),
    type: error.graph?.type ?? "OAuthException",
    code: error.code,
    error_subcode: error.subcode,
    is_transient: error.isTransient,
    error_user_title: error.user?.title,
    error_user_msg: error.user?.message,
    error_data:
      error.graph === undefined && error.user === undefined
        ? { messaging_product: "whatsapp", details: error.details ?? titleOf(error.code) }
        : undefined,
    fbtrace_id: ids.trace()
  })
})

/** The entry of `errors` in a status: the same codes, in another shape. */
export const inStatus = (code: number, details: string | undefined): Schema.JsonObject => ({
  code,
  title: titleOf(code),
  message: titleOf(code),
  error_data: { details: details ?? titleOf(code) },
  href: "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
})

/** The token is missing or wrong. */
export const badToken = (message: string, subcode?: number): Refused =>
  new Refused({
    code: 190,
    status: 401,
    graph: { type: "OAuthException", message },
    ...(subcode === undefined ? {} : { subcode })
  })

/** The object in the path is unknown, or the token may not see it: Meta does not say which. */
export const unknownObject = (id: string, method: string): Refused =>
  new Refused({
    code: 100,
    subcode: 33,
    graph: {
      type: "GraphMethodException",
      message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`
    }
  })

/** A management call that is wrong, in Meta's form: the number says what, and the words are for a person. */
export const refusedChange = (subcode: number, title: string, message: string): Refused =>
  new Refused({ code: 100, subcode, isTransient: false, user: { title, message } })
