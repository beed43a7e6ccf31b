/** Changes of the fields about flows, ads, payments and partners as events. */
import { present } from "../../internal/present.ts"
import * as Wire from "../../wire/Business.ts"
import { changeOf } from "./change.ts"
import { readable } from "./decoder.ts"

const decodeFlow = changeOf(Wire.Flow, (value, account) => ({
  _tag: "FlowUpdated",
  ...account,
  event: value.event,
  flowId: value.flow_id,
  errors: readable(value.errors).map((error) =>
    present({ type: error.error_type, rate: error.error_rate, count: error.error_count })
  ),
  ...present({
    message: value.message,
    oldStatus: value.old_status,
    newStatus: value.new_status,
    alertState: value.alert_state,
    threshold: value.threshold,
    errorRate: value.error_rate,
    p50Latency: value.p50_latency,
    p90Latency: value.p90_latency,
    availability: value.availability,
    requestsCount: value.requests_count
  })
}))

const decodeAutomaticEvents = changeOf(Wire.AutomaticEvents, ({ automatic_events }, account) => ({
  _tag: "AutomaticEventsDetected",
  ...account,
  events: automatic_events.map((event) => ({
    wamid: event.id,
    name: event.event_name,
    ...present({
      timestamp: event.timestamp,
      clickId: event.ctwa_clid,
      currency: event.custom_data?.currency,
      value: event.custom_data?.value
    })
  }))
}))

const decodePaymentConfiguration = changeOf(Wire.PaymentConfiguration, (value, account) => ({
  _tag: "PaymentConfigurationChanged",
  ...account,
  name: value.configuration_name,
  status: value.status,
  ...present({
    provider: value.provider_name,
    providerMid: value.provider_mid,
    createdAt: value.created_timestamp,
    updatedAt: value.updated_timestamp
  })
}))

const decodePartnerSolution = changeOf(Wire.PartnerSolution, (value, account) => ({
  _tag: "PartnerSolutionChanged",
  ...account,
  event: value.event,
  solutionId: value.solution_id,
  ...present({ status: value.solution_status })
}))

/** By field. */
export const businessDecoders = {
  flows: decodeFlow,
  automatic_events: decodeAutomaticEvents,
  payment_configuration_update: decodePaymentConfiguration,
  partner_solutions: decodePartnerSolution
}
