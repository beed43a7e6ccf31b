/**
 * Meta's error codes as data: what each means to a program, whether a second try is safe, and what to do about it. The
 * HTTP status plays no part in a known code: Meta sends the same code with different ones. Pages: "Error codes" of the
 * Cloud API and "Handling errors" of the Graph API.
 */
import * as Duration from "effect/Duration"
import type { GraphReason } from "./reasons.ts"
import { Verdict } from "./Verdict.ts"

/** Where a code shows up: in the answer to a send, in a failed status later, or in both. */
export type When = "answer" | "status" | "both"

export interface GraphCode {
  readonly reason: GraphReason["_tag"]
  readonly verdict: Verdict
  readonly when: When
  /** One sentence on what to do. */
  readonly advice: string
}

const never = Verdict.cases.Never.make({})
const backoff = Verdict.cases.Backoff.make({})
const ambiguous = Verdict.cases.Ambiguous.make({})
const after = (duration: Duration.Input) => Verdict.cases.After.make({ duration: Duration.fromInputUnsafe(duration) })

const row = (reason: GraphCode["reason"], verdict: Verdict, when: When, advice: string): GraphCode => ({
  reason,
  verdict,
  when,
  advice
})

/** The code that Meta calls a class of its own: 200 to 299, each a permission. */
const permission = row(
  "PermissionDenied",
  never,
  "answer",
  "Grant the app the permission that is named, or have it reviewed."
)

/** What a code means. Unknown codes are `Rejected`, see `lookUp`. */
export const graphCodes: { readonly [code: number]: GraphCode } = {
  // Graph API
  0: row("AuthenticationFailed", never, "answer", "Make a new access token: this one has expired or was revoked."),
  1: row(
    "ServerError",
    ambiguous,
    "answer",
    "Look for a status with the callback data; if it never comes, check the request."
  ),
  2: row("ServerError", ambiguous, "answer", "Meta is down or overloaded: look for a status with the callback data."),
  3: row("PermissionDenied", never, "answer", "Give the app the capability that it lacks."),
  4: row("RateLimited", after("1 minute"), "answer", "The app calls too often: slow down."),
  10: row("PermissionDenied", never, "answer", "Grant the permission, or give the token's user access to the account."),
  17: row("RateLimited", after("1 minute"), "answer", "The token's user calls too often: slow down."),
  33: row("InvalidParameter", never, "answer", "The business number was deleted: use another phone number id."),
  100: row("InvalidParameter", never, "answer", "Correct the parameter that the details name."),
  102: row("AuthenticationFailed", never, "answer", "Make a new access token: the session is invalid."),
  104: row("AuthenticationFailed", never, "answer", "Send an access token."),
  190: row("AuthenticationFailed", never, "answer", "Make a new access token: this one has expired or is invalid."),
  192: row("InvalidParameter", never, "answer", "Correct the phone number."),
  200: permission,
  341: row("RateLimited", backoff, "answer", "A general limit is reached: slow down."),
  368: row(
    "AccountRestricted",
    never,
    "answer",
    "Meta blocks the account for a policy violation: see Business Support."
  ),
  613: row("RateLimited", backoff, "answer", "A call limit is reached: slow down."),
  803: row("InvalidParameter", never, "answer", "No such object: check the phone number id."),
  80007: row("RateLimited", after("1 minute"), "answer", "The business account calls too often: slow down."),
  80008: row("RateLimited", after("1 minute"), "answer", "The business account calls too often: slow down."),

  // Sending: throughput and server
  130429: row(
    "RateLimited",
    backoff,
    "both",
    "The number sends more than its throughput (80 a second by default): slow down."
  ),
  131000: row("ServerError", ambiguous, "both", "Look for a status with the callback data before sending again."),
  131016: row("ServerError", ambiguous, "both", "A service is unavailable: look for a status with the callback data."),
  131027: row(
    "ServerError",
    ambiguous,
    "status",
    "Something failed at Meta: look for a status with the callback data."
  ),
  131056: row("PairRateLimited", backoff, "both", "Send this person at most one message every 6 seconds."),
  131057: row("Upgrading", after("1 minute"), "answer", "Wait until the number has moved to its higher throughput."),
  133004: row(
    "ServerError",
    ambiguous,
    "answer",
    "The server is unavailable for now: look for a status with the callback data."
  ),

  // Sending: the window and the recipient
  130403: row("Undeliverable", never, "both", "Unblock this person first."),
  131020: row("Undeliverable", never, "answer", "The group has no other member."),
  131021: row("Undeliverable", never, "both", "Sender and recipient are the same number."),
  131026: row(
    "Undeliverable",
    never,
    "status",
    "Reach this person another way; they may have no WhatsApp, or an old one."
  ),
  131030: row(
    "RecipientNotAllowed",
    never,
    "answer",
    "Add the recipient to the test number's list, in WhatsApp's own spelling."
  ),
  131036: row("Undeliverable", never, "status", "The number stores nothing, and the time to deliver ran out."),
  131041: row("Undeliverable", never, "answer", "The group is unknown, or the number is no member of it."),
  131043: row("Undeliverable", never, "status", "The message expired before it was delivered."),
  131047: row("WindowClosed", never, "both", "Send an approved template, or wait until the customer writes."),
  131060: row("Undeliverable", never, "status", "The message is not available on this device."),
  131062: row(
    "Undeliverable",
    never,
    "answer",
    "Send one-time-password templates to the phone number, not to the BSUID."
  ),
  137000: row("Undeliverable", never, "status", "The person's identity changed: verify them anew."),
  1013: row("Undeliverable", never, "status", "The recipient is no valid WhatsApp user."),
  1026: row("Undeliverable", never, "status", "The recipient's app cannot receive this kind of message."),

  // Sending: marketing
  130472: row(
    "MarketingHeldBack",
    never,
    "status",
    "The person is in an experiment of Meta's: do not send this again."
  ),
  131049: row("MarketingHeldBack", never, "status", "Wait at least 24 hours: repeated tries are themselves limited."),
  131050: row("MarketingHeldBack", never, "status", "The person stopped your marketing: wait until they resume it."),

  // Sending: the request
  131008: row("InvalidParameter", never, "answer", "Add the parameter that the details name."),
  131009: row("InvalidParameter", never, "both", "Correct the value that the details name."),
  131051: row("InvalidParameter", never, "both", "This type of message is not supported."),
  131052: row(
    "MediaFailed",
    never,
    "status",
    "The media cannot be downloaded: check its size and that it is still there."
  ),
  131053: row(
    "MediaFailed",
    never,
    "both",
    "Check type, codec and MIME type of the media, and that its link is public."
  ),
  131055: row("InvalidParameter", never, "answer", "This endpoint does not take this kind of message."),
  131059: row("InvalidParameter", never, "answer", "The cursor has expired: start from the first page."),
  135000: row(
    "InvalidParameter",
    never,
    "both",
    "Something about the parameters is wrong: compare them with the documentation."
  ),

  // Sending: permission, policy, account
  130497: row("AccountRestricted", never, "both", "The account may not message people in this country."),
  131005: row(
    "PermissionDenied",
    never,
    "answer",
    "Grant the permission, or give the token's user access to the account."
  ),
  131031: row(
    "AccountRestricted",
    never,
    "both",
    "The account is locked, or its data did not match: see Business Support."
  ),
  131037: row("AccountNotReady", never, "both", "Have the display name of the number approved."),
  131042: row("AccountNotReady", never, "both", "Settle the payment method, currency and time zone of the account."),
  131044: row("AccountNotReady", never, "status", "Add a payment method."),
  131045: row("AccountNotReady", never, "both", "Register the number again: its certificate is wrong."),
  131048: row(
    "AccountRestricted",
    never,
    "both",
    "Too many messages were reported as spam: stop for hours and check their quality."
  ),
  131064: row(
    "AccountRestricted",
    never,
    "both",
    "Templates were filed under a wrong category: stop until the limit is lifted."
  ),
  133000: row("AccountNotReady", never, "answer", "Deregister the number again."),
  133005: row("AccountNotReady", never, "answer", "Use the right two-step PIN."),
  133006: row("AccountNotReady", never, "answer", "Verify the number first."),
  133010: row("AccountNotReady", never, "answer", "Register the number."),
  133015: row("AccountNotReady", after("5 minutes"), "answer", "The number was just deleted: wait five minutes."),
  134011: row("AccountNotReady", never, "answer", "Accept the terms of WhatsApp payments."),
  139200: row("AccountRestricted", never, "answer", "Direct Send is restricted: send an approved template."),
  1752041: row("AccountNotReady", never, "answer", "The client was invited already."),

  // Templates and flows
  131063: row(
    "TemplateNotAllowed",
    never,
    "answer",
    "Marketing is switched off for this endpoint: use the Marketing Messages API."
  ),
  132000: row("TemplateParameterMismatch", never, "answer", "Send as many parameters as the template has."),
  132001: row(
    "TemplateNotFound",
    never,
    "answer",
    "Check name and language code, which must match exactly, and the approval."
  ),
  132005: row("TemplateParameterMismatch", never, "answer", "Shorten the parameters: the filled text is too long."),
  132007: row("TemplateParameterMismatch", never, "answer", "A value breaks the content policy: change it."),
  132008: row("TemplateParameterMismatch", never, "answer", "Correct the format of the value."),
  132012: row("TemplateParameterMismatch", never, "answer", "Send the kinds of parameters that the template has."),
  132015: row("TemplatePaused", never, "both", "Wait until Meta lifts the pause, and improve the template."),
  132016: row("TemplateDisabled", never, "answer", "Make a new template with other content."),
  132018: row("TemplateParameterMismatch", never, "answer", "Correct the parameters that the details name."),
  132068: row("FlowUnavailable", never, "answer", "Correct the flow: it is blocked."),
  132069: row("FlowUnavailable", never, "answer", "Correct the flow: it is throttled to ten messages an hour."),
  134100: row(
    "TemplateNotAllowed",
    never,
    "answer",
    "Only marketing templates go through this endpoint: use `/messages`."
  ),
  134101: row(
    "TemplateNotAllowed",
    after("10 minutes"),
    "answer",
    "The template is being synchronised: wait ten minutes."
  ),
  134102: row("TemplateNotAllowed", never, "answer", "The template could not be synchronised: use `/messages`."),
  134103: row("TemplateNotAllowed", never, "answer", "The Marketing Messages API does not take this template."),
  139000: row("FlowUnavailable", never, "answer", "The flow is blocked for its integrity.")
}

/** What a code and subcode together mean, where that differs from the code alone; read for codes 4, 100 and 200. */
export const graphSubcodes: { readonly [codeAndSubcode: `${number}/${number}`]: GraphCode } = {
  "4/2446079": row("RateLimited", after("1 minute"), "answer", "The request limit is reached: slow down."),
  "4/2446080": row("RateLimited", never, "answer", "Too many attempts: stop for some hours."),
  "4/2390008": row("RateLimited", backoff, "answer", "Call permissions are asked for too often: slow down."),
  "100/33": row("PermissionDenied", never, "answer", "The phone number id is unknown, or the token may not use it."),
  "200/1349174": row("PermissionDenied", never, "answer", "Give the app access to this account."),
  "200/1349175": row("PermissionDenied", never, "answer", "Give the app access to this account."),
  "200/1349176": row("PermissionDenied", never, "answer", "Give the app access to this account.")
}

const unknown = row("Rejected", never, "both", "Look the code up in Meta's documentation.")

// Meta says that it will pass, or its server failed; neither says that the message was refused.
const transient = row(
  "ServerError",
  ambiguous,
  "both",
  "Look for a status with the callback data before sending again."
)

/**
 * What Meta's answer means: by code and subcode, by code, by `isTransient`, in this order. An unknown code is `Rejected`
 * and never sent again, unless Meta called it transient or answered it with HTTP 500 and above.
 */
export const lookUp = (code: number, subcode?: number, isTransient?: boolean): GraphCode => {
  const byBoth = subcode === undefined ? undefined : graphSubcodes[`${code}/${subcode}`]
  return (
    byBoth ?? graphCodes[code] ?? (code > 200 && code < 300 ? permission : isTransient === true ? transient : unknown)
  )
}
