/** Codes of sends and of failed statuses, templates aside. Page: "Error codes" of the Cloud API. */
import { after, ambiguous, backoff, never } from "../Verdict.ts"
import { answer, both, type GraphCodes, status } from "./row.ts"

const throughput: GraphCodes = {
  130429: both(
    "RateLimited",
    backoff,
    "The number sends faster than its throughput, by default 80 a second: slow down."
  ),
  131056: both("PairRateLimited", backoff, "Send this person at most one message every 6 seconds."),
  131057: answer("Upgrading", after("1 minute"), "Wait until the number has moved to its higher throughput.")
}

const server: GraphCodes = {
  131000: both("ServerError", ambiguous, "Something failed at Meta: look for a status before you send again."),
  131016: both("ServerError", ambiguous, "A service is unavailable: look for a status before you send again."),
  131027: status("ServerError", ambiguous, "Something failed at Meta: send again once, if it still matters.")
}

const recipient: GraphCodes = {
  1013: status("Undeliverable", never, "The recipient is no valid WhatsApp user: check the number."),
  1026: status("Undeliverable", never, "The recipient's app cannot receive this kind of message: send a text."),
  130403: both("Undeliverable", never, "Unblock this person first."),
  130501: status("Undeliverable", never, "This kind of message is not supported here: send another kind."),
  131021: both("Undeliverable", never, "Sender and recipient are the same number: send to another."),
  131026: status("Undeliverable", never, "Reach this person another way; they may have no WhatsApp, or an old one."),
  131030: answer(
    "RecipientNotAllowed",
    never,
    "Add the recipient to the test number's list, in WhatsApp's own spelling."
  ),
  131035: status("Rejected", never, "Keep the webhook reachable: a message to this number was dropped."),
  131036: status("Undeliverable", never, "The number stores nothing, and the time to deliver ran out: write anew."),
  131043: status(
    "Undeliverable",
    never,
    "The message expired before it was delivered: write anew if it still matters."
  ),
  131047: both("WindowClosed", never, "Send an approved template, or wait until the customer writes."),
  131060: status("Undeliverable", never, "The message is not available on this device: ask for another."),
  131062: answer("Undeliverable", never, "Send one-time-password templates to the phone number, not to the BSUID."),
  137000: status("Undeliverable", never, "The person's identity changed: verify them anew.")
}

const marketing: GraphCodes = {
  130472: status("MarketingHeldBack", never, "The person is in an experiment of Meta's: do not send this again."),
  131049: status("MarketingHeldBack", never, "Wait at least 24 hours: repeated tries are themselves limited."),
  131050: status("MarketingHeldBack", never, "The person stopped your marketing: wait until they resume it.")
}

const request: GraphCodes = {
  131008: answer("InvalidParameter", never, "Add the parameter that the details name."),
  131009: both("InvalidParameter", never, "Correct the value that the details name."),
  131051: both("InvalidParameter", never, "This type of message is not supported: send another."),
  131052: status("MediaFailed", never, "The media cannot be downloaded: check its size and that it is still there."),
  131053: both("MediaFailed", never, "Check type, codec and MIME type of the media, and that its link is public."),
  131055: answer("InvalidParameter", never, "This endpoint does not take this kind of message: use the other one."),
  131059: answer("InvalidParameter", never, "The cursor has expired: start from the first page."),
  135000: both("InvalidParameter", never, "Something about the parameters is wrong: compare them with Meta's page.")
}

const account: GraphCodes = {
  130497: both("AccountRestricted", never, "The account may not message people in this country: leave them out."),
  131005: answer("PermissionDenied", never, "Grant the permission, or give the token's user access to the account."),
  131031: both("AccountRestricted", never, "The account is locked, or its data did not match: see Business Support."),
  131037: both("AccountNotReady", never, "Have the display name of the number approved."),
  131042: both("AccountNotReady", never, "Settle the payment method, currency and time zone of the account."),
  131044: status("AccountNotReady", never, "Add a payment method."),
  131048: both("AccountRestricted", never, "Too much was reported as spam: stop for hours and see to the quality."),
  131064: both("AccountRestricted", never, "Templates are in a wrong category: stop until the limit is lifted."),
  134011: answer("AccountNotReady", never, "Accept the terms of WhatsApp payments."),
  139200: answer("AccountRestricted", never, "Direct Send is restricted: send an approved template."),
  1752041: answer("AccountNotReady", never, "The client was invited already: wait for their answer.")
}

export const codes: GraphCodes = { ...throughput, ...server, ...recipient, ...marketing, ...request, ...account }
