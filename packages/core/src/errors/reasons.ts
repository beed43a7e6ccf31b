/**
 * Why a send failed, one class per thing that a program may want to do about it. The reasons that come from a code of
 * Meta's carry what Meta said; which code leads to which reason is data, in `graphCodes.ts`.
 */
import * as Schema from "effect/Schema"
import { Verdict } from "./Verdict.ts"

/** What Meta said. */
const graph = {
  /** Meta's `code`: the key to their documentation, and to `graphCodes`. */
  code: Schema.Finite,
  /** Meta's `error_subcode`, rare on sends. */
  subcode: Schema.optionalKey(Schema.Finite),
  /** Meta's explanation in one line of at most 500 characters, without the token, the recipient and the message. */
  details: Schema.String,
  /** What Meta's support asks for. */
  fbtraceId: Schema.optionalKey(Schema.String),
  verdict: Verdict
}

const never = Verdict.cases.Never.make({})
const backoff = Verdict.cases.Backoff.make({})
const ambiguous = Verdict.cases.Ambiguous.make({})

// What we find ourselves

/** The message or an option breaks a documented limit; nothing was sent. */
export class InvalidMessage extends Schema.TaggedError<InvalidMessage>()("InvalidMessage", {
  /** Where, as in `text` or `template.body[2].text`; never what stood there. */
  field: Schema.String,
  /** What was expected there, and the size that was found. */
  details: Schema.String
}) {
  get verdict(): Verdict {
    return never
  }
}

/** `WhatsAppConfig` has no access token for the number that should send; nothing was sent. */
export class NumberNotConfigured extends Schema.TaggedError<NumberNotConfigured>()("NumberNotConfigured", {
  phoneNumberId: Schema.String,
  details: Schema.String
}) {
  get verdict(): Verdict {
    return never
  }
}

/** No connection to Meta: refused, no such host, a certificate that does not hold. Nothing was sent. */
export class ConnectionFailed extends Schema.TaggedError<ConnectionFailed>()("ConnectionFailed", {
  details: Schema.String
}) {
  get verdict(): Verdict {
    return backoff
  }
}

/**
 * The request left and no readable answer came: a timeout, a broken connection, a 5xx. The message may have been
 * accepted; a `StatusUpdate` with this `callbackData` says that it was.
 */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  callbackData: Schema.String,
  // A text and never the HttpClientError, in which Node would print the token.
  details: Schema.String
}) {
  get verdict(): Verdict {
    return ambiguous
  }
}

/** A call that may be made again, such as marking as read, got no readable answer: a timeout, a broken connection. */
export class NoAnswer extends Schema.TaggedError<NoAnswer>()("NoAnswer", { details: Schema.String }) {
  get verdict(): Verdict {
    return backoff
  }
}

/** A refusal that is not Meta's: a proxy, a wrong `WHATSAPP_API_URL`, a redirect (which is not followed). */
export class UnexpectedAnswer extends Schema.TaggedError<UnexpectedAnswer>()("UnexpectedAnswer", {
  /** HTTP status. */
  status: Schema.Finite,
  details: Schema.String
}) {
  get verdict(): Verdict {
    return never
  }
}

// What Meta says

/** The access token is missing, expired or revoked. Codes 0, 102, 104, 190. */
export class AuthenticationFailed extends Schema.TaggedError<AuthenticationFailed>()("AuthenticationFailed", graph) {}

/** The token lacks a permission, or the app lacks access to the number. Codes 3, 10, 200 to 299, 131005. */
export class PermissionDenied extends Schema.TaggedError<PermissionDenied>()("PermissionDenied", graph) {}

/** Too many messages or calls, over all recipients. Codes 4, 17, 341, 613, 80007, 80008, 130429. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", graph) {}

/** Too many messages to this one person; others are not affected. Code 131056. */
export class PairRateLimited extends Schema.TaggedError<PairRateLimited>()("PairRateLimited", graph) {}

/** The number is moving to a higher throughput, which takes up to a minute. Code 131057. */
export class Upgrading extends Schema.TaggedError<Upgrading>()("Upgrading", graph) {}

/** Over 24 hours since the customer wrote: only a template may be sent. Code 131047. */
export class WindowClosed extends Schema.TaggedError<WindowClosed>()("WindowClosed", graph) {}

/** It cannot reach this recipient: not on WhatsApp, an old app, blocked, the business itself. Code 131026 and others. */
export class Undeliverable extends Schema.TaggedError<Undeliverable>()("Undeliverable", graph) {}

/** A test number sends only to the five recipients on its list. Code 131030. */
export class RecipientNotAllowed extends Schema.TaggedError<RecipientNotAllowed>()("RecipientNotAllowed", graph) {}

/** Meta, or the person, holds back marketing messages for now. Codes 130472, 131049, 131050. */
export class MarketingHeldBack extends Schema.TaggedError<MarketingHeldBack>()("MarketingHeldBack", graph) {}

/** No approved template has this name in this language. Code 132001. */
export class TemplateNotFound extends Schema.TaggedError<TemplateNotFound>()("TemplateNotFound", graph) {}

/** The parameters do not fit the template in number, kind, form or length. Codes 132000, 132005, 132007 to 132018. */
export class TemplateParameterMismatch extends Schema.TaggedError<TemplateParameterMismatch>()(
  "TemplateParameterMismatch",
  graph
) {}

/** Meta paused the template for its quality, for 3 hours, then 6. Code 132015. */
export class TemplatePaused extends Schema.TaggedError<TemplatePaused>()("TemplatePaused", graph) {}

/** Meta disabled the template for good. Code 132016. */
export class TemplateDisabled extends Schema.TaggedError<TemplateDisabled>()("TemplateDisabled", graph) {}

/** The template may not be sent by this endpoint or account as it is. Codes 131063, 134100 to 134103. */
export class TemplateNotAllowed extends Schema.TaggedError<TemplateNotAllowed>()("TemplateNotAllowed", graph) {}

/** The flow behind a button is blocked or throttled. Codes 132068, 132069, 139000. */
export class FlowUnavailable extends Schema.TaggedError<FlowUnavailable>()("FlowUnavailable", graph) {}

/** Meta could not use a parameter of the request. Codes 33, 100, 131008, 131009, 131051 and others. */
export class InvalidParameter extends Schema.TaggedError<InvalidParameter>()("InvalidParameter", graph) {}

/** The media could not be fetched or processed. Codes 131052, 131053. */
export class MediaFailed extends Schema.TaggedError<MediaFailed>()("MediaFailed", graph) {}

/** Meta enforces a policy against the account or the number. Codes 368, 130497, 131031, 131048, 131064, 139200. */
export class AccountRestricted extends Schema.TaggedError<AccountRestricted>()("AccountRestricted", graph) {}

/** The account or number is not set up to send: payment, display name, registration. Code 131042 and others. */
export class AccountNotReady extends Schema.TaggedError<AccountNotReady>()("AccountNotReady", graph) {}

/** Trouble at Meta. On a send, nobody knows whether the message was accepted. Codes 1, 2, 131000, 131016, 133004. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  ...graph,
  /** A `StatusUpdate` with this `callbackData` says that the message was accepted; absent when it was no send. */
  callbackData: Schema.optionalKey(Schema.String)
}) {}

/** Meta refused, for a cause that has no class of its own yet; the code stays visible. */
export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", graph) {}

/** The reasons that a code of Meta's can lead to. */
export const graphReasons = {
  AuthenticationFailed,
  PermissionDenied,
  RateLimited,
  PairRateLimited,
  Upgrading,
  WindowClosed,
  Undeliverable,
  RecipientNotAllowed,
  MarketingHeldBack,
  TemplateNotFound,
  TemplateParameterMismatch,
  TemplatePaused,
  TemplateDisabled,
  TemplateNotAllowed,
  FlowUnavailable,
  InvalidParameter,
  MediaFailed,
  AccountRestricted,
  AccountNotReady,
  ServerError,
  Rejected
} as const
export type GraphReason = InstanceType<(typeof graphReasons)[keyof typeof graphReasons]>

/** Schema for every reason of a `WhatsAppError`. */
export const Reason = Schema.Union([
  InvalidMessage,
  NumberNotConfigured,
  ConnectionFailed,
  OutcomeUnknown,
  NoAnswer,
  UnexpectedAnswer,
  ...Object.values(graphReasons)
])
export type Reason = typeof Reason.Type
