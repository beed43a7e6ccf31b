/**
 * The reasons that come from a code of Meta's, one class per thing that a program may want to do about it. Which code
 * leads to which reason is data, in `graphCodes.ts`.
 */
import * as Schema from "effect/Schema"
import { lookUp } from "./graphCodes.ts"
import { Verdict } from "./Verdict.ts"

/** What Meta said. */
class FromMeta extends Schema.Error<FromMeta>("FromMeta")({
  /** Meta's `code`: the key to their documentation, and to `graphCodes`. */
  code: Schema.Finite,
  /** Meta's `error_subcode`. */
  subcode: Schema.optionalKey(Schema.Finite),
  /** Meta's explanation in one line of at most 500 characters, without the token, the recipient and the message. */
  details: Schema.String,
  /** What Meta's support asks for. */
  fbtraceId: Schema.optionalKey(Schema.String),
  /** Whether a second try is safe: the table's answer, sharpened by what was called and by what the answer said. */
  verdict: Verdict
}) {
  /** What to do, in one sentence: the table's, by code and subcode. */
  get advice(): string {
    return lookUp(this.code, this.subcode).advice
  }
}

// Calls of any kind

/** The access token is missing, expired or revoked. Codes 0, 102, 104, 190. */
export class AuthenticationFailed extends FromMeta.extend<AuthenticationFailed>("AuthenticationFailed")({
  _tag: Schema.tag("AuthenticationFailed")
}) {}

/** The token lacks a permission, or the app lacks access to the number. Codes 3, 10, 200 to 299, 131005. */
export class PermissionDenied extends FromMeta.extend<PermissionDenied>("PermissionDenied")({
  _tag: Schema.tag("PermissionDenied")
}) {}

/** Too many messages or calls, over all recipients. Codes 4, 17, 80007, 130429 and others. */
export class RateLimited extends FromMeta.extend<RateLimited>("RateLimited")({ _tag: Schema.tag("RateLimited") }) {}

/** Meta could not use a parameter of the request. Codes 33, 100, 131008, 131009, 131051 and others. */
export class InvalidParameter extends FromMeta.extend<InvalidParameter>("InvalidParameter")({
  _tag: Schema.tag("InvalidParameter")
}) {}

/** Trouble at Meta. On a send, nobody knows whether the message was accepted. Codes 1, 2, 131000, 131016, 133004. */
export class ServerError extends FromMeta.extend<ServerError>("ServerError")({
  _tag: Schema.tag("ServerError"),
  /** A `StatusUpdate` with this `callbackData` says that the message was accepted; absent when it was no send. */
  callbackData: Schema.optionalKey(Schema.String)
}) {
  override get advice(): string {
    return lookUp(this.code, this.subcode, true).advice
  }
}

/** A part is done and another is not: look at each item, and try only what is missing. Codes 131201, 139100. */
export class PartlyDone extends FromMeta.extend<PartlyDone>("PartlyDone")({ _tag: Schema.tag("PartlyDone") }) {}

/** Meta refused, for a cause that has no class of its own yet; the code stays visible. */
export class Rejected extends FromMeta.extend<Rejected>("Rejected")({ _tag: Schema.tag("Rejected") }) {}

// Account and number

/** Meta enforces a policy against the account or the number. Codes 368, 130497, 131031, 131048, 131064 and others. */
export class AccountRestricted extends FromMeta.extend<AccountRestricted>("AccountRestricted")({
  _tag: Schema.tag("AccountRestricted")
}) {}

/** The account lacks something for this: payment, display name, a review, a setting. Code 131042 and others. */
export class AccountNotReady extends FromMeta.extend<AccountNotReady>("AccountNotReady")({
  _tag: Schema.tag("AccountNotReady")
}) {}

/** The number is not registered, verified or free to be moved. Codes 131045, 133006, 133010 and others. */
export class NumberNotReady extends FromMeta.extend<NumberNotReady>("NumberNotReady")({
  _tag: Schema.tag("NumberNotReady")
}) {}

/** The two-step PIN of the number is wrong, or was guessed too often. Codes 133005, 133008, 133009. */
export class PinRefused extends FromMeta.extend<PinRefused>("PinRefused")({ _tag: Schema.tag("PinRefused") }) {}

/** The number is moving to a higher throughput or is in maintenance, for about a minute. Codes 131057, 2494100. */
export class Upgrading extends FromMeta.extend<Upgrading>("Upgrading")({ _tag: Schema.tag("Upgrading") }) {}

/** There are as many as there may be: templates, groups, blocked people. Codes 131211, 139101, 2388019. */
export class LimitReached extends FromMeta.extend<LimitReached>("LimitReached")({ _tag: Schema.tag("LimitReached") }) {}

// The recipient

/** Too many messages to this one person; others are not affected. Code 131056. */
export class PairRateLimited extends FromMeta.extend<PairRateLimited>("PairRateLimited")({
  _tag: Schema.tag("PairRateLimited")
}) {}

/** Over 24 hours since the customer wrote: only a template may be sent. Code 131047. */
export class WindowClosed extends FromMeta.extend<WindowClosed>("WindowClosed")({ _tag: Schema.tag("WindowClosed") }) {}

/** It cannot reach this recipient: not on WhatsApp, an old app, blocked, the business itself. Code 131026 and others. */
export class Undeliverable extends FromMeta.extend<Undeliverable>("Undeliverable")({
  _tag: Schema.tag("Undeliverable")
}) {}

/** A test number sends only to the five recipients on its list. Code 131030. */
export class RecipientNotAllowed extends FromMeta.extend<RecipientNotAllowed>("RecipientNotAllowed")({
  _tag: Schema.tag("RecipientNotAllowed")
}) {}

/** Meta, or the person, holds back marketing messages for now. Codes 130472, 131049, 131050. */
export class MarketingHeldBack extends FromMeta.extend<MarketingHeldBack>("MarketingHeldBack")({
  _tag: Schema.tag("MarketingHeldBack")
}) {}

/** The group is unknown, empty or suspended. Codes 131020, 131041, 131207. */
export class GroupUnavailable extends FromMeta.extend<GroupUnavailable>("GroupUnavailable")({
  _tag: Schema.tag("GroupUnavailable")
}) {}

/** This person may not be called now: no permission, too many calls, or one is running. Code 138006 and others. */
export class CallNotAllowed extends FromMeta.extend<CallNotAllowed>("CallNotAllowed")({
  _tag: Schema.tag("CallNotAllowed")
}) {}

/** A call was not set up, or carried no sound. Codes 138004, 138007, 138019 to 138023. */
export class CallFailed extends FromMeta.extend<CallFailed>("CallFailed")({ _tag: Schema.tag("CallFailed") }) {}

// What is sent

/** No approved template has this name in this language. Codes 132001, 141002. */
export class TemplateNotFound extends FromMeta.extend<TemplateNotFound>("TemplateNotFound")({
  _tag: Schema.tag("TemplateNotFound")
}) {}

/** The parameters do not fit the template in number, kind, form or length. Codes 132000, 132005, 132007 to 132018. */
export class TemplateParameterMismatch extends FromMeta.extend<TemplateParameterMismatch>("TemplateParameterMismatch")({
  _tag: Schema.tag("TemplateParameterMismatch")
}) {}

/** Meta paused the template for its quality, for 3 hours, then 6. Code 132015. */
export class TemplatePaused extends FromMeta.extend<TemplatePaused>("TemplatePaused")({
  _tag: Schema.tag("TemplatePaused")
}) {}

/** Meta disabled the template for good. Code 132016. */
export class TemplateDisabled extends FromMeta.extend<TemplateDisabled>("TemplateDisabled")({
  _tag: Schema.tag("TemplateDisabled")
}) {}

/** The template may not be sent by this endpoint or account as it is. Codes 131063, 134100 to 134103. */
export class TemplateNotAllowed extends FromMeta.extend<TemplateNotAllowed>("TemplateNotAllowed")({
  _tag: Schema.tag("TemplateNotAllowed")
}) {}

/** The flow behind a button is blocked or throttled. Codes 132068, 132069, 139000. */
export class FlowUnavailable extends FromMeta.extend<FlowUnavailable>("FlowUnavailable")({
  _tag: Schema.tag("FlowUnavailable")
}) {}

/** The media could not be fetched or processed. Codes 131052, 131053, 131209, 131210. */
export class MediaFailed extends FromMeta.extend<MediaFailed>("MediaFailed")({ _tag: Schema.tag("MediaFailed") }) {}

// What is kept at Meta

/** Meta left a template or flow as it was: its text or its state does not allow the change. Code 2388109 and others. */
export class ChangeRefused extends FromMeta.extend<ChangeRefused>("ChangeRefused")({
  _tag: Schema.tag("ChangeRefused")
}) {}

/** The username is taken, not allowed, or used by another number of yours. Codes 147001, 147005. */
export class UsernameRefused extends FromMeta.extend<UsernameRefused>("UsernameRefused")({
  _tag: Schema.tag("UsernameRefused")
}) {}

/** The reasons that a code of Meta's can lead to. */
export const graphReasons = {
  AuthenticationFailed,
  PermissionDenied,
  RateLimited,
  InvalidParameter,
  ServerError,
  PartlyDone,
  Rejected,
  AccountRestricted,
  AccountNotReady,
  NumberNotReady,
  PinRefused,
  Upgrading,
  LimitReached,
  PairRateLimited,
  WindowClosed,
  Undeliverable,
  RecipientNotAllowed,
  MarketingHeldBack,
  GroupUnavailable,
  CallNotAllowed,
  CallFailed,
  TemplateNotFound,
  TemplateParameterMismatch,
  TemplatePaused,
  TemplateDisabled,
  TemplateNotAllowed,
  FlowUnavailable,
  MediaFailed,
  ChangeRefused,
  UsernameRefused
} as const
export type GraphReason = InstanceType<(typeof graphReasons)[keyof typeof graphReasons]>
