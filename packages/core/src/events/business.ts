/** What happens to what a business runs on WhatsApp: flows, ads, payments, solutions with partners. */
import * as Schema from "effect/Schema"
import { MessageId } from "../domain/Ids.ts"
import { account, raw } from "./shared.ts"

const text = Schema.optionalKey(Schema.String)
const number = Schema.optionalKey(Schema.Finite)
const instant = Schema.optionalKey(Schema.DateTimeUtcFromString)

/** One kind of error that a flow or its endpoint has. */
export const FlowError = Schema.Struct({
  type: text,
  /** In percent. */
  rate: number,
  count: number
})
export type FlowError = typeof FlowError.Type

/** A flow has a new status, or it or its endpoint fails, is slow or cannot be reached, or no longer. */
export const FlowUpdated = Schema.TaggedStruct("FlowUpdated", {
  ...account,
  /**
   * `FLOW_STATUS_CHANGE`, `CLIENT_ERROR_RATE`, `ENDPOINT_ERROR_RATE`, `ENDPOINT_LATENCY` or `ENDPOINT_AVAILABILITY`, and
   * what Meta adds.
   */
  event: Schema.String,
  flowId: Schema.String,
  /** What happened, in words. */
  message: text,
  /** `DRAFT`, `PUBLISHED`, `DEPRECATED`, `BLOCKED` or `THROTTLED`. */
  oldStatus: text,
  /** `DRAFT`, `PUBLISHED`, `DEPRECATED`, `BLOCKED` or `THROTTLED`. */
  newStatus: text,
  /** `ACTIVATED` when the trouble begins, `DEACTIVATED` when it is over. */
  alertState: text,
  /** What the rate, latency or availability is held against. */
  threshold: number,
  /** In percent. */
  errorRate: number,
  /** Within which half of the requests were answered. */
  p50Latency: number,
  /** Within which nine of ten requests were answered. */
  p90Latency: number,
  availability: number,
  requestsCount: number,
  errors: Schema.Array(FlowError),
  ...raw
})
export type FlowUpdated = typeof FlowUpdated.Type

/** Something that Meta noticed in a conversation which an ad led to. */
export const AutomaticEvent = Schema.Struct({
  /** The message in which it was noticed. */
  wamid: MessageId,
  /** `LeadSubmitted` or `Purchase`. */
  name: Schema.String,
  timestamp: instant,
  /** Id of the click on the ad; missing for ads in WhatsApp Status. */
  clickId: text,
  /** Of a purchase, as in `EUR`. */
  currency: text,
  /** Price of a purchase in thousandths of the currency: 24950 is 24.95. */
  value: number
})
export type AutomaticEvent = typeof AutomaticEvent.Type

/** Meta noticed leads or purchases in conversations that came from ads. */
export const AutomaticEventsDetected = Schema.TaggedStruct("AutomaticEventsDetected", {
  ...account,
  events: Schema.Array(AutomaticEvent),
  ...raw
})
export type AutomaticEventsDetected = typeof AutomaticEventsDetected.Type

/** The connection of the account to a payment provider changed. */
export const PaymentConfigurationChanged = Schema.TaggedStruct("PaymentConfigurationChanged", {
  ...account,
  /** Of the configuration. */
  name: Schema.String,
  /** `billdesk`, `payu`, `razorpay` or `zaakpay`. */
  provider: text,
  /** The business at the provider. */
  providerMid: text,
  /** `Active`, `Needs Connecting` or `Needs Testing`, written like this. */
  status: Schema.String,
  createdAt: instant,
  updatedAt: instant,
  ...raw
})
export type PaymentConfigurationChanged = typeof PaymentConfigurationChanged.Type

/** A solution that several partners offer together was made or changed; `businessAccountId` is a portfolio here. */
export const PartnerSolutionChanged = Schema.TaggedStruct("PartnerSolutionChanged", {
  ...account,
  /** `SOLUTION_CREATED` or `SOLUTION_UPDATED`. */
  event: Schema.String,
  solutionId: Schema.String,
  /** `ACTIVE`, `DEACTIVATED`, `DRAFT`, `INITIATED`, `PENDING_DEACTIVATION` or `REJECTED`. */
  status: text,
  ...raw
})
export type PartnerSolutionChanged = typeof PartnerSolutionChanged.Type

/** What happens to what a business runs, told apart by `_tag`. */
export const BusinessEvent = Schema.Union([
  FlowUpdated,
  AutomaticEventsDetected,
  PaymentConfigurationChanged,
  PartnerSolutionChanged
]).pipe(Schema.toTaggedUnion("_tag"))
export type BusinessEvent = typeof BusinessEvent.Type
